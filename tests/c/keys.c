/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Several master keys: with identifiers in the packets, or with ranges of indices. */

#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

#define KEYS 3
#define LAST_INDEX 0xffffffffffffu

/* Keys and MKIs that differ in one octet. */
struct secret {
    uint8_t key[SIPSEAL_SRTP_MAX_KEY_LEN + 1];
    uint8_t salt[SIPSEAL_SRTP_MAX_SALT_LEN + 1];
    uint8_t mki[SIPSEAL_SRTP_MAX_MKI_LEN + 1];
};

static struct secret secret(const struct profile *profile, unsigned number)
{
    struct secret made;

    memset(&made, 0, sizeof made);
    memcpy(made.key, test_key, sizeof test_key);
    memcpy(made.salt, test_salt, sizeof test_salt);
    memcpy(made.mki, test_mki, sizeof test_mki);
    made.key[profile->key_len - 1] ^= (uint8_t)number;
    if (profile->mki_len > 0)
        made.mki[profile->mki_len - 1] ^= (uint8_t)number;
    return made;
}

enum end { TX, RX };

/* The functions of both ends, with lengths that may be wrong. */
static sipseal_status add_with(struct phone *phone, enum end end, const uint8_t *key, size_t key_len,
                               const uint8_t *salt, size_t salt_len, const uint8_t *mki,
                               size_t mki_len)
{
    return end == TX ? sipseal_srtp_sender_add_key(&phone->tx, key, key_len, salt, salt_len, mki,
                                                   mki_len)
                     : sipseal_srtp_receiver_add_key(&phone->rx, key, key_len, salt, salt_len, mki,
                                                     mki_len);
}

static sipseal_status add(struct phone *phone, enum end end, unsigned number)
{
    const struct profile *profile = phone->profile;
    struct secret added = secret(profile, number);

    return add_with(phone, end, added.key, profile->key_len, added.salt, profile->salt_len,
                    added.mki, profile->mki_len);
}

static sipseal_status add_range(struct phone *phone, enum end end, unsigned number, uint64_t from,
                                uint64_t to)
{
    const struct profile *profile = phone->profile;
    struct secret added = secret(profile, number);

    return end == TX ? sipseal_srtp_sender_add_key_from_to(&phone->tx, added.key, profile->key_len,
                                                           added.salt, profile->salt_len, from, to)
                     : sipseal_srtp_receiver_add_key_from_to(&phone->rx, added.key,
                                                             profile->key_len, added.salt,
                                                             profile->salt_len, from, to);
}

static sipseal_status remove_with(struct phone *phone, enum end end, const uint8_t *mki, size_t len)
{
    return end == TX ? sipseal_srtp_sender_remove_key(&phone->tx, mki, len)
                     : sipseal_srtp_receiver_remove_key(&phone->rx, mki, len);
}

static sipseal_status remove_number(struct phone *phone, enum end end, unsigned number)
{
    struct secret removed = secret(phone->profile, number);

    return remove_with(phone, end, removed.mki, phone->profile->mki_len);
}

static sipseal_status remove_from(struct phone *phone, enum end end, uint64_t from)
{
    return end == TX ? sipseal_srtp_sender_remove_key_from(&phone->tx, from)
                     : sipseal_srtp_receiver_remove_key_from(&phone->rx, from);
}

static sipseal_status use(struct phone *phone, unsigned number)
{
    struct secret used = secret(phone->profile, number);

    return sipseal_srtp_sender_use_key(&phone->tx, used.mki, phone->profile->mki_len);
}

static sipseal_status rekey(struct phone *phone, enum end end)
{
    const struct profile *profile = phone->profile;

    return end == TX ? sipseal_srtp_sender_rekey(&phone->tx, test_key, profile->key_len, test_salt,
                                                 profile->salt_len, SIPSEAL_SRTP_KEEP_ROC)
                     : sipseal_srtp_receiver_rekey(&phone->rx, test_key, profile->key_len,
                                                   test_salt, profile->salt_len,
                                                   SIPSEAL_SRTP_KEEP_ROC);
}

