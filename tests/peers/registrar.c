/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * A registrar that lets in who knows the password, and remembers nobody:  registrar ALGORITHM...
 *
 * ALGORITHM is the number of one, such as 1 for MD5. Prints its port, and then a line for each REGISTER. Ends when
 * its standard input does.
 */

#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "sipseal.h"

#define REALM "atlanta.example"
#define NONCES 16

static sipseal_digest_server server;
static uint8_t block[SIPSEAL_DIGEST_SERVER_BLOCK_LEN(NONCES, sizeof REALM - 1)];

static sipseal_status draw_random(void *user, uint8_t *out, size_t out_len)
{
    FILE *source = fopen("/dev/urandom", "rb");
    size_t drawn = source ? fread(out, 1, out_len, source) : 0;

    (void)user;
    if (source)
        fclose(source);
    return drawn == out_len ? SIPSEAL_OK : SIPSEAL_RANDOM_FAILED;
}

/* H(A1) of the one user there is, as a database would have it. */
static sipseal_status look_up(void *user, uint32_t hash, const char *username, size_t username_len, uint32_t is_hashed,
                              char *secret, size_t secret_cap, size_t *secret_len)
{
    (void)user;
    if (is_hashed || username_len != 5 || memcmp(username, "alice", 5) != 0)
        return SIPSEAL_NO_ACCOUNT;
    return sipseal_digest_hash_a1(hash, "alice", 5, REALM, sizeof REALM - 1, "zanzibar", 8, secret, secret_cap, secret_len);
}

/* Copies a header field of the request, by the beginning of its line. */
static size_t copy_field(const char *request, const char *name, char *out, size_t cap)
{
    const char *line = strstr(request, name);
    size_t len = line ? strcspn(line + 2, "\r") + 2 : 0;

    if (len == 0 || len + 2 > cap)
        return 0;
    memcpy(out, line + 2, len);
    return len;
}

/* Whether the request is about who sent it: the user in its To. */
static int registers(const char *request, const sipseal_digest_verified *verified)
{
    const char *to = strstr(request, "\r\nTo:");
    const char *user = to ? strstr(to, "sip:") : NULL;

    return user && strncmp(user + 4, verified->username, verified->username_len) == 0 &&
           user[4 + verified->username_len] == '@';
}

/* Writes a response, or nothing; negative if it fails. */
static int answer(const char *request, size_t request_len, const struct sockaddr_in *from, char *out, size_t cap)
{
    static const char *const names[] = { "\r\nVia:", "\r\nFrom:", "\r\nTo:", "\r\nCall-ID:", "\r\nCSeq:" };
    uint64_t now_s = (uint64_t)time(NULL);
    const uint8_t *binding = (const uint8_t *)&from->sin_addr;
    const size_t binding_len = sizeof from->sin_addr;
    const char *reason = "200 OK";
    char fields[1024];
    size_t fields_len = 0, len, i;
    sipseal_digest_verified verified;
    sipseal_status status = sipseal_digest_server_verify(&server, SIPSEAL_DIGEST_OF_SERVER, now_s, binding, binding_len,
                                                         request, request_len, look_up, NULL, &verified);

    printf("%s\n", sipseal_status_str(status));
    fflush(stdout);
    if (status == SIPSEAL_INVALID_ARGUMENT) /* an ACK or a CANCEL */
        return 0;
    if (status == SIPSEAL_SYNTAX)
        reason = "400 Bad Request";
    else if (status < 0) {
        uint32_t flags = status == SIPSEAL_STALE || status == SIPSEAL_REPLAYED ? SIPSEAL_DIGEST_STALE : 0;

        reason = "401 Unauthorized";
        if (sipseal_digest_server_challenge(&server, SIPSEAL_DIGEST_OF_SERVER, now_s, binding, binding_len, flags, fields,
                                            sizeof fields, &fields_len) < 0)
            return -1;
    } else if (!registers(request, &verified))
        reason = "403 Forbidden";
    else if (sipseal_digest_server_info(&server, &verified, request, request_len, NULL, 0, now_s, binding, binding_len, 0,
                                        fields, sizeof fields, &fields_len) < 0)
        return -1;
    sipseal_wipe(&verified, sizeof verified);
    len = (size_t)snprintf(out, cap, "SIP/2.0 %s\r\n", reason);
    for (i = 0; i < sizeof names / sizeof *names; i++)
        len += copy_field(request, names[i], out + len, cap - len);
    len += (size_t)snprintf(out + len, cap - len, "%.*sContent-Length: 0\r\n\r\n", (int)fields_len, fields);
    return (int)len;
}

int main(int argc, char **argv)
{
    uint32_t algorithms[8];
    sipseal_digest_config config = { .realm = REALM, .realm_len = sizeof REALM - 1, .algorithms = algorithms,
                                     .flags = SIPSEAL_DIGEST_AUTH | SIPSEAL_DIGEST_AUTH_INT | SIPSEAL_DIGEST_ANY_URI,
                                     .nonces = NONCES, .nonce_lifetime_s = 60 };
    struct sockaddr_in here = { .sin_family = AF_INET }, from;
    socklen_t here_len = sizeof here, from_len;
    struct pollfd ready[2];
    char request[8192], response[8192];

    for (; config.algorithms_len + 1 < (size_t)argc && config.algorithms_len < 8; config.algorithms_len++)
        algorithms[config.algorithms_len] = (uint32_t)atoi(argv[1 + config.algorithms_len]);
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ready[0].fd = socket(AF_INET, SOCK_DGRAM, 0);
    ready[1].fd = 0;
    ready[0].events = ready[1].events = POLLIN;
    if (ready[0].fd < 0 || bind(ready[0].fd, (const struct sockaddr *)&here, sizeof here) < 0 ||
        getsockname(ready[0].fd, (struct sockaddr *)&here, &here_len) < 0 ||
        sipseal_digest_server_init(&server, block, sizeof block, &config, NULL, (uint64_t)time(NULL), draw_random, NULL) < 0) {
        fprintf(stderr, "registrar ALGORITHM...\n");
        return 1;
    }
    printf("%u\n", (unsigned)ntohs(here.sin_port));
    fflush(stdout);
    while (poll(ready, 2, -1) > 0 && ready[1].revents == 0) {
        ssize_t len;

        from_len = sizeof from;
        len = recvfrom(ready[0].fd, request, sizeof request - 1, 0, (struct sockaddr *)&from, &from_len);
        if (len <= 0)
            return 1;
        request[len] = 0;
        len = answer(request, (size_t)len, &from, response, sizeof response);
        if (len < 0 || (len > 0 && sendto(ready[0].fd, response, (size_t)len, 0, (const struct sockaddr *)&from, from_len) < 0))
            return 1;
    }
    sipseal_digest_server_wipe(&server);
    return 0;
}
