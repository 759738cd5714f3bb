/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The life of a sender and a receiver: never made, made, moved, wiped, made again. */

#include <string.h>

#include "check.h"
#include "no_object.h"
#include "phone.h"
#include "suites.h"

/* Every call on an object that is none. Nothing may be written but the zero length. */
static void no_sender(sipseal_srtp_sender *tx)
{
    struct packet packet = packet_speech(SSRC, 1);
    struct packet report = packet_sender_report(SSRC);
    sipseal_srtp_sender before = *tx;
    struct area out = area_new(128);
    size_t len;

    len = 99;
    CHECK_EQUAL(sipseal_srtp_sender_protect(tx, packet.data, packet.len, out.data, out.len, &len),
                SIPSEAL_NOT_INITIALISED);
    CHECK_EQUAL(len, 0);
    len = 99;
    CHECK_EQUAL(sipseal_srtp_sender_protect_rtcp(tx, report.data, report.len, out.data, out.len,
                                                 &len),
                SIPSEAL_NOT_INITIALISED);
    CHECK_EQUAL(len, 0);
    manage_no_sender(tx, SIPSEAL_NOT_INITIALISED);
    CHECK_EQUAL(sipseal_srtp_sender_wipe(tx), SIPSEAL_NOT_INITIALISED);
    CHECK(same_memory(tx, &before, sizeof before));
    CHECK(area_untouched(&out));
    area_free(&out);
}

static void no_receiver(sipseal_srtp_receiver *rx)
{
    struct packet packet = packet_rtp(SSRC, 1, 0, -1, 40);
    sipseal_srtp_receiver before = *rx;
    sipseal_srtp_counters counters = { 5, 6, 7 };
    struct area out = area_new(128);
    size_t len;

    len = 99;
    CHECK_EQUAL(sipseal_srtp_receiver_unprotect(rx, packet.data, packet.len, out.data, out.len,
                                                &len),
                SIPSEAL_NOT_INITIALISED);
    CHECK_EQUAL(len, 0);
    len = 99;
    CHECK_EQUAL(sipseal_srtp_receiver_unprotect_rtcp(rx, packet.data, packet.len, out.data,
                                                     out.len, &len),
                SIPSEAL_NOT_INITIALISED);
    CHECK_EQUAL(len, 0);
    CHECK_EQUAL(sipseal_srtp_receiver_counters(rx, &counters), SIPSEAL_NOT_INITIALISED);
    CHECK(all_zero(&counters, sizeof counters));
    manage_no_receiver(rx, SIPSEAL_NOT_INITIALISED);
    CHECK_EQUAL(sipseal_srtp_receiver_wipe(rx), SIPSEAL_NOT_INITIALISED);
    CHECK(same_memory(rx, &before, sizeof before));
    CHECK(area_untouched(&out));
    area_free(&out);
}

static void never_made(void)
{
    sipseal_srtp_sender tx;
    sipseal_srtp_receiver rx;
    uint32_t noise = 1;
    size_t i;
    int octet, round;

    for (octet = 0; octet < 256; octet++) {
        CHECK_ROUND("filled with", octet, 0);
        memset(&tx, octet, sizeof tx);
        memset(&rx, octet, sizeof rx);
        no_sender(&tx);
        no_receiver(&rx);
    }
    for (round = 0; round < 100; round++) {
        CHECK_ROUND("noise", round, 0);
        for (i = 0; i < sizeof tx; i++)
            ((uint8_t *)&tx)[i] = (uint8_t)((noise = noise * 1664525u + 1013904223u) >> 24);
        for (i = 0; i < sizeof rx; i++)
            ((uint8_t *)&rx)[i] = (uint8_t)((noise = noise * 1664525u + 1013904223u) >> 24);
        no_sender(&tx);
        no_receiver(&rx);
    }
}

/* A copy is no object, and the original stays one. */
static void moved(const struct profile *profile)
{
    struct packet packet = packet_speech(SSRC, 1);
    sipseal_srtp_sender tx[2];
    sipseal_srtp_receiver rx[2];
    struct phone phone;

    phone_open(&phone, profile, 1, 64);
    tx[0] = tx[1] = phone.tx;
    rx[0] = rx[1] = phone.rx;
    no_sender(&tx[0]);
    no_sender(&tx[1]);
    no_receiver(&rx[0]);
    no_receiver(&rx[1]);
    phone_pass(&phone, &packet);
    phone_close(&phone);
}

/* One kind passed for the other. */
static void wrong_kind(const struct profile *profile)
{
    struct packet packet = packet_speech(SSRC, 1);
    struct phone phone;

    phone_open(&phone, profile, 1, 64);
    no_sender((sipseal_srtp_sender *)(void *)&phone.rx);
    no_receiver((sipseal_srtp_receiver *)(void *)&phone.tx);
    phone_pass(&phone, &packet);
    phone_close(&phone);
}