/* Checks that a protected packet is what a phone with that key alone makes of it, with the MKI. */
static void made_with(const struct phone *phone, const struct profile *plain, unsigned number,
                      const struct packet *packet, const struct area *wire)
{
    const struct profile *profile = phone->profile;
    struct secret used = secret(profile, number);
    sipseal_srtp_layout layout = layout_of(plain, 1, 64);
    size_t len = packet->len + trailer_len(plain, packet);
    struct area expected = area_new(len);
    const uint8_t *mki = mki_in(profile, packet->is_rtcp, wire->data, wire->len);
    size_t before = (size_t)(mki - wire->data);
    struct phone other;
    size_t made_len;

    phone_open(&other, plain, 1, 64);
    CHECK_EQUAL(sipseal_srtp_sender_init(&other.tx, other.tx_block.data, other.tx_block.len,
                                         &layout, used.key, plain->key_len, used.salt,
                                         plain->salt_len),
                SIPSEAL_OK);
    CHECK_EQUAL(phone_call(&other, packet->is_rtcp ? PROTECT_RTCP : PROTECT, packet->data,
                           packet->len, expected.data, len, &made_len),
                SIPSEAL_OK);
    CHECK_EQUAL(wire->len, len + profile->mki_len);
    CHECK(memcmp(mki, used.mki, profile->mki_len) == 0);
    CHECK(memcmp(wire->data, expected.data, before) == 0);
    CHECK(memcmp(mki + profile->mki_len, expected.data + before, len - before) == 0);
    phone_close(&other);
    area_free(&expected);
}

/* Sends a packet and a report that only `number` can be meant for. RTCP starts at index 0 for each SSRC. */
static void pass_with(struct phone *phone, const struct profile *plain, unsigned number,
                      uint32_t ssrc)
{
    struct packet packet = packet_speech(ssrc, 7), report = packet_sender_report(ssrc);
    struct area wire = phone_protect(phone, &packet), wire_report = phone_protect(phone, &report);

    made_with(phone, plain, number, &packet, &wire);
    made_with(phone, plain, number, &report, &wire_report);
    CHECK_EQUAL(phone_unprotect(phone, &wire, &packet), SIPSEAL_OK);
    CHECK_EQUAL(phone_unprotect(phone, &wire_report, &report), SIPSEAL_OK);
    area_free(&wire);
    area_free(&wire_report);
}

/* Without the key for it, nothing is sent or heard. */
static void silent(struct phone *phone)
{
    struct packet packet = packet_rtp(SSRC, 1, 0, -1, 80), report = packet_sender_report(SSRC);
    struct area noise = area_of(packet.data, packet.len, 300);
    struct area noise_report = area_of(report.data, report.len, 300);

    phone_refuse(phone, PROTECT, packet.data, packet.len, SIPSEAL_UNKNOWN_KEY);
    phone_refuse(phone, PROTECT_RTCP, report.data, report.len, SIPSEAL_UNKNOWN_KEY);
    phone_refuse(phone, UNPROTECT, noise.data, noise.len, SIPSEAL_UNKNOWN_KEY);
    phone_refuse(phone, UNPROTECT_RTCP, noise_report.data, noise_report.len, SIPSEAL_UNKNOWN_KEY);
    area_free(&noise);
    area_free(&noise_report);
}

