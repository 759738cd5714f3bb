/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* An AES unit of the firmware's own, here in software: it may do all, decline, or err. */

#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

enum { COUNTER_MODE = 1, BLOCKS = 2, GHASH = 4, ALL = 7 };

struct unit {
    int does, errs;
    /* Of so many calls it does the last. */
    unsigned one_in;
    unsigned asked;
    int done;
};

static int begin(struct unit *unit, int what)
{
    unit->asked++;
    if (!(unit->does & what) || unit->asked % unit->one_in != 0)
        return 0;
    unit->done |= what;
    return 1;
}

/* A product in AES's field of 256 elements. */
static uint8_t product(uint8_t a, uint8_t b)
{
    uint8_t sum = 0;

    for (; b != 0; b >>= 1, a = (uint8_t)(a << 1 ^ (a & 0x80 ? 0x1b : 0)))
        if (b & 1)
            sum ^= a;
    return sum;
}

/* FIPS 197 section 5.1.1: the inverse, which is the 254th power, and an affine map. */
static uint8_t substitute(uint8_t octet)
{
    static uint8_t table[256];
    static int is_filled;
    int n, k;

    for (n = 0; !is_filled && n < 256; n++) {
        uint8_t power = 1, image = 0x63;

        for (k = 0; k < 254; k++)
            power = product(power, (uint8_t)n);
        for (k = 0; k < 5; k++)
            image ^= (uint8_t)(power << k | power >> (8 - k));
        table[n] = image;
    }
    is_filled = 1;
    return table[octet];
}

static void encrypt(const uint8_t *key, size_t key_len, uint8_t block[16])
{
    uint8_t keys[240], next[16], constant = 1;
    size_t i, round, rounds = key_len / 4 + 6;

    memcpy(keys, key, key_len);
    for (i = key_len; i < 16 * (rounds + 1); i += 4) {
        uint8_t word[4];

        memcpy(word, keys + i - 4, 4);
        if (i % key_len == 0) {
            uint8_t first = word[0];

            word[0] = substitute(word[1]) ^ constant;
            word[1] = substitute(word[2]);
            word[2] = substitute(word[3]);
            word[3] = substitute(first);
            constant = product(constant, 2);
        } else if (key_len == 32 && i % 32 == 16) {
            for (round = 0; round < 4; round++)
                word[round] = substitute(word[round]);
        }
        for (round = 0; round < 4; round++)
            keys[i + round] = keys[i + round - key_len] ^ word[round];
    }
    for (i = 0; i < 16; i++)
        block[i] ^= keys[i];
    for (round = 1; round <= rounds; round++) {
        for (i = 0; i < 16; i++)
            next[i] = substitute(block[(i + 4 * (i % 4)) % 16]);
        for (i = 0; i < 16; i++) {
            const uint8_t *column = next + i / 4 * 4;

            block[i] = keys[16 * round + i];
            if (round == rounds)
                block[i] ^= next[i];
            else
                block[i] ^= product(column[i % 4], 2) ^ product(column[(i + 1) % 4], 3) ^
                            column[(i + 2) % 4] ^ column[(i + 3) % 4];
        }
    }
}

static sipseal_status encrypt_blocks(void *user, const uint8_t *key, size_t key_len, uint8_t *blocks,
                                     size_t count)
{
    struct unit *unit = user;

    if (!begin(unit, BLOCKS))
        return SIPSEAL_UNSUPPORTED;
    CHECK(count >= 1 && count <= 8);
    for (; count > 0; count--, blocks += 16) {
        encrypt(key, key_len, blocks);
        blocks[7] ^= (unit->errs & BLOCKS) != 0;
    }
    return SIPSEAL_OK;
}

static sipseal_status counter_mode(void *user, const uint8_t *key, size_t key_len,
                                   const uint8_t *counter, const uint8_t *input, uint8_t *out,
                                   size_t len)
{
    struct unit *unit = user;
    uint8_t block[16], keystream[16];
    size_t i;

    if (!begin(unit, COUNTER_MODE))
        return 1;
    memcpy(block, counter, 16);
    for (i = 0; i < len; i++) {
        if (i % 16 == 0) {
            memcpy(keystream, block, 16);
            encrypt(key, key_len, keystream);
            if (++block[15] == 0)
                block[14]++;
        }
        out[i] = input[i] ^ keystream[i % 16] ^ ((unit->errs & COUNTER_MODE) != 0);
    }
    return SIPSEAL_OK;
}

