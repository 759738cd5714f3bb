/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#include "phone.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

#define UNENCRYPTED \
    (SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTP | SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTCP)

const struct profile profiles[PROFILES] = {
    { SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80, "AES_CM_128_HMAC_SHA1_80", 16, 14, 10, 14, 0, 0, 0, 0, 0, 0, NULL },
    { SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_32, "AES_CM_128_HMAC_SHA1_32", 16, 14, 4, 14, 0, 0, 0, 0, 0, 0, NULL },
    { SIPSEAL_SRTP_AES_192_CM_HMAC_SHA1_80, "AES_192_CM_HMAC_SHA1_80", 24, 14, 10, 14, 0, 0, 0, 0, 0, 0, NULL },
    { SIPSEAL_SRTP_AES_192_CM_HMAC_SHA1_32, "AES_192_CM_HMAC_SHA1_32", 24, 14, 4, 14, 0, 0, 0, 0, 0, 0, NULL },
    { SIPSEAL_SRTP_AES_256_CM_HMAC_SHA1_80, "AES_256_CM_HMAC_SHA1_80", 32, 14, 10, 14, 0, 0, 0, 0, 0, 0, NULL },
    { SIPSEAL_SRTP_AES_256_CM_HMAC_SHA1_32, "AES_256_CM_HMAC_SHA1_32", 32, 14, 4, 14, 0, 0, 0, 0, 0, 0, NULL },
    { SIPSEAL_SRTP_F8_128_HMAC_SHA1_80, "F8_128_HMAC_SHA1_80", 16, 14, 10, 14, 0, 0, 0, 0, 0, 0, NULL },
    { SIPSEAL_SRTP_NULL_HMAC_SHA1_80, "NULL_HMAC_SHA1_80", 16, 14, 10, 14, 0, UNENCRYPTED, 0, 0, 0, 0, NULL },
    { SIPSEAL_SRTP_NULL_HMAC_SHA1_32, "NULL_HMAC_SHA1_32", 16, 14, 4, 14, 0, UNENCRYPTED, 0, 0, 0, 0, NULL },
    { SIPSEAL_SRTP_AEAD_AES_128_GCM, "AEAD_AES_128_GCM", 16, 12, 16, 20, 1, 0, 0, 0, 0, 0, NULL },
    { SIPSEAL_SRTP_AEAD_AES_256_GCM, "AEAD_AES_256_GCM", 32, 12, 16, 20, 1, 0, 0, 0, 0, 0, NULL },
    { SIPSEAL_SRTP_AEAD_AES_128_GCM_8, "AEAD_AES_128_GCM_8", 16, 12, 8, 12, 1, 0, 0, 0, 0, 0, NULL },
    { SIPSEAL_SRTP_AEAD_AES_256_GCM_8, "AEAD_AES_256_GCM_8", 32, 12, 8, 12, 1, 0, 0, 0, 0, 0, NULL },
};

#define ELEMENTS SIPSEAL_SRTP_ENCRYPT_ELEMENTS
#define CRYPTEX SIPSEAL_SRTP_CRYPTEX
#define FROM_TO SIPSEAL_SRTP_KEYS_FROM_TO

const struct profile variants[VARIANTS] = {
    { SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80, "MKI", 16, 14, 14, 18, 0, 0, 4, 0, 0, 0, NULL },
    { SIPSEAL_SRTP_AEAD_AES_128_GCM, "longest", 16, 12, 144, 148, 1, CRYPTEX, 128, 0, 0, 0, NULL },
    { SIPSEAL_SRTP_AEAD_AES_256_GCM, "ranges", 32, 12, 16, 20, 1, FROM_TO | ELEMENTS, 0, 0, 0, 0, NULL },
    { SIPSEAL_SRTP_AES_256_CM_HMAC_SHA1_32, "ROC", 32, 14, 8, 14, 0, 0, 0, 0, 2, 3, NULL },
    { SIPSEAL_SRTP_F8_128_HMAC_SHA1_80, "Cryptex", 16, 14, 11, 15, 0, CRYPTEX, 1, 0, 0, 0, NULL },
    { SIPSEAL_SRTP_AES_192_CM_HMAC_SHA1_80, "elements", 24, 14, 17, 17, 0, ELEMENTS, 3, 0, 1, 0, NULL },
};

const struct profile *profile_at(size_t position)
{
    return position < PROFILES ? &profiles[position] : &variants[position - PROFILES];
}

int is_header_clear(const struct profile *profile)
{
    return !(profile->flags & (ELEMENTS | CRYPTEX));
}

