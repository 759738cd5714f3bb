/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Hears SRTP with PCMU and SRTCP until the end of stdin and all that has arrived by then. Says first on which
 * ports, and at the end what became of the packets. Writes what was heard as a WAV file, and the reports one
 * behind the other.
 *
 *     receive --profile NAME --secret HEX [--mki HEX] [--secret HEX --mki HEX] [--ssrc N --roc N] [--skip N]
 *             [--unencrypted-srtp] [--unencrypted-srtcp] [--unauthenticated-srtp] --sound WAV --reports FILE
 */

#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "g711.h"
#include "options.h"
#include "rtp.h"
#include "udp.h"
#include "wav.h"

/* Two minutes of speech. */
#define HEARD_CAP (120 * G711_RATE)
#define STATUSES 8

enum { MEDIA, CONTROL, CHANNELS };

static const char *const channel_names[CHANNELS] = { "rtp", "rtcp" };

/* How often each status came; unused ones have no count. */
struct tally {
    sipseal_status status;
    unsigned long count;
};

struct receiving {
    sipseal_srtp_receiver receiver;
    uint8_t *block;
    int sockets[CHANNELS];
    FILE *reports;
    unsigned long skip;
    struct tally tallies[CHANNELS][STATUSES];
    /* Of authentic speech. */
    uint16_t first, last;
    uint8_t heard[HEARD_CAP];
    size_t heard_len;
};

/* A key without an MKI is the only one, and there from the beginning. */
static int key_receiver(sipseal_srtp_receiver *receiver, uint8_t *block, size_t block_len,
                       const struct options *options)
{
    const struct master_key *key = options->keys, *end = key + options->layout.keys;
    sipseal_status status;

    if (options->layout.mki_len == 0)
        status = sipseal_srtp_receiver_init(receiver, block, block_len, &options->layout, key->secret,
                                             key->key_len, key->secret + key->key_len, key->salt_len);
    else
        status = sipseal_srtp_receiver_init(receiver, block, block_len, &options->layout, NULL, 0, NULL, 0);
    for (; options->layout.mki_len > 0 && key < end && status >= 0; key++)
        status = sipseal_srtp_receiver_add_key(receiver, key->secret, key->key_len, key->secret + key->key_len,
                                                key->salt_len, key->mki, key->mki_len);
    if (options->roc >= 0 && status >= 0)
        status = sipseal_srtp_receiver_add_stream(receiver, options->ssrc);
    if (options->roc >= 0 && status >= 0)
        status = sipseal_srtp_receiver_set_roc(receiver, options->ssrc, (uint32_t)options->roc);
    return succeeded("keys of the receiver", status) ? 0 : -1;
}

static sipseal_status draw(void *user, uint8_t *out, size_t out_len)
{
    (void)user;
    while (out_len-- > 0)
        *out++ = (uint8_t)rand();
    return SIPSEAL_OK;
}

/* The lines of one media description, the only one of a peer; its other lines are passed over. Peers that read and
 * write files say RTP/AVP. */
static int answer(struct receiving *receiving, const struct options *options)
{
    static const uint32_t profiles[] = {
        SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80, SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_32,
    };
    static const sipseal_sdes_policy policy = { .profiles = profiles, .profiles_len = 2,
                                                .flags = SIPSEAL_SDES_PLAIN_RTP };
    static char text[4096], line[SIPSEAL_SDES_MAX_LINE_LEN];
    static sipseal_sdes keys;
    sipseal_srtp_layout layout = options->layout;
    FILE *file = fopen(options->description, "rb");
    size_t len, line_len, block_len;
    uint32_t change;

    if (file == NULL) {
        perror(options->description);
        return -1;
    }
    len = fread(text, 1, sizeof text, file);
    fclose(file);
    if (!succeeded("SDES", sipseal_sdes_init(&keys)) ||
        !succeeded("answer", sipseal_sdes_answer(&keys, &policy, text, len, draw, NULL, line, sizeof line,
                                                 &line_len, &change)) ||
        !succeeded("layout", sipseal_sdes_receiver_layout(&keys, &layout)))
        return -1;
    block_len = sipseal_srtp_receiver_block_len(&layout);
    receiving->block = malloc(block_len + 1);
    if (receiving->block == NULL)
        return -1;
    return succeeded("receiver", sipseal_sdes_receiver_init(&keys, &receiving->receiver, receiving->block,
                                                            block_len, &layout))
               ? 0
               : -1;
}

static int open_receiving(struct receiving *receiving, const struct options *options)
{
    const size_t block_len =
        options->description ? 0 : sipseal_srtp_receiver_block_len(&options->layout);
    uint16_t ports[CHANNELS];
    int i;

    receiving->skip = options->skipped;
    receiving->reports = fopen(options->reports, "wb");
    if (receiving->reports == NULL) {
        perror(options->reports);
        return -1;
    }
    if (options->description == NULL && (receiving->block = malloc(block_len + 1)) == NULL)
        return -1;
    if (options->description) {
        if (answer(receiving, options) != 0)
            return -1;
    } else if (key_receiver(&receiving->receiver, receiving->block, block_len, options) != 0)
        return -1;
    for (i = 0; i < CHANNELS; i++) {
        receiving->sockets[i] = udp_open(&ports[i]);
        if (receiving->sockets[i] < 0) {
            perror("socket");
            return -1;
        }
    }
    printf("ports %u %u\n", ports[MEDIA], ports[CONTROL]);
    fflush(stdout);
    return 0;
}

