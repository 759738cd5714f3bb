/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Encrypted elements of header extensions (RFC 6904). */

#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

/* A phone that encrypts elements, but none yet. */
static void open_bare(struct phone *phone, const struct profile *profile)
{
    sipseal_srtp_layout layout = layout_of(profile, 2, 64);

    phone_open(phone, profile, 2, 64);
    CHECK_EQUAL(sipseal_srtp_sender_init(&phone->tx, phone->tx_block.data, phone->tx_block.len,
                                         &layout, test_key, profile->key_len, test_salt,
                                         profile->salt_len),
                SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_receiver_init(&phone->rx, phone->rx_block.data, phone->rx_block.len,
                                           &layout, test_key, profile->key_len, test_salt,
                                           profile->salt_len),
                SIPSEAL_OK);
}

/* A packet with this extension in front of its payload. */
static struct packet with_extension(uint16_t number, unsigned form, const uint8_t *octets,
                                    size_t len)
{
    struct packet packet = packet_rtp(SSRC, number, 2, (int)(len / 4), 24);

    packet.data[20] = (uint8_t)(form >> 8);
    packet.data[21] = (uint8_t)form;
    memcpy(packet.data + 24, octets, len);
    return packet;
}

static void name(struct phone *phone, uint32_t id)
{
    CHECK_EQUAL(sipseal_srtp_sender_encrypt_element(&phone->tx, id), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_receiver_encrypt_element(&phone->rx, id), SIPSEAL_OK);
}

static void ids(const struct profile *plain, const struct profile *profile)
{
    static const uint32_t wrong[] = { 0, 256, 257, 0x101, 0x10001, 0x80000000u, UINT32_MAX };
    struct phone phone, without;
    uint32_t id;
    size_t i;

    CHECK_ROUND("IDs: profile", plain->number, 0);
    open_bare(&phone, profile);
    phone_open(&without, plain, 1, 64);
    for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        REFUSED(&phone, sipseal_srtp_sender_encrypt_element(&phone.tx, wrong[i]),
                SIPSEAL_INVALID_ARGUMENT);
        REFUSED(&phone, sipseal_srtp_receiver_encrypt_element(&phone.rx, wrong[i]),
                SIPSEAL_INVALID_ARGUMENT);
        REFUSED(&without, sipseal_srtp_sender_encrypt_element(&without.tx, wrong[i]),
                SIPSEAL_INVALID_ARGUMENT);
    }
    for (id = 1; id <= 255; id++) {
        name(&phone, id);
        name(&phone, id);
    }
    REFUSED(&without, sipseal_srtp_sender_encrypt_element(&without.tx, 1), SIPSEAL_CONTRADICTION);
    REFUSED(&without, sipseal_srtp_receiver_encrypt_element(&without.rx, 255),
            SIPSEAL_CONTRADICTION);
    phone_close(&phone);
    phone_close(&without);
}

/* What is data of an element with ID 1, 3 or 255 in each of these, as '1', and all else as '0'. */
static const struct {
    unsigned form;
    size_t len;
    uint8_t octets[20];
    const char *encrypted;
} extensions[] = {
    { 0xbede, 8, { 0x12, 1, 2, 3, 0x22, 4, 5, 6 }, "01110000" },
    { 0xbede, 8, { 0x20, 9, 0, 0x30, 7, 0x11, 8, 9 }, "00001011" },
    { 0xbede, 20, { 0x3f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 0, 0, 0 },
      "01111111111111111000" },
    { 0xbede, 4, { 0, 0, 0, 0 }, "0000" },
    { 0xbede, 0, { 0 }, "" },
    /* The ID that ends the elements, and an ID 0 that has a length. */
    { 0xbede, 8, { 0x10, 5, 0xf0, 0x10, 6, 0x10, 7, 8 }, "01000000" },
    { 0xbede, 8, { 0x10, 5, 0x02, 0x10, 6, 0x10, 7, 8 }, "01000000" },
    { 0x1000, 8, { 1, 2, 7, 8, 255, 1, 9, 0 }, "00110010" },
    { 0x1000, 12, { 1, 0, 0, 255, 2, 6, 6, 2, 1, 5, 3, 0 }, "000001100000" },
    { 0x100f, 4, { 3, 2, 1, 1 }, "0011" },
    /* Not one of RFC 8285. */
    { 0x2000, 4, { 1, 2, 1, 1 }, "0000" },
    { 0xbedf, 4, { 0x12, 2, 1, 1 }, "0000" },
};

