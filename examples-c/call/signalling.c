/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "signalling.h"

static int write_all(int socket, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t done = write(socket, text, len);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0) {
            fprintf(stderr, "signalling: %s\n", strerror(errno));
            return -1;
        }
        text += done;
        len -= (size_t)done;
    }
    return 0;
}

int signalling_send(int socket, const char *line, size_t len)
{
    if (write_all(socket, line, len) != 0)
        return -1;
    return write_all(socket, "\n", 1);
}

int signalling_receive(int socket, char line[SIGNALLING_CAP], size_t *len)
{
    for (*len = 0; *len < SIGNALLING_CAP;) {
        ssize_t done = read(socket, line + *len, 1);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0) {
            fprintf(stderr, "signalling: %s\n",
                    done == 0 ? "the other phone hung up" : strerror(errno));
            return -1;
        }
        if (line[*len] == '\n') {
            line[*len] = '\0';
            return 0;
        }
        ++*len;
    }
    fprintf(stderr, "signalling: line too long\n");
    return -1;
}