/* Whatever is wrong with a key, nothing is added. */
static void refused_keys(struct phone *phone, enum end end)
{
    const struct profile *profile = phone->profile;
    struct secret made = secret(profile, 1);
    const uint8_t *key = made.key, *salt = made.salt, *mki = made.mki;
    size_t k = profile->key_len, s = profile->salt_len, m = profile->mki_len;

    REFUSED(phone, add_with(phone, end, key, k - 1, salt, s, mki, m), SIPSEAL_KEY_LENGTH);
    REFUSED(phone, add_with(phone, end, key, k + 1, salt, s, mki, m), SIPSEAL_KEY_LENGTH);
    REFUSED(phone, add_with(phone, end, NULL, 0, salt, s, mki, m), SIPSEAL_KEY_LENGTH);
    REFUSED(phone, add_with(phone, end, key, k, salt, s - 1, mki, m), SIPSEAL_KEY_LENGTH);
    REFUSED(phone, add_with(phone, end, key, k, salt, s + 1, mki, m), SIPSEAL_KEY_LENGTH);
    REFUSED(phone, add_with(phone, end, key, k, NULL, 0, mki, m), SIPSEAL_KEY_LENGTH);
    REFUSED(phone, add_with(phone, end, key, k, salt, s, mki, m - 1), SIPSEAL_KEY_LENGTH);
    REFUSED(phone, add_with(phone, end, key, k, salt, s, mki, m + 1), SIPSEAL_KEY_LENGTH);
    REFUSED(phone, add_with(phone, end, key, k, salt, s, NULL, 0), SIPSEAL_KEY_LENGTH);
    REFUSED(phone, add_with(phone, end, NULL, k, salt, s, mki, m), SIPSEAL_NULL_POINTER);
    REFUSED(phone, add_with(phone, end, key, k, NULL, s, mki, m), SIPSEAL_NULL_POINTER);
    REFUSED(phone, add_with(phone, end, key, k, salt, s, NULL, m), SIPSEAL_NULL_POINTER);
    REFUSED(phone, remove_with(phone, end, NULL, m), SIPSEAL_NULL_POINTER);
    REFUSED(phone, remove_with(phone, end, NULL, 0), SIPSEAL_KEY_LENGTH);
    REFUSED(phone, remove_with(phone, end, mki, m + 1), SIPSEAL_KEY_LENGTH);
    REFUSED(phone, remove_with(phone, end, mki, m - 1), SIPSEAL_KEY_LENGTH);
    REFUSED(phone, add_range(phone, end, 1, 0, 9), SIPSEAL_CONTRADICTION);
    REFUSED(phone, remove_from(phone, end, 0), SIPSEAL_CONTRADICTION);
    REFUSED(phone, rekey(phone, end), SIPSEAL_CONTRADICTION);
    if (end == TX) {
        REFUSED(phone, sipseal_srtp_sender_use_key(&phone->tx, NULL, m), SIPSEAL_NULL_POINTER);
        REFUSED(phone, sipseal_srtp_sender_use_key(&phone->tx, NULL, 0), SIPSEAL_KEY_LENGTH);
        REFUSED(phone, sipseal_srtp_sender_use_key(&phone->tx, mki, m + 1), SIPSEAL_KEY_LENGTH);
    }
}

