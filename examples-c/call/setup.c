/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "kinds.h"
#include "phone.h"
#include "signalling.h"
#include "udp.h"

/* The number of the offered line; the answer repeats it. */
#define TAG 1

int succeeded(const struct phone *phone, const char *what, sipseal_status status)
{
    if (status >= 0)
        return 1;
    fprintf(stderr, "%s: %s: %s\n", phone->name, what, sipseal_status_str(status));
    return 0;
}

static int failed(const struct phone *phone, const char *what)
{
    fprintf(stderr, "%s: %s\n", phone->name, what);
    return -1;
}

/* A sipseal_random. A phone without an operating system asks its random number generator here. */
static sipseal_status draw(void *user, uint8_t *out, size_t out_len)
{
    (void)user;
    while (out_len > 0) {
        ssize_t drawn = getrandom(out, out_len, 0);

        if (drawn < 0 && errno == EINTR)
            continue;
        if (drawn <= 0)
            return SIPSEAL_RANDOM_FAILED;
        out += drawn;
        out_len -= (size_t)drawn;
    }
    return SIPSEAL_OK;
}

/* Prints an a=crypto line with stars for its key. */
static void print_masked(const struct phone *phone, const char *line, size_t len)
{
    static const char before_key[] = "inline:";
    const size_t before_key_len = sizeof before_key - 1;
    size_t key = 0, i;

    while (key + before_key_len < len && memcmp(line + key, before_key, before_key_len) != 0)
        key++;
    key += before_key_len;
    printf("%-5s  ", phone->name);
    for (i = 0; i < len; i++)
        putchar(i < key ? line[i] : '*');
    putchar('\n');
    fflush(stdout);
}

static int make_sender(struct phone *phone, const uint8_t *secret, size_t secret_len)
{
    const size_t key_len = sipseal_srtp_key_len(phone->profile);
    const sipseal_srtp_layout layout = {
        .profile = phone->profile, .keys = 1, .streams = 1, .window = WINDOW,
    };
    const size_t block_len = sipseal_srtp_sender_block_len(&layout);

    phone->sender_block = malloc(block_len);
    if (phone->sender_block == NULL)
        return failed(phone, "out of memory");
    if (succeeded(phone, "sender",
                   sipseal_srtp_sender_init(&phone->sender, phone->sender_block, block_len, &layout,
                                            secret, key_len, secret + key_len, secret_len - key_len)))
        return 0;
    free(phone->sender_block);
    phone->sender_block = NULL;
    return -1;
}

static int make_receiver(struct phone *phone, const uint8_t *secret, size_t secret_len)
{
    const size_t key_len = sipseal_srtp_key_len(phone->profile);
    /* One stream: the other phone has one voice, and a stranger's SSRC is to find no place. */
    const sipseal_srtp_layout layout = {
        .profile = phone->profile, .keys = 1, .streams = 1, .window = WINDOW,
    };
    const size_t block_len = sipseal_srtp_receiver_block_len(&layout);

    phone->receiver_block = malloc(block_len);
    if (phone->receiver_block == NULL)
        return failed(phone, "out of memory");
    if (succeeded(phone, "receiver",
                   sipseal_srtp_receiver_init(&phone->receiver, phone->receiver_block, block_len,
                                              &layout, secret, key_len, secret + key_len,
                                              secret_len - key_len)))
        return 0;
    free(phone->receiver_block);
    phone->receiver_block = NULL;
    return -1;
}

/* Draws the key for what this phone sends, and tells it to the other. */
static int give_key(struct phone *phone, uint32_t tag)
{
    uint8_t secret[SIPSEAL_SRTP_MAX_SECRET_LEN];
    char line[SIPSEAL_SDES_MAX_LINE_LEN];
    size_t secret_len, line_len;
    int result = -1;

    if (succeeded(phone, "new key",
                  sipseal_sdes_generate(phone->profile, tag, draw, NULL, secret, sizeof secret,
                                        &secret_len, line, sizeof line, &line_len)) &&
        make_sender(phone, secret, secret_len) == 0) {
        print_masked(phone, line, line_len);
        result = signalling_send(phone->signalling, line, line_len);
    }
    sipseal_wipe(secret, sizeof secret);
    sipseal_wipe(line, sizeof line);
    return result;
}

