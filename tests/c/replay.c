/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The replay window and the roll-over counter. */

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

static void counters_are(struct phone *phone, uint32_t failures, uint32_t replays)
{
    sipseal_srtp_counters counters = { 99, 99, 99 };

    CHECK_EQUAL(sipseal_srtp_receiver_counters(&phone->rx, &counters), SIPSEAL_OK);
    CHECK_EQUAL(counters.authentication_failures, failures);
    CHECK_EQUAL(counters.replays, replays);
    CHECK_EQUAL(counters.without_stream, 0);
}

/* Packets 0 to `count` - 1 of a stream, or so many RTCP packets, as the sender protects them. */
static struct area *protect_many(struct phone *phone, int is_rtcp, size_t count)
{
    struct area *wires = malloc(count * sizeof *wires);
    size_t i;

    if (!wires)
        exit(2);
    for (i = 0; i < count; i++) {
        struct packet packet = is_rtcp ? packet_sender_report(SSRC)
                                       : packet_speech(SSRC, (uint16_t)i);

        wires[i] = phone_protect(phone, &packet);
    }
    return wires;
}

static sipseal_status hear(struct phone *phone, int is_rtcp, const struct area *wire, size_t i)
{
    struct packet packet = is_rtcp ? packet_sender_report(SSRC) : packet_speech(SSRC, (uint16_t)i);

    return phone_unprotect(phone, wire, &packet);
}

/* The lower edge: the highest less window - 1 is taken, one lower is too old. */
static void edges(const struct profile *profile, uint32_t window, int is_rtcp)
{
    enum call unprotect = is_rtcp ? UNPROTECT_RTCP : UNPROTECT;
    size_t highest = 2 * window + 5, count = highest + window + 1, i;
    uint32_t replays = 0;
    struct area *wires;
    struct phone phone;

    CHECK_ROUND("window, rtcp", window, is_rtcp);
    phone_open(&phone, profile, 1, window);
    wires = protect_many(&phone, is_rtcp, count);

    CHECK_EQUAL(hear(&phone, is_rtcp, &wires[highest], highest), SIPSEAL_OK);
    phone_refuse(&phone, unprotect, wires[highest - window].data, wires[0].len, SIPSEAL_TOO_OLD);
    phone_refuse(&phone, unprotect, wires[highest].data, wires[0].len, SIPSEAL_REPLAYED);
    counters_are(&phone, 0, replays += 4);

    CHECK_EQUAL(hear(&phone, is_rtcp, &wires[highest - window + 1], highest - window + 1),
                SIPSEAL_OK);
    phone_refuse(&phone, unprotect, wires[highest - window + 1].data, wires[0].len,
                 SIPSEAL_REPLAYED);
    phone_refuse(&phone, unprotect, wires[0].data, wires[0].len, SIPSEAL_TOO_OLD);
    counters_are(&phone, 0, replays += 4);

    /* All others between the edges, from above, once each. */
    for (i = highest - 1; i > highest - window + 1; i--)
        CHECK_EQUAL(hear(&phone, is_rtcp, &wires[i], i), SIPSEAL_OK);
    for (i = 0; i <= highest; i++)
        CHECK_EQUAL(hear(&phone, is_rtcp, &wires[i], i),
                    i <= highest - window ? SIPSEAL_TOO_OLD : SIPSEAL_REPLAYED);
    counters_are(&phone, 0, replays += (uint32_t)highest + 1);

    /* Up by almost a window: what lay at the same places before must be forgotten, the rest not. */
    i = highest + window - 1;
    CHECK_EQUAL(hear(&phone, is_rtcp, &wires[i], i), SIPSEAL_OK);
    CHECK_EQUAL(hear(&phone, is_rtcp, &wires[highest], highest), SIPSEAL_REPLAYED);
    CHECK_EQUAL(hear(&phone, is_rtcp, &wires[highest - 1], highest - 1), SIPSEAL_TOO_OLD);
    for (i = highest + 1; i < highest + window - 1; i++)
        CHECK_EQUAL(hear(&phone, is_rtcp, &wires[i], i), SIPSEAL_OK);
    counters_are(&phone, 0, replays += 2);

    for (i = 0; i < count; i++)
        area_free(&wires[i]);
    free(wires);
    phone_close(&phone);
}

