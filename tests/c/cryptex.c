/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Header extensions and contributing sources encrypted whole (RFC 9335). */

#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

#define TWO_BYTE 0x1000u

/* An RTP packet with an extension of this form, of which there may be none. */
static struct packet packet_with(uint16_t number, unsigned csrcs, int words, unsigned form)
{
    struct packet packet = packet_rtp(SSRC, number, csrcs, words, 25);

    if (words >= 0) {
        packet.data[12 + 4 * csrcs] = (uint8_t)(form >> 8);
        packet.data[13 + 4 * csrcs] = (uint8_t)form;
    }
    return packet;
}

/* Protected and heard with exactly enough room, with one octet less not; in place and out of place. */
static void exactly(struct phone *phone, struct packet packet, int in_place)
{
    struct packet heard = packet_heard(phone->profile, &packet);
    size_t wire_len = packet.len + trailer_len(phone->profile, &packet), len = 99;
    struct area in = area_of(packet.data, packet.len, packet.len), wire, out;
    struct snapshot before = phone_snapshot(phone);

    wire = in_place ? area_of(packet.data, packet.len, wire_len - 1) : area_new(wire_len - 1);
    CHECK_EQUAL(phone_call(phone, PROTECT, in_place ? wire.data : in.data, packet.len, wire.data,
                           wire.len, &len),
                SIPSEAL_BUFFER_TOO_SMALL);
    CHECK_EQUAL(len, 0);
    CHECK(in_place ? area_holds(&wire, packet.data, packet.len) : area_untouched(&wire));
    area_free(&wire);
    phone_unchanged(phone, &before, 0);

    wire = in_place ? area_of(packet.data, packet.len, wire_len) : area_new(wire_len);
    CHECK_EQUAL(phone_call(phone, PROTECT, in_place ? wire.data : in.data, packet.len, wire.data,
                           wire.len, &len),
                SIPSEAL_OK);
    CHECK_EQUAL(len, wire_len);

    before = phone_snapshot(phone);
    out = in_place ? area_of(wire.data, wire_len, wire_len) : area_new(heard.len - 1);
    CHECK_EQUAL(phone_call(phone, UNPROTECT, in_place ? out.data : wire.data, wire_len, out.data,
                           heard.len - 1, &len),
                SIPSEAL_BUFFER_TOO_SMALL);
    CHECK_EQUAL(len, 0);
    CHECK(in_place ? area_holds(&out, wire.data, wire_len) : area_untouched(&out));
    area_free(&out);
    phone_unchanged(phone, &before, 0);

    out = in_place ? area_of(wire.data, wire_len, wire_len) : area_new(heard.len);
    CHECK_EQUAL(phone_call(phone, UNPROTECT, in_place ? out.data : wire.data, wire_len, out.data,
                           heard.len, &len),
                SIPSEAL_OK);
    CHECK_EQUAL(len, heard.len);
    CHECK(memcmp(out.data, heard.data, heard.len) == 0);
    CHECK(area_holds(&in, packet.data, packet.len));
    area_free(&in);
    area_free(&wire);
    area_free(&out);
}

static void on_the_wire(const struct profile *plain, const struct profile *profile, unsigned csrcs,
                        int words, unsigned form)
{
    struct packet packet = packet_with(1, csrcs, words, form);
    struct packet heard = packet_heard(profile, &packet);
    size_t extension_at = 12 + 4 * (size_t)csrcs;
    struct phone phone, without;
    struct area wire, plain_wire;

    CHECK_ROUND("CSRC, words", csrcs, words);
    phone_open(&phone, profile, 1, 64);
    phone_open(&without, plain, 1, 64);
    wire = phone_protect(&phone, &packet);
    plain_wire = phone_protect(&without, &packet);
    if (csrcs == 0 && words < 0) {
        CHECK(area_holds(&wire, plain_wire.data, plain_wire.len));
    } else {
        static const uint8_t one[] = { 0xc0, 0xde }, two[] = { 0xc2, 0xde };

        /* In clear: the fixed header, that it has an extension, which, and how long it is. */
        CHECK(memcmp(wire.data, heard.data, 12) == 0);
        CHECK(memcmp(wire.data + extension_at, form == TWO_BYTE ? two : one, 2) == 0);
        CHECK(memcmp(wire.data + extension_at + 2, heard.data + extension_at + 2, 2) == 0);
        if (csrcs > 0)
            CHECK(memcmp(wire.data + 12, heard.data + 12, 4 * csrcs) != 0);
        if (words > 0)
            CHECK(memcmp(wire.data + extension_at + 4, heard.data + extension_at + 4,
                         4 * (size_t)words) != 0);
        CHECK(memcmp(wire.data + heard.header_len, heard.data + heard.header_len, 25) != 0);
    }

    /* What one sends without is heard as well. */
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    area_free(&wire);
    phone_close(&phone);
    phone_open(&phone, plain, 1, 64);
    phone.profile = plain;
    wire = phone_protect(&phone, &packet);
    phone_close(&phone);
    phone_open(&phone, profile, 1, 64);
    phone.profile = plain;
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    phone.profile = profile;
    exactly(&phone, packet_with(2, csrcs, words, form), 0);
    exactly(&phone, packet_with(3, csrcs, words, form), 1);
    area_free(&wire);
    area_free(&plain_wire);
    phone_close(&phone);
    phone_close(&without);
}