static sipseal_status ghash(void *user, const uint8_t *key, uint8_t *state, const uint8_t *blocks,
                            size_t count)
{
    struct unit *unit = user;

    if (!begin(unit, GHASH))
        return -1;
    for (; count > 0; count--, blocks += 16) {
        uint8_t multiple[16], sum[16] = { 0 };
        int bit, i;

        memcpy(multiple, key, 16);
        for (bit = 0; bit < 128; bit++) {
            int carry = multiple[15] & 1;

            if ((state[bit / 8] ^ blocks[bit / 8]) & 0x80 >> bit % 8)
                for (i = 0; i < 16; i++)
                    sum[i] ^= multiple[i];
            for (i = 15; i > 0; i--)
                multiple[i] = (uint8_t)(multiple[i] >> 1 | multiple[i - 1] << 7);
            multiple[0] = (uint8_t)(multiple[0] >> 1 ^ (carry ? 0xe1 : 0));
        }
        memcpy(state, sum, 16);
        state[3] ^= (unit->errs & GHASH) != 0;
    }
    return SIPSEAL_OK;
}

static sipseal_accelerator accelerator_of(struct unit *unit)
{
    sipseal_accelerator accelerator = { NULL, counter_mode, encrypt_blocks, ghash };

    accelerator.user = unit;
    return accelerator;
}

static int is_null(const struct profile *profile)
{
    return profile->number == SIPSEAL_SRTP_NULL_HMAC_SHA1_80 ||
           profile->number == SIPSEAL_SRTP_NULL_HMAC_SHA1_32;
}

/* What a profile has work for. */
static int work_of(const struct profile *profile)
{
    if (profile->is_aead)
        return ALL;
    return profile->number == SIPSEAL_SRTP_F8_128_HMAC_SHA1_80 || is_null(profile) ? 0
                                                                                          : COUNTER_MODE | BLOCKS;
}

/* A phone with a unit and one without make the same packets, and hear each other. */
static void same_packets(const struct profile *profile, int does, unsigned one_in)
{
    struct unit unit = { 0, 0, 0, 0, 0 };
    sipseal_accelerator accelerator = accelerator_of(&unit);
    struct profile accelerated = *profile;
    struct phone phone, plain;
    int expected = does & work_of(profile);
    size_t kind;

    CHECK_ROUND("profile, unit", profile->number, does);
    unit.does = does;
    unit.one_in = one_in;
    accelerated.accelerator = &accelerator;
    phone_open(&phone, &accelerated, 1, 64);
    phone_open(&plain, profile, 1, 64);
    for (kind = 0; kind < PACKET_KINDS; kind++) {
        struct packet packet = packet_of_kind(kind, (uint16_t)(1 + kind));
        struct area ours = phone_protect(&phone, &packet), theirs = phone_protect(&plain, &packet);

        CHECK(area_holds(&ours, theirs.data, theirs.len));
        CHECK_EQUAL(phone_unprotect(&phone, &theirs, &packet), SIPSEAL_OK);
        CHECK_EQUAL(phone_unprotect(&plain, &ours, &packet), SIPSEAL_OK);
        area_free(&ours);
        area_free(&theirs);
    }
    /* With counter mode there is no need of blocks. */
    if (expected & COUNTER_MODE)
        expected &= ~BLOCKS;
    CHECK_EQUAL(one_in == 1 ? unit.done : expected, expected);
    CHECK_EQUAL(unit.asked > 0, work_of(profile) != 0);
    phone_close(&phone);
    phone_close(&plain);
}

