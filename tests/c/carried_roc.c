/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* ROCs in packets (RFC 4771), for those who join late. */

#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

#define UNAUTHENTICATED SIPSEAL_SRTP_INSECURE_UNAUTHENTICATED_SRTP
#define ROC_LEN 4

static struct profile with_roc(const struct profile *profile, uint32_t mode, uint32_t rate)
{
    int is_open = mode == 3 || (mode == 1 && rate > 1);
    struct profile changed = profile_with(profile, is_open ? UNAUTHENTICATED : 0);

    changed.roc_mode = mode;
    changed.roc_rate = rate;
    changed.rtp_trailer_len = (mode == 3 ? 0 : profile->rtp_trailer_len) + ROC_LEN;
    return changed;
}

static int carries(const struct profile *profile, uint16_t number)
{
    return number % (profile->roc_rate ? profile->roc_rate : 1) == 0;
}

static int is_authentic(const struct profile *profile, uint16_t number)
{
    return profile->roc_mode == 2 || (profile->roc_mode == 1 && carries(profile, number));
}

/* Which modes and rates need opting in, and are for no AEAD. */
static void opting_in(const struct profile *profile)
{
    static const uint32_t rates[] = { 0, 1, 2, 65535 };
    uint32_t mode, open;
    size_t i;

    for (mode = 1; mode <= 3; mode++) {
        for (i = 0; i < sizeof rates / sizeof *rates; i++) {
            for (open = 0; open <= UNAUTHENTICATED; open += UNAUTHENTICATED) {
                sipseal_srtp_layout layout = layout_of(profile, 1, 64);
                struct area block = area_new(sipseal_srtp_receiver_block_len(&layout));
                int needs = mode == 3 || (mode == 1 && rates[i] > 1);
                sipseal_status expected = profile->is_aead        ? SIPSEAL_CONTRADICTION
                                          : needs && !open        ? SIPSEAL_INSECURE
                                          : !needs && open        ? SIPSEAL_CONTRADICTION
                                                                  : SIPSEAL_OK;
                struct phone phone;

                CHECK_ROUND("mode, rate", mode, rates[i]);
                layout.flags |= open;
                layout.roc_mode = mode;
                layout.roc_rate = rates[i];
                CHECK_EQUAL(sipseal_srtp_receiver_block_len(&layout), block.len);
                CHECK_EQUAL(sender_in(&phone.tx, block.data, block.len, &layout), expected);
                if (expected >= 0)
                    CHECK_EQUAL(sipseal_srtp_sender_wipe(&phone.tx), SIPSEAL_OK);
                CHECK_EQUAL(receiver_in(&phone.rx, block.data, block.len, &layout), expected);
                if (expected >= 0)
                    CHECK_EQUAL(sipseal_srtp_receiver_wipe(&phone.rx), SIPSEAL_OK);
                CHECK_EQUAL(expected < 0, area_untouched(&block));
                area_free(&block);
            }
        }
    }
}

/* The lengths that the modes draw, with exactly enough room; the ROC in front of the rest of the tag. */
static void on_the_wire(const struct profile *profile)
{
    size_t mac_len = profile->rtp_trailer_len - ROC_LEN;
    struct packet packet;
    struct phone phone;
    struct area wire;
    size_t i, len;

    phone_open(&phone, profile, 1, 64);
    phone_advance(&phone);
    for (i = 2; i < 16; i++) {
        uint16_t number = (uint16_t)i;

        CHECK_ROUND("on the wire: mode, number", profile->roc_mode, number);
        packet = packet_rtp(SSRC, number, 1, 1, 30);
        wire = phone_protect(&phone, &packet);
        if (carries(profile, number)) {
            static const uint8_t one[] = { 0, 0, 0, 1 };

            CHECK_EQUAL(wire.len, packet.len + ROC_LEN + mac_len);
            CHECK(memcmp(wire.data + packet.len, one, ROC_LEN) == 0);
        } else {
            CHECK_EQUAL(wire.len, packet.len + (profile->roc_mode == 2 ? mac_len + ROC_LEN : 0));
        }
        CHECK(memcmp(wire.data, packet.data, packet.header_len) == 0);
        CHECK_EQUAL(phone_call(&phone, UNPROTECT, wire.data, wire.len, wire.data, packet.len - 1,
                               &len),
                    SIPSEAL_BUFFER_TOO_SMALL);
        CHECK_EQUAL(len, 0);
        CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
        phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_REPLAYED);
        area_free(&wire);
        packet = packet_sender_report(SSRC);
        phone_pass(&phone, &packet);
    }
    phone_close(&phone);
}