static int count(struct tally *tallies, sipseal_status status)
{
    int i;

    for (i = 0; i < STATUSES; i++) {
        if (tallies[i].count == 0 || tallies[i].status == status) {
            tallies[i].status = status;
            tallies[i].count++;
            return 0;
        }
    }
    fprintf(stderr, "too many kinds of failures\n");
    return -1;
}

static int hear(struct receiving *receiving, const uint8_t *packet, size_t len)
{
    struct rtp rtp;

    if (rtp_read(packet, len, &rtp) != 0 || rtp.payload_type != RTP_PCMU ||
        len - RTP_HEADER_LEN > HEARD_CAP - receiving->heard_len) {
        fprintf(stderr, "authentic, but not the speech that was expected\n");
        return -1;
    }
    if (receiving->heard_len == 0)
        receiving->first = rtp.sequence_number;
    receiving->last = rtp.sequence_number;
    memcpy(receiving->heard + receiving->heard_len, packet + RTP_HEADER_LEN, len - RTP_HEADER_LEN);
    receiving->heard_len += len - RTP_HEADER_LEN;
    return 0;
}

static int unprotect(struct receiving *receiving, int channel, uint8_t *packet, size_t len)
{
    sipseal_status status;

    if (channel == MEDIA) {
        if (receiving->skip > 0) {
            receiving->skip--;
            return 0;
        }
        status = sipseal_srtp_receiver_unprotect(&receiving->receiver, packet, len, packet, len, &len);
    } else {
        status = sipseal_srtp_receiver_unprotect_rtcp(&receiving->receiver, packet, len, packet, len, &len);
    }
    if (count(receiving->tallies[channel], status) != 0)
        return -1;
    if (status < 0)
        return 0;
    if (channel == MEDIA)
        return hear(receiving, packet, len);
    /* At once, for whoever waits for a report. */
    return fwrite(packet, 1, len, receiving->reports) == len ? fflush(receiving->reports) : -1;
}

static int take_arrived(struct receiving *receiving)
{
    static uint8_t packet[SIPSEAL_SRTP_MAX_PACKET_LEN];
    size_t len;
    int channel, got;

    for (channel = 0; channel < CHANNELS; channel++) {
        while ((got = udp_receive(receiving->sockets[channel], packet, sizeof packet, &len)) == 1)
            if (unprotect(receiving, channel, packet, len) != 0)
                return -1;
        if (got < 0) {
            perror("socket");
            return -1;
        }
    }
    return 0;
}

/* Who ends stdin knows that the peer has sent everything, and on the loopback it has then arrived. */
static int receive_all(struct receiving *receiving)
{
    struct pollfd waited[CHANNELS + 1];
    char octet;
    int i, over = 0;

    for (i = 0; i < CHANNELS; i++)
        waited[i].fd = receiving->sockets[i];
    waited[CHANNELS].fd = STDIN_FILENO;
    for (i = 0; i <= CHANNELS; i++)
        waited[i].events = POLLIN;
    while (!over) {
        if (poll(waited, CHANNELS + 1, -1) < 0) {
            if (errno == EINTR)
                continue;
            perror("poll");
            return -1;
        }
        if (waited[CHANNELS].revents != 0)
            over = read(STDIN_FILENO, &octet, 1) <= 0;
        if (take_arrived(receiving) != 0)
            return -1;
    }
    return 0;
}

/* "rtp 100 done", say: a count and a status. */
static void print_tallies(const struct receiving *receiving)
{
    int channel, i;

    for (channel = 0; channel < CHANNELS; channel++)
        for (i = 0; i < STATUSES; i++)
            if (receiving->tallies[channel][i].count > 0)
                printf("%s %lu %s\n", channel_names[channel], receiving->tallies[channel][i].count,
                       sipseal_status_str(receiving->tallies[channel][i].status));
    if (receiving->heard_len > 0)
        printf("sequence %u %u\n", receiving->first, receiving->last);
}

static int write_heard(const struct receiving *receiving, const char *path)
{
    struct wav wav;
    int failed;

    wav.rate = G711_RATE;
    wav.count = receiving->heard_len;
    wav.samples = malloc((wav.count + 1) * sizeof *wav.samples);
    if (wav.samples == NULL)
        return -1;
    g711_decode_all(wav.samples, receiving->heard, receiving->heard_len);
    failed = wav_write(path, &wav);
    free(wav.samples);
    return failed;
}

int main(int argc, char **argv)
{
    static struct receiving receiving;
    struct options options;
    int failed;

    if (argc < 1 || options_read(&options, argv + 1) != 0)
        return 2;
    failed = open_receiving(&receiving, &options) != 0 || receive_all(&receiving) != 0 ||
             write_heard(&receiving, options.sound) != 0;
    if (receiving.reports != NULL && fclose(receiving.reports) != 0)
        failed = 1;
    if (!failed)
        print_tallies(&receiving);
    free(receiving.block);
    return failed;
}
