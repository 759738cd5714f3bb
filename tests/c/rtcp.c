/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The SRTCP index and E flag. */

#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

/* The word of E flag and index in an SRTCP packet: before the tag, or for AEAD behind it. */
static uint8_t *word_of(const struct profile *profile, const struct packet *packet,
                        struct area *wire)
{
    return wire->data + (profile->is_aead ? wire->len - 4 : packet->len);
}

static uint32_t word_value(const uint8_t *word)
{
    return (uint32_t)word[0] << 24 | (uint32_t)word[1] << 16 | (uint32_t)word[2] << 8 | word[3];
}

/* Two senders of one key, one of which encrypts. Each receiver hears now the one and now the other: what
 * a packet was, it says itself. */
static void encryption(const struct profile *profile, size_t kind)
{
    static const size_t heard[] = { 0, 1, 1, 0, 1, 0, 0, 1 };
    struct profile clear = profile_with(profile, SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTCP);
    const struct profile *both[2];
    struct packet packet = packet_of_kind(kind, 0);
    struct phone phones[2];
    uint32_t i;
    size_t p;

    both[0] = profile;
    both[1] = &clear;
    for (p = 0; p < 2; p++)
        phone_open(&phones[p], both[p], 1, 64);
    for (i = 0; i < sizeof heard / sizeof *heard; i++) {
        struct area wires[2], *here = &wires[heard[i]], *other = &wires[!heard[i]];

        for (p = 0; p < 2; p++) {
            int is_clear = (both[p]->flags & SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTCP) != 0;

            CHECK_ROUND("kind, packet", kind, i);
            wires[p] = phone_protect(&phones[p], &packet);
            CHECK_EQUAL(word_value(word_of(profile, &packet, &wires[p])),
                        is_clear ? i : 0x80000000u | i);
            CHECK(memcmp(wires[p].data, packet.data, packet.header_len) == 0);
            if (is_clear)
                CHECK(memcmp(wires[p].data, packet.data, packet.len) == 0);
            else if (packet.len > packet.header_len)
                CHECK(memcmp(wires[p].data, packet.data, packet.len) != 0);
        }
        for (p = 0; p < 2; p++) {
            CHECK_EQUAL(phone_unprotect(&phones[p], here, &packet), SIPSEAL_OK);
            phone_refuse(&phones[p], UNPROTECT_RTCP, here->data, here->len, SIPSEAL_REPLAYED);
            phone_refuse(&phones[p], UNPROTECT_RTCP, other->data, other->len, SIPSEAL_REPLAYED);
        }
        for (p = 0; p < 2; p++)
            area_free(&wires[p]);
    }
    for (p = 0; p < 2; p++)
        phone_close(&phones[p]);
}

/* Not encrypted, a packet is authenticated all the same: each bit, and each length. */
static void clear_but_authentic(const struct profile *profile, size_t kind)
{
    struct profile clear = profile_with(profile, SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTCP);
    struct packet packet = packet_of_kind(kind, 0);
    struct phone phone;
    struct area wire;
    size_t bit, len;

    phone_open(&phone, &clear, 1, 64);
    wire = phone_protect(&phone, &packet);
    for (bit = 0; bit < 8 * wire.len; bit++) {
        CHECK_ROUND("clear: kind, bit", kind, bit);
        wire.data[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
        phone_refuse(&phone, UNPROTECT_RTCP, wire.data, wire.len,
                     bit < 2 ? SIPSEAL_PACKET_VERSION : SIPSEAL_AUTHENTICATION_FAILED);
        wire.data[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
    }
    for (len = 0; len < wire.len; len++) {
        CHECK_ROUND("clear: kind, length", kind, len);
        phone_refuse(&phone, UNPROTECT_RTCP, wire.data, len,
                     len < 8 + profile->rtcp_trailer_len ? SIPSEAL_TRUNCATED
                                                         : SIPSEAL_AUTHENTICATION_FAILED);
    }
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    area_free(&wire);
    phone_close(&phone);
}

/* The index counts up by one for each packet of an SSRC, and not for one that failed. */
static void index_of_each(const struct profile *profile)
{
    uint32_t e_flag = profile->flags & SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTCP ? 0 : 0x80000000u;
    struct phone phone;
    uint32_t i, s;

    phone_open(&phone, profile, 3, 64);
    for (i = 0; i < 100; i++) {
        for (s = 0; s < 3; s++) {
            struct packet packet = packet_sender_report(SSRC + s);
            struct packet speech = packet_speech(SSRC + s, (uint16_t)i);
            struct area wire;
            size_t len;

            CHECK_ROUND("index, stream", i, s);
            CHECK_EQUAL(sipseal_srtp_sender_protect_rtcp(&phone.tx, packet.data, packet.len,
                                                         NULL, 0, &len),
                        SIPSEAL_BUFFER_TOO_SMALL);
            CHECK_EQUAL(sipseal_srtp_sender_protect_rtcp(&phone.tx, packet.data, 7, packet.data,
                                                         64, &len),
                        SIPSEAL_TRUNCATED);
            phone_pass(&phone, &speech);
            wire = phone_protect(&phone, &packet);
            CHECK_EQUAL(word_value(word_of(profile, &packet, &wire)), e_flag | i);
            CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
            area_free(&wire);
        }
    }
    phone_close(&phone);
}

/* RTP and RTCP have keys and windows of their own. */
static void not_each_other(const struct profile *profile)
{
    struct packet speech = packet_rtp(SSRC, 1, 0, -1, 60), report = packet_sender_report(SSRC);
    struct phone phone;
    struct area wire, wire_report;

    phone_open(&phone, profile, 2, 64);
    wire = phone_protect(&phone, &speech);
    wire_report = phone_protect(&phone, &report);
    phone_refuse(&phone, UNPROTECT_RTCP, wire.data, wire.len, SIPSEAL_AUTHENTICATION_FAILED);
    phone_refuse(&phone, UNPROTECT, wire_report.data, wire_report.len,
                 SIPSEAL_AUTHENTICATION_FAILED);
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &speech), SIPSEAL_OK);
    CHECK_EQUAL(phone_unprotect(&phone, &wire_report, &report), SIPSEAL_OK);
    area_free(&wire);
    area_free(&wire_report);
    phone_close(&phone);
}

void test_rtcp(void)
{
    size_t p, kind;

    for (p = 0; p < PROFILES; p++) {
        for (kind = 6; kind < PACKET_KINDS; kind++) {
            encryption(&profiles[p], kind);
            clear_but_authentic(&profiles[p], kind);
        }
        index_of_each(&profiles[p]);
        not_each_other(&profiles[p]);
    }
}