static void in_the_header(const struct profile *plain, const struct profile *profile, size_t at)
{
    struct packet packet = with_extension(1, extensions[at].form, extensions[at].octets,
                                          extensions[at].len);
    size_t payload_end = packet.len, len = packet.len, i;
    struct phone phone, bare, without, in_place;
    struct area wire, bare_wire, plain_wire, both;
    unsigned differ = 0, wanted = 0;

    CHECK_ROUND("profile, extension", plain->number, at);
    open_bare(&phone, profile);
    open_bare(&bare, profile);
    open_bare(&in_place, profile);
    phone_open(&without, plain, 2, 64);
    name(&phone, 1);
    name(&phone, 3);
    name(&phone, 255);
    name(&in_place, 1);
    name(&in_place, 3);
    name(&in_place, 255);
    wire = phone_protect(&phone, &packet);
    bare_wire = phone_protect(&bare, &packet);
    plain_wire = phone_protect(&without, &packet);

    /* No element that is named, nothing that is different; and then, these octets alone, and the tag. */
    CHECK(area_holds(&bare_wire, plain_wire.data, plain_wire.len));
    CHECK_EQUAL(wire.len, plain_wire.len);
    for (i = 0; i < payload_end; i++) {
        int is_element = i >= 24 && i < 24 + extensions[at].len &&
                         extensions[at].encrypted[i - 24] == '1';

        wanted += is_element;
        if (is_element)
            differ += wire.data[i] != plain_wire.data[i];
        else
            CHECK_EQUAL(wire.data[i], plain_wire.data[i]);
    }
    /* One octet in 256 encrypts to itself. */
    CHECK(wanted < 4 ? 1 : differ + 2 >= wanted);
    CHECK_EQUAL(wanted == 0, memcmp(wire.data, plain_wire.data, wire.len) == 0);

    /* Who does not know of the elements hears them as they are on the wire. */
    if (differ > 0) {
        struct packet heard = packet;

        memcpy(heard.data, wire.data, packet.header_len);
        CHECK_EQUAL(phone_unprotect(&bare, &wire, &heard), SIPSEAL_OK);
    }
    both = area_of(packet.data, packet.len, wire.len);
    CHECK_EQUAL(phone_call(&in_place, PROTECT, both.data, len, both.data, both.len, &len),
                SIPSEAL_OK);
    CHECK(area_holds(&both, wire.data, wire.len));
    CHECK_EQUAL(phone_call(&in_place, UNPROTECT, both.data, len, both.data, packet.len, &len),
                SIPSEAL_OK);
    CHECK_EQUAL(len, packet.len);
    CHECK(memcmp(both.data, packet.data, len) == 0);
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);

    area_free(&wire);
    area_free(&bare_wire);
    area_free(&plain_wire);
    area_free(&both);
    phone_close(&phone);
    phone_close(&bare);
    phone_close(&in_place);
    phone_close(&without);
}

/* Elements that end elsewhere than the extension: not sent, and from one who does not look, not heard. */
static void malformed(const struct profile *plain, const struct profile *profile)
{
    static const struct {
        unsigned form;
        size_t len;
        uint8_t octets[8];
    } wrong[] = {
        { 0xbede, 4, { 0x13, 1, 2, 3 } },
        { 0xbede, 4, { 0x2f, 1, 2, 3 } },
        { 0xbede, 8, { 0x12, 1, 2, 3, 0, 0, 0, 0x10 } },
        { 0xbede, 8, { 0xe5, 1, 2, 3, 4, 5, 6, 0xe0 } },
        { 0x1000, 4, { 1, 3, 1, 2 } },
        { 0x1000, 4, { 1, 255, 1, 2 } },
        { 0x1000, 4, { 0, 0, 0, 1 } },
        { 0x1007, 8, { 9, 1, 1, 9, 4, 1, 2, 3 } },
    };
    struct phone phone, without;
    size_t i;

    open_bare(&phone, profile);
    phone_open(&without, plain, 1, 64);
    name(&phone, 1);
    for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct packet packet = with_extension((uint16_t)i, wrong[i].form, wrong[i].octets,
                                              wrong[i].len);
        struct area wire = phone_protect(&without, &packet);

        CHECK_ROUND("malformed: profile, extension", plain->number, i);
        CHECK_EQUAL(packet_has_elements(packet.data, packet.len), 0);
        phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_EXTENSION);
        phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_EXTENSION);
        CHECK_EQUAL(phone_unprotect(&without, &wire, &packet), SIPSEAL_OK);
        area_free(&wire);
    }
    phone_close(&phone);
    phone_close(&without);
}

