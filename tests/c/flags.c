/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The flags of a layout: which can stand together, and what those that take protection away leave of it. */

#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

#define CLEAR_RTP SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTP
#define CLEAR_RTCP SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTCP
#define UNAUTHENTICATED SIPSEAL_SRTP_INSECURE_UNAUTHENTICATED_SRTP
/* Those that take protection away. */
#define ALL_INSECURE (CLEAR_RTP | CLEAR_RTCP | UNAUTHENTICATED)
#define ALL_FLAGS 511

#define LISTED_ONLY SIPSEAL_SRTP_LISTED_STREAMS_ONLY
#define REPLACE SIPSEAL_SRTP_REPLACE_OLDEST_STREAM
#define ELEMENTS SIPSEAL_SRTP_ENCRYPT_ELEMENTS
#define CRYPTEX SIPSEAL_SRTP_CRYPTEX

static int is_null(const struct profile *profile)
{
    return profile->flags != 0;
}

static int all_of(uint32_t flags, uint32_t wanted)
{
    return (flags & wanted) == wanted;
}

static sipseal_status verdict(const struct profile *profile, uint32_t flags)
{
    if (flags > ALL_FLAGS)
        return SIPSEAL_INVALID_ARGUMENT;
    if (all_of(flags, LISTED_ONLY | REPLACE))
        return SIPSEAL_CONTRADICTION;
    if (is_null(profile) && !all_of(flags, CLEAR_RTP | CLEAR_RTCP))
        return SIPSEAL_INSECURE;
    if (profile->is_aead && flags & (CLEAR_RTP | UNAUTHENTICATED))
        return SIPSEAL_CONTRADICTION;
    /* What is not encrypted, or not authenticated, hides no headers; and not twice. */
    if (all_of(flags, ELEMENTS | CRYPTEX) || all_of(flags, ELEMENTS | CLEAR_RTP) ||
        all_of(flags, CRYPTEX | CLEAR_RTP) || all_of(flags, CRYPTEX | UNAUTHENTICATED))
        return SIPSEAL_CONTRADICTION;
    if (profile->number == SIPSEAL_SRTP_F8_128_HMAC_SHA1_80 && flags & ELEMENTS)
        return SIPSEAL_UNSUPPORTED;
    return SIPSEAL_OK;
}

/* Both initialisers, and the sizes, which do not look at what flags stand with. */
static void statuses(const struct profile *profile, uint32_t flags)
{
    sipseal_status expected = verdict(profile, flags);
    int has_size = flags <= ALL_FLAGS && !all_of(flags, LISTED_ONLY | REPLACE);
    size_t more = flags & ELEMENTS ? SIPSEAL_SRTP_ELEMENT_KEYS_LEN(1) : 0;
    sipseal_srtp_layout layout = layout_of(profile, 2, 128);
    size_t tx_len = sipseal_srtp_sender_block_len(&layout) + more;
    size_t rx_len = sipseal_srtp_receiver_block_len(&layout) + more;
    struct area tx_block = area_new(tx_len), rx_block = area_new(rx_len);
    sipseal_status gone = expected < 0 ? SIPSEAL_NOT_INITIALISED : SIPSEAL_OK;
    sipseal_srtp_sender tx;
    sipseal_srtp_receiver rx;

    CHECK_ROUND("profile, flags", profile->number, flags);
    layout.flags = flags;
    CHECK_EQUAL(sipseal_srtp_sender_block_len(&layout), has_size ? tx_len : 0);
    CHECK_EQUAL(sipseal_srtp_receiver_block_len(&layout), has_size ? rx_len : 0);
    CHECK_EQUAL(sender_in(&tx, tx_block.data, tx_len, &layout), expected);
    CHECK_EQUAL(receiver_in(&rx, rx_block.data, rx_len, &layout), expected);
    if (expected < 0) {
        CHECK(area_untouched(&tx_block));
        CHECK(area_untouched(&rx_block));
    }
    CHECK_EQUAL(sipseal_srtp_sender_wipe(&tx), gone);
    CHECK_EQUAL(sipseal_srtp_receiver_wipe(&rx), gone);
    if (expected == SIPSEAL_OK) {
        CHECK(area_zero(&tx_block));
        CHECK(area_zero(&rx_block));
    }
    area_free(&tx_block);
    area_free(&rx_block);
}

