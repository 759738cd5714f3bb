/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "udp.h"

/* Holds some seconds of a call, should this process have to wait for the processor. The kernel may grant
 * less. */
#define RECEIVE_BUFFER_LEN (4 << 20)

static struct sockaddr_in loopback(uint16_t port)
{
    struct sockaddr_in address;

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

int udp_open(uint16_t *port)
{
    struct sockaddr_in address = loopback(0);
    socklen_t address_len = sizeof address;
    int udp = socket(AF_INET, SOCK_DGRAM, 0);
    int buffer_len = RECEIVE_BUFFER_LEN;

    if (udp < 0)
        return -1;
    (void)setsockopt(udp, SOL_SOCKET, SO_RCVBUF, &buffer_len, sizeof buffer_len);
    if (bind(udp, (struct sockaddr *)&address, sizeof address) != 0 ||
        getsockname(udp, (struct sockaddr *)&address, &address_len) != 0 ||
        fcntl(udp, F_SETFL, O_NONBLOCK) != 0) {
        close(udp);
        return -1;
    }
    *port = ntohs(address.sin_port);
    return udp;
}

int udp_connect(int udp, uint16_t port)
{
    struct sockaddr_in address = loopback(port);

    return connect(udp, (struct sockaddr *)&address, sizeof address);
}

int udp_send(int udp, const uint8_t *octets, size_t len)
{
    return send(udp, octets, len, 0) == (ssize_t)len ? 0 : -1;
}

int udp_receive(int udp, uint8_t *octets, size_t cap, size_t *len)
{
    ssize_t got = recv(udp, octets, cap, 0);

    *len = got < 0 ? 0 : (size_t)got;
    if (got >= 0)
        return 1;
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -1;
}