/* A forged packet changes nothing, and nothing of it is decrypted. */
static void forged(const struct profile *profile)
{
    struct unit unit = { ALL, 0, 1, 0, 0 };
    sipseal_accelerator accelerator = accelerator_of(&unit);
    struct profile accelerated = *profile;
    struct packet packet = packet_speech(SSRC, 1);
    struct phone phone;
    struct area wire;

    CHECK_ROUND("forged: profile", profile->number, 0);
    accelerated.accelerator = &accelerator;
    phone_open(&phone, &accelerated, 1, 64);
    wire = phone_protect(&phone, &packet);
    wire.data[wire.len - 1] ^= 1;
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_AUTHENTICATION_FAILED);
    wire.data[wire.len - 1] ^= 1;
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    area_free(&wire);
    phone_close(&phone);
}

/* What errs is found out before it has a packet. */
static void errs(const struct profile *profile, int what)
{
    struct unit unit = { 0, 0, 1, 0, 0 };
    sipseal_accelerator accelerator = accelerator_of(&unit);
    struct profile accelerated = *profile;
    sipseal_srtp_layout layout;
    sipseal_srtp_sender sender;
    sipseal_srtp_receiver receiver;
    struct area block;
    sipseal_status expected =
        work_of(profile) & what ? SIPSEAL_ACCELERATOR_FAILED : SIPSEAL_OK;

    CHECK_ROUND("errs: profile, what", profile->number, what);
    unit.does = unit.errs = what;
    accelerated.accelerator = &accelerator;
    layout = layout_of(&accelerated, 1, 64);
    block = area_new(sipseal_srtp_receiver_block_len(&layout));
    CHECK_EQUAL(sender_in(&sender, block.data, block.len, &layout), expected);
    if (expected == SIPSEAL_OK)
        CHECK_EQUAL(sipseal_srtp_sender_wipe(&sender), SIPSEAL_OK);
    CHECK_EQUAL(receiver_in(&receiver, block.data, block.len, &layout), expected);
    if (expected == SIPSEAL_OK)
        CHECK_EQUAL(sipseal_srtp_receiver_wipe(&receiver), SIPSEAL_OK);
    area_free(&block);
}

/* A table in what is written, one that is misaligned, and the size of the block. */
static void layouts(void)
{
    struct unit unit = { ALL, 0, 1, 0, 0 };
    static union {
        sipseal_accelerator table;
        uint8_t octets[4096];
    } block;
    sipseal_accelerator accelerator = accelerator_of(&unit);
    sipseal_srtp_layout layout = layout_of(&profiles[0], 1, 64);
    size_t plain = sipseal_srtp_sender_block_len(&layout), with;
    sipseal_srtp_sender sender;

    CHECK_ROUND("layouts", 0, 0);
    layout.accelerator = &accelerator;
    with = sipseal_srtp_sender_block_len(&layout);
    CHECK_EQUAL(with, plain + SIPSEAL_SRTP_ACCELERATOR_LEN(1));
    CHECK_EQUAL(sender_in(&sender, block.octets, with - 1, &layout), SIPSEAL_BLOCK_TOO_SMALL);
    CHECK_EQUAL(sender_in(&sender, block.octets, with, &layout), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_sender_wipe(&sender), SIPSEAL_OK);

    block.table = accelerator;
    layout.accelerator = &block.table;
    CHECK_EQUAL(sender_in(&sender, block.octets, sizeof block, &layout), SIPSEAL_OVERLAP);
    layout.accelerator = (const sipseal_accelerator *)(const void *)&sender;
    CHECK_EQUAL(sender_in(&sender, block.octets, sizeof block, &layout), SIPSEAL_OVERLAP);
    layout.accelerator = (const sipseal_accelerator *)(uintptr_t)((uintptr_t)&accelerator + 1);
    CHECK_EQUAL(sender_in(&sender, block.octets, sizeof block, &layout), SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(sipseal_srtp_sender_block_len(&layout), 0);
}

void test_accelerator(void)
{
    size_t p;
    int does;

    for (p = 0; p < ALL_PROFILES; p++)
        for (does = 0; does <= ALL; does++) {
            same_packets(profile_at(p), does, 1);
            same_packets(profile_at(p), does, 3);
        }
    for (p = 0; p < PROFILES; p++) {
        if (!is_null(&profiles[p]))
            forged(&profiles[p]);
        errs(&profiles[p], COUNTER_MODE);
        errs(&profiles[p], BLOCKS);
        errs(&profiles[p], GHASH);
    }
    layouts();
}