/* What a wiretap sees: all that a flag does not name is as it would be without flags. */
static void on_the_wire(const struct profile *profile, uint32_t flags, size_t kind)
{
    struct profile weak = profile_with(profile, flags);
    struct packet packet = packet_of_kind(kind, 3);
    enum call protect = packet.is_rtcp ? PROTECT_RTCP : PROTECT;
    enum call unprotect = packet.is_rtcp ? UNPROTECT_RTCP : UNPROTECT;
    int is_clear = (weak.flags & (packet.is_rtcp ? CLEAR_RTCP : CLEAR_RTP)) != 0;
    int has_tag = packet.is_rtcp || !(flags & UNAUTHENTICATED);
    struct phone safe_phone, phone, in_place;
    struct area wire, safe_wire, both;
    size_t len = packet.len;

    CHECK_ROUND("flags, kind", flags, kind);
    phone_open(&safe_phone, profile, 1, 64);
    phone_open(&phone, &weak, 1, 64);
    phone_open(&in_place, &weak, 1, 64);
    phone_advance(&safe_phone);
    phone_advance(&phone);
    phone_advance(&in_place);
    safe_wire = phone_protect(&safe_phone, &packet);
    wire = phone_protect(&phone, &packet);
    CHECK_EQUAL(wire.len, has_tag ? safe_wire.len : packet.len);

    CHECK(memcmp(wire.data, packet.data, is_clear ? packet.len : packet.header_len) == 0);
    if (!is_clear) {
        CHECK(memcmp(wire.data, safe_wire.data, wire.len) == 0);
        if (packet.len > packet.header_len + 8)
            CHECK(memcmp(wire.data, packet.data, packet.len) != 0);
    }

    both = area_of(packet.data, packet.len, wire.len);
    CHECK_EQUAL(phone_call(&in_place, protect, both.data, len, both.data, both.len, &len),
                SIPSEAL_OK);
    CHECK_EQUAL(len, wire.len);
    CHECK(area_holds(&both, wire.data, wire.len));
    CHECK_EQUAL(phone_call(&in_place, unprotect, both.data, len, both.data, packet.len, &len),
                SIPSEAL_OK);
    CHECK_EQUAL(len, packet.len);
    CHECK(memcmp(both.data, packet.data, packet.len) == 0);

    /* The windows are there all the same. */
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    phone_refuse(&phone, unprotect, wire.data, wire.len, SIPSEAL_REPLAYED);
    if (!packet.is_rtcp)
        phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_REPLAYED);

    area_free(&both);
    area_free(&wire);
    area_free(&safe_wire);
    phone_close(&in_place);
    phone_close(&phone);
    phone_close(&safe_phone);
}

