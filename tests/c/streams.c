/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Many SSRCs: each with a state of its own, and no more than there is room for. */

#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

static void limit(const struct profile *profile, uint32_t streams)
{
    struct packet extra = packet_speech(SSRC + streams, 1);
    struct packet extra_report = packet_sender_report(SSRC + streams);
    struct area wire, wire_report;
    struct phone phone, other;
    sipseal_srtp_counters counters;
    uint32_t i;

    /* Another sender under the same key, to whom the SSRC is not one too many. */
    phone_open(&other, profile, 1, 64);
    wire = phone_protect(&other, &extra);
    wire_report = phone_protect(&other, &extra_report);

    phone_open(&phone, profile, streams, 64);
    for (i = 0; i < streams; i++) {
        struct packet packet = i % 2 ? packet_sender_report(SSRC + i) : packet_speech(SSRC + i, 1);

        CHECK_ROUND("streams, stream", streams, i);
        phone_pass(&phone, &packet);
    }
    phone_refuse(&phone, PROTECT, extra.data, extra.len, SIPSEAL_STREAM_LIMIT);
    phone_refuse(&phone, PROTECT_RTCP, extra_report.data, extra_report.len, SIPSEAL_STREAM_LIMIT);
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_STREAM_LIMIT);
    phone_refuse(&phone, UNPROTECT_RTCP, wire_report.data, wire_report.len, SIPSEAL_STREAM_LIMIT);
    CHECK_EQUAL(sipseal_srtp_receiver_counters(&phone.rx, &counters), SIPSEAL_OK);
    CHECK_EQUAL(counters.without_stream, 4);
    CHECK_EQUAL(counters.authentication_failures, 0);
    CHECK_EQUAL(counters.replays, 0);
    for (i = 0; i < streams; i++) {
        struct packet packet = packet_speech(SSRC + i, 2), report = packet_sender_report(SSRC + i);

        CHECK_ROUND("streams, again", streams, i);
        phone_pass(&phone, &packet);
        phone_pass(&phone, &report);
    }
    phone_close(&phone);
    phone_close(&other);
    area_free(&wire);
    area_free(&wire_report);
}

/* A forged packet takes no stream; a refused one neither, on either side. */
static void forgeries(const struct profile *profile)
{
    struct packet packet = packet_speech(SSRC, 1), report = packet_sender_report(SSRC);
    struct phone phone;
    struct area wire, wire_report;
    sipseal_srtp_counters counters;
    uint32_t i;

    phone_open(&phone, profile, 1, 64);
    wire = phone_protect(&phone, &packet);
    wire_report = phone_protect(&phone, &report);
    for (i = 0; i < 50; i++) {
        struct area forged = area_of(wire.data, wire.len, wire.len);
        struct area forged_report = area_of(wire_report.data, wire_report.len, wire_report.len);

        CHECK_ROUND("forged", i, 0);
        forged.data[8] ^= (uint8_t)(i + 1);
        forged_report.data[4] ^= (uint8_t)(i + 1);
        phone_refuse(&phone, UNPROTECT, forged.data, forged.len, SIPSEAL_AUTHENTICATION_FAILED);
        phone_refuse(&phone, UNPROTECT_RTCP, forged_report.data, forged_report.len,
                     SIPSEAL_AUTHENTICATION_FAILED);
        area_free(&forged);
        area_free(&forged_report);
    }
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    CHECK_EQUAL(phone_unprotect(&phone, &wire_report, &report), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_receiver_counters(&phone.rx, &counters), SIPSEAL_OK);
    CHECK_EQUAL(counters.authentication_failures, 200);
    CHECK_EQUAL(counters.replays, 0);
    CHECK_EQUAL(counters.without_stream, 0);
    area_free(&wire);
    area_free(&wire_report);
    phone_close(&phone);
}

/* ROC, window and SRTCP index of one SSRC are not those of another. */
static void apart(const struct profile *profile)
{
    struct phone phone;
    uint32_t i;
    uint16_t n;

    phone_open(&phone, profile, 4, 64);
    for (n = 0; n < 200; n++) {
        for (i = 0; i < 4; i++) {
            struct packet packet = packet_speech(SSRC + 7 * i, (uint16_t)(65436 + n * (i + 1)));

            CHECK_ROUND("stream, packet", i, n);
            phone_pass(&phone, &packet);
            if (n % (i + 1) == 0) {
                packet = packet_sender_report(SSRC + 7 * i);
                phone_pass(&phone, &packet);
            }
        }
    }
    phone_close(&phone);
}

/* The same numbers on two streams, one in order and the other from behind: each window is its own. */
static void windows_apart(const struct profile *profile, int is_rtcp)
{
    enum call unprotect = is_rtcp ? UNPROTECT_RTCP : UNPROTECT;
    struct packet packets[2][40];
    struct area wires[2][40];
    struct phone phone;
    size_t s, i;

    CHECK_ROUND("windows: profile, rtcp", profile->number, is_rtcp);
    phone_open(&phone, profile, 2, 64);
    for (s = 0; s < 2; s++) {
        for (i = 0; i < 40; i++) {
            /* RTP in the order in which it will be heard, so that the sender's windows show as well. */
            size_t number = s == 0 || is_rtcp ? i : 39 - i;

            packets[s][number] = is_rtcp ? packet_sender_report(SSRC + (uint32_t)s)
                                         : packet_speech(SSRC + (uint32_t)s, (uint16_t)number);
            wires[s][number] = phone_protect(&phone, &packets[s][number]);
        }
    }
    for (i = 0; i < 40; i++) {
        size_t back = 39 - i;

        CHECK_EQUAL(phone_unprotect(&phone, &wires[0][i], &packets[0][i]), SIPSEAL_OK);
        CHECK_EQUAL(phone_unprotect(&phone, &wires[1][back], &packets[1][back]), SIPSEAL_OK);
    }
    for (s = 0; s < 2; s++) {
        for (i = 0; i < 40; i++) {
            phone_refuse(&phone, unprotect, wires[s][i].data, wires[s][i].len, SIPSEAL_REPLAYED);
            area_free(&wires[s][i]);
        }
    }
    phone_close(&phone);
}

/* As many as there may be. */
static void most(void)
{
    uint32_t streams = SIPSEAL_SRTP_MAX_STREAMS, i;
    struct phone phone;

    phone_open(&phone, &profiles[0], streams, 64);
    for (i = 0; i < 300; i++) {
        struct packet packet = packet_speech(i * 0x01010101u, (uint16_t)i);

        phone_pass(&phone, &packet);
    }
    phone_close(&phone);
}

void test_streams(void)
{
    size_t p;

    for (p = 0; p < PROFILES; p++) {
        limit(&profiles[p], 1);
        limit(&profiles[p], 2);
        limit(&profiles[p], 17);
        forgeries(&profiles[p]);
        apart(&profiles[p]);
        windows_apart(&profiles[p], 0);
        windows_apart(&profiles[p], 1);
    }
    most();
}
