/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* ROCs that are read, set, and tried. */

#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

static uint32_t tx_roc(struct phone *phone)
{
    uint32_t roc = 99;

    CHECK_EQUAL(sipseal_srtp_sender_roc(&phone->tx, SSRC, &roc), SIPSEAL_OK);
    return roc;
}

static uint32_t rx_roc(struct phone *phone)
{
    uint32_t roc = 99;

    CHECK_EQUAL(sipseal_srtp_receiver_roc(&phone->rx, SSRC, &roc), SIPSEAL_OK);
    return roc;
}

/* Of an SSRC without a stream there is none, and none is set. */
static void unknown(struct phone *phone)
{
    struct snapshot before = phone_snapshot(phone);
    uint32_t roc = 99;

    CHECK_EQUAL(sipseal_srtp_sender_roc(&phone->tx, SSRC, &roc), SIPSEAL_UNKNOWN_STREAM);
    CHECK_EQUAL(roc, 0);
    roc = 99;
    CHECK_EQUAL(sipseal_srtp_receiver_roc(&phone->rx, SSRC, &roc), SIPSEAL_UNKNOWN_STREAM);
    CHECK_EQUAL(roc, 0);
    CHECK_EQUAL(sipseal_srtp_sender_set_roc(&phone->tx, SSRC, 1), SIPSEAL_UNKNOWN_STREAM);
    CHECK_EQUAL(sipseal_srtp_receiver_set_roc(&phone->rx, SSRC, 1), SIPSEAL_UNKNOWN_STREAM);
    phone_unchanged(phone, &before, 0);
}

/* A stream that begins at a ROC that both ends were told. */
static void before_the_first(const struct profile *profile, uint32_t roc)
{
    struct packet packet = packet_speech(SSRC, 65535), last = packet_speech(SSRC, 0);
    struct phone phone, fresh;
    struct area wire;

    CHECK_ROUND("before the first: profile, ROC", profile->number, roc);
    phone_open(&phone, profile, 1, 64);
    phone_open(&fresh, profile, 1, 64);
    unknown(&phone);
    CHECK_EQUAL(sipseal_srtp_sender_add_stream(&phone.tx, SSRC), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_receiver_add_stream(&phone.rx, SSRC), SIPSEAL_OK);
    CHECK_EQUAL(tx_roc(&phone), 0);
    CHECK_EQUAL(rx_roc(&phone), 0);
    CHECK_EQUAL(sipseal_srtp_sender_set_roc(&phone.tx, SSRC, roc), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_receiver_set_roc(&phone.rx, SSRC, roc), SIPSEAL_OK);
    CHECK_EQUAL(tx_roc(&phone), roc);
    CHECK_EQUAL(rx_roc(&phone), roc);
    wire = phone_protect(&phone, &packet);
    if (roc > 0)
        phone_refuse(&fresh, UNPROTECT, wire.data, wire.len, SIPSEAL_AUTHENTICATION_FAILED);
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_REPLAYED);
    phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_REPLAYED);
    if (roc < UINT32_MAX) {
        phone_pass(&phone, &last);
        CHECK_EQUAL(tx_roc(&phone), roc + 1);
        CHECK_EQUAL(rx_roc(&phone), roc + 1);
        REFUSED(&phone, sipseal_srtp_sender_set_roc(&phone.tx, SSRC, roc), SIPSEAL_TOO_OLD);
    }
    area_free(&wire);
    phone_close(&phone);
    phone_close(&fresh);
}

/* At the end of the last ROC there is no index left. */
static void after_the_last(const struct profile *profile)
{
    struct packet packet = packet_speech(SSRC, 65535);
    struct phone phone;
    struct area wire;

    CHECK_ROUND("after the last: profile", profile->number, 0);
    phone_open(&phone, profile, 1, 64);
    CHECK_EQUAL(sipseal_srtp_sender_add_stream(&phone.tx, SSRC), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_receiver_add_stream(&phone.rx, SSRC), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_sender_set_roc(&phone.tx, SSRC, UINT32_MAX), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_receiver_set_roc(&phone.rx, SSRC, UINT32_MAX), SIPSEAL_OK);
    wire = area_new(packet.len + trailer_len(profile, &packet));
    CHECK_EQUAL(phone_call(&phone, PROTECT, packet.data, packet.len, wire.data, wire.len,
                           &wire.len),
                SIPSEAL_NOTICE_KEY_EXPIRING);
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_NOTICE_KEY_EXPIRING);
    packet = packet_speech(SSRC, 0);
    phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_KEY_EXPIRED);
    area_free(&wire);
    phone_close(&phone);
}

