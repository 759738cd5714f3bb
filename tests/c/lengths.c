/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Packets of every length, down to nothing and up to the longest. */

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

/* Cuts a plain packet: inside the header it is refused, behind it another packet. */
static void cut_plain(const struct profile *profile, size_t kind, int advanced)
{
    struct packet whole = packet_of_kind(kind, 2);
    enum call call = whole.is_rtcp ? PROTECT_RTCP : PROTECT;
    struct phone phone;
    size_t len;

    phone_open(&phone, profile, 2, 64);
    if (advanced)
        phone_advance(&phone);
    for (len = 0; len < whole.header_len; len++) {
        CHECK_ROUND("protect: kind, length", kind, len);
        phone_refuse(&phone, call, whole.data, len, SIPSEAL_TRUNCATED);
    }
    /* The index is still free, the ROC the same as at the receiver. */
    phone_pass(&phone, &whole);

    for (len = whole.header_len; len <= whole.len; len++) {
        struct packet shorter = packet_of_kind(kind, (uint16_t)(3 + len));

        CHECK_ROUND("payload: kind, length", kind, len);
        shorter.len = len;
        phone_pass(&phone, &shorter);
    }
    phone_close(&phone);
}

/* What a phone that has heard SRTCP indices 0 to 3 answers to a cut packet: where it is not encrypted, zeros
 * of the text can come to stand where the index was. An MKI is no longer where it should be. */
static sipseal_status verdict_on_cut(const struct profile *profile, const struct packet *packet,
                                     const uint8_t *wire, size_t len, int advanced)
{
    const uint8_t *word = wire + len -
                          (profile->is_aead ? 4 + profile->mki_len : profile->rtcp_trailer_len);

    if (packet->is_rtcp && advanced && (word[0] & 0x7f) == 0 && word[1] == 0 && word[2] == 0 &&
        word[3] <= 3)
        return SIPSEAL_REPLAYED;
    if (memcmp(mki_in(profile, packet->is_rtcp, wire, len), test_mki, profile->mki_len) != 0)
        return SIPSEAL_UNKNOWN_KEY;
    return SIPSEAL_AUTHENTICATION_FAILED;
}

/* Cuts a protected packet, which is always refused. */
static void cut_protected(const struct profile *profile, size_t kind, int advanced)
{
    struct packet packet = packet_of_kind(kind, 2);
    enum call call = packet.is_rtcp ? UNPROTECT_RTCP : UNPROTECT;
    size_t least = packet.header_len + trailer_len(profile, &packet);
    struct phone phone;
    struct area wire, longer;
    size_t len;

    phone_open(&phone, profile, 2, 64);
    if (advanced)
        phone_advance(&phone);
    wire = phone_protect(&phone, &packet);
    for (len = 0; len < wire.len; len++) {
        CHECK_ROUND("unprotect: kind, length", kind, len);
        phone_refuse(&phone, call, wire.data, len,
                     len < least ? SIPSEAL_TRUNCATED
                                 : verdict_on_cut(profile, &packet, wire.data, len, advanced));
    }

    longer = area_of(wire.data, wire.len, wire.len + 1);
    phone_refuse(&phone, call, longer.data, longer.len,
                 verdict_on_cut(profile, &packet, longer.data, longer.len, advanced));
    area_free(&longer);

    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    area_free(&wire);
    phone_close(&phone);
}

/* The longest packet, and one octet more. */
static void longest(const struct profile *profile, int is_rtcp)
{
    size_t max = SIPSEAL_SRTP_MAX_PACKET_LEN;
    struct packet head = is_rtcp ? packet_sender_report(SSRC) : packet_speech(SSRC, 1);
    size_t trailer = trailer_len(profile, &head);
    enum call protect = is_rtcp ? PROTECT_RTCP : PROTECT;
    enum call unprotect = is_rtcp ? UNPROTECT_RTCP : UNPROTECT;
    struct area plain = area_of(head.data, head.len, max + 1);
    struct area wire = area_new(max + 1);
    struct area back = area_new(max + 1);
    struct phone phone;
    size_t len, heard_len;

    phone_open(&phone, profile, 1, 64);
    CHECK_ROUND("longest: profile, rtcp", profile->number, is_rtcp);
    phone_refuse(&phone, protect, plain.data, max - trailer + 1, SIPSEAL_TOO_LONG);
    phone_refuse(&phone, protect, plain.data, max, SIPSEAL_TOO_LONG);
    phone_refuse(&phone, protect, plain.data, max + 1, SIPSEAL_TOO_LONG);
    CHECK_EQUAL(phone_call(&phone, protect, plain.data, max - trailer, wire.data, max, &len), 0);
    CHECK_EQUAL(len, max);

    phone_refuse(&phone, unprotect, wire.data, max + 1, SIPSEAL_TOO_LONG);
    CHECK_EQUAL(phone_call(&phone, unprotect, wire.data, len, back.data, max - trailer, &heard_len),
                SIPSEAL_OK);
    CHECK_EQUAL(heard_len, max - trailer);
    CHECK(memcmp(back.data, plain.data, max - trailer) == 0);

    /* Longer than anything that can be in memory. */
    len = 99;
    CHECK_EQUAL(phone_call(&phone, protect, plain.data, SIZE_MAX, wire.data, max, &len),
                SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(len, 0);
    len = 99;
    CHECK_EQUAL(phone_call(&phone, unprotect, wire.data, 20, back.data, SIZE_MAX, &len),
                SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(len, 0);

    area_free(&plain);
    area_free(&wire);
    area_free(&back);
    phone_close(&phone);
}

void test_lengths(void)
{
    size_t p, kind;
    int advanced;

    for (p = 0; p < ALL_PROFILES; p++) {
        for (kind = 0; kind < PACKET_KINDS; kind++) {
            for (advanced = 0; advanced <= 1; advanced++) {
                cut_plain(profile_at(p), kind, advanced);
                cut_protected(profile_at(p), kind, advanced);
            }
        }
        longest(profile_at(p), 0);
        longest(profile_at(p), 1);
    }
}