/* Every bit of what is authentic counts, and of what is not, none. */
static void bits(const struct profile *profile, uint16_t number)
{
    struct packet packet = packet_speech(SSRC, number);
    struct phone phone;
    struct area wire;
    size_t bit;

    CHECK_ROUND("bits: mode, number", profile->roc_mode, number);
    phone_open(&phone, profile, 1, 64);
    wire = phone_protect(&phone, &packet);
    if (is_authentic(profile, number)) {
        for (bit = 8 * packet.header_len; bit < 8 * wire.len; bit++) {
            CHECK_ROUND("bit, number", bit, number);
            wire.data[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
            phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_AUTHENTICATION_FAILED);
            wire.data[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
        }
    } else {
        wire.data[packet.header_len] ^= 1;
        packet.data[packet.header_len] ^= 1;
    }
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    area_free(&wire);
    phone_close(&phone);
}

/* One who joins at ROC 5 hears from the first packet on that carries it. */
static void late_joiner(const struct profile *profile)
{
    struct packet packet;
    struct phone phone;
    struct area wire;
    uint32_t roc, i;
    int joined = 0;

    CHECK_ROUND("late: mode, rate", profile->roc_mode, profile->roc_rate);
    phone_open(&phone, profile, 1, 64);
    CHECK_EQUAL(sipseal_srtp_sender_add_stream(&phone.tx, SSRC), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_sender_set_roc(&phone.tx, SSRC, 5), SIPSEAL_OK);
    for (i = 0; i < 8; i++) {
        uint16_t number = (uint16_t)(40001 + i);

        packet = packet_speech(SSRC, number);
        wire = phone_protect(&phone, &packet);
        if (carries(profile, number))
            joined = 1;
        if (joined) {
            CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
            CHECK_EQUAL(sipseal_srtp_receiver_roc(&phone.rx, SSRC, &roc), SIPSEAL_OK);
            CHECK_EQUAL(roc, 5);
        } else if (is_authentic(profile, number)) {
            phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_AUTHENTICATION_FAILED);
        }
        area_free(&wire);
    }
    CHECK(joined);
    phone_close(&phone);
}

/* A ROC that was set and not used yet does not let a packet be played again that carries another. */
static void set_but_not_used(const struct profile *profile)
{
    struct packet packet = packet_speech(SSRC, 6), later = packet_speech(SSRC, 12);
    struct phone phone;
    struct area wire;
    uint32_t roc;

    CHECK_ROUND("set: mode, rate", profile->roc_mode, profile->roc_rate);
    phone_open(&phone, profile, 1, 64);
    wire = phone_protect(&phone, &packet);
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_receiver_set_roc(&phone.rx, SSRC, 1), SIPSEAL_OK);
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_REPLAYED);
    CHECK_EQUAL(sipseal_srtp_receiver_roc(&phone.rx, SSRC, &roc), SIPSEAL_OK);
    CHECK_EQUAL(roc, 1);
    phone_pass(&phone, &later);
    CHECK_EQUAL(sipseal_srtp_receiver_roc(&phone.rx, SSRC, &roc), SIPSEAL_OK);
    CHECK_EQUAL(roc, 0);
    area_free(&wire);
    phone_close(&phone);
}