/* In the middle of a stream: a receiver that was told wrong goes on once it is told right. */
static void after_the_first(const struct profile *profile)
{
    struct packet packet = packet_speech(SSRC, 100), later;
    struct phone phone;
    struct area wire;

    CHECK_ROUND("after the first: profile", profile->number, 0);
    phone_open(&phone, profile, 1, 64);
    phone_pass(&phone, &packet);
    CHECK_EQUAL(sipseal_srtp_sender_set_roc(&phone.tx, SSRC, 5), SIPSEAL_OK);
    CHECK_EQUAL(tx_roc(&phone), 5);
    CHECK_EQUAL(rx_roc(&phone), 0);

    /* The index is another one now, and the same number free again. */
    wire = phone_protect(&phone, &packet);
    REFUSED(&phone, sipseal_srtp_sender_set_roc(&phone.tx, SSRC, 4), SIPSEAL_TOO_OLD);
    phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_REPLAYED);
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_REPLAYED);
    CHECK_EQUAL(sipseal_srtp_receiver_set_roc(&phone.rx, SSRC, 7), SIPSEAL_OK);
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_AUTHENTICATION_FAILED);
    CHECK_EQUAL(rx_roc(&phone), 7);
    CHECK_EQUAL(sipseal_srtp_receiver_set_roc(&phone.rx, SSRC, 5), SIPSEAL_OK);
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    CHECK_EQUAL(rx_roc(&phone), 5);
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_REPLAYED);
    area_free(&wire);

    /* To set the ROC that is there forgets nothing. */
    CHECK_EQUAL(sipseal_srtp_sender_set_roc(&phone.tx, SSRC, 5), SIPSEAL_OK);
    phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_REPLAYED);
    later = packet_speech(SSRC, 101);
    wire = phone_protect(&phone, &later);
    CHECK_EQUAL(sipseal_srtp_receiver_set_roc(&phone.rx, SSRC, 5), SIPSEAL_OK);
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &later), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_receiver_set_roc(&phone.rx, SSRC, 5), SIPSEAL_OK);
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_REPLAYED);
    area_free(&wire);
    phone_close(&phone);
}

static sipseal_status try_roc(struct phone *phone, uint32_t roc, const uint8_t *in, size_t in_len,
                              uint8_t *out, size_t cap, size_t *len)
{
    *len = 99;
    return sipseal_srtp_receiver_unprotect_with_roc(&phone->rx, roc, in, in_len, out, cap, len);
}

/* Checks that a try fails, in place and out of place, with every capacity and in any overlap. */
static void no_room(struct phone *phone, uint32_t roc, const struct area *wire, size_t needed)
{
    struct snapshot before = phone_snapshot(phone);
    struct area both, room = area_new(3 * wire->len);
    size_t cap, len, at;

    for (cap = 0; cap < needed; cap++) {
        struct area out = area_new(cap);

        CHECK_ROUND("with ROC: room", cap, 0);
        CHECK_EQUAL(try_roc(phone, roc, wire->data, wire->len, out.data, cap, &len),
                    SIPSEAL_BUFFER_TOO_SMALL);
        CHECK_EQUAL(len, 0);
        CHECK(area_untouched(&out));
        area_free(&out);
        both = area_of(wire->data, wire->len, wire->len);
        CHECK_EQUAL(try_roc(phone, roc, both.data, both.len, both.data, cap, &len),
                    SIPSEAL_BUFFER_TOO_SMALL);
        CHECK_EQUAL(len, 0);
        CHECK(area_holds(&both, wire->data, wire->len));
        area_free(&both);
    }
    for (at = 1; at < 2 * wire->len; at++) {
        if (at == wire->len)
            continue;
        CHECK_EQUAL(try_roc(phone, roc, room.data + wire->len, wire->len, room.data + at, wire->len,
                            &len),
                    SIPSEAL_OVERLAP);
        CHECK_EQUAL(len, 0);
    }
    CHECK(area_untouched(&room));
    area_free(&room);
    phone_unchanged(phone, &before, 0);
}

