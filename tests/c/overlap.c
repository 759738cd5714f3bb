/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Input and output in one buffer: the same, apart, or anything between. */

#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

#define ROOM 256
#define CAP 80

/* One call with the input at `in_at` and `cap` octets of output at `out_at` of one buffer. */
static sipseal_status at(struct phone *phone, enum call call, const uint8_t *packet, size_t len,
                         size_t in_at, size_t out_at, size_t cap)
{
    struct area buffer = area_new(ROOM), before;
    size_t out_len = 99;
    sipseal_status status;

    memcpy(buffer.data + in_at, packet, len);
    before = area_of(buffer.data, ROOM, ROOM);
    status = phone_call(phone, call, buffer.data + in_at, len, buffer.data + out_at, cap, &out_len);
    if (status < 0) {
        CHECK_EQUAL(out_len, 0);
        CHECK(memcmp(buffer.data, before.data, ROOM) == 0);
    } else {
        /* Nothing outside of the output. */
        memcpy(before.data + out_at, buffer.data + out_at, out_len);
        CHECK(memcmp(buffer.data, before.data, ROOM) == 0);
    }
    area_free(&buffer);
    area_free(&before);
    return status;
}

static void distances(struct phone *phone, enum call call, const uint8_t *packet, size_t len)
{
    size_t in_at = 100, out_at;

    for (out_at = in_at - CAP + 1; out_at < in_at + len; out_at++) {
        if (out_at == in_at)
            continue;
        CHECK_ROUND("overlap: call, distance + 100", call, out_at);
        CHECK_EQUAL(at(phone, call, packet, len, in_at, out_at, CAP), SIPSEAL_OVERLAP);
    }
    /* What counts is the room that is given, not how much of it the result would take. */
    CHECK_EQUAL(at(phone, call, packet, len, 1, 0, 2), SIPSEAL_OVERLAP);
}

/* An empty region shares nothing, wherever it is. */
static void empty_regions(struct phone *phone, const uint8_t *packet, size_t len)
{
    CHECK_EQUAL(at(phone, PROTECT, packet, 0, 10, 0, CAP), SIPSEAL_TRUNCATED);
    CHECK_EQUAL(at(phone, PROTECT, packet, len, 0, 5, 0), SIPSEAL_BUFFER_TOO_SMALL);
}

static sipseal_status fives(void *user, uint8_t *out, size_t out_len)
{
    (void)user;
    memset(out, 5, out_len);
    return SIPSEAL_OK;
}

/* An offer and its answer; a policy or an offer in the negotiation. */
static void lines(void)
{
    static const char line[] = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 "
                               "inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR\r\n";
    static const uint32_t profiles_[] = { SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80 };
    static const sipseal_sdes_policy policy = { .profiles = profiles_, .profiles_len = 1 };
    const size_t len = sizeof line - 1;
    char buffer[400], before[400];
    sipseal_sdes sdes, sdes_before;
    uint32_t change;
    size_t at, out_len;

    memset(buffer, 0x5a, sizeof buffer);
    memcpy(buffer + 150, line, len);
    memcpy(before, buffer, sizeof before);
    CHECK_EQUAL(sipseal_sdes_init(&sdes), SIPSEAL_OK);
    memcpy(&sdes_before, &sdes, sizeof sdes);
    for (at = 150 - len + 1; at < 150 + len; at++) {
        CHECK_ROUND("an answer over the offer, at", at, 0);
        CHECK_EQUAL(sipseal_sdes_answer(&sdes, &policy, buffer + 150, len, fives, NULL, buffer + at, len,
                                        &out_len, &change), SIPSEAL_OVERLAP);
        CHECK(out_len == 0 && change == 0);
        CHECK(memcmp(buffer, before, sizeof before) == 0);
    }
    for (at = 0; at < sizeof sdes; at++) {
        CHECK_ROUND("a text in the negotiation, at", at, 0);
        CHECK_EQUAL(sipseal_sdes_answer(&sdes, &policy, (char *)&sdes + at, 1, fives, NULL, buffer, len,
                                        &out_len, &change), SIPSEAL_OVERLAP);
        CHECK_EQUAL(sipseal_sdes_take_answer(&sdes, &policy, (char *)&sdes + at, 1, &change),
                    SIPSEAL_OVERLAP);
        CHECK_EQUAL(sipseal_sdes_offer(&sdes, &policy, fives, NULL, (char *)&sdes + at, 1, &out_len),
                    SIPSEAL_OVERLAP);
    }
    CHECK_EQUAL(sipseal_sdes_offer(&sdes, (const sipseal_sdes_policy *)&sdes, fives, NULL, buffer, 400,
                                   &out_len), SIPSEAL_OVERLAP);
    CHECK(same_memory(&sdes, &sdes_before, sizeof sdes));
    CHECK_EQUAL(sipseal_sdes_answer(&sdes, &policy, buffer + 150, len, fives, NULL, buffer + 150 + len, len,
                                    &out_len, &change), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_sdes_answer(&sdes, &policy, buffer + 150, len, fives, NULL, buffer + 150 - len, len,
                                    &out_len, &change), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_sdes_wipe(&sdes), SIPSEAL_OK);
}