/* Where nothing vouches for it, anyone moves the ROC, unless it is not gone by. */
static void forged(const struct profile *profile)
{
    struct packet packet = packet_speech(SSRC, 2);
    struct phone phone;
    struct area wire;
    uint8_t heard[128];
    uint32_t roc;
    size_t len;

    CHECK_ROUND("forged: mode, rate", profile->roc_mode, profile->roc_rate);
    phone_open(&phone, profile, 1, 64);
    phone_pass(&phone, &packet);
    CHECK_EQUAL(sipseal_srtp_receiver_ignore_carried_roc(&phone.rx, 1), SIPSEAL_OK);
    packet = packet_speech(SSRC, 4);
    wire = phone_protect(&phone, &packet);
    wire.data[packet.len + 3] = 9;
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_receiver_roc(&phone.rx, SSRC, &roc), SIPSEAL_OK);
    CHECK_EQUAL(roc, 0);
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_REPLAYED);

    CHECK_EQUAL(sipseal_srtp_receiver_ignore_carried_roc(&phone.rx, 0), SIPSEAL_OK);
    CHECK_EQUAL(phone_call(&phone, UNPROTECT, wire.data, wire.len, heard, packet.len, &len),
                SIPSEAL_OK);
    CHECK_EQUAL(len, packet.len);
    if (!(profile->flags & SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTP))
        CHECK(memcmp(heard, packet.data, len) != 0);
    CHECK_EQUAL(sipseal_srtp_receiver_roc(&phone.rx, SSRC, &roc), SIPSEAL_OK);
    CHECK_EQUAL(roc, 9);

    /* A true one brings it back. */
    area_free(&wire);
    packet = packet_speech(SSRC, 6);
    phone_pass(&phone, &packet);
    CHECK_EQUAL(sipseal_srtp_receiver_roc(&phone.rx, SSRC, &roc), SIPSEAL_OK);
    CHECK_EQUAL(roc, 0);

    /* Any value but 0 ignores. */
    CHECK_EQUAL(sipseal_srtp_receiver_ignore_carried_roc(&phone.rx, UINT32_MAX), SIPSEAL_OK);
    packet = packet_speech(SSRC, 8);
    wire = phone_protect(&phone, &packet);
    wire.data[packet.len] = 9;
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    area_free(&wire);
    phone_close(&phone);
}

/* An authentic ROC is gone by all the same, and a receiver whose packets carry none has nothing to ignore. */
static void not_ignored(const struct profile *profile)
{
    struct packet packet = packet_speech(SSRC, 6);
    struct phone phone;
    struct area wire;

    CHECK_ROUND("not ignored: mode, rate", profile->roc_mode, profile->roc_rate);
    phone_open(&phone, profile, 1, 64);
    CHECK_EQUAL(sipseal_srtp_receiver_ignore_carried_roc(&phone.rx, 1), SIPSEAL_OK);
    if (profile->roc_mode != 0) {
        CHECK_EQUAL(sipseal_srtp_sender_add_stream(&phone.tx, SSRC), SIPSEAL_OK);
        CHECK_EQUAL(sipseal_srtp_sender_set_roc(&phone.tx, SSRC, 77), SIPSEAL_OK);
    }
    wire = phone_protect(&phone, &packet);
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    area_free(&wire);
    phone_close(&phone);
}

void test_carried_roc(void)
{
    static const struct {
        uint32_t mode, rate;
    } cases[] = { { 1, 0 }, { 1, 1 }, { 1, 2 }, { 2, 0 }, { 2, 1 }, { 2, 2 }, { 2, 3 }, { 3, 0 },
                  { 3, 2 } };
    size_t p, i;

    for (p = 0; p < PROFILES; p++) {
        opting_in(&profiles[p]);
        not_ignored(&profiles[p]);
        if (profiles[p].is_aead)
            continue;
        for (i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct profile profile = with_roc(&profiles[p], cases[i].mode, cases[i].rate);

            on_the_wire(&profile);
            if (p < 2) {
                bits(&profile, 6);
                bits(&profile, 7);
            }
            late_joiner(&profile);
            if (is_authentic(&profile, 6)) {
                not_ignored(&profile);
                set_but_not_used(&profile);
            } else {
                forged(&profile);
            }
        }
    }
}