const uint8_t test_key[SIPSEAL_SRTP_MAX_KEY_LEN] = {
    0x57, 0x19, 0xc2, 0x88, 0x0d, 0xe3, 0x6f, 0x41, 0xaa, 0x34, 0xb0, 0x7c, 0x95, 0x2e, 0xf8, 0x63,
    0x10, 0x9b, 0xd6, 0x4a, 0x7f, 0x25, 0xec, 0x38, 0x83, 0x51, 0x0e, 0xb9, 0xc4, 0x6d, 0xf2, 0x07,
};
const uint8_t test_salt[SIPSEAL_SRTP_MAX_SALT_LEN] = {
    0xd4, 0x3a, 0x8f, 0x60, 0x11, 0xbe, 0x72, 0x05, 0xc9, 0x5c, 0xe7, 0x26, 0x9d, 0x48,
};

const uint8_t test_mki[SIPSEAL_SRTP_MAX_MKI_LEN + 1] =
    "The master key identifier that both ends of this call agree upon, with as many octets "
    "as there can be: one hundred twenty-eight.";
const uint32_t test_elements[2] = { 1, 3 };

struct profile profile_with(const struct profile *profile, uint32_t flags)
{
    struct profile changed = *profile;

    changed.flags |= flags;
    if (flags & SIPSEAL_SRTP_INSECURE_UNAUTHENTICATED_SRTP)
        changed.rtp_trailer_len = 0;
    return changed;
}

struct profile profile_with_mki(const struct profile *profile, uint32_t mki_len)
{
    struct profile changed = *profile;

    changed.mki_len = mki_len;
    changed.rtp_trailer_len += mki_len;
    changed.rtcp_trailer_len += mki_len;
    return changed;
}

sipseal_srtp_layout layout_of(const struct profile *profile, uint32_t streams, uint32_t window)
{
    sipseal_srtp_layout layout;

    layout.profile = profile->number;
    layout.keys = 1;
    layout.streams = streams;
    layout.window = window;
    layout.flags = profile->flags;
    layout.mki_len = profile->mki_len;
    layout.key_derivation_rate = profile->key_derivation_rate;
    layout.roc_mode = profile->roc_mode;
    layout.roc_rate = profile->roc_rate;
    layout.accelerator = profile->accelerator;
    return layout;
}

#define LAST_INDEX 0xffffffffffffu

/* Senders and receivers have the same functions. */
#define MAKE(kind, object)                                                                         \
    do {                                                                                           \
        size_t key_len = sipseal_srtp_key_len(layout->profile);                                    \
        size_t salt_len = sipseal_srtp_salt_len(layout->profile);                                  \
        int has_ids = layout->mki_len > 0 || (layout->flags & FROM_TO);                            \
        sipseal_status status;                                                                     \
        size_t i;                                                                                  \
                                                                                                   \
        status = sipseal_srtp_##kind##_init(object, block, block_len, layout,                      \
                                            has_ids ? NULL : test_key, has_ids ? 0 : key_len,      \
                                            has_ids ? NULL : test_salt, has_ids ? 0 : salt_len);   \
        if (status < 0)                                                                            \
            return status;                                                                         \
        if (layout->mki_len > 0)                                                                   \
            CHECK_EQUAL(sipseal_srtp_##kind##_add_key(object, test_key, key_len, test_salt,        \
                                                      salt_len, test_mki, layout->mki_len),        \
                        SIPSEAL_OK);                                                               \
        else if (has_ids)                                                                          \
            CHECK_EQUAL(sipseal_srtp_##kind##_add_key_from_to(object, test_key, key_len,           \
                                                              test_salt, salt_len, 0, LAST_INDEX), \
                        SIPSEAL_OK);                                                               \
        for (i = 0; layout->flags & ELEMENTS && i < 2; i++)                                        \
            CHECK_EQUAL(sipseal_srtp_##kind##_encrypt_element(object, test_elements[i]),           \
                        SIPSEAL_OK);                                                               \
        return status;                                                                             \
    } while (0)

sipseal_status sender_in(sipseal_srtp_sender *sender, uint8_t *block, size_t block_len,
                         const sipseal_srtp_layout *layout)
{
    MAKE(sender, sender);
}

sipseal_status receiver_in(sipseal_srtp_receiver *receiver, uint8_t *block, size_t block_len,
                           const sipseal_srtp_layout *layout)
{
    MAKE(receiver, receiver);
}

void (phone_open)(struct phone *phone, const struct profile *profile, uint32_t streams,
                uint32_t window)
{
    sipseal_srtp_layout layout = layout_of(profile, streams, window);

    memset(phone, 0, sizeof *phone);
    phone->profile = profile;
    phone->tx_block = area_new(sipseal_srtp_sender_block_len(&layout));
    phone->rx_block = area_new(sipseal_srtp_receiver_block_len(&layout));
    CHECK_EQUAL(sender_in(&phone->tx, phone->tx_block.data, phone->tx_block.len, &layout), 0);
    CHECK_EQUAL(receiver_in(&phone->rx, phone->rx_block.data, phone->rx_block.len, &layout), 0);
}