static void identifiers(const struct profile *plain, uint32_t mki_len)
{
    struct profile profile = profile_with_mki(plain, mki_len);
    struct packet packet = packet_speech(SSRC, 60), report = packet_sender_report(SSRC);
    struct area wire, wire_report;
    struct phone phone;
    unsigned number;
    enum end end;

    CHECK_ROUND("MKIs: profile, length", plain->number, mki_len);
    phone_open_keyless(&phone, &profile, KEYS, 20);
    silent(&phone);
    for (end = TX; end <= RX; end++)
        refused_keys(&phone, end);
    for (number = 0; number < KEYS; number++) {
        CHECK_EQUAL(add(&phone, TX, number), SIPSEAL_OK);
        REFUSED(&phone, add(&phone, TX, number), SIPSEAL_CONTRADICTION);
        CHECK_EQUAL(add(&phone, RX, KEYS - 1 - number), SIPSEAL_OK);
        REFUSED(&phone, add(&phone, RX, KEYS - 1 - number), SIPSEAL_CONTRADICTION);
    }
    for (end = TX; end <= RX; end++) {
        REFUSED(&phone, add(&phone, end, KEYS), SIPSEAL_KEY_LIMIT);
        REFUSED(&phone, remove_number(&phone, end, KEYS), SIPSEAL_UNKNOWN_KEY);
    }
    REFUSED(&phone, use(&phone, KEYS), SIPSEAL_UNKNOWN_KEY);

    /* The first to be added, and then the one that is chosen. */
    pass_with(&phone, plain, 0, SSRC + 1);
    for (number = KEYS; number-- > 0;) {
        CHECK_EQUAL(use(&phone, number), SIPSEAL_OK);
        pass_with(&phone, plain, number, SSRC + 2 + number);
    }

    /* What was on its way when a receiver lost its key is heard once it is back. */
    CHECK_EQUAL(use(&phone, 1), SIPSEAL_OK);
    wire = phone_protect(&phone, &packet);
    wire_report = phone_protect(&phone, &report);
    CHECK_EQUAL(remove_number(&phone, RX, 1), SIPSEAL_OK);
    REFUSED(&phone, remove_number(&phone, RX, 1), SIPSEAL_UNKNOWN_KEY);
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_UNKNOWN_KEY);
    phone_refuse(&phone, UNPROTECT_RTCP, wire_report.data, wire_report.len, SIPSEAL_UNKNOWN_KEY);
    CHECK_EQUAL(add(&phone, RX, KEYS), SIPSEAL_OK);
    REFUSED(&phone, add(&phone, RX, 1), SIPSEAL_KEY_LIMIT);
    CHECK_EQUAL(remove_number(&phone, RX, 2), SIPSEAL_OK);
    CHECK_EQUAL(add(&phone, RX, 1), SIPSEAL_OK);
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    CHECK_EQUAL(phone_unprotect(&phone, &wire_report, &report), SIPSEAL_OK);
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_REPLAYED);
    area_free(&wire);
    area_free(&wire_report);

    /* A sender without the key that it sent with waits for a choice, whatever is added. */
    CHECK_EQUAL(remove_number(&phone, TX, 1), SIPSEAL_OK);
    packet = packet_speech(SSRC, 61);
    phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_UNKNOWN_KEY);
    phone_refuse(&phone, PROTECT_RTCP, report.data, report.len, SIPSEAL_UNKNOWN_KEY);
    CHECK_EQUAL(add(&phone, TX, KEYS), SIPSEAL_OK);
    phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_UNKNOWN_KEY);
    REFUSED(&phone, use(&phone, 1), SIPSEAL_UNKNOWN_KEY);
    CHECK_EQUAL(use(&phone, KEYS), SIPSEAL_OK);
    pass_with(&phone, plain, KEYS, SSRC + 10);
    phone_pass(&phone, &packet);

    /* Another one gone leaves it where it is. */
    CHECK_EQUAL(remove_number(&phone, TX, 0), SIPSEAL_OK);
    pass_with(&phone, plain, KEYS, SSRC + 11);
    phone_close(&phone);
}