/* An extension that could not be told from an encrypted one, or would stay in clear. */
static void refused(const struct profile *plain, const struct profile *profile)
{
    static const unsigned forms[] = { 0, 0x1001, 0x100f, 0x1010, 0xbedd, 0xc0de, 0xc2de, 0xffff };
    struct phone phone, without;
    size_t i;
    int words;

    phone_open(&phone, profile, 1, 64);
    phone_open(&without, plain, 1, 64);
    for (i = 0; i < sizeof forms / sizeof *forms; i++) {
        for (words = 0; words <= 2; words++) {
            struct packet packet = packet_with((uint16_t)(3 * i + (size_t)words), words == 1 ? 2 : 0,
                                               words, forms[i]);
            struct area wire = phone_protect(&without, &packet);

            CHECK_ROUND("refused: form, words", forms[i], words);
            phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_EXTENSION);
            /* Nothing of it is lost to one who sends without. */
            if (forms[i] >> 8 != 0xc0 && forms[i] >> 8 != 0xc2)
                CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
            area_free(&wire);
        }
    }
    phone_close(&phone);
    phone_close(&without);
}

/* The longest packet with sources, which grows by more than a tag. */
static void longest(const struct profile *profile)
{
    size_t max = SIPSEAL_SRTP_MAX_PACKET_LEN, trailer, len;
    struct packet head = packet_rtp(SSRC, 1, 15, -1, 20);
    struct area plain = area_of(head.data, head.len, max), wire = area_new(max);
    struct phone phone;

    CHECK_ROUND("longest: profile", profile->number, 0);
    trailer = trailer_len(profile, &head);
    CHECK_EQUAL(trailer, profile->rtp_trailer_len + 4);
    phone_open(&phone, profile, 1, 64);
    phone_refuse(&phone, PROTECT, plain.data, max - trailer + 1, SIPSEAL_TOO_LONG);
    CHECK_EQUAL(phone_call(&phone, PROTECT, plain.data, max - trailer, wire.data, max, &len),
                SIPSEAL_OK);
    CHECK_EQUAL(len, max);
    CHECK_EQUAL(phone_call(&phone, UNPROTECT, wire.data, max, wire.data, max - trailer + 4, &len),
                SIPSEAL_OK);
    CHECK_EQUAL(len, max - trailer + 4);
    CHECK(memcmp(wire.data + 76, plain.data + 72, max - trailer - 72) == 0);
    area_free(&plain);
    area_free(&wire);
    phone_close(&phone);
}

void test_cryptex(void)
{
    static const unsigned forms[] = { 0xbede, TWO_BYTE };
    size_t p, f;
    unsigned csrcs;
    int words;

    for (p = 0; p < PROFILES; p++) {
        struct profile profile = profile_with(&profiles[p], SIPSEAL_SRTP_CRYPTEX);
        struct profile with_mki = profile_with_mki(&profile, 4);
        struct profile plain_with_mki = profile_with_mki(&profiles[p], 4);

        if (profiles[p].flags != 0)
            continue;
        for (csrcs = 0; csrcs <= 15; csrcs += 5)
            for (words = -1; words <= 3; words++)
                for (f = 0; f < (words < 0 ? 1 : 2); f++)
                    on_the_wire(&profiles[p], &profile, csrcs, words, forms[f]);
        on_the_wire(&plain_with_mki, &with_mki, 1, -1, 0);
        on_the_wire(&plain_with_mki, &with_mki, 1, 1, TWO_BYTE);
        refused(&profiles[p], &profile);
        longest(&profile);
        longest(&with_mki);
    }
}