/* Up by exactly a window, and by more: nothing old is remembered as seen. */
static void jumps(const struct profile *profile, uint32_t window)
{
    size_t distance, i;

    for (distance = window - 2; distance <= 2 * window + 1; distance++) {
        struct area *wires;
        struct phone phone;

        CHECK_ROUND("window, jump", window, distance);
        phone_open(&phone, profile, 1, window);
        wires = protect_many(&phone, 0, distance + 2);
        CHECK_EQUAL(hear(&phone, 0, &wires[0], 0), SIPSEAL_OK);
        CHECK_EQUAL(hear(&phone, 0, &wires[1], 1), SIPSEAL_OK);
        CHECK_EQUAL(hear(&phone, 0, &wires[distance + 1], distance + 1), SIPSEAL_OK);
        CHECK_EQUAL(hear(&phone, 0, &wires[1], 1),
                    distance < window ? SIPSEAL_REPLAYED : SIPSEAL_TOO_OLD);
        for (i = distance; i > 1; i--)
            CHECK_EQUAL(hear(&phone, 0, &wires[i], i),
                        distance + 1 - i < window ? SIPSEAL_OK : SIPSEAL_TOO_OLD);
        for (i = 0; i < distance + 2; i++)
            area_free(&wires[i]);
        free(wires);
        phone_close(&phone);
    }
}

/* A sender never uses an index twice. */
static void sender_window(const struct profile *profile, uint32_t window)
{
    struct packet packet;
    struct phone phone;
    size_t i;

    CHECK_ROUND("sender window", window, 0);
    phone_open(&phone, profile, 1, window);
    packet = packet_speech(SSRC, (uint16_t)(3 * window));
    phone_pass(&phone, &packet);
    phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_REPLAYED);
    packet = packet_speech(SSRC, (uint16_t)(2 * window));
    phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_TOO_OLD);
    for (i = 2 * window + 1; i < 3 * window; i++) {
        packet = packet_speech(SSRC, (uint16_t)i);
        phone_pass(&phone, &packet);
        phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_REPLAYED);
    }

    /* The index counts, not what is in the packet. */
    packet = packet_rtp(SSRC, (uint16_t)(3 * window), 2, 1, 7);
    phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_REPLAYED);
    counters_are(&phone, 0, 0);
    phone_close(&phone);
}

/* Round the sequence numbers several times. Only both ends' ROC together make a packet authentic. */
static void roll_over(const struct profile *profile)
{
    struct packet packet;
    struct phone phone, fresh;
    uint32_t index, step = 0;
    struct area wire;

    phone_open(&phone, profile, 1, 64);
    for (index = 65000; index < 6 * 65536u; index += (step = step * 7 % 32749 + 1)) {
        packet = packet_speech(SSRC, (uint16_t)index);
        CHECK_ROUND("ROC, sequence number", index >> 16, index & 0xffff);
        wire = phone_protect(&phone, &packet);

        /* Who does not know the ROC hears nothing, and learns nothing. But for ROC 1, below the middle: there
         * the first packets may have been lost. */
        phone_open(&fresh, profile, 1, 64);
        if (index >= 65536 && index < 65536 + 32768)
            CHECK_EQUAL(phone_unprotect(&fresh, &wire, &packet), SIPSEAL_OK);
        else if (index > 65535)
            phone_refuse(&fresh, UNPROTECT, wire.data, wire.len, SIPSEAL_AUTHENTICATION_FAILED);
        phone_close(&fresh);

        CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
        phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_REPLAYED);
        phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_REPLAYED);
        area_free(&wire);
    }
    phone_close(&phone);
}