static void ranges(const struct profile *plain)
{
    struct profile profile = profile_with(plain, SIPSEAL_SRTP_KEYS_FROM_TO);
    static const struct {
        uint16_t number;
        int key;
    } sent[] = { { 0, 0 }, { 9, 0 }, { 10, 1 }, { 11, 1 }, { 19, 1 }, { 20, -1 }, { 29, -1 },
                 { 30, 2 }, { 32767, 2 } };
    struct packet packet, report = packet_sender_report(SSRC);
    struct phone phone;
    struct area wire;
    enum end end;
    size_t i;

    CHECK_ROUND("ranges: profile", plain->number, 0);
    phone_open_keyless(&phone, &profile, KEYS, 2);
    silent(&phone);
    for (end = TX; end <= RX; end++) {
        REFUSED(&phone, add_range(&phone, end, 1, 1, 0), SIPSEAL_CONTRADICTION);
        REFUSED(&phone, add_range(&phone, end, 1, 0, LAST_INDEX + 1), SIPSEAL_CONTRADICTION);
        REFUSED(&phone, add_range(&phone, end, 1, UINT64_MAX, UINT64_MAX), SIPSEAL_CONTRADICTION);
        REFUSED(&phone, add(&phone, end, 1), SIPSEAL_CONTRADICTION);
        REFUSED(&phone, remove_number(&phone, end, 1), SIPSEAL_CONTRADICTION);
        REFUSED(&phone, rekey(&phone, end), SIPSEAL_CONTRADICTION);
        CHECK_EQUAL(add_range(&phone, end, 1, 10, 19), SIPSEAL_OK);
        REFUSED(&phone, add_range(&phone, end, 2, 10, 19), SIPSEAL_CONTRADICTION);
        REFUSED(&phone, add_range(&phone, end, 2, 0, 10), SIPSEAL_CONTRADICTION);
        REFUSED(&phone, add_range(&phone, end, 2, 19, 30), SIPSEAL_CONTRADICTION);
        REFUSED(&phone, add_range(&phone, end, 2, 12, 12), SIPSEAL_CONTRADICTION);
        REFUSED(&phone, add_range(&phone, end, 2, 0, LAST_INDEX), SIPSEAL_CONTRADICTION);
        CHECK_EQUAL(add_range(&phone, end, 0, 0, 9), SIPSEAL_OK);
        CHECK_EQUAL(add_range(&phone, end, 2, 30, LAST_INDEX), SIPSEAL_OK);
        REFUSED(&phone, add_range(&phone, end, 3, 20, 29), SIPSEAL_KEY_LIMIT);
        REFUSED(&phone, remove_from(&phone, end, 11), SIPSEAL_UNKNOWN_KEY);
        REFUSED(&phone, remove_from(&phone, end, LAST_INDEX), SIPSEAL_UNKNOWN_KEY);
    }
    REFUSED(&phone, use(&phone, 1), SIPSEAL_CONTRADICTION);

    /* Before any packet, SRTCP goes by the first range. */
    wire = phone_protect(&phone, &report);
    made_with(&phone, plain, 0, &report, &wire);
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &report), SIPSEAL_OK);
    area_free(&wire);
    for (i = 0; i < sizeof sent / sizeof *sent; i++) {
        CHECK_ROUND("ranges: profile, index", plain->number, sent[i].number);
        packet = packet_speech(SSRC, sent[i].number);
        if (sent[i].key < 0) {
            phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_UNKNOWN_KEY);
            continue;
        }
        wire = phone_protect(&phone, &packet);
        made_with(&phone, plain, (unsigned)sent[i].key, &packet, &wire);
        CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
        area_free(&wire);
        phone_pass(&phone, &report);
    }
    phone_advance(&phone);

    packet = packet_speech(SSRC, 2);
    wire = phone_protect(&phone, &packet);
    CHECK_EQUAL(remove_from(&phone, RX, 30), SIPSEAL_OK);
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_UNKNOWN_KEY);
    CHECK_EQUAL(remove_from(&phone, TX, 30), SIPSEAL_OK);
    packet = packet_speech(SSRC, 3);
    phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_UNKNOWN_KEY);
    phone_refuse(&phone, PROTECT_RTCP, report.data, report.len, SIPSEAL_UNKNOWN_KEY);
    CHECK_EQUAL(add_range(&phone, RX, 2, 65536, 65538), SIPSEAL_OK);
    packet = packet_speech(SSRC, 2);
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    area_free(&wire);
    phone_close(&phone);
}

/* The first packet heard may be one of ROC 1. A range on one side of the wrap alone is no hindrance, and what
 * is forged is said to be. */
static void ranges_at_a_wrap(const struct profile *plain)
{
    struct profile profile = profile_with(plain, SIPSEAL_SRTP_KEYS_FROM_TO);
    struct packet packet = packet_speech(SSRC, 65530);
    struct phone before, after;
    struct area wire;

    CHECK_ROUND("ranges at a wrap: profile", plain->number, 0);
    phone_open_keyless(&before, &profile, 1, 1);
    phone_open_keyless(&after, &profile, 1, 1);
    CHECK_EQUAL(add_range(&before, TX, 0, 0, LAST_INDEX), SIPSEAL_OK);
    CHECK_EQUAL(add_range(&before, RX, 0, 0, 65535), SIPSEAL_OK);
    CHECK_EQUAL(add_range(&after, RX, 0, 65536, 65536 + 99), SIPSEAL_OK);
    wire = phone_protect(&before, &packet);
    area_free(&wire);
    packet = packet_speech(SSRC, 3);
    wire = phone_protect(&before, &packet);
    phone_refuse(&before, UNPROTECT, wire.data, wire.len, SIPSEAL_AUTHENTICATION_FAILED);
    wire.data[wire.len - 1] ^= 1;
    phone_refuse(&after, UNPROTECT, wire.data, wire.len, SIPSEAL_AUTHENTICATION_FAILED);
    wire.data[wire.len - 1] ^= 1;
    CHECK_EQUAL(phone_unprotect(&after, &wire, &packet), SIPSEAL_OK);
    phone_refuse(&after, UNPROTECT, wire.data, wire.len, SIPSEAL_REPLAYED);
    area_free(&wire);
    phone_close(&before);
    phone_close(&after);
}

