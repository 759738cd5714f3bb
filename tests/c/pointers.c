/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* NULL for each pointer, one at a time, and pointers without the alignment of what they point to. */

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "no_object.h"
#include "phone.h"
#include "suites.h"

static struct phone phone;
static struct packet packet;
static uint8_t wire[256], room[256];

/* A place for a T at `offset` octets from the strictest alignment. */
static void *off(size_t offset)
{
    static uint64_t words[64];

    return (uint8_t *)words + offset;
}

static void packet_calls(void)
{
    const enum call calls[] = { PROTECT, PROTECT_RTCP, UNPROTECT, UNPROTECT_RTCP };
    size_t i, offset, len;

    for (i = 0; i < 4; i++) {
        struct snapshot before = phone_snapshot(&phone);
        enum call call = calls[i];

        CHECK_ROUND("call", call, 0);
        len = 99;
        CHECK_EQUAL(phone_call(&phone, call, NULL, 40, room, sizeof room, &len),
                    SIPSEAL_NULL_POINTER);
        CHECK_EQUAL(len, 0);
        len = 99;
        CHECK_EQUAL(phone_call(&phone, call, wire, 40, NULL, 60, &len), SIPSEAL_NULL_POINTER);
        CHECK_EQUAL(len, 0);
        len = 99;
        CHECK_EQUAL(phone_call(&phone, call, NULL, 40, NULL, 60, &len), SIPSEAL_NULL_POINTER);
        CHECK_EQUAL(len, 0);
        CHECK_EQUAL(phone_call(&phone, call, wire, 40, room, sizeof room, NULL),
                    SIPSEAL_NULL_POINTER);

        /* NULL and 0 is an empty packet, which ends before its header. */
        len = 99;
        CHECK_EQUAL(phone_call(&phone, call, NULL, 0, room, sizeof room, &len), SIPSEAL_TRUNCATED);
        CHECK_EQUAL(len, 0);
        len = 99;
        CHECK_EQUAL(phone_call(&phone, call, wire, 0, room, sizeof room, &len), SIPSEAL_TRUNCATED);
        CHECK_EQUAL(len, 0);
        len = 99;
        CHECK(phone_call(&phone, call, NULL, 0, NULL, 0, &len) < 0);
        CHECK_EQUAL(len, 0);

        for (offset = 1; offset < sizeof(size_t); offset++)
            CHECK_EQUAL(phone_call(&phone, call, wire, 40, room, sizeof room, off(offset)),
                        SIPSEAL_INVALID_ARGUMENT);
        phone_unchanged(&phone, &before, 0);
    }
    CHECK(all_zero(room, sizeof room));
}

