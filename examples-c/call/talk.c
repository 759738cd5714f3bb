/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#define _POSIX_C_SOURCE 200809L

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "kinds.h"
#include "phone.h"
#include "signalling.h"
#include "udp.h"

/* Packets between two reports: half a second. */
#define REPORT_EVERY 25
/* Before this packet nothing is forged: the stream of the call is to be there first. */
#define FORGE_FROM 8
/* What is held back: two packets of the silence before the speech, since they will be lost, and one of the
 * speech, which will not. */
#define HELD_TOO_LONG_1 1
#define HELD_TOO_LONG_2 2
#define HELD 10
/* How long to wait for a phone that says nothing more, and for datagrams that it says it has sent. */
#define SILENCE_MS 10000
#define STRAGGLER_MS 1000

struct packet {
    size_t len;
    uint8_t octets[PACKET_CAP];
};

struct talk {
    struct phone *phone;
    const struct speech *speech;
    uint32_t ssrc, first_timestamp;
    uint16_t first_sequence;
    /* As protected, to be held back or replayed. */
    struct packet *packets;
};

static long long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int send_as(struct talk *talk, enum kind kind, const uint8_t *octets, size_t len)
{
    struct phone *phone = talk->phone;
    const int channel = kind >= REPORT ? CONTROL : MEDIA;

    if (udp_send(phone->sockets[channel], octets, len) != 0) {
        fprintf(stderr, "%s: cannot send\n", phone->name);
        return -1;
    }
    return ledger_add(&phone->sent[channel], (int32_t)kind, ledger_fingerprint(octets, len), len);
}

static int send_packet(struct talk *talk, enum kind kind, size_t n)
{
    return send_as(talk, kind, talk->packets[n].octets, talk->packets[n].len);
}

static int send_forged(struct talk *talk, enum kind kind, const struct packet *packet)
{
    uint8_t forged[PACKET_CAP];
    size_t len = kind_forge(kind, talk->phone->profile, packet->octets, packet->len, forged);

    return send_as(talk, kind, forged, len);
}

static int protect_speech(struct talk *talk, size_t n)
{
    struct packet *packet = &talk->packets[n];
    struct rtp rtp;

    rtp.marker = n == 0;
    rtp.payload_type = RTP_PCMU;
    rtp.sequence_number = (uint16_t)(talk->first_sequence + n);
    rtp.timestamp = talk->first_timestamp + (uint32_t)n * SPEECH_PACKET_LEN;
    rtp.ssrc = talk->ssrc;
    rtp_write(packet->octets, &rtp);
    memcpy(packet->octets + RTP_HEADER_LEN, talk->speech->octets + n * SPEECH_PACKET_LEN,
           SPEECH_PACKET_LEN);
    if (!succeeded(talk->phone, "protecting speech",
                   sipseal_srtp_sender_protect(&talk->phone->sender, packet->octets,
                                               RTP_HEADER_LEN + SPEECH_PACKET_LEN, packet->octets,
                                               sizeof packet->octets, &packet->len)))
        return -1;
    return 0;
}

static int is_held(size_t n)
{
    return n == HELD_TOO_LONG_1 || n == HELD_TOO_LONG_2 || n == HELD;
}

static int is_swapped(const struct talk *talk, size_t n)
{
    return n >= FORGE_FROM && n % 10 == 7 && n + 1 < talk->speech->packets;
}

/* Forgeries go ahead of the packet that they imitate: behind it they would be replays. */
static int send_forgeries(struct talk *talk, size_t n)
{
    static const enum kind forgeries[] = { FORGED_TIMESTAMP, FORGED_SEQUENCE, FORGED_SSRC,
                                           FORGED_VERSION,   FORGED_PAYLOAD,  FORGED_TAG,
                                           CUT_PAYLOAD,      CUT_HEADER };

    if (n < FORGE_FROM || n % 3 != 0)
        return 0;
    return send_forged(talk, forgeries[n % (sizeof forgeries / sizeof forgeries[0])],
                       &talk->packets[n]);
}

/* What was held back or was heard before goes behind packet `n`, which has just been sent. */
static int send_old(struct talk *talk, size_t n)
{
    if (n == HELD + WINDOW - 1 && send_packet(talk, SPEECH_LATE, HELD) != 0)
        return -1;
    if (n == HELD_TOO_LONG_1 + WINDOW && send_packet(talk, SPEECH_TOO_LATE, HELD_TOO_LONG_1) != 0)
        return -1;
    if (n == HELD_TOO_LONG_2 + WINDOW && send_packet(talk, SPEECH_TOO_LATE, HELD_TOO_LONG_2) != 0)
        return -1;
    if (n % 10 == 4 && send_packet(talk, REPLAY_OF_LAST, n) != 0)
        return -1;
    if (n % 20 != 0 || n < HELD + WINDOW)
        return 0;
    if (send_packet(talk, REPLAY_IN_WINDOW, n - (WINDOW - 1)) != 0)
        return -1;
    return send_packet(talk, REPLAY_BELOW_WINDOW, n - WINDOW);
}

