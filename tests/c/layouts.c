/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Layouts, the size and alignment of blocks, and the lengths of keys. */

#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

/* Both initialisers with one layout and plenty of room. `sized` is whether it has a size all the same: some
 * of what cannot stand together is seen when an object is made. */
static void refused_at(const sipseal_srtp_layout *layout, sipseal_status expected, int sized)
{
    struct area block = area_new(4096);
    sipseal_srtp_sender tx;
    sipseal_srtp_receiver rx;

    memset(&tx, 0x5a, sizeof tx);
    memset(&rx, 0x5a, sizeof rx);
    CHECK_EQUAL(sipseal_srtp_sender_block_len(layout) > 0, sized);
    CHECK_EQUAL(sipseal_srtp_receiver_block_len(layout) > 0, sized);
    CHECK_EQUAL(sipseal_srtp_sender_init(&tx, block.data, block.len, layout, test_key, 16,
                                         test_salt, 14),
                expected);
    CHECK_EQUAL(sipseal_srtp_receiver_init(&rx, block.data, block.len, layout, test_key, 16,
                                           test_salt, 14),
                expected);
    CHECK(area_untouched(&block));
    CHECK_EQUAL(sipseal_srtp_sender_wipe(&tx), SIPSEAL_NOT_INITIALISED);
    CHECK_EQUAL(sipseal_srtp_receiver_wipe(&rx), SIPSEAL_NOT_INITIALISED);
    area_free(&block);
}

static void refused(const sipseal_srtp_layout *layout, sipseal_status expected)
{
    refused_at(layout, expected, 0);
}

static void refused_members(void)
{
    static const uint32_t windows[] = { 0,    1,     2,     32,    63,    65,        96,
                                        127,  32767, 32769, 65535, 65536, 0x80000000u, UINT32_MAX };
    static const uint32_t unknown[] = { 0, 3, 4, 9, 255, 1000, 1008, 65537, UINT32_MAX };
    const sipseal_srtp_layout good = layout_of(&profiles[0], 1, 64);
    sipseal_srtp_layout layout;
    size_t i;

    for (i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        CHECK_ROUND("profile", unknown[i], 0);
        layout = good;
        layout.profile = unknown[i];
        refused(&layout, SIPSEAL_UNKNOWN_PROFILE);
    }
    for (i = 0; i < sizeof windows / sizeof *windows; i++) {
        CHECK_ROUND("window", windows[i], 0);
        layout = good;
        layout.window = windows[i];
        refused(&layout, SIPSEAL_INVALID_ARGUMENT);
    }
    check.what = NULL;
    layout = good;
    layout.keys = 0;
    refused(&layout, SIPSEAL_INVALID_ARGUMENT);
    layout.keys = 2;
    refused(&layout, SIPSEAL_CONTRADICTION);
    layout.keys = SIPSEAL_SRTP_MAX_KEYS;
    refused(&layout, SIPSEAL_CONTRADICTION);
    layout.keys = SIPSEAL_SRTP_MAX_KEYS + 1;
    refused(&layout, SIPSEAL_INVALID_ARGUMENT);
    layout.mki_len = 1;
    refused(&layout, SIPSEAL_INVALID_ARGUMENT);
    layout.keys = UINT32_MAX;
    refused(&layout, SIPSEAL_INVALID_ARGUMENT);
    layout = good;
    layout.streams = 0;
    refused(&layout, SIPSEAL_INVALID_ARGUMENT);
    layout.streams = SIPSEAL_SRTP_MAX_STREAMS + 1;
    refused(&layout, SIPSEAL_INVALID_ARGUMENT);
    layout.streams = UINT32_MAX;
    refused(&layout, SIPSEAL_INVALID_ARGUMENT);
}

