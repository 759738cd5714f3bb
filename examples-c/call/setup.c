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

/* What the phone that is called takes, the best first. */
static const uint32_t profiles[] = {
    SIPSEAL_SRTP_AEAD_AES_256_GCM, SIPSEAL_SRTP_AEAD_AES_128_GCM, SIPSEAL_SRTP_AES_256_CM_HMAC_SHA1_80,
    SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80, SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_32,
    SIPSEAL_SRTP_F8_128_HMAC_SHA1_80,
};
#define PROFILES (sizeof profiles / sizeof *profiles)

/* As phones in the field have it: a lifetime that is said, and several lines in an offer. */
#define LIFETIME (UINT64_C(1) << 31)
#define OFFERED 2

/* Room for a media description. */
#define DESCRIPTION_CAP 1024

/* One stream: the other phone has one voice, and a stranger's SSRC is to find no place. */
static const sipseal_srtp_layout layout = { .streams = 1, .window = WINDOW };

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

/* The block is as large as what was agreed on asks for. */
static int make_sender(struct phone *phone)
{
    sipseal_srtp_layout agreed = layout;
    size_t block_len;

    if (!succeeded(phone, "agreed on", sipseal_sdes_sender_layout(&phone->keys, &agreed)))
        return -1;
    block_len = sipseal_srtp_sender_block_len(&agreed);
    phone->profile = agreed.profile;
    phone->sender_block = malloc(block_len);
    if (phone->sender_block == NULL)
        return failed(phone, "out of memory");
    if (succeeded(phone, "sender",
                  sipseal_sdes_sender_init(&phone->keys, &phone->sender, phone->sender_block, block_len,
                                           &layout)))
        return 0;
    free(phone->sender_block);
    phone->sender_block = NULL;
    return -1;
}

static int make_receiver(struct phone *phone)
{
    sipseal_srtp_layout agreed = layout;
    size_t block_len;

    if (!succeeded(phone, "agreed on", sipseal_sdes_receiver_layout(&phone->keys, &agreed)))
        return -1;
    block_len = sipseal_srtp_receiver_block_len(&agreed);
    phone->receiver_block = malloc(block_len);
    if (phone->receiver_block == NULL)
        return failed(phone, "out of memory");
    if (succeeded(phone, "receiver",
                  sipseal_sdes_receiver_init(&phone->keys, &phone->receiver, phone->receiver_block,
                                             block_len, &layout)))
        return 0;
    free(phone->receiver_block);
    phone->receiver_block = NULL;
    return -1;
}

/* Sends a media description: where this phone wants to be sent to, and `crypto`, its a=crypto lines. */
static int give_description(struct phone *phone, const char *crypto, size_t crypto_len)
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
    while (crypto_len > 0) {
        const char *end = memchr(crypto, '\n', crypto_len);
        const size_t len = end == NULL ? crypto_len : (size_t)(end - crypto);

        print_masked(phone, crypto, len - 1);
        if (signalling_send(phone->signalling, crypto, len) != 0)
            return -1;
        crypto += len + 1;
        crypto_len -= len + 1;
    }
    return signalling_send(phone->signalling, "", 0);
}

/* Takes the media description of the other phone into `text`. */
static int take_description(struct phone *phone, uint16_t ports[CHANNELS], char text[DESCRIPTION_CAP],
                            size_t *text_len)
{
    char line[SIGNALLING_CAP];
    unsigned port;
    int result = 0;
    size_t len;

    *text_len = 0;
    ports[MEDIA] = ports[CONTROL] = 0;
    while (result == 0) {
        result = signalling_receive(phone->signalling, line, &len);
        if (result != 0 || len == 0)
            break;
        if (sscanf(line, "m=audio %u", &port) == 1)
            ports[MEDIA] = (uint16_t)port;
        if (sscanf(line, "a=rtcp:%u", &port) == 1)
            ports[CONTROL] = (uint16_t)port;
        if (*text_len + len + 1 > DESCRIPTION_CAP) {
            result = failed(phone, "the media description is too long");
            break;
        }
        memcpy(text + *text_len, line, len);
        *text_len += len;
        text[(*text_len)++] = '\n';
    }
    sipseal_wipe(line, sizeof line);
    return result;
}

static int connect_ports(struct phone *phone, const uint16_t ports[CHANNELS])
{
    if (udp_connect(phone->sockets[MEDIA], ports[MEDIA]) != 0 ||
        udp_connect(phone->sockets[CONTROL], ports[CONTROL]) != 0)
        return failed(phone, "cannot connect a UDP socket");
    return 0;
}

/* Offers the suite that was asked for and the one that every phone has, and takes the answer. */
int phone_call(struct phone *phone, uint32_t profile)
{
    const uint32_t offered[OFFERED] = { profile, profile == SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80
                                                     ? SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_32
                                                     : SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80 };
    const sipseal_sdes_policy policy = { .profiles = offered, .profiles_len = OFFERED,
                                         .lifetime = LIFETIME };
    char lines[OFFERED * SIPSEAL_SDES_MAX_LINE_LEN], text[DESCRIPTION_CAP];
    uint16_t ports[CHANNELS];
    size_t len;
    uint32_t change;
    int result = -1;

    phone->caller = 1;
    if (succeeded(phone, "SDES", sipseal_sdes_init(&phone->keys)) &&
        succeeded(phone, "offer", sipseal_sdes_offer(&phone->keys, &policy, draw, NULL, lines,
                                                     sizeof lines, &len)) &&
        give_description(phone, lines, len) == 0 && take_description(phone, ports, text, &len) == 0 &&
        succeeded(phone, "answer",
                  sipseal_sdes_take_answer(&phone->keys, &policy, text, len, &change)) &&
        make_sender(phone) == 0 && make_receiver(phone) == 0)
        result = connect_ports(phone, ports);
    sipseal_wipe(lines, sizeof lines);
    sipseal_wipe(text, sizeof text);
    if (result == 0 && phone->profile != profile)
        return failed(phone, "the other phone took the second suite");
    return result;
}

/* Takes the offer of the other phone, and answers it. */
int phone_answer(struct phone *phone)
{
    const sipseal_sdes_policy policy = { .profiles = profiles, .profiles_len = PROFILES,
                                         .lifetime = LIFETIME };
    char line[SIPSEAL_SDES_MAX_LINE_LEN], text[DESCRIPTION_CAP];
    uint16_t ports[CHANNELS];
    size_t text_len, len;
    uint32_t change;
    int result = -1;

    if (succeeded(phone, "SDES", sipseal_sdes_init(&phone->keys)) &&
        take_description(phone, ports, text, &text_len) == 0 &&
        succeeded(phone, "answer",
                  sipseal_sdes_answer(&phone->keys, &policy, text, text_len, draw, NULL, line,
                                      sizeof line, &len, &change)) &&
        make_sender(phone) == 0 && make_receiver(phone) == 0 && give_description(phone, line, len) == 0)
        result = connect_ports(phone, ports);
    sipseal_wipe(line, sizeof line);
    sipseal_wipe(text, sizeof text);
    return result;
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
    sipseal_sdes_wipe(&phone->keys);
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