void (phone_open_keyless)(struct phone *phone, const struct profile *profile, uint32_t keys,
                        uint32_t streams)
{
    sipseal_srtp_layout layout = layout_of(profile, streams, 64);

    layout.keys = keys;
    memset(phone, 0, sizeof *phone);
    phone->profile = profile;
    phone->tx_block = area_new(sipseal_srtp_sender_block_len(&layout));
    phone->rx_block = area_new(sipseal_srtp_receiver_block_len(&layout));
    CHECK_EQUAL(sipseal_srtp_sender_init(&phone->tx, phone->tx_block.data, phone->tx_block.len,
                                         &layout, NULL, 0, NULL, 0),
                SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_receiver_init(&phone->rx, phone->rx_block.data, phone->rx_block.len,
                                           &layout, NULL, 0, NULL, 0),
                SIPSEAL_OK);
}

void (phone_close)(struct phone *phone)
{
    CHECK_EQUAL(sipseal_srtp_sender_wipe(&phone->tx), 0);
    CHECK_EQUAL(sipseal_srtp_receiver_wipe(&phone->rx), 0);
    CHECK(area_zero(&phone->tx_block));
    CHECK(area_zero(&phone->rx_block));
    (area_free)(&phone->tx_block);
    (area_free)(&phone->rx_block);
}

void (phone_advance)(struct phone *phone)
{
    static const uint16_t numbers[] = { 65534, 65535, 0, 1 };
    struct packet packet;
    size_t i;

    for (i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        packet = packet_speech(SSRC, numbers[i]);
        (phone_pass)(phone, &packet);
        packet = packet_sender_report(SSRC);
        (phone_pass)(phone, &packet);
    }
}

sipseal_status phone_call(struct phone *phone, enum call call, const uint8_t *in, size_t in_len,
                          uint8_t *out, size_t out_cap, size_t *out_len)
{
    switch (call) {
    case PROTECT:
        return sipseal_srtp_sender_protect(&phone->tx, in, in_len, out, out_cap, out_len);
    case PROTECT_RTCP:
        return sipseal_srtp_sender_protect_rtcp(&phone->tx, in, in_len, out, out_cap, out_len);
    case UNPROTECT:
        return sipseal_srtp_receiver_unprotect(&phone->rx, in, in_len, out, out_cap, out_len);
    default:
        return sipseal_srtp_receiver_unprotect_rtcp(&phone->rx, in, in_len, out, out_cap, out_len);
    }
}

/* Whether protection puts an empty header extension behind the contributing sources. */
static int has_gap(const struct profile *profile, const struct packet *packet)
{
    return !packet->is_rtcp && profile->flags & CRYPTEX && packet->data[0] & 0x0f &&
           !(packet->data[0] & 0x10);
}

size_t trailer_len(const struct profile *profile, const struct packet *packet)
{
    size_t len = packet->is_rtcp ? profile->rtcp_trailer_len : profile->rtp_trailer_len;
    unsigned number = (unsigned)packet->data[2] << 8 | packet->data[3];
    int carries_roc = number % (profile->roc_rate ? profile->roc_rate : 1) == 0;

    /* Modes 1 and 3 have nothing but the MKI where they do not carry the ROC. */
    if (!packet->is_rtcp && profile->roc_mode % 2 == 1 && !carries_roc)
        len = profile->mki_len;
    return len + (has_gap(profile, packet) ? 4 : 0);
}

struct packet packet_heard(const struct profile *profile, const struct packet *packet)
{
    static const uint8_t extension[] = { 0xbe, 0xde, 0, 0 };
    struct packet heard = *packet;

    if (!has_gap(profile, packet))
        return heard;
    memmove(heard.data + heard.header_len + 4, heard.data + heard.header_len,
            heard.len - heard.header_len);
    memcpy(heard.data + heard.header_len, extension, 4);
    heard.data[0] |= 0x10;
    heard.header_len += 4;
    heard.len += 4;
    return heard;
}

const uint8_t *mki_in(const struct profile *profile, int is_rtcp, const uint8_t *wire, size_t len)
{
    size_t trailer = is_rtcp ? profile->rtcp_trailer_len : profile->rtp_trailer_len;

    return wire + len - (profile->is_aead ? profile->mki_len : trailer - (is_rtcp ? 4 : 0));
}