/* Learns the key for what this phone receives. */
static int take_key(struct phone *phone, uint32_t *tag)
{
    uint8_t secret[SIPSEAL_SRTP_MAX_SECRET_LEN];
    char line[SIGNALLING_CAP];
    size_t secret_len, line_len;
    int result = -1;

    if (signalling_receive(phone->signalling, line, &line_len) == 0 &&
        succeeded(phone, "key of the other phone",
                  sipseal_sdes_read(line, line_len, tag, &phone->profile, secret, sizeof secret,
                                    &secret_len)))
        result = make_receiver(phone, secret, secret_len);
    sipseal_wipe(secret, sizeof secret);
    sipseal_wipe(line, sizeof line);
    return result;
}

/* The first lines of the session description: where this phone wants to be sent to. */
static int give_ports(struct phone *phone)
{
    char line[SIGNALLING_CAP];
    uint16_t ports[CHANNELS];
    int i;

    for (i = 0; i < CHANNELS; i++) {
        phone->sockets[i] = udp_open(&ports[i]);
        if (phone->sockets[i] < 0)
            return failed(phone, "cannot open a UDP socket");
        snprintf(line, sizeof line, i == MEDIA ? "m=audio %u RTP/SAVP 0" : "a=rtcp:%u",
                 (unsigned)ports[i]);
        if (signalling_send(phone->signalling, line, strlen(line)) != 0)
            return -1;
    }
    return 0;
}

static int take_ports(struct phone *phone, uint16_t ports[CHANNELS])
{
    char line[SIGNALLING_CAP];
    unsigned port;
    size_t len;
    int i;

    for (i = 0; i < CHANNELS; i++) {
        if (signalling_receive(phone->signalling, line, &len) != 0)
            return -1;
        if (sscanf(line, i == MEDIA ? "m=audio %u RTP/SAVP 0" : "a=rtcp:%u", &port) != 1 ||
            port > 0xffff)
            return failed(phone, "the other phone names no port");
        ports[i] = (uint16_t)port;
    }
    return 0;
}

static int connect_ports(struct phone *phone, const uint16_t ports[CHANNELS])
{
    if (udp_connect(phone->sockets[MEDIA], ports[MEDIA]) != 0 ||
        udp_connect(phone->sockets[CONTROL], ports[CONTROL]) != 0)
        return failed(phone, "cannot connect a UDP socket");
    return 0;
}

int phone_call(struct phone *phone, uint32_t profile)
{
    uint16_t ports[CHANNELS];
    uint32_t tag;

    phone->caller = 1;
    phone->profile = profile;
    if (give_ports(phone) != 0 || give_key(phone, TAG) != 0 || take_ports(phone, ports) != 0 ||
        take_key(phone, &tag) != 0 || connect_ports(phone, ports) != 0)
        return -1;
    if (tag != TAG || phone->profile != profile)
        return failed(phone, "the answer accepts what was not offered");
    return 0;
}

int phone_answer(struct phone *phone)
{
    uint16_t ports[CHANNELS];
    uint32_t tag;

    if (take_ports(phone, ports) != 0 || take_key(phone, &tag) != 0 || give_ports(phone) != 0 ||
        connect_ports(phone, ports) != 0)
        return -1;
    return give_key(phone, tag);
}

int phone_close(struct phone *phone)
{
    int result = 0, i;

    if (phone->sender_block != NULL &&
        !succeeded(phone, "wiping the sender", sipseal_srtp_sender_wipe(&phone->sender)))
        result = -1;
    if (phone->receiver_block != NULL &&
        !succeeded(phone, "wiping the receiver", sipseal_srtp_receiver_wipe(&phone->receiver)))
        result = -1;
    free(phone->sender_block);
    free(phone->receiver_block);
    for (i = 0; i < CHANNELS; i++) {
        if (phone->sockets[i] >= 0)
            close(phone->sockets[i]);
        ledger_free(&phone->sent[i]);
        ledger_free(&phone->received[i]);
    }
    close(phone->signalling);
    speech_free(&phone->heard);
    speech_free(&phone->overheard);
    return result;
}