/* Each index and each key has a keystream of its own. */
static void each_its_own(const struct profile *profile)
{
    static const uint8_t octets[16] = { 0x1e, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
    uint8_t key[SIPSEAL_SRTP_MAX_KEY_LEN];
    struct packet first = with_extension(1, 0xbede, octets, 16);
    struct packet second = with_extension(2, 0xbede, octets, 16);
    struct area wires[3];
    struct phone phone;
    size_t i, j;

    CHECK_ROUND("keystreams: profile", profile->number, 0);
    open_bare(&phone, profile);
    name(&phone, 1);
    wires[0] = phone_protect(&phone, &first);
    wires[1] = phone_protect(&phone, &second);
    memcpy(key, test_key, sizeof key);
    key[0] ^= 1;
    CHECK_EQUAL(sipseal_srtp_sender_rekey(&phone.tx, key, profile->key_len, test_salt,
                                          profile->salt_len, SIPSEAL_SRTP_RESET_ROC),
                SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_receiver_rekey(&phone.rx, key, profile->key_len, test_salt,
                                            profile->salt_len, SIPSEAL_SRTP_RESET_ROC),
                SIPSEAL_OK);
    wires[2] = phone_protect(&phone, &first);
    CHECK_EQUAL(phone_unprotect(&phone, &wires[2], &first), SIPSEAL_OK);
    for (i = 0; i < 3; i++)
        for (j = 0; j < i; j++)
            CHECK(memcmp(wires[i].data + 25, wires[j].data + 25, 15) != 0);
    for (i = 0; i < 3; i++)
        area_free(&wires[i]);
    phone_close(&phone);
}

/* Of an element longer than a block, each block has a keystream of its own. */
static void long_element(const struct profile *profile)
{
    static const uint8_t octets[52] = { 1, 50 };
    struct packet packet = with_extension(1, 0x1000, octets, sizeof octets);
    struct phone phone;
    struct area wire;
    size_t at;

    open_bare(&phone, profile);
    name(&phone, 1);
    wire = phone_protect(&phone, &packet);
    /* What encrypts zeros is the keystream. */
    for (at = 26; at + 32 <= 76; at++)
        CHECK(memcmp(wire.data + at, wire.data + at + 16, 16) != 0);
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    area_free(&wire);
    phone_close(&phone);
}

/* The macro is a constant expression. */
static void static_storage(void)
{
    static uint8_t tx_block[SIPSEAL_SRTP_SENDER_BLOCK_LEN(SIPSEAL_SRTP_AEAD_AES_256_GCM, 2, 1, 64) +
                            SIPSEAL_SRTP_ELEMENT_KEYS_LEN(2) + SIPSEAL_SRTP_MKIS_LEN(2, 4)];
    sipseal_srtp_layout layout = layout_of(&profiles[10], 1, 64);
    static sipseal_srtp_sender tx;

    layout.keys = 2;
    layout.mki_len = 4;
    layout.flags |= SIPSEAL_SRTP_ENCRYPT_ELEMENTS;
    CHECK_EQUAL(sipseal_srtp_sender_block_len(&layout), sizeof tx_block);
    CHECK_EQUAL(sender_in(&tx, tx_block, sizeof tx_block - 1, &layout), SIPSEAL_BLOCK_TOO_SMALL);
    CHECK_EQUAL(sender_in(&tx, tx_block, sizeof tx_block, &layout), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_sender_wipe(&tx), SIPSEAL_OK);
    CHECK(all_zero(tx_block, sizeof tx_block));
}

void test_elements_encrypted(void)
{
    size_t p, i;

    static_storage();
    for (p = 0; p < PROFILES; p++) {
        struct profile profile = profile_with(&profiles[p], SIPSEAL_SRTP_ENCRYPT_ELEMENTS);

        if (profiles[p].flags != 0 || profiles[p].number == SIPSEAL_SRTP_F8_128_HMAC_SHA1_80)
            continue;
        ids(&profiles[p], &profile);
        for (i = 0; i < sizeof extensions / sizeof *extensions; i++)
            in_the_header(&profiles[p], &profile, i);
        malformed(&profiles[p], &profile);
        each_its_own(&profile);
        long_element(&profile);
    }
}