struct area (phone_protect)(struct phone *phone, const struct packet *packet)
{
    struct area in = area_of(packet->data, packet->len, packet->len);
    struct area wire = area_new(packet->len + trailer_len(phone->profile, packet));
    size_t len = 99;

    CHECK_EQUAL(phone_call(phone, packet->is_rtcp ? PROTECT_RTCP : PROTECT, in.data, in.len,
                           wire.data, wire.len, &len),
                SIPSEAL_OK);
    CHECK_EQUAL(len, wire.len);
    CHECK(area_holds(&in, packet->data, packet->len));
    (area_free)(&in);
    return wire;
}

sipseal_status (phone_unprotect)(struct phone *phone, const struct area *wire,
                               const struct packet *packet)
{
    struct packet heard = packet_heard(phone->profile, packet);
    struct area in = area_of(wire->data, wire->len, wire->len);
    struct area out = area_new(heard.len);
    size_t len = 99;
    sipseal_status status;

    status = phone_call(phone, packet->is_rtcp ? UNPROTECT_RTCP : UNPROTECT, in.data, in.len,
                        out.data, out.len, &len);
    CHECK_EQUAL(len, status < 0 ? 0 : heard.len);
    if (status < 0)
        CHECK(area_untouched(&out));
    else
        CHECK(area_holds(&out, heard.data, heard.len));
    CHECK(area_holds(&in, wire->data, wire->len));
    (area_free)(&in);
    (area_free)(&out);
    return status;
}

void (phone_pass)(struct phone *phone, const struct packet *packet)
{
    struct area wire = (phone_protect)(phone, packet);

    CHECK_EQUAL((phone_unprotect)(phone, &wire, packet), SIPSEAL_OK);
    (area_free)(&wire);
}

static uint8_t *copy(const struct area *area)
{
    uint8_t *octets = malloc(area->len);

    if (!octets)
        exit(2);
    memcpy(octets, area->data, area->len);
    return octets;
}

struct snapshot phone_snapshot(const struct phone *phone)
{
    struct snapshot snapshot;

    snapshot.tx = phone->tx;
    snapshot.rx = phone->rx;
    snapshot.tx_block = copy(&phone->tx_block);
    snapshot.rx_block = copy(&phone->rx_block);
    return snapshot;
}

void (phone_unchanged)(const struct phone *phone, struct snapshot *snapshot, int counted)
{
    const uint8_t *before = (const uint8_t *)&snapshot->rx, *after = (const uint8_t *)&phone->rx;
    unsigned changed = 0, raised = 0;
    size_t at;

    CHECK(same_memory(&phone->tx, &snapshot->tx, sizeof phone->tx));
    CHECK(same_memory(phone->tx_block.data, snapshot->tx_block, phone->tx_block.len));
    CHECK(same_memory(phone->rx_block.data, snapshot->rx_block, phone->rx_block.len));

    for (at = 0; at < sizeof phone->rx; at += 4) {
        uint32_t old, new;

        if (same_memory(before + at, after + at, 4))
            continue;
        memcpy(&old, before + at, 4);
        memcpy(&new, after + at, 4);
        changed++;
        raised += new == old + 1;
    }
    CHECK_EQUAL(changed, counted ? 1 : 0);
    CHECK_EQUAL(raised, changed);

    free(snapshot->tx_block);
    free(snapshot->rx_block);
}

void (phone_refuse)(struct phone *phone, enum call call, const uint8_t *packet, size_t len,
                  sipseal_status expected)
{
    struct area in = area_of(packet, len, len);
    struct area out = area_new(len + SIPSEAL_SRTP_MAX_TRAILER_LEN);
    struct area both = area_of(packet, len, out.len);
    int counted = call >= UNPROTECT &&
                  (expected == SIPSEAL_AUTHENTICATION_FAILED || expected == SIPSEAL_REPLAYED ||
                   expected == SIPSEAL_TOO_OLD || expected == SIPSEAL_STREAM_LIMIT);
    struct snapshot before;
    size_t out_len;

    before = phone_snapshot(phone);
    out_len = 99;
    CHECK_EQUAL(phone_call(phone, call, in.data, len, out.data, out.len, &out_len), expected);
    CHECK_EQUAL(out_len, 0);
    CHECK(area_untouched(&out));
    CHECK(area_holds(&in, packet, len));
    (phone_unchanged)(phone, &before, counted);

    before = phone_snapshot(phone);
    out_len = 99;
    CHECK_EQUAL(phone_call(phone, call, both.data, len, both.data, both.len, &out_len), expected);
    CHECK_EQUAL(out_len, 0);
    CHECK(area_holds(&both, packet, len));
    (phone_unchanged)(phone, &before, counted);

    (area_free)(&in);
    (area_free)(&out);
    (area_free)(&both);
}