/* Where there is a tag, each bit behind the header counts, and each length. */
static void still_authentic(const struct profile *profile, uint32_t flags, size_t kind)
{
    struct profile weak = profile_with(profile, flags);
    struct packet packet = packet_of_kind(kind, 3);
    enum call unprotect = packet.is_rtcp ? UNPROTECT_RTCP : UNPROTECT;
    size_t least = packet.header_len + trailer_len(&weak, &packet), bit, len;
    struct phone phone;
    struct area wire;

    phone_open(&phone, &weak, 1, 64);
    wire = phone_protect(&phone, &packet);
    for (bit = 8 * packet.header_len; bit < 8 * wire.len; bit++) {
        CHECK_ROUND("authentic: flags, bit", flags, bit);
        wire.data[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
        phone_refuse(&phone, unprotect, wire.data, wire.len, SIPSEAL_AUTHENTICATION_FAILED);
        wire.data[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
    }
    for (len = least; len < wire.len; len++) {
        CHECK_ROUND("authentic: flags, length", flags, len);
        phone_refuse(&phone, unprotect, wire.data, len, SIPSEAL_AUTHENTICATION_FAILED);
    }
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    area_free(&wire);
    phone_close(&phone);
}

/* Without a tag, a bit that is flipped on the way is flipped in what is heard, and nobody knows. */
static void open_to_changes(const struct profile *profile, uint32_t flags)
{
    struct profile weak = profile_with(profile, flags);
    struct packet packet;
    sipseal_srtp_counters counters;
    struct phone phone;
    struct area wire;
    uint16_t number = 0;
    size_t bit, len;

    phone_open(&phone, &weak, 1, 64);
    packet = packet_speech(SSRC, 0);
    for (bit = 8 * packet.header_len; bit < 8 * packet.len; bit++) {
        packet = packet_speech(SSRC, ++number);
        CHECK_ROUND("changed: flags, bit", flags, bit);
        wire = phone_protect(&phone, &packet);
        wire.data[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
        packet.data[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
        CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
        area_free(&wire);
    }
    for (len = 0; len < packet.len; len++) {
        struct packet shorter = packet_speech(SSRC, ++number);

        CHECK_ROUND("cut: flags, length", flags, len);
        wire = phone_protect(&phone, &shorter);
        wire.len = shorter.len = len;
        if (len < packet.header_len)
            phone_refuse(&phone, UNPROTECT, wire.data, len, SIPSEAL_TRUNCATED);
        else
            CHECK_EQUAL(phone_unprotect(&phone, &wire, &shorter), SIPSEAL_OK);
        wire.len = packet.len;
        area_free(&wire);
    }
    CHECK_EQUAL(sipseal_srtp_receiver_counters(&phone.rx, &counters), SIPSEAL_OK);
    CHECK(all_zero(&counters, sizeof counters));
    phone_close(&phone);
}

/* Without a tag, a packet needs no more room than it has, and the longest is the longest there is. */
static void no_trailer(const struct profile *profile, uint32_t flags)
{
    struct profile weak = profile_with(profile, flags);
    size_t max = SIPSEAL_SRTP_MAX_PACKET_LEN, len = 99;
    struct packet head = packet_speech(SSRC, 1);
    struct area plain = area_of(head.data, head.len, max + 1), wire = area_new(max);
    struct phone phone;

    CHECK_ROUND("no trailer: profile, flags", profile->number, flags);
    phone_open(&phone, &weak, 1, 64);
    CHECK_EQUAL(phone_call(&phone, PROTECT, plain.data, max, wire.data, max - 1, &len),
                SIPSEAL_BUFFER_TOO_SMALL);
    CHECK_EQUAL(len, 0);
    phone_refuse(&phone, PROTECT, plain.data, max + 1, SIPSEAL_TOO_LONG);
    CHECK_EQUAL(phone_call(&phone, PROTECT, plain.data, max, wire.data, max, &len), SIPSEAL_OK);
    CHECK_EQUAL(len, max);
    phone_refuse(&phone, UNPROTECT, plain.data, max + 1, SIPSEAL_TOO_LONG);
    CHECK_EQUAL(phone_call(&phone, UNPROTECT, wire.data, max, wire.data, max - 1, &len),
                SIPSEAL_BUFFER_TOO_SMALL);
    CHECK_EQUAL(phone_call(&phone, UNPROTECT, wire.data, max, wire.data, max, &len), SIPSEAL_OK);
    CHECK_EQUAL(len, max);
    CHECK(memcmp(wire.data, plain.data, max) == 0);
    area_free(&plain);
    area_free(&wire);
    phone_close(&phone);
}

/* Flags are for both ends to agree on; no packet takes its receiver's protection away. */
static void not_agreed(const struct profile *profile)
{
    struct profile clear = profile_with(profile, CLEAR_RTP);
    struct profile lax = profile_with(profile, UNAUTHENTICATED);
    struct packet packet = packet_rtp(SSRC, 1, 0, -1, 60), noise = packet;
    struct phone phone, clear_phone, lax_phone;
    struct area wire;

    CHECK_ROUND("not agreed: profile", profile->number, 0);
    phone_open(&phone, profile, 1, 64);
    phone_open(&clear_phone, &clear, 1, 64);
    phone_open(&lax_phone, &lax, 1, 64);
    wire = phone_protect(&lax_phone, &packet);
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_AUTHENTICATION_FAILED);
    area_free(&wire);

    /* RTP does not say whether it is encrypted: each end makes of it what it was told. */
    wire = phone_protect(&phone, &packet);
    memcpy(noise.data, wire.data, noise.len);
    CHECK_EQUAL(phone_unprotect(&clear_phone, &wire, &noise), SIPSEAL_OK);
    area_free(&wire);
    phone_close(&phone);
    phone_close(&clear_phone);
    phone_close(&lax_phone);
}

void test_flags(void)
{
    static const uint32_t invalid[] = { 0x200, 0x201, 0x10000, 0x80000000u, UINT32_MAX };
    uint32_t flags;
    size_t p, i, kind;

    for (p = 0; p < PROFILES; p++) {
        const struct profile *profile = &profiles[p];

        for (i = 0; i < sizeof invalid / sizeof *invalid; i++)
            statuses(profile, invalid[i]);
        for (flags = 0; flags <= ALL_FLAGS; flags++)
            statuses(profile, flags);
        for (flags = 0; flags <= ALL_INSECURE; flags++) {
            if (verdict(profile, flags) < 0)
                continue;
            for (kind = 0; kind < PACKET_KINDS; kind++)
                on_the_wire(profile, flags, kind);
            still_authentic(profile, flags, 6);
            if (flags & UNAUTHENTICATED) {
                open_to_changes(profile, flags);
                no_trailer(profile, flags);
            } else {
                still_authentic(profile, flags, 0);
            }
        }
        if (!profile->is_aead)
            not_agreed(profile);
    }
}