/* No argument of an _init lies in the block that it writes. */
static void arguments_in_block(const struct profile *profile)
{
    sipseal_srtp_layout layout = layout_of(profile, 1, 1024);
    size_t len = sipseal_srtp_receiver_block_len(&layout), at;
    struct area block = area_new(len);
    sipseal_srtp_sender tx;
    sipseal_srtp_receiver rx;

    for (at = 0; at < len; at++) {
        CHECK_ROUND("key or salt in the block, at", at, 0);
        CHECK_EQUAL(sipseal_srtp_sender_init(&tx, block.data, len, &layout, block.data + at,
                                             profile->key_len, test_salt, profile->salt_len),
                    SIPSEAL_OVERLAP);
        CHECK_EQUAL(sipseal_srtp_sender_init(&tx, block.data, len, &layout, test_key,
                                             profile->key_len, block.data + at, profile->salt_len),
                    SIPSEAL_OVERLAP);
        CHECK_EQUAL(sipseal_srtp_receiver_init(&rx, block.data, len, &layout, block.data + at,
                                               profile->key_len, test_salt, profile->salt_len),
                    SIPSEAL_OVERLAP);
        CHECK_EQUAL(sipseal_srtp_receiver_init(&rx, block.data, len, &layout, test_key,
                                               profile->key_len, block.data + at,
                                               profile->salt_len),
                    SIPSEAL_OVERLAP);
    }
    CHECK(area_untouched(&block));

    /* Nor in the object, which is cleared first: the key would be zeros. */
    for (at = 0; at < sizeof tx; at++) {
        uint8_t *in_tx = (uint8_t *)&tx + at, *in_rx = (uint8_t *)&rx + at;

        CHECK_ROUND("key or salt in the object, at", at, 0);
        CHECK_EQUAL(sipseal_srtp_sender_init(&tx, block.data, len, &layout, in_tx,
                                             profile->key_len, test_salt, profile->salt_len),
                    SIPSEAL_OVERLAP);
        CHECK_EQUAL(sipseal_srtp_sender_init(&tx, block.data, len, &layout, test_key,
                                             profile->key_len, in_tx, profile->salt_len),
                    SIPSEAL_OVERLAP);
        CHECK_EQUAL(sipseal_srtp_receiver_init(&rx, block.data, len, &layout, in_rx,
                                               profile->key_len, test_salt, profile->salt_len),
                    SIPSEAL_OVERLAP);
        CHECK_EQUAL(sipseal_srtp_sender_wipe(&tx), SIPSEAL_NOT_INITIALISED);
        CHECK_EQUAL(sipseal_srtp_receiver_wipe(&rx), SIPSEAL_NOT_INITIALISED);
    }
    CHECK(area_untouched(&block));
    area_free(&block);
}

void test_overlap(void)
{
    struct phone phone;
    size_t p, kind;

    lines();
    arguments_in_block(&profiles[0]);

    for (p = 0; p < ALL_PROFILES; p++) {
        for (kind = 0; kind < PACKET_KINDS; kind++) {
            struct packet packet = packet_of_kind(kind, 1);
            enum call protect = packet.is_rtcp ? PROTECT_RTCP : PROTECT;
            enum call unprotect = packet.is_rtcp ? UNPROTECT_RTCP : UNPROTECT;
            size_t len = packet.len;
            const struct profile *profile = profile_at(p);
            struct snapshot before;
            struct area wire;

            if (len + trailer_len(profile, &packet) > CAP)
                continue;
            phone_open(&phone, profile, 1, 64);
            before = phone_snapshot(&phone);
            distances(&phone, protect, packet.data, len);
            if (protect == PROTECT)
                empty_regions(&phone, packet.data, len);
            phone_unchanged(&phone, &before, 0);

            /* Touching on either side is apart. */
            CHECK_ROUND("apart: profile, kind", p, kind);
            CHECK_EQUAL(at(&phone, protect, packet.data, len, 0, len, CAP), SIPSEAL_OK);
            packet = packet_of_kind(kind, 2);
            CHECK_EQUAL(at(&phone, protect, packet.data, len, CAP, 0, CAP), SIPSEAL_OK);
            packet = packet_of_kind(kind, 3);
            CHECK_EQUAL(at(&phone, protect, packet.data, len, 50, 50, CAP), SIPSEAL_OK);

            packet = packet_of_kind(kind, 4);
            wire = phone_protect(&phone, &packet);
            before = phone_snapshot(&phone);
            distances(&phone, unprotect, wire.data, wire.len);
            phone_unchanged(&phone, &before, 0);
            CHECK_EQUAL(at(&phone, unprotect, wire.data, wire.len, 0, wire.len, CAP), SIPSEAL_OK);
            area_free(&wire);
            packet = packet_of_kind(kind, 5);
            wire = phone_protect(&phone, &packet);
            CHECK_EQUAL(at(&phone, unprotect, wire.data, wire.len, CAP, 0, CAP), SIPSEAL_OK);
            area_free(&wire);
            packet = packet_of_kind(kind, 6);
            wire = phone_protect(&phone, &packet);
            CHECK_EQUAL(at(&phone, unprotect, wire.data, wire.len, 50, 50, CAP), SIPSEAL_OK);
            area_free(&wire);
            phone_close(&phone);
        }
    }
}