/* A report on the `n` packets so far. */
static int send_report(struct talk *talk, size_t n, int bye)
{
    static const enum kind forgeries[] = { REPORT_FORGED, REPORT_IN_CLEAR, REPORT_CUT };
    struct phone *phone = talk->phone;
    struct rtcp_report report;
    struct packet packet;
    size_t len, i;

    report.ssrc = talk->ssrc;
    report.timestamp = talk->first_timestamp + (uint32_t)n * SPEECH_PACKET_LEN;
    report.packets = (uint32_t)n;
    report.octets = (uint32_t)n * SPEECH_PACKET_LEN;
    report.bye = bye;
    len = rtcp_write(packet.octets, &report, phone->name, &phone->reception);
    if (!succeeded(phone, "protecting a report",
                   sipseal_srtp_sender_protect_rtcp(&phone->sender, packet.octets, len, packet.octets,
                                                    sizeof packet.octets, &packet.len)))
        return -1;
    for (i = 0; i < sizeof forgeries / sizeof forgeries[0]; i++)
        if (send_forged(talk, forgeries[i], &packet) != 0)
            return -1;
    if (send_as(talk, REPORT, packet.octets, packet.len) != 0)
        return -1;
    return send_as(talk, REPORT_REPLAY, packet.octets, packet.len);
}

static int send_turn(struct talk *talk, size_t n)
{
    if (protect_speech(talk, n) != 0 || send_forgeries(talk, n) != 0)
        return -1;
    if (!is_held(n) && !is_swapped(talk, n) && send_packet(talk, SPEECH, n) != 0)
        return -1;
    if (n > 0 && is_swapped(talk, n - 1) && send_packet(talk, SPEECH_SWAPPED, n - 1) != 0)
        return -1;
    if (send_old(talk, n) != 0)
        return -1;
    return n % REPORT_EVERY == REPORT_EVERY - 1 ? send_report(talk, n + 1, 0) : 0;
}

/* Hears the other phone until then. Returns 1 early if `signalling` has a line to read (-1: none has), or 0,
 * or -1. */
static int listen_until(struct phone *phone, int signalling, long long then_ms)
{
    struct pollfd inputs[CHANNELS + 1];
    long long left_ms;
    int i;

    memset(inputs, 0, sizeof inputs);
    for (i = 0; i < CHANNELS; i++)
        inputs[i].fd = phone->sockets[i];
    inputs[CHANNELS].fd = signalling;
    for (i = 0; i <= CHANNELS; i++)
        inputs[i].events = POLLIN;
    do {
        left_ms = then_ms - now_ms();
        (void)poll(inputs, CHANNELS + 1, left_ms > 0 ? (int)left_ms : 0);
        if (phone_listen(phone) != 0)
            return -1;
        if (signalling >= 0 && inputs[CHANNELS].revents != 0)
            return 1;
    } while (left_ms > 0);
    return 0;
}

/* Tells the other phone how many datagrams to expect, and hears it out. Some may be lost on the way, so
 * this ends without them; the verdict will miss them. */
static int hear_out(struct phone *phone)
{
    char line[SIGNALLING_CAP];
    size_t len, before, expected[CHANNELS];
    long long last_ms;
    int ready;

    snprintf(line, sizeof line, "sent %zu %zu", phone->sent[MEDIA].count, phone->sent[CONTROL].count);
    if (signalling_send(phone->signalling, line, strlen(line)) != 0)
        return -1;
    do {
        before = phone->received[MEDIA].count;
        ready = listen_until(phone, phone->signalling, now_ms() + SILENCE_MS);
    } while (ready == 0 && phone->received[MEDIA].count > before);
    if (ready == 0)
        fprintf(stderr, "%s: %s has fallen silent\n", phone->name, phone->peer);
    if (ready != 1 || signalling_receive(phone->signalling, line, &len) != 0)
        return -1;
    if (sscanf(line, "sent %zu %zu", &expected[MEDIA], &expected[CONTROL]) != 2) {
        fprintf(stderr, "%s: %s does not say how much it sent\n", phone->name, phone->peer);
        return -1;
    }
    last_ms = now_ms() + STRAGGLER_MS;
    while ((phone->received[MEDIA].count < expected[MEDIA] ||
            phone->received[CONTROL].count < expected[CONTROL]) && now_ms() < last_ms)
        if (listen_until(phone, -1, now_ms() + 1) != 0)
            return -1;
    return 0;
}

/* The stream begins shortly before the sequence number wraps, so that the roll-over counter has work to
 * do. A phone that has no such aim draws all 16 bits (RFC 3550 section 5.1). */
static int draw_start(struct talk *talk)
{
    uint8_t random[9];

    if (getrandom(random, sizeof random, 0) != sizeof random)
        return -1;
    talk->ssrc = get32(random);
    talk->first_timestamp = get32(random + 4);
    talk->first_sequence = (uint16_t)(65536 - 30 - random[8] % 32);
    return 0;
}

static int send_all(struct talk *talk, int interval_ms)
{
    const size_t packets = talk->speech->packets;
    long long next_ms = now_ms();
    size_t n;

    for (n = 0; n < packets; n++) {
        if (send_turn(talk, n) != 0)
            return -1;
        next_ms += interval_ms;
        /* After a pause, a burst of what was missed could be more than the other socket takes. */
        if (next_ms < now_ms())
            next_ms = now_ms();
        if (listen_until(talk->phone, -1, next_ms) != 0)
            return -1;
    }
    return send_report(talk, packets, 1);
}

int phone_talk(struct phone *phone, const struct speech *speech, int interval_ms)
{
    struct talk talk;
    int result;

    talk.phone = phone;
    talk.speech = speech;
    talk.packets = malloc(speech->packets * sizeof *talk.packets);
    if (talk.packets == NULL || draw_start(&talk) != 0) {
        fprintf(stderr, "%s: no memory or no random numbers\n", phone->name);
        free(talk.packets);
        return -1;
    }
    result = send_all(&talk, interval_ms);
    free(talk.packets);
    return result == 0 ? hear_out(phone) : -1;
}
