/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Both directions of a call under one master key. */

#ifndef PHONE_H
#define PHONE_H

#include <stddef.h>
#include <stdint.h>

#include "check.h"
#include "memory.h"
#include "packets.h"
#include "sipseal.h"

struct profile {
    uint32_t number;
    const char *suite;
    size_t key_len, salt_len;
    size_t rtp_trailer_len, rtcp_trailer_len;
    int is_aead;
    /* Of the layout: */
    uint32_t flags, mki_len, key_derivation_rate, roc_mode, roc_rate;
    const sipseal_accelerator *accelerator;
};

#define PROFILES 13
extern const struct profile profiles[PROFILES];

/* Profiles with options, so that all of them are met. The lengths include them. */
#define VARIANTS 6
extern const struct profile variants[VARIANTS];

/* Both, one after the other. */
#define ALL_PROFILES (PROFILES + VARIANTS)
const struct profile *profile_at(size_t position);

/* Whether all of an RTP header stays as it is. */
int is_header_clear(const struct profile *profile);

/* The same profile with these flags as well. */
struct profile profile_with(const struct profile *profile, uint32_t flags);
struct profile profile_with_mki(const struct profile *profile, uint32_t mki_len);

extern const uint8_t test_key[SIPSEAL_SRTP_MAX_KEY_LEN];
extern const uint8_t test_salt[SIPSEAL_SRTP_MAX_SALT_LEN];
/* As many octets of it as the layout says. */
extern const uint8_t test_mki[SIPSEAL_SRTP_MAX_MKI_LEN + 1];
/* Of elements that are encrypted, where some are. */
extern const uint32_t test_elements[2];

struct phone {
    const struct profile *profile;
    sipseal_srtp_sender tx;
    sipseal_srtp_receiver rx;
    struct area tx_block, rx_block;
};

sipseal_srtp_layout layout_of(const struct profile *profile, uint32_t streams, uint32_t window);

/* Initialises a sender or receiver with the test key, and what else its layout asks for. */
sipseal_status sender_in(sipseal_srtp_sender *sender, uint8_t *block, size_t block_len,
                         const sipseal_srtp_layout *layout);
sipseal_status receiver_in(sipseal_srtp_receiver *receiver, uint8_t *block, size_t block_len,
                           const sipseal_srtp_layout *layout);

/* A phone does not move while it is open. */
void phone_open(struct phone *phone, const struct profile *profile, uint32_t streams,
                uint32_t window);
/* The same without keys, for keys with MKIs or ranges, and room for as many. */
void phone_open_keyless(struct phone *phone, const struct profile *profile, uint32_t keys,
                        uint32_t streams);
void phone_close(struct phone *phone);

/* Brings the stream of SSRC to ROC 1, sequence number 1, and its SRTCP index to 3. */
void phone_advance(struct phone *phone);

/* The four packet calls. */
enum call { PROTECT, PROTECT_RTCP, UNPROTECT, UNPROTECT_RTCP };
sipseal_status phone_call(struct phone *phone, enum call call, const uint8_t *in, size_t in_len,
                          uint8_t *out, size_t out_cap, size_t *out_len);

/* What protection adds to a packet. */
size_t trailer_len(const struct profile *profile, const struct packet *packet);

/* A packet as it is heard: with Cryptex, contributing sources bring an empty header extension with them. */
struct packet packet_heard(const struct profile *profile, const struct packet *packet);

/* Where the MKI is in a protected packet that is long enough. */
const uint8_t *mki_in(const struct profile *profile, int is_rtcp, const uint8_t *wire, size_t len);

/* A packet as the sender protects it, to be given back with area_free. */
struct area phone_protect(struct phone *phone, const struct packet *packet);

/* Unprotects what was made of `packet`, and checks that it is heard as it should be. */
sipseal_status phone_unprotect(struct phone *phone, const struct area *wire,
                               const struct packet *packet);

/* A packet from the sender to the receiver. */
void phone_pass(struct phone *phone, const struct packet *packet);

/* Checks that a call fails with `expected`, out of place and in place, and changes nothing but at most
 * one counter. */
void phone_refuse(struct phone *phone, enum call call, const uint8_t *packet, size_t len,
                  sipseal_status expected);

/* All memory of a phone, to see that a call left it as it was: */
struct snapshot {
    sipseal_srtp_sender tx;
    sipseal_srtp_receiver rx;
    uint8_t *tx_block, *rx_block;
};
struct snapshot phone_snapshot(const struct phone *phone);
/* Checks and frees; `counted` is whether one counter may be one higher. */
void phone_unchanged(const struct phone *phone, struct snapshot *snapshot, int counted);

/* Checks that something fails and changes nothing. */
#define REFUSED(phone, call, expected)                                                             \
    do {                                                                                           \
        struct snapshot before_ = phone_snapshot(phone);                                           \
        CHECK_EQUAL(call, expected);                                                               \
        phone_unchanged(phone, &before_, 0);                                                       \
    } while (0)

#define phone_open_keyless(...) CHECK_CALL((phone_open_keyless)(__VA_ARGS__))
#define phone_open(...) CHECK_CALL((phone_open)(__VA_ARGS__))
#define phone_close(...) CHECK_CALL((phone_close)(__VA_ARGS__))
#define phone_advance(...) CHECK_CALL((phone_advance)(__VA_ARGS__))
#define phone_protect(...) CHECK_CALL((phone_protect)(__VA_ARGS__))
#define phone_unprotect(...) CHECK_CALL((phone_unprotect)(__VA_ARGS__))
#define phone_pass(...) CHECK_CALL((phone_pass)(__VA_ARGS__))
#define phone_refuse(...) CHECK_CALL((phone_refuse)(__VA_ARGS__))
#define phone_unchanged(...) CHECK_CALL((phone_unchanged)(__VA_ARGS__))

#endif
