/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* In place as out of place; and no octet of a damaged packet is touched. */

#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

static void same_octets(const struct profile *profile, size_t kind)
{
    struct packet packet = packet_of_kind(kind, 5), heard = packet_heard(profile, &packet);
    enum call protect = packet.is_rtcp ? PROTECT_RTCP : PROTECT;
    enum call unprotect = packet.is_rtcp ? UNPROTECT_RTCP : UNPROTECT;
    struct area both = area_of(packet.data, packet.len, packet.len + SIPSEAL_SRTP_MAX_TRAILER_LEN);
    struct phone here, there;
    struct area wire;
    size_t len = packet.len;

    CHECK_ROUND("profile, kind", profile->number, kind);
    phone_open(&here, profile, 1, 64);
    phone_open(&there, profile, 1, 64);
    phone_advance(&here);
    phone_advance(&there);
    wire = phone_protect(&here, &packet);
    CHECK_EQUAL(phone_call(&there, protect, both.data, len, both.data, both.len, &len), SIPSEAL_OK);
    CHECK_EQUAL(len, wire.len);
    CHECK(area_holds(&both, wire.data, wire.len));

    /* The header in clear, the payload not, if it can be helped: it differs from what was sent. */
    if (packet.is_rtcp || is_header_clear(profile))
        CHECK(memcmp(wire.data, packet.data, packet.header_len) == 0);
    if (profile->flags & SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTP)
        CHECK(memcmp(wire.data, packet.data, packet.len) == 0);
    else if (packet.len > packet.header_len + 8)
        CHECK(memcmp(wire.data + packet.header_len, packet.data + packet.header_len,
                     packet.len - packet.header_len) != 0);

    CHECK_EQUAL(phone_unprotect(&here, &wire, &packet), SIPSEAL_OK);
    CHECK_EQUAL(phone_call(&there, unprotect, both.data, len, both.data, both.len, &len),
                SIPSEAL_OK);
    CHECK_EQUAL(len, heard.len);
    CHECK(memcmp(both.data, heard.data, heard.len) == 0);

    area_free(&wire);
    area_free(&both);
    phone_close(&here);
    phone_close(&there);
}

/* What a receiver that has heard nothing answers to a packet that was changed. */
static sipseal_status verdict(const struct profile *profile, const struct packet *packet,
                              const struct area *wire)
{
    size_t left = packet_heard(profile, packet).len;
    const uint8_t *mki = mki_in(profile, packet->is_rtcp, wire->data, wire->len);

    if (wire->data[0] >> 6 != 2)
        return SIPSEAL_PACKET_VERSION;
    if (!packet->is_rtcp && packet_rtp_header_len(wire->data, left) == 0)
        return SIPSEAL_TRUNCATED;
    if (!packet->is_rtcp && profile->flags & SIPSEAL_SRTP_ENCRYPT_ELEMENTS &&
        !packet_has_elements(wire->data, left))
        return SIPSEAL_EXTENSION;
    if (memcmp(mki, test_mki, profile->mki_len) != 0)
        return SIPSEAL_UNKNOWN_KEY;
    return SIPSEAL_AUTHENTICATION_FAILED;
}

/* Every single bit. */
static void every_bit(const struct profile *profile, size_t kind)
{
    struct packet packet = packet_of_kind(kind, 5);
    struct phone phone;
    struct area wire;
    size_t bit;

    phone_open(&phone, profile, 1, 64);
    wire = phone_protect(&phone, &packet);
    for (bit = 0; bit < 8 * wire.len; bit++) {
        CHECK_ROUND("kind, bit", kind, bit);
        wire.data[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
        phone_refuse(&phone, packet.is_rtcp ? UNPROTECT_RTCP : UNPROTECT, wire.data, wire.len,
                     verdict(profile, &packet, &wire));
        wire.data[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
    }
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    area_free(&wire);
    phone_close(&phone);
}

/* Another key, another salt, another profile. */
static void other_secret(const struct profile *profile, size_t kind)
{
    struct packet packet = packet_of_kind(kind, 5);
    enum call unprotect = packet.is_rtcp ? UNPROTECT_RTCP : UNPROTECT;
    uint8_t key[SIPSEAL_SRTP_MAX_KEY_LEN], salt[SIPSEAL_SRTP_MAX_SALT_LEN];
    sipseal_srtp_layout layout = layout_of(profile, 1, 64);
    struct phone phone;
    struct area wire;
    size_t octet;

    phone_open(&phone, profile, 1, 64);
    wire = phone_protect(&phone, &packet);
    for (octet = 0; octet < profile->key_len + profile->salt_len; octet++) {
        memcpy(key, test_key, sizeof key);
        memcpy(salt, test_salt, sizeof salt);
        if (octet < profile->key_len)
            key[octet] ^= 1;
        else
            salt[octet - profile->key_len] ^= 1;
        CHECK_ROUND("kind, octet of the secret", kind, octet);
        CHECK_EQUAL(sipseal_srtp_receiver_wipe(&phone.rx), SIPSEAL_OK);
        CHECK_EQUAL(sipseal_srtp_receiver_init(&phone.rx, phone.rx_block.data, phone.rx_block.len,
                                               &layout, key, profile->key_len, salt,
                                               profile->salt_len),
                    SIPSEAL_OK);
        phone_refuse(&phone, unprotect, wire.data, wire.len, SIPSEAL_AUTHENTICATION_FAILED);
    }
    area_free(&wire);
    phone_close(&phone);
}

void test_in_place(void)
{
    size_t p, kind;

    for (p = 0; p < ALL_PROFILES; p++) {
        for (kind = 0; kind < PACKET_KINDS; kind++) {
            same_octets(profile_at(p), kind);
            every_bit(profile_at(p), kind);
            if (p < PROFILES)
                other_secret(&profiles[p], kind);
        }
    }
}