static void wiped(const struct profile *profile)
{
    struct packet packet = packet_speech(SSRC, 1), report = packet_sender_report(SSRC);
    struct phone phone;
    struct area first, second;

    phone_open(&phone, profile, 1, 64);
    first = phone_protect(&phone, &packet);
    CHECK_EQUAL(phone_unprotect(&phone, &first, &packet), SIPSEAL_OK);
    phone_pass(&phone, &report);

    CHECK_EQUAL(sipseal_srtp_sender_wipe(&phone.tx), SIPSEAL_OK);
    CHECK(all_zero(&phone.tx, sizeof phone.tx));
    CHECK(area_zero(&phone.tx_block));
    CHECK_EQUAL(sipseal_srtp_receiver_wipe(&phone.rx), SIPSEAL_OK);
    CHECK(all_zero(&phone.rx, sizeof phone.rx));
    CHECK(area_zero(&phone.rx_block));
    no_sender(&phone.tx);
    no_receiver(&phone.rx);
    CHECK(area_zero(&phone.tx_block));
    CHECK(area_zero(&phone.rx_block));
    area_free(&phone.tx_block);
    area_free(&phone.rx_block);

    /* Made again, all state is new. */
    phone_open(&phone, profile, 1, 64);
    second = phone_protect(&phone, &packet);
    CHECK(area_holds(&second, first.data, first.len));
    CHECK_EQUAL(phone_unprotect(&phone, &second, &packet), SIPSEAL_OK);
    phone_close(&phone);
    area_free(&first);
    area_free(&second);
}

/* Made over a living object, and in a block that is larger than needed: wiped to its end. */
static void made_over(const struct profile *profile)
{
    sipseal_srtp_layout small = layout_of(profile, 1, 64), large = layout_of(profile, 4, 512);
    struct area block = area_new(sipseal_srtp_receiver_block_len(&large) + 100);
    struct packet packet = packet_speech(SSRC, 1);
    struct area other = area_new(block.len);
    struct phone phone;

    phone.profile = profile;
    CHECK_EQUAL(sender_in(&phone.tx, other.data, other.len, &large), SIPSEAL_OK);
    CHECK_EQUAL(receiver_in(&phone.rx, block.data, block.len, &large), SIPSEAL_OK);
    phone_pass(&phone, &packet);
    CHECK_EQUAL(sender_in(&phone.tx, other.data, other.len, &small), SIPSEAL_OK);
    CHECK_EQUAL(receiver_in(&phone.rx, block.data, block.len, &small), SIPSEAL_OK);
    phone_pass(&phone, &packet);
    CHECK_EQUAL(sipseal_srtp_sender_wipe(&phone.tx), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_receiver_wipe(&phone.rx), SIPSEAL_OK);
    CHECK(area_zero(&other));
    CHECK(area_zero(&block));
    area_free(&block);
    area_free(&other);
}

/* A failed initialisation leaves no object, not even the one that was there. */
static void failed_init(const struct profile *profile)
{
    sipseal_srtp_layout layout = layout_of(profile, 1, 64), wrong = layout;
    struct phone phone;

    wrong.window = 65;
    phone_open(&phone, profile, 1, 64);
    CHECK_EQUAL(sender_in(&phone.tx, phone.tx_block.data, phone.tx_block.len, &wrong),
                SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(receiver_in(&phone.rx, phone.rx_block.data, phone.rx_block.len, &wrong),
                SIPSEAL_INVALID_ARGUMENT);
    no_sender(&phone.tx);
    no_receiver(&phone.rx);
    CHECK_EQUAL(sender_in(&phone.tx, phone.tx_block.data, phone.tx_block.len, &layout), SIPSEAL_OK);
    CHECK_EQUAL(receiver_in(&phone.rx, phone.rx_block.data, phone.rx_block.len, &layout),
                SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_sender_init(&phone.tx, phone.tx_block.data, phone.tx_block.len - 1,
                                         &layout, test_key, profile->key_len, test_salt,
                                         profile->salt_len),
                SIPSEAL_BLOCK_TOO_SMALL);
    CHECK_EQUAL(sipseal_srtp_receiver_init(&phone.rx, phone.rx_block.data, phone.rx_block.len,
                                           &layout, test_key, profile->key_len + 1, test_salt,
                                           profile->salt_len),
                SIPSEAL_KEY_LENGTH);
    no_sender(&phone.tx);
    no_receiver(&phone.rx);
    area_free(&phone.tx_block);
    area_free(&phone.rx_block);
}

/* Objects share nothing: what one does, another does not see. */
static void side_by_side(void)
{
    struct phone phones[ALL_PROFILES];
    size_t p, round;

    for (p = 0; p < ALL_PROFILES; p++)
        phone_open(&phones[p], profile_at(p), 2, 64);
    for (round = 0; round < 100; round++) {
        for (p = 0; p < ALL_PROFILES; p++) {
            struct packet packet = packet_of_kind(round % PACKET_KINDS, (uint16_t)(round + p));

            CHECK_ROUND("profile, round", p, round);
            phone_pass(&phones[p], &packet);
        }
    }
    for (p = 0; p < ALL_PROFILES; p++)
        phone_close(&phones[p]);
}

void test_objects(void)
{
    size_t p;

    never_made();
    for (p = 0; p < ALL_PROFILES; p++) {
        CHECK_ROUND("profile", p, 0);
        moved(profile_at(p));
        wrong_kind(profile_at(p));
        wiped(profile_at(p));
        made_over(profile_at(p));
        if (p < PROFILES)
            failed_init(&profiles[p]);
    }
    side_by_side();
}