/* Half of the sequence numbers lie ahead and half behind (RFC 3711 Appendix A). */
static void half_circle(const struct profile *profile)
{
    static const struct {
        uint16_t highest, number;
        uint32_t roc;
    } cases[] = {
        { 100, 100 + 32767, 0 },
        { 100, 100 + 32768, 0 },
        { 40000, 40000 - 32768, 0 },
        { 40000, 40000 - 32769, 1 },
        { 65535, 32767, 0 },
        { 65535, 32766, 1 },
        { 65535, 0, 1 },
    };
    struct phone phone, fresh;
    uint32_t roc;
    size_t i;

    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct packet highest = packet_speech(SSRC, cases[i].highest);
        struct packet packet = packet_speech(SSRC, cases[i].number);
        struct area wire;

        CHECK_ROUND("highest, number", cases[i].highest, cases[i].number);
        phone_open(&phone, profile, 1, 64);
        phone_pass(&phone, &highest);
        if (cases[i].roc == 0 && cases[i].number < cases[i].highest) {
            phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_TOO_OLD);
        } else {
            /* A receiver tells which ROC the sender took. */
            phone_open(&fresh, profile, 1, 64);
            wire = phone_protect(&phone, &packet);
            CHECK_EQUAL(phone_unprotect(&fresh, &wire, &packet), SIPSEAL_OK);
            CHECK_EQUAL(sipseal_srtp_receiver_roc(&fresh.rx, SSRC, &roc), SIPSEAL_OK);
            CHECK_EQUAL(roc, cases[i].roc);
            CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
            area_free(&wire);
            phone_close(&fresh);
        }
        phone_close(&phone);
    }
}

/* Packets from both sides of a wrap in any order, within the window. */
static void order_at_wrap(const struct profile *profile, uint32_t window)
{
    uint32_t first = 65536 - window / 2, i;
    struct packet packet;
    struct area *wires = malloc(window * sizeof *wires);
    struct phone phone;

    if (!wires)
        exit(2);
    phone_open(&phone, profile, 1, window);
    for (i = 0; i < window; i++) {
        packet = packet_speech(SSRC, (uint16_t)(first + i));
        wires[i] = phone_protect(&phone, &packet);
    }
    /* Steps of 37 meet each of a power of two once; begin at ROC 0. */
    for (i = 0; i < window; i++) {
        uint32_t at = i * 37 % window;

        CHECK_ROUND("window, packet", window, at);
        packet = packet_speech(SSRC, (uint16_t)(first + at));
        CHECK_EQUAL(phone_unprotect(&phone, &wires[at], &packet), SIPSEAL_OK);
        phone_refuse(&phone, UNPROTECT, wires[at].data, wires[at].len, SIPSEAL_REPLAYED);
    }
    for (i = 0; i < window; i++)
        area_free(&wires[i]);
    free(wires);
    phone_close(&phone);
}

/* A packet that would lie before ROC 0: a sender refuses it, for a receiver it is of ROC 0. */
static void first_packets(const struct profile *profile)
{
    static const uint16_t numbers[] = { 1, 32769, 65535, 0, 2 };
    struct phone phone;
    size_t i;

    phone_open(&phone, profile, 1, 32768);
    for (i = 0; i < 5; i++) {
        struct packet packet = packet_speech(SSRC, numbers[i]);
        struct area wire;

        CHECK_ROUND("first packets", i, 0);
        wire = phone_protect(&phone, &packet);
        /* 32769 is lost. */
        if (i != 1)
            CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
        area_free(&wire);
        if (i == 0) {
            packet = packet_speech(SSRC, 65535);
            phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_TOO_OLD);
        }
    }
    phone_close(&phone);
}

void test_replay(void)
{
    static const uint32_t windows[] = { 64, 128, 1024 };
    size_t p, w;

    for (p = 0; p < PROFILES; p++) {
        for (w = 0; w < 3; w++) {
            edges(&profiles[p], windows[w], 0);
            edges(&profiles[p], windows[w], 1);
            order_at_wrap(&profiles[p], windows[w]);
        }
        sender_window(&profiles[p], 64);
        sender_window(&profiles[p], 128);
        roll_over(&profiles[p]);
        half_circle(&profiles[p]);
        first_packets(&profiles[p]);
    }
    jumps(&profiles[0], 64);
}