static void refused_options(void)
{
    static const uint32_t mki_lens[] = { 129, 255, 256, 257, 0x10001, UINT32_MAX };
    static const uint32_t rates[] = { 3, 6, 100, 0xffffff, 0x1000001, 0x2000000, 0x80000000u,
                                      UINT32_MAX };
    static const uint32_t modes[] = { 4, 255, 257, UINT32_MAX };
    static const uint32_t roc_rates[] = { 65536, 65537, UINT32_MAX };
    const sipseal_srtp_layout good = layout_of(&profiles[0], 1, 64);
    sipseal_srtp_layout layout = good;
    size_t i;

    for (i = 0; i < sizeof mki_lens / sizeof *mki_lens; i++) {
        CHECK_ROUND("MKI", mki_lens[i], 0);
        layout.mki_len = mki_lens[i];
        refused(&layout, SIPSEAL_INVALID_ARGUMENT);
    }
    layout = good;
    for (i = 0; i < sizeof rates / sizeof *rates; i++) {
        CHECK_ROUND("key derivation rate", rates[i], 0);
        layout.key_derivation_rate = rates[i];
        refused_at(&layout, SIPSEAL_INVALID_ARGUMENT, 1);
    }
    layout = good;
    for (i = 0; i < sizeof modes / sizeof *modes; i++) {
        CHECK_ROUND("ROC mode", modes[i], 0);
        layout.roc_mode = modes[i];
        refused(&layout, SIPSEAL_INVALID_ARGUMENT);
    }
    layout.roc_mode = 2;
    for (i = 0; i < sizeof roc_rates / sizeof *roc_rates; i++) {
        CHECK_ROUND("ROC rate", roc_rates[i], 0);
        layout.roc_rate = roc_rates[i];
        refused(&layout, SIPSEAL_INVALID_ARGUMENT);
    }
    check.what = NULL;
    layout.roc_mode = 0;
    layout.roc_rate = 1;
    refused(&layout, SIPSEAL_INVALID_ARGUMENT);
    layout = good;
    layout.mki_len = 4;
    layout.flags = SIPSEAL_SRTP_KEYS_FROM_TO;
    refused_at(&layout, SIPSEAL_CONTRADICTION, 1);
}

/* What keys with identities, MKIs and element keys add, for as many keys as there may be. */
static void sizes_of_keys(void)
{
    static const uint32_t keys[] = { 1, 2, 3, 100, SIPSEAL_SRTP_MAX_KEYS };
    static const uint32_t mki_lens[] = { 0, 1, 7, SIPSEAL_SRTP_MAX_MKI_LEN };
    size_t p, k, m;
    int encrypted;

    for (p = 0; p < PROFILES; p++) {
        for (k = 0; k < sizeof keys / sizeof *keys; k++) {
            for (m = 0; m < sizeof mki_lens / sizeof *mki_lens; m++) {
                for (encrypted = 0; encrypted <= 1; encrypted++) {
                    sipseal_srtp_layout layout = layout_of(&profiles[p], 3, 128);
                    uint32_t number = profiles[p].number;
                    size_t more = SIPSEAL_SRTP_MKIS_LEN(keys[k], mki_lens[m]);

                    CHECK_ROUND("keys, MKI", keys[k], mki_lens[m]);
                    layout.keys = keys[k];
                    layout.mki_len = mki_lens[m];
                    if (mki_lens[m] == 0)
                        layout.flags |= SIPSEAL_SRTP_KEYS_FROM_TO;
                    if (encrypted) {
                        layout.flags |= SIPSEAL_SRTP_ENCRYPT_ELEMENTS;
                        more += SIPSEAL_SRTP_ELEMENT_KEYS_LEN(keys[k]);
                    }
                    CHECK_EQUAL(sipseal_srtp_sender_block_len(&layout),
                                SIPSEAL_SRTP_SENDER_BLOCK_LEN(number, keys[k], 3, 128) + more);
                    CHECK_EQUAL(sipseal_srtp_receiver_block_len(&layout),
                                SIPSEAL_SRTP_RECEIVER_BLOCK_LEN(number, keys[k], 3, 128) + more);
                    /* The rest changes nothing. */
                    layout.flags |= SIPSEAL_SRTP_CRYPTEX | SIPSEAL_SRTP_LISTED_STREAMS_ONLY |
                                    SIPSEAL_SRTP_ALLOW_RETRANSMISSION;
                    layout.key_derivation_rate = 1;
                    layout.roc_mode = 2;
                    layout.roc_rate = 65535;
                    CHECK_EQUAL(sipseal_srtp_sender_block_len(&layout),
                                SIPSEAL_SRTP_SENDER_BLOCK_LEN(number, keys[k], 3, 128) + more);
                }
            }
        }
    }
}