/* Where keys have identities, an _init takes none; where they have none, none is added. */
static void not_at_init(const struct profile *plain)
{
    struct profile with_mki = profile_with_mki(plain, 4);
    struct profile with_ranges = profile_with(plain, SIPSEAL_SRTP_KEYS_FROM_TO);
    const struct profile *both[2];
    struct phone phone;
    enum end end;
    size_t i;

    both[0] = &with_mki;
    both[1] = &with_ranges;
    for (i = 0; i < 2; i++) {
        sipseal_srtp_layout layout = layout_of(both[i], 1, 64);
        struct area block = area_new(sipseal_srtp_receiver_block_len(&layout));
        size_t key_len;

        CHECK_ROUND("at init: profile, ranges", plain->number, i);
        for (key_len = 0; key_len <= 17; key_len++) {
            size_t salt_len = key_len > 0 ? 0 : plain->salt_len;

            CHECK_EQUAL(sipseal_srtp_sender_init(&phone.tx, block.data, block.len, &layout,
                                                 test_key, key_len, test_salt, salt_len),
                        SIPSEAL_CONTRADICTION);
            CHECK_EQUAL(sipseal_srtp_receiver_init(&phone.rx, block.data, block.len, &layout,
                                                   test_key, key_len, test_salt, salt_len),
                        SIPSEAL_CONTRADICTION);
        }
        CHECK_EQUAL(sipseal_srtp_receiver_init(&phone.rx, block.data, block.len, &layout, test_key,
                                               plain->key_len, test_salt, plain->salt_len),
                    SIPSEAL_CONTRADICTION);
        CHECK_EQUAL(sipseal_srtp_receiver_wipe(&phone.rx), SIPSEAL_NOT_INITIALISED);
        CHECK(area_untouched(&block));
        area_free(&block);
    }
    phone_open(&phone, plain, 1, 64);
    for (end = TX; end <= RX; end++) {
        CHECK_ROUND("no identities: profile, end", plain->number, end);
        REFUSED(&phone, add(&phone, end, 1), SIPSEAL_CONTRADICTION);
        REFUSED(&phone, add_with(&phone, end, test_key, plain->key_len, test_salt, plain->salt_len,
                                 test_mki, 4),
                SIPSEAL_CONTRADICTION);
        REFUSED(&phone, add_range(&phone, end, 1, 0, 9), SIPSEAL_CONTRADICTION);
        REFUSED(&phone, remove_with(&phone, end, test_mki, 4), SIPSEAL_CONTRADICTION);
        REFUSED(&phone, remove_from(&phone, end, 0), SIPSEAL_CONTRADICTION);
    }
    REFUSED(&phone, sipseal_srtp_sender_use_key(&phone.tx, test_mki, 4), SIPSEAL_CONTRADICTION);
    phone_close(&phone);
}

/* No key, salt or MKI lies in what is written, not with a single octet. */
static void in_the_object(struct phone *phone, enum end end, const uint8_t *at)
{
    const struct profile *profile = phone->profile;
    size_t k = profile->key_len, s = profile->salt_len, m = profile->mki_len;

    if (m == 0) {
        CHECK_EQUAL(end == TX ? sipseal_srtp_sender_rekey(&phone->tx, at, k, test_salt, s, 0)
                              : sipseal_srtp_receiver_rekey(&phone->rx, at, k, test_salt, s, 0),
                    SIPSEAL_OVERLAP);
        CHECK_EQUAL(end == TX ? sipseal_srtp_sender_rekey(&phone->tx, test_key, k, at, s, 0)
                              : sipseal_srtp_receiver_rekey(&phone->rx, test_key, k, at, s, 0),
                    SIPSEAL_OVERLAP);
        return;
    }
    CHECK_EQUAL(add_with(phone, end, at, k, test_salt, s, test_mki, m), SIPSEAL_OVERLAP);
    CHECK_EQUAL(add_with(phone, end, test_key, k, at, s, test_mki, m), SIPSEAL_OVERLAP);
    CHECK_EQUAL(add_with(phone, end, test_key, k, test_salt, s, at, m), SIPSEAL_OVERLAP);
    CHECK_EQUAL(remove_with(phone, end, at, m), SIPSEAL_OVERLAP);
    if (end == TX)
        CHECK_EQUAL(sipseal_srtp_sender_use_key(&phone->tx, at, m), SIPSEAL_OVERLAP);
}