static void no_object(void)
{
    sipseal_srtp_counters counters = { 7, 7, 7 };
    size_t len;

    len = 99;
    CHECK_EQUAL(sipseal_srtp_sender_protect(NULL, packet.data, packet.len, room, 256, &len),
                SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(len, 0);
    len = 99;
    CHECK_EQUAL(sipseal_srtp_sender_protect_rtcp(NULL, packet.data, packet.len, room, 256, &len),
                SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(len, 0);
    len = 99;
    CHECK_EQUAL(sipseal_srtp_receiver_unprotect(NULL, wire, 40, room, 256, &len),
                SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(len, 0);
    len = 99;
    CHECK_EQUAL(sipseal_srtp_receiver_unprotect_rtcp(NULL, wire, 40, room, 256, &len),
                SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(len, 0);
    manage_no_sender(NULL, SIPSEAL_NULL_POINTER);
    manage_no_receiver(NULL, SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_srtp_sender_wipe(NULL), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_srtp_receiver_wipe(NULL), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_srtp_receiver_counters(NULL, &counters), SIPSEAL_NULL_POINTER);
    CHECK(all_zero(&counters, sizeof counters));
    CHECK_EQUAL(sipseal_srtp_receiver_counters(&phone.rx, NULL), SIPSEAL_NULL_POINTER);
    CHECK(all_zero(room, sizeof room));
}

/* Objects that are not where 64-bit words can be. */
static void misaligned_objects(void)
{
    struct misalign_probe { char first; uint64_t second; };
    size_t alignment = offsetof(struct misalign_probe, second), offset, len;
    sipseal_srtp_layout layout = layout_of(&profiles[0], 1, 64);

    memset(off(0), 0x5a, 512);
    for (offset = 1; offset < alignment; offset++) {
        sipseal_srtp_sender *tx = off(offset);
        sipseal_srtp_receiver *rx = off(offset);

        CHECK_ROUND("misaligned", offset, 0);
        CHECK_EQUAL(sender_in(tx, room, sizeof room, &layout), SIPSEAL_INVALID_ARGUMENT);
        CHECK_EQUAL(receiver_in(rx, room, sizeof room, &layout), SIPSEAL_INVALID_ARGUMENT);
        manage_no_sender(tx, SIPSEAL_INVALID_ARGUMENT);
        manage_no_receiver(rx, SIPSEAL_INVALID_ARGUMENT);
        CHECK_EQUAL(sipseal_srtp_sender_wipe(tx), SIPSEAL_INVALID_ARGUMENT);
        CHECK_EQUAL(sipseal_srtp_receiver_wipe(rx), SIPSEAL_INVALID_ARGUMENT);
        len = 99;
        CHECK_EQUAL(sipseal_srtp_sender_protect(tx, packet.data, packet.len, room, 256, &len),
                    SIPSEAL_INVALID_ARGUMENT);
        CHECK_EQUAL(len, 0);
        len = 99;
        CHECK_EQUAL(sipseal_srtp_sender_protect_rtcp(tx, packet.data, packet.len, room, 256, &len),
                    SIPSEAL_INVALID_ARGUMENT);
        CHECK_EQUAL(len, 0);
        len = 99;
        CHECK_EQUAL(sipseal_srtp_receiver_unprotect(rx, wire, 40, room, 256, &len),
                    SIPSEAL_INVALID_ARGUMENT);
        CHECK_EQUAL(len, 0);
        len = 99;
        CHECK_EQUAL(sipseal_srtp_receiver_unprotect_rtcp(rx, wire, 40, room, 256, &len),
                    SIPSEAL_INVALID_ARGUMENT);
        CHECK_EQUAL(len, 0);
    }
    for (offset = 1; offset < 4; offset++) {
        CHECK_EQUAL(sipseal_srtp_receiver_counters(&phone.rx, off(offset)),
                    SIPSEAL_INVALID_ARGUMENT);
        CHECK_EQUAL(sipseal_srtp_sender_block_len(off(offset)), 0);
        CHECK_EQUAL(sipseal_srtp_receiver_block_len(off(offset)), 0);
        CHECK_EQUAL(sipseal_srtp_sender_init(&phone.tx, room, 256, off(offset), test_key, 16,
                                             test_salt, 14),
                    SIPSEAL_INVALID_ARGUMENT);
        CHECK_EQUAL(sipseal_srtp_receiver_init(&phone.rx, room, 256, off(offset), test_key, 16,
                                               test_salt, 14),
                    SIPSEAL_INVALID_ARGUMENT);
    }
    for (offset = 0; offset < 512; offset++)
        if (((uint8_t *)off(0))[offset] != 0x5a)
            break;
    CHECK_EQUAL(offset, 512);
    CHECK(all_zero(room, sizeof room));
}

/* Of the calls that manage streams, and of the one that is told a ROC. */
#define RESULTS(kind, object)                                                                      \
    do {                                                                                           \
        CHECK_EQUAL(sipseal_srtp_##kind##_streams(object, NULL, 1, &len), SIPSEAL_NULL_POINTER);   \
        CHECK_EQUAL(len, 0);                                                                       \
        CHECK_EQUAL(sipseal_srtp_##kind##_streams(object, ssrcs, 4, NULL), SIPSEAL_NULL_POINTER);  \
        CHECK_EQUAL(sipseal_srtp_##kind##_roc(object, SSRC, NULL), SIPSEAL_NULL_POINTER);          \
        for (offset = 1; offset < 4; offset++) {                                                   \
            len = 99;                                                                              \
            CHECK_EQUAL(sipseal_srtp_##kind##_streams(object, off(offset), 4, &len),               \
                        SIPSEAL_INVALID_ARGUMENT);                                                 \
            CHECK_EQUAL(len, 0);                                                                   \
            CHECK_EQUAL(sipseal_srtp_##kind##_streams(object, ssrcs, 4, off(offset)),              \
                        SIPSEAL_INVALID_ARGUMENT);                                                 \
            CHECK_EQUAL(sipseal_srtp_##kind##_roc(object, SSRC, off(offset)),                      \
                        SIPSEAL_INVALID_ARGUMENT);                                                 \
        }                                                                                          \
        /* More than can be in memory. */                                                          \
        for (offset = 0; offset < 4; offset++) {                                                   \
            len = 99;                                                                              \
            CHECK_EQUAL(sipseal_srtp_##kind##_streams(object, ssrcs, SIZE_MAX / 4 + offset, &len), \
                        SIPSEAL_INVALID_ARGUMENT);                                                 \
            CHECK_EQUAL(len, 0);                                                                   \
        }                                                                                          \
    } while (0)

static void managing_calls(void)
{
    struct snapshot before = phone_snapshot(&phone);
    uint32_t ssrcs[4] = { 0 };
    size_t offset, len = 99;

    RESULTS(sender, &phone.tx);
    RESULTS(receiver, &phone.rx);
    len = 99;
    CHECK_EQUAL(sipseal_srtp_receiver_unprotect_with_roc(&phone.rx, 0, NULL, 40, room, 256, &len),
                SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(len, 0);
    len = 99;
    CHECK_EQUAL(sipseal_srtp_receiver_unprotect_with_roc(&phone.rx, 0, wire, 40, NULL, 60, &len),
                SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(len, 0);
    CHECK_EQUAL(sipseal_srtp_receiver_unprotect_with_roc(&phone.rx, 0, wire, 40, room, 256, NULL),
                SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_srtp_receiver_unprotect_with_roc(&phone.rx, 0, wire, 40, room, 256,
                                                         off(1)),
                SIPSEAL_INVALID_ARGUMENT);
    CHECK(all_zero(ssrcs, sizeof ssrcs));
    CHECK(all_zero(room, sizeof room));
    phone_unchanged(&phone, &before, 0);
}

/* The initialisers take the same arguments but for the object. */
#define INIT_NULLS(kind, object)                                                                   \
    do {                                                                                           \
        CHECK_EQUAL(sipseal_srtp_##kind##_init(NULL, block, len, &layout, key, 16, salt, 14),      \
                    SIPSEAL_NULL_POINTER);                                                         \
        CHECK_EQUAL(sipseal_srtp_##kind##_init(object, NULL, len, &layout, key, 16, salt, 14),     \
                    SIPSEAL_NULL_POINTER);                                                         \
        CHECK_EQUAL(sipseal_srtp_##kind##_init(object, NULL, 0, &layout, key, 16, salt, 14),       \
                    SIPSEAL_NULL_POINTER);                                                         \
        CHECK_EQUAL(sipseal_srtp_##kind##_init(object, block, len, NULL, key, 16, salt, 14),       \
                    SIPSEAL_NULL_POINTER);                                                         \
        CHECK_EQUAL(sipseal_srtp_##kind##_init(object, block, len, &layout, NULL, 16, salt, 14),   \
                    SIPSEAL_NULL_POINTER);                                                         \
        CHECK_EQUAL(sipseal_srtp_##kind##_init(object, block, len, &layout, NULL, 0, salt, 14),    \
                    SIPSEAL_KEY_LENGTH);                                                           \
        CHECK_EQUAL(sipseal_srtp_##kind##_init(object, block, len, &layout, key, 16, NULL, 14),    \
                    SIPSEAL_NULL_POINTER);                                                         \
        CHECK_EQUAL(sipseal_srtp_##kind##_init(object, block, len, &layout, key, 16, NULL, 0),     \
                    SIPSEAL_KEY_LENGTH);                                                           \
        CHECK_EQUAL(sipseal_srtp_##kind##_wipe(object), SIPSEAL_NOT_INITIALISED);                  \
    } while (0)

static void initialisers(void)
{
    sipseal_srtp_layout layout = layout_of(&profiles[0], 1, 64);
    const uint8_t *key = test_key, *salt = test_salt;
    static sipseal_srtp_sender tx;
    static sipseal_srtp_receiver rx;
    static uint8_t block[SIPSEAL_SRTP_RECEIVER_BLOCK_LEN(
        SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80, 1, 1, 64)];
    size_t len = sizeof block;

    INIT_NULLS(sender, &tx);
    INIT_NULLS(receiver, &rx);
    CHECK_EQUAL(sipseal_srtp_sender_block_len(NULL), 0);
    CHECK_EQUAL(sipseal_srtp_receiver_block_len(NULL), 0);
}

static void wiping(void)
{
    struct area area = area_new(40);
    size_t at, len;

    sipseal_wipe(NULL, 0);
    sipseal_wipe(NULL, 40);
    sipseal_wipe(area.data, 0);
    CHECK(area_untouched(&area));
    area_free(&area);
    for (at = 0; at < 9; at++) {
        for (len = 0; len < 20; len++) {
            area = area_new(at + len);
            sipseal_wipe(area.data + at, len);
            CHECK_ROUND("wipe: at, length", at, len);
            CHECK(all_zero(area.data + at, len));
            area.len = at;
            CHECK(area_untouched(&area));
            area.len = at + len;
            area_free(&area);
        }
    }
}

void test_pointers(void)
{
    struct packet first = packet_speech(SSRC, 1);
    struct area protected_packet;

    memset(room, 0, sizeof room);
    phone_open(&phone, &profiles[0], 1, 64);
    protected_packet = phone_protect(&phone, &first);
    memcpy(wire, protected_packet.data, protected_packet.len);
    packet = packet_speech(SSRC, 2);

    packet_calls();
    managing_calls();
    no_object();
    CHECK_EQUAL(phone_unprotect(&phone, &protected_packet, &first), SIPSEAL_OK);
    area_free(&protected_packet);
    phone_close(&phone);

    /* Leaves no phone: a failed initialisation ends the object that was there. */
    phone_open(&phone, &profiles[0], 1, 64);
    misaligned_objects();
    CHECK_EQUAL(sipseal_srtp_sender_wipe(&phone.tx), SIPSEAL_NOT_INITIALISED);
    CHECK_EQUAL(sipseal_srtp_receiver_wipe(&phone.rx), SIPSEAL_NOT_INITIALISED);
    area_free(&phone.tx_block);
    area_free(&phone.rx_block);

    initialisers();
    wiping();
}