/* One who joins late, and tries. */
static void tried(const struct profile *profile, int in_place)
{
    struct packet packet = packet_rtp(SSRC, 40000, 2, 1, 20), heard;
    struct phone phone, late;
    struct area wire, out;
    size_t len;

    CHECK_ROUND("tried: profile, in place", profile->number, in_place);
    heard = packet_heard(profile, &packet);
    phone_open(&phone, profile, 1, 64);
    phone_open(&late, profile, 1, 64);
    CHECK_EQUAL(sipseal_srtp_sender_add_stream(&phone.tx, SSRC), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_sender_set_roc(&phone.tx, SSRC, 3), SIPSEAL_OK);
    wire = phone_protect(&phone, &packet);
    phone_refuse(&late, UNPROTECT, wire.data, wire.len, SIPSEAL_AUTHENTICATION_FAILED);
    CHECK_EQUAL(try_roc(&late, 0, wire.data, 11, wire.data, wire.len, &len), SIPSEAL_TRUNCATED);
    CHECK_EQUAL(len, 0);

    out = in_place ? area_of(wire.data, wire.len, wire.len) : area_new(heard.len);
    CHECK_EQUAL(try_roc(&late, 2, in_place ? out.data : wire.data, wire.len, out.data, out.len,
                        &len),
                SIPSEAL_AUTHENTICATION_FAILED);
    CHECK_EQUAL(len, 0);
    CHECK(in_place ? area_holds(&out, wire.data, wire.len) : area_untouched(&out));
    no_room(&late, 3, &wire, heard.len);
    CHECK_EQUAL(try_roc(&late, 3, in_place ? out.data : wire.data, wire.len, out.data, heard.len,
                        &len),
                SIPSEAL_OK);
    CHECK_EQUAL(len, heard.len);
    CHECK(memcmp(out.data, heard.data, heard.len) == 0);
    CHECK_EQUAL(rx_roc(&late), 3);
    area_free(&out);

    /* From there it goes on; the ROC that was tried protects from replays as any. */
    phone_refuse(&late, UNPROTECT, wire.data, wire.len, SIPSEAL_REPLAYED);
    out = area_new(heard.len);
    CHECK_EQUAL(try_roc(&late, 3, wire.data, wire.len, out.data, out.len, &len), SIPSEAL_REPLAYED);
    CHECK_EQUAL(try_roc(&late, 2, wire.data, wire.len, out.data, out.len, &len), SIPSEAL_TOO_OLD);
    CHECK_EQUAL(len, 0);
    CHECK(area_untouched(&out));
    area_free(&out);
    area_free(&wire);
    packet = packet_speech(SSRC, 40001);
    wire = phone_protect(&phone, &packet);
    CHECK_EQUAL(phone_unprotect(&late, &wire, &packet), SIPSEAL_OK);
    area_free(&wire);
    phone_close(&phone);
    phone_close(&late);
}

/* A ROC that is set but not used yet opens the way to no other: what was seen stays seen. */
static void set_but_not_used(const struct profile *profile)
{
    struct packet packet = packet_speech(SSRC, 100), later = packet_speech(SSRC, 101);
    struct area wire, later_wire, out = area_new(packet.len);
    struct phone phone;
    size_t len;

    CHECK_ROUND("set but not used: profile", profile->number, 0);
    phone_open(&phone, profile, 1, 64);
    wire = phone_protect(&phone, &packet);
    later_wire = phone_protect(&phone, &later);
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_receiver_set_roc(&phone.rx, SSRC, 5), SIPSEAL_OK);
    CHECK_EQUAL(try_roc(&phone, 0, wire.data, wire.len, out.data, out.len, &len),
                SIPSEAL_REPLAYED);
    CHECK_EQUAL(len, 0);
    CHECK(area_untouched(&out));
    CHECK_EQUAL(rx_roc(&phone), 5);
    CHECK_EQUAL(try_roc(&phone, 0, later_wire.data, later_wire.len, out.data, out.len, &len),
                SIPSEAL_OK);
    CHECK_EQUAL(rx_roc(&phone), 0);
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_REPLAYED);
    area_free(&wire);
    area_free(&later_wire);
    area_free(&out);
    phone_close(&phone);
}

/* The first packets of a stream are lost, and its numbers wrap before any is heard. */
static void first_lost(const struct profile *profile, uint16_t first_heard)
{
    struct packet packet;
    struct phone phone;
    struct area wire;
    uint32_t i;

    CHECK_ROUND("first lost: profile, heard", profile->number, first_heard);
    phone_open(&phone, profile, 1, 64);
    packet = packet_speech(SSRC, 65530);
    wire = phone_protect(&phone, &packet);
    area_free(&wire);
    packet = packet_speech(SSRC, first_heard);
    wire = phone_protect(&phone, &packet);
    wire.data[wire.len - 1] ^= 1;
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_AUTHENTICATION_FAILED);
    wire.data[wire.len - 1] ^= 1;
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_REPLAYED);
    area_free(&wire);
    CHECK_EQUAL(rx_roc(&phone), 1);
    for (i = 1; i < 4; i++) {
        packet = packet_speech(SSRC, (uint16_t)(first_heard + i));
        phone_pass(&phone, &packet);
    }
    phone_close(&phone);
}

void test_roc(void)
{
    static const uint32_t rocs[] = { 0, 1, 2, 65535, 0x7fffffff, 0x80000000u };
    size_t p, i;

    for (p = 0; p < PROFILES; p++) {
        for (i = 0; i < sizeof rocs / sizeof *rocs; i++)
            before_the_first(&profiles[p], rocs[i]);
        after_the_last(&profiles[p]);
        after_the_first(&profiles[p]);
        tried(&profiles[p], 0);
        tried(&profiles[p], 1);
        set_but_not_used(&profiles[p]);
        first_lost(&profiles[p], 0);
        first_lost(&profiles[p], 3);
        first_lost(&profiles[p], 32761);
    }
    /* And with what packets carry beside. */
    tried(&variants[0], 1);
    tried(&variants[1], 1);
    tried(&variants[2], 0);
    tried(&variants[4], 0);
    tried(&variants[4], 1);
}