static void macros_and_functions(void)
{
    static const uint32_t streams[] = { 1, 2, 3, 7, 100, 65534, 65535 };
    size_t p, s;
    uint32_t window;

    for (p = 0; p < PROFILES; p++) {
        for (s = 0; s < sizeof streams / sizeof *streams; s++) {
            for (window = 64; window <= 32768; window *= 2) {
                sipseal_srtp_layout layout = layout_of(&profiles[p], streams[s], window);
                uint32_t number = profiles[p].number;

                CHECK_ROUND("streams, window", streams[s], window);
                CHECK_EQUAL(sipseal_srtp_sender_block_len(&layout),
                            SIPSEAL_SRTP_SENDER_BLOCK_LEN(number, 1, streams[s], window));
                CHECK_EQUAL(sipseal_srtp_receiver_block_len(&layout),
                            SIPSEAL_SRTP_RECEIVER_BLOCK_LEN(number, 1, streams[s], window));
                CHECK(sipseal_srtp_sender_block_len(&layout) > 0);
                CHECK(sipseal_srtp_sender_block_len(&layout) <=
                      SIPSEAL_SRTP_SENDER_BLOCK_LEN(SIPSEAL_SRTP_LARGEST_PROFILE, 1, streams[s],
                                                    window));
                CHECK(sipseal_srtp_receiver_block_len(&layout) <=
                      SIPSEAL_SRTP_RECEIVER_BLOCK_LEN(SIPSEAL_SRTP_LARGEST_PROFILE, 1, streams[s],
                                                      window));
            }
        }
    }
}

/* Every offset from an address that is a multiple of 16, in exactly the room that is asked for. */
static void alignments(const struct profile *profile, uint32_t streams, uint32_t window)
{
    sipseal_srtp_layout layout = layout_of(profile, streams, window);
    size_t tx_len = sipseal_srtp_sender_block_len(&layout);
    size_t rx_len = sipseal_srtp_receiver_block_len(&layout);
    size_t offset, i;

    for (offset = 0; offset < 16; offset++) {
        struct area tx_room = area_new(offset + tx_len), rx_room = area_new(offset + rx_len);
        struct area tx_before = area_new(offset), rx_before = area_new(offset);
        struct packet packet = packet_speech(SSRC, 1);
        struct phone phone;

        CHECK_ROUND("offset, MKI", offset, profile->mki_len);
        phone.profile = profile;
        CHECK_EQUAL(sender_in(&phone.tx, tx_room.data + offset, tx_len - 1, &layout),
                    SIPSEAL_BLOCK_TOO_SMALL);
        CHECK_EQUAL(receiver_in(&phone.rx, rx_room.data + offset, rx_len - 1, &layout),
                    SIPSEAL_BLOCK_TOO_SMALL);
        CHECK(area_untouched(&tx_room));
        CHECK(area_untouched(&rx_room));
        CHECK_EQUAL(sender_in(&phone.tx, tx_room.data + offset, tx_len, &layout), SIPSEAL_OK);
        CHECK_EQUAL(receiver_in(&phone.rx, rx_room.data + offset, rx_len, &layout), SIPSEAL_OK);
        /* All streams, so that all of the block is used. */
        for (i = 0; i < streams; i++) {
            packet = packet_speech((uint32_t)(SSRC + i), 1);
            phone_pass(&phone, &packet);
            packet = packet_sender_report((uint32_t)(SSRC + i));
            phone_pass(&phone, &packet);
        }
        CHECK_EQUAL(sipseal_srtp_sender_wipe(&phone.tx), SIPSEAL_OK);
        CHECK_EQUAL(sipseal_srtp_receiver_wipe(&phone.rx), SIPSEAL_OK);
        CHECK(all_zero(tx_room.data + offset, tx_len));
        CHECK(all_zero(rx_room.data + offset, rx_len));
        CHECK(memcmp(tx_room.data, tx_before.data, offset) == 0);
        CHECK(memcmp(rx_room.data, rx_before.data, offset) == 0);
        area_free(&tx_room);
        area_free(&rx_room);
        area_free(&tx_before);
        area_free(&rx_before);
    }
}