static void overlaps(const struct profile *plain, uint32_t mki_len)
{
    struct profile profile = profile_with_mki(plain, mki_len);
    struct snapshot before;
    struct phone phone;
    size_t at;
    enum end end;

    if (mki_len > 0)
        phone_open_keyless(&phone, &profile, 2, 1);
    else
        phone_open(&phone, &profile, 1, 64);
    before = phone_snapshot(&phone);
    for (end = TX; end <= RX; end++) {
        const uint8_t *object = end == TX ? (uint8_t *)&phone.tx : (uint8_t *)&phone.rx;
        const struct area *block = end == TX ? &phone.tx_block : &phone.rx_block;
        size_t object_len = end == TX ? sizeof phone.tx : sizeof phone.rx;

        for (at = 0; at < object_len; at++) {
            CHECK_ROUND("in the object: end, at", end, at);
            in_the_object(&phone, end, object + at);
        }
        for (at = 0; at < block->len; at++) {
            CHECK_ROUND("in the block: end, at", end, at);
            in_the_object(&phone, end, block->data + at);
        }
        /* With the last octet of each that comes before. */
        if (!memory_exact)
            in_the_object(&phone, end, block->data - (mki_len > 0 && mki_len < 14 ? mki_len : 12) + 1);
    }
    phone_unchanged(&phone, &before, 0);
    phone_close(&phone);
}

/* Next to the block is not in it. */
static void next_to_the_block(const struct profile *plain)
{
    struct profile profile = profile_with_mki(plain, 4);
    sipseal_srtp_layout layout = layout_of(&profile, 1, 64);
    size_t len = sipseal_srtp_sender_block_len(&layout), k = plain->key_len;
    struct area room = area_new(k + len + 14 + 4);
    uint8_t *block = room.data + k, *salt = block + len, *mki = salt + plain->salt_len;
    sipseal_srtp_sender tx;

    memcpy(room.data, test_key, k);
    memcpy(salt, test_salt, plain->salt_len);
    memcpy(mki, test_mki, 4);
    CHECK_EQUAL(sipseal_srtp_sender_init(&tx, block, len, &layout, NULL, 0, NULL, 0), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_sender_add_key(&tx, room.data, k, salt, plain->salt_len, mki, 4),
                SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_sender_wipe(&tx), SIPSEAL_OK);
    CHECK(all_zero(block, len));
    CHECK(memcmp(room.data, test_key, k) == 0);
    CHECK(memcmp(salt, test_salt, plain->salt_len) == 0);
    area_free(&room);
}

