/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Sends a sound as SRTP, with reports as SRTCP, and keeps a copy of the reports in clear. Says "sent" when all
 * is under way but the report with the BYE, which follows at the end of stdin.
 *
 *     send --profile NAME --secret HEX [--mki HEX] [--secret HEX --mki HEX [--switch N]] --media PORT
 *          --control PORT --ssrc N --sequence N [--roc N] [--skip N] [--unencrypted-srtp]
 *          [--unencrypted-srtcp] [--unauthenticated-srtp] --sound WAV --reports FILE
 */

#include <stdio.h>
#include <stdlib.h>

#include "g711.h"
#include "options.h"
#include "rtcp.h"
#include "rtp.h"
#include "speech.h"
#include "udp.h"
#include "wav.h"

/* Two reports while speaking. */
#define REPORT_INTERVAL 50

#define TRAILER_CAP (SIPSEAL_SRTP_MAX_TRAILER_LEN + SIPSEAL_SRTP_MAX_MKI_LEN)

struct sending {
    sipseal_srtp_sender sender;
    uint8_t *block;
    size_t block_len;
    int media, control;
    FILE *reports;
    struct rtcp_report report;
};

static int open_socket(int *udp, uint16_t to)
{
    uint16_t port;

    *udp = udp_open(&port);
    if (*udp < 0 || udp_connect(*udp, to) != 0) {
        perror("socket");
        return -1;
    }
    return 0;
}

/* A key without an MKI is the only one, and there from the beginning. */
static int key_sender(sipseal_srtp_sender *sender, uint8_t *block, size_t block_len,
                     const struct options *options)
{
    const struct master_key *key = options->keys, *end = key + options->layout.keys;
    sipseal_status status;

    if (options->layout.mki_len == 0)
        status = sipseal_srtp_sender_init(sender, block, block_len, &options->layout, key->secret,
                                           key->key_len, key->secret + key->key_len, key->salt_len);
    else
        status = sipseal_srtp_sender_init(sender, block, block_len, &options->layout, NULL, 0, NULL, 0);
    for (; options->layout.mki_len > 0 && key < end && status >= 0; key++)
        status = sipseal_srtp_sender_add_key(sender, key->secret, key->key_len, key->secret + key->key_len,
                                              key->salt_len, key->mki, key->mki_len);
    if (options->roc >= 0 && status >= 0)
        status = sipseal_srtp_sender_add_stream(sender, options->ssrc);
    if (options->roc >= 0 && status >= 0)
        status = sipseal_srtp_sender_set_roc(sender, options->ssrc, (uint32_t)options->roc);
    return succeeded("keys of the sender", status) ? 0 : -1;
}

static int open_sending(struct sending *sending, const struct options *options)
{
    sending->block_len = sipseal_srtp_sender_block_len(&options->layout);
    sending->block = malloc(sending->block_len + 1);
    sending->reports = fopen(options->reports, "wb");
    if (sending->block == NULL || sending->reports == NULL) {
        perror(options->reports);
        return -1;
    }
    sending->report.ssrc = options->ssrc;
    if (open_socket(&sending->media, options->media_port) != 0 ||
        open_socket(&sending->control, options->control_port) != 0 ||
        key_sender(&sending->sender, sending->block, sending->block_len, options) != 0)
        return -1;
    return 0;
}

static int send_speech(struct sending *sending, const uint8_t *speech, const struct rtp *rtp, int silent)
{
    uint8_t packet[RTP_HEADER_LEN + SPEECH_PACKET_LEN + TRAILER_CAP];
    size_t len = RTP_HEADER_LEN + SPEECH_PACKET_LEN, i;

    rtp_write(packet, rtp);
    for (i = 0; i < SPEECH_PACKET_LEN; i++)
        packet[RTP_HEADER_LEN + i] = speech[i];
    if (!succeeded("sipseal_srtp_sender_protect",
                   sipseal_srtp_sender_protect(&sending->sender, packet, len, packet, sizeof packet, &len)))
        return -1;
    if (silent)
        return 0;
    sending->report.packets++;
    sending->report.octets += SPEECH_PACKET_LEN;
    sending->report.timestamp = rtp->timestamp;
    if (udp_send(sending->media, packet, len) != 0) {
        perror("speech");
        return -1;
    }
    return 0;
}

static int send_report(struct sending *sending)
{
    uint8_t packet[RTCP_MAX_LEN + TRAILER_CAP];
    struct rtcp_reception nothing = { 0 };
    size_t len = rtcp_write(packet, &sending->report, "sipseal", &nothing);

    if (fwrite(packet, 1, len, sending->reports) != len || fflush(sending->reports) != 0) {
        perror("reports");
        return -1;
    }
    if (!succeeded("sipseal_srtp_sender_protect_rtcp",
                   sipseal_srtp_sender_protect_rtcp(&sending->sender, packet, len, packet, sizeof packet,
                                                    &len)))
        return -1;
    if (udp_send(sending->control, packet, len) != 0) {
        perror("report");
        return -1;
    }
    return 0;
}

static int send_all(struct sending *sending, const struct options *options, const uint8_t *speech,
                    size_t packets)
{
    struct rtp rtp = { 0, RTP_PCMU, 0, 0, 0 };
    size_t i;

    rtp.ssrc = options->ssrc;
    rtp.sequence_number = options->first_sequence_number;
    for (i = 0; i < packets; i++) {
        rtp.marker = i == 0;
        if (options->switched > 0 && i == options->switched &&
            !succeeded("sipseal_srtp_sender_use_key",
                       sipseal_srtp_sender_use_key(&sending->sender, options->keys[1].mki,
                                                   options->keys[1].mki_len)))
            return -1;
        if (send_speech(sending, speech + i * SPEECH_PACKET_LEN, &rtp, i < options->skipped) != 0 ||
            (i % REPORT_INTERVAL == 0 && send_report(sending) != 0))
            return -1;
        rtp.sequence_number++;
        rtp.timestamp += SPEECH_PACKET_LEN;
    }
    printf("sent\n");
    fflush(stdout);
    while (getchar() != EOF)
        ;
    sending->report.bye = 1;
    return send_report(sending);
}

int main(int argc, char **argv)
{
    static struct sending sending;
    struct options options;
    struct wav wav;
    uint8_t *speech;
    int failed;

    if (argc < 1 || options_read(&options, argv + 1) != 0 || wav_read(options.sound, &wav) != 0)
        return 2;
    speech = malloc(wav.count + 1);
    if (speech == NULL)
        return 2;
    g711_encode_all(speech, wav.samples, wav.count);
    failed = open_sending(&sending, &options) != 0 ||
             send_all(&sending, &options, speech, wav.count / SPEECH_PACKET_LEN) != 0;
    if (sending.reports != NULL && fclose(sending.reports) != 0)
        failed = 1;
    free(sending.block);
    free(speech);
    free(wav.samples);
    return failed;
}