/* Every octet too few. */
static void small_blocks(const struct profile *profile)
{
    sipseal_srtp_layout layout = layout_of(profile, 1, 64);
    size_t tx_len = sipseal_srtp_sender_block_len(&layout);
    size_t rx_len = sipseal_srtp_receiver_block_len(&layout);
    sipseal_srtp_sender tx;
    sipseal_srtp_receiver rx;
    size_t len;

    for (len = 0; len < rx_len; len++) {
        struct area block = area_new(len);

        CHECK_ROUND("profile, block", profile->number, len);
        if (len < tx_len) {
            CHECK_EQUAL(sender_in(&tx, block.data, len, &layout), SIPSEAL_BLOCK_TOO_SMALL);
            CHECK_EQUAL(sipseal_srtp_sender_wipe(&tx), SIPSEAL_NOT_INITIALISED);
        }
        CHECK_EQUAL(receiver_in(&rx, block.data, len, &layout), SIPSEAL_BLOCK_TOO_SMALL);
        CHECK_EQUAL(sipseal_srtp_receiver_wipe(&rx), SIPSEAL_NOT_INITIALISED);
        CHECK(area_untouched(&block));
        area_free(&block);
    }
}

static void key_lengths(const struct profile *profile)
{
    sipseal_srtp_layout layout = layout_of(profile, 1, 64);
    uint8_t key[64] = { 1 }, salt[64] = { 2 };
    struct area block = area_new(4096);
    sipseal_srtp_sender tx;
    sipseal_srtp_receiver rx;
    size_t key_len, salt_len;

    for (key_len = 0; key_len <= 48; key_len++) {
        for (salt_len = 0; salt_len <= 20; salt_len++) {
            int fits = key_len == profile->key_len && salt_len == profile->salt_len;

            CHECK_ROUND("key, salt", key_len, salt_len);
            CHECK_EQUAL(sipseal_srtp_sender_init(&tx, block.data, block.len, &layout, key, key_len,
                                                 salt, salt_len),
                        fits ? SIPSEAL_OK : SIPSEAL_KEY_LENGTH);
            CHECK_EQUAL(sipseal_srtp_sender_wipe(&tx), fits ? SIPSEAL_OK : SIPSEAL_NOT_INITIALISED);
            CHECK_EQUAL(sipseal_srtp_receiver_init(&rx, block.data, block.len, &layout, key,
                                                   key_len, salt, salt_len),
                        fits ? SIPSEAL_OK : SIPSEAL_KEY_LENGTH);
            CHECK_EQUAL(sipseal_srtp_receiver_wipe(&rx),
                        fits ? SIPSEAL_OK : SIPSEAL_NOT_INITIALISED);
        }
    }
    area_free(&block);
}

/* The macros are constant expressions, and what they give for the largest profile is enough for any. */
static void static_storage(void)
{
    static uint8_t tx_block[SIPSEAL_SRTP_SENDER_BLOCK_LEN(SIPSEAL_SRTP_LARGEST_PROFILE, 1, 3, 128)];
    static uint8_t rx_block[SIPSEAL_SRTP_RECEIVER_BLOCK_LEN(SIPSEAL_SRTP_LARGEST_PROFILE, 1, 3,
                                                            128)];
    static struct phone phone;
    size_t p;

    for (p = 0; p < PROFILES; p++) {
        sipseal_srtp_layout layout = layout_of(&profiles[p], 3, 128);
        struct packet packet = packet_speech(SSRC, 1);

        CHECK_ROUND("static: profile", profiles[p].number, 0);
        phone.profile = &profiles[p];
        CHECK_EQUAL(sender_in(&phone.tx, tx_block, sizeof tx_block, &layout), SIPSEAL_OK);
        CHECK_EQUAL(receiver_in(&phone.rx, rx_block, sizeof rx_block, &layout), SIPSEAL_OK);
        phone_pass(&phone, &packet);
        CHECK_EQUAL(sipseal_srtp_sender_wipe(&phone.tx), SIPSEAL_OK);
        CHECK_EQUAL(sipseal_srtp_receiver_wipe(&phone.rx), SIPSEAL_OK);
        CHECK(all_zero(tx_block, sizeof tx_block));
        CHECK(all_zero(rx_block, sizeof rx_block));
    }
}

void test_layouts(void)
{
    size_t p;

    static_storage();
    refused_members();
    refused_options();
    macros_and_functions();
    sizes_of_keys();
    for (p = 0; p < ALL_PROFILES; p++) {
        alignments(profile_at(p), 1, 64);
        alignments(profile_at(p), 3, 256);
        small_blocks(profile_at(p));
        if (p < PROFILES)
            key_lengths(&profiles[p]);
    }
}