/* Every alignment of a block in exactly the room that it needs, with all places for keys taken. */
static void alignments(const struct profile *plain, uint32_t flags)
{
    struct profile with_flags = profile_with(plain, flags), profile = profile_with_mki(&with_flags, 5);
    sipseal_srtp_layout layout = layout_of(&profile, 2, 64);
    size_t offset, tx_len, rx_len;
    struct phone phone;
    unsigned number;

    layout.keys = KEYS;
    layout.key_derivation_rate = 4;
    tx_len = sipseal_srtp_sender_block_len(&layout);
    rx_len = sipseal_srtp_receiver_block_len(&layout);
    phone.profile = &profile;
    for (offset = 0; offset < 16; offset++) {
        struct area tx_room = area_new(offset + tx_len), rx_room = area_new(offset + rx_len);
        uint8_t *tx_block = tx_room.data + offset, *rx_block = rx_room.data + offset;

        CHECK_ROUND("alignments: flags, offset", flags, offset);
        CHECK_EQUAL(sipseal_srtp_sender_init(&phone.tx, tx_block, tx_len - 1, &layout, NULL, 0, NULL,
                                             0),
                    SIPSEAL_BLOCK_TOO_SMALL);
        CHECK_EQUAL(sipseal_srtp_receiver_init(&phone.rx, rx_block, rx_len - 1, &layout, NULL, 0,
                                               NULL, 0),
                    SIPSEAL_BLOCK_TOO_SMALL);
        CHECK(area_untouched(&tx_room));
        CHECK(area_untouched(&rx_room));
        CHECK_EQUAL(sipseal_srtp_sender_init(&phone.tx, tx_block, tx_len, &layout, NULL, 0, NULL, 0),
                    SIPSEAL_OK);
        CHECK_EQUAL(sipseal_srtp_receiver_init(&phone.rx, rx_block, rx_len, &layout, NULL, 0, NULL,
                                               0),
                    SIPSEAL_OK);
        if (flags & SIPSEAL_SRTP_ENCRYPT_ELEMENTS) {
            CHECK_EQUAL(sipseal_srtp_sender_encrypt_element(&phone.tx, 1), SIPSEAL_OK);
            CHECK_EQUAL(sipseal_srtp_receiver_encrypt_element(&phone.rx, 1), SIPSEAL_OK);
        }
        for (number = 0; number < KEYS; number++) {
            CHECK_EQUAL(add(&phone, TX, number), SIPSEAL_OK);
            CHECK_EQUAL(add(&phone, RX, number), SIPSEAL_OK);
        }
        for (number = 0; number < 3 * KEYS; number++) {
            struct packet packet = packet_rtp(SSRC + number % 2, (uint16_t)number, 1, 2, 30);
            struct packet report = packet_sender_report(SSRC + number % 2);

            CHECK_EQUAL(use(&phone, number % KEYS), SIPSEAL_OK);
            phone_pass(&phone, &packet);
            phone_pass(&phone, &report);
        }
        CHECK_EQUAL(sipseal_srtp_sender_wipe(&phone.tx), SIPSEAL_OK);
        CHECK_EQUAL(sipseal_srtp_receiver_wipe(&phone.rx), SIPSEAL_OK);
        CHECK(all_zero(tx_block, tx_len));
        CHECK(all_zero(rx_block, rx_len));
        tx_room.len = rx_room.len = offset;
        CHECK(area_untouched(&tx_room));
        CHECK(area_untouched(&rx_room));
        tx_room.len = offset + tx_len;
        rx_room.len = offset + rx_len;
        area_free(&tx_room);
        area_free(&rx_room);
    }
}

/* As many as there may be, each heard by its MKI. */
static void most(const struct profile *plain)
{
    struct profile profile = profile_with_mki(plain, 2);
    struct phone phone;
    unsigned number;

    phone_open_keyless(&phone, &profile, SIPSEAL_SRTP_MAX_KEYS, 1);
    for (number = 0; number < SIPSEAL_SRTP_MAX_KEYS; number++) {
        CHECK_EQUAL(add(&phone, TX, number), SIPSEAL_OK);
        CHECK_EQUAL(add(&phone, RX, number), SIPSEAL_OK);
    }
    CHECK_EQUAL(add(&phone, TX, SIPSEAL_SRTP_MAX_KEYS), SIPSEAL_KEY_LIMIT);
    CHECK_EQUAL(add(&phone, RX, SIPSEAL_SRTP_MAX_KEYS), SIPSEAL_KEY_LIMIT);
    for (number = 0; number < SIPSEAL_SRTP_MAX_KEYS; number += 50) {
        struct packet packet = packet_speech(SSRC, (uint16_t)number);

        CHECK_EQUAL(use(&phone, number), SIPSEAL_OK);
        phone_pass(&phone, &packet);
    }
    phone_close(&phone);
}

void test_keys(void)
{
    size_t p;

    for (p = 0; p < PROFILES; p++) {
        identifiers(&profiles[p], 1);
        identifiers(&profiles[p], SIPSEAL_SRTP_MAX_MKI_LEN);
        ranges(&profiles[p]);
        ranges_at_a_wrap(&profiles[p]);
        not_at_init(&profiles[p]);
        next_to_the_block(&profiles[p]);
        if (profiles[p].flags == 0)
            alignments(&profiles[p], SIPSEAL_SRTP_CRYPTEX);
        if (profiles[p].flags == 0 && profiles[p].number != SIPSEAL_SRTP_F8_128_HMAC_SHA1_80)
            alignments(&profiles[p], SIPSEAL_SRTP_ENCRYPT_ELEMENTS);
    }
    overlaps(&profiles[0], 0);
    overlaps(&profiles[0], 4);
    overlaps(&profiles[9], 128);
    most(&profiles[0]);
}
