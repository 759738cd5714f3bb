/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Generated from the crate in ffi/sipseal by scripts/header.sh: edit there. */

/*
 * sipseal: security for SIP phones.
 *
 * CONVENTIONS, which hold for everything below
 *
 *   Status    Functions that can fail return a sipseal_status. Negative: it failed, for the reason that
 *             sipseal_status_str() names, and nothing has changed unless the function says otherwise. Zero,
 *             SIPSEAL_OK: done. Positive: done, and something to act on. So test for "< 0". Values are
 *             stable and never reused. GCC and Clang warn where one is ignored, except that of
 *             _wipe.
 *   Output    An output buffer comes as a pointer, its capacity (_cap) and where to store the length used
 *             (_len). The length is set to 0 first, so what a failed call "wrote" is empty. A length or other
 *             result lies outside every buffer, and apart from the others.
 *   Input     Inputs are const. NULL with length 0 is an empty input; NULL with another length is
 *             SIPSEAL_NULL_POINTER. Lengths are in octets. Input and output may be the same pointer, to
 *             work in place, or must share no octet; anything between is SIPSEAL_OVERLAP.
 *   Objects   You own the storage of an object: the struct of opaque words declared here and, where its
 *             size is your choice, one block of octets at any alignment. Both can be static. Neither may
 *             be moved or copied while in use. _init makes the object, _wipe ends it and leaves zeros. An
 *             object that is all zero, was wiped or was moved answers SIPSEAL_NOT_INITIALISED.
 *   Threads   Different objects may be used by different threads at the same time. One object must not:
 *             lock it. There is no global state, but for what hosts remember of their CPU's features.
 *   Memory    Nothing is allocated, ever. Nothing blocks, and nothing calls the operating system. Stack on
 *             a Cortex-M4, size build: 1,500 octets for a packet; 3,500 for an _init, _add_key or _rekey, and
 *             for a packet with a key_derivation_rate; 1,800 for a line of SDES; 4,900 for the self-test; 1,100
 *             to write digest credentials, 2,500 to take a response or to verify a request.
 *   Keys      One master key makes one sender, once: a second one, also after a wipe, would repeat the
 *             keystream and reveal both. Keep the sender as long as the key, through hold and re-INVITE, and
 *             give it new keys with sipseal_srtp_sender_rekey or, where packets carry an MKI, with
 *             sipseal_srtp_sender_add_key.
 *   Secrets   Texts with a=crypto lines are as secret as the keys in them, and yours to wipe: sipseal_wipe.
 *             No branch and no address depends on a key, a plaintext or a tag. Expanded keys and salts are in
 *             the block until _wipe, and with a key_derivation_rate the master key. Calls that handle keys leave
 *             nothing of them on the stack. Packet calls may leave there, until other calls overwrite them, parts
 *             of keystream, plaintext and tag, states of the hash, which stand for its key, and on 64-bit CPUs
 *             round keys; with a key_derivation_rate nothing. Wiping always would cost a packet of 20 octets a
 *             tenth of its time. Randomness comes from a callback of yours.
 *   SSRCs, sequence numbers and all other numbers are in host byte order; packets are as on the wire.
 *
 * A FIRST PACKET
 *
 *     static sipseal_srtp_sender tx;
 *     static uint8_t tx_block[SIPSEAL_SRTP_SENDER_BLOCK_LEN(
 *         SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80, 1, 1, 64)];
 *
 *     sipseal_status start(const uint8_t key[16], const uint8_t salt[14])
 *     {
 *         static const sipseal_srtp_layout layout = {
 *             .profile = SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80,
 *             .keys = 1,    // master keys
 *             .streams = 1, // SSRCs
 *             .window = 64  // packets in the replay window
 *         };
 *         sipseal_status status = SIPSEAL_CHECK_HEADER();
 *         if (status >= 0)
 *             status = sipseal_self_test();
 *         if (status >= 0)
 *             status = sipseal_srtp_sender_init(&tx, tx_block, sizeof tx_block, &layout,
 *                                               key, 16, salt, 14);
 *         return status;
 *     }
 *
 *     sipseal_status send_rtp(uint8_t *packet, size_t len, size_t cap) // cap >= len + 10
 *     {
 *         sipseal_status status = sipseal_srtp_sender_protect(&tx, packet, len, packet, cap, &len);
 *         if (status >= 0)
 *             send_to_network(packet, len);
 *         return status;
 *     }
 *
 * A CALL KEYED BY SDES
 *
 *     static sipseal_sdes keys; // of one media stream, for as long as the dialog
 *     static sipseal_srtp_receiver rx;
 *     static uint8_t rx_block[SIPSEAL_SRTP_RECEIVER_BLOCK_LEN(SIPSEAL_SRTP_LARGEST_PROFILE, 1, 1, 64) +
 *                             SIPSEAL_SRTP_MKIS_LEN(1, 128)]; // the other side may name its key
 *
 *     static const uint32_t profiles[] = { SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80,
 *                                          SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_32 };
 *     static const sipseal_sdes_policy policy = { .profiles = profiles, .profiles_len = 2 };
 *
 *     // Once: sipseal_sdes_init(&keys). Then for each INVITE and re-INVITE that comes; "line" goes into the answer.
 *     sipseal_status invited(const char *media, size_t media_len, // m=audio 5004 RTP/SAVP 0 ...
 *                            char *line, size_t cap, size_t *line_len)
 *     {
 *         static const sipseal_srtp_layout layout = { .streams = 1, .window = 64 };
 *         uint32_t change;
 *         sipseal_status status = sipseal_sdes_answer(&keys, &policy, media, media_len, draw, NULL,
 *                                                     line, cap, line_len, &change);
 *         if (status >= 0 && change & SIPSEAL_SDES_NEW_RECEIVER) {
 *             sipseal_srtp_receiver_wipe(&rx);
 *             status = sipseal_sdes_receiver_init(&keys, &rx, rx_block, sizeof rx_block, &layout);
 *         }
 *         if (status >= 0 && change & SIPSEAL_SDES_NEW_SENDER) {
 *             sipseal_srtp_sender_wipe(&tx);
 *             status = sipseal_sdes_sender_init(&keys, &tx, tx_block, sizeof tx_block, &layout);
 *         }
 *         return status; // your texts hold keys: sipseal_wipe them when they are sent
 *     }
 *
 * A REGISTRATION
 *
 *     static sipseal_digest_client client; // init it with room for your registrar and its proxies
 *     static uint8_t client_block[SIPSEAL_DIGEST_CLIENT_BLOCK_LEN(2)];
 *
 *     sipseal_status send_request(const sipseal_digest_request *request,
 *                                 const sipseal_digest_account *account)
 *     {
 *         sipseal_digest_request sent = *request;
 *         char fields[1024];
 *         const char *response;
 *         size_t fields_len, response_len;
 *         sipseal_status status;
 *
 *         do {
 *             status = sipseal_digest_client_write(&client, request, account, 1, fields, sizeof fields,
 *                                                  &fields_len);
 *             if (status < 0)
 *                 return status;
 *             sent.credentials = fields; // what the response is about
 *             sent.credentials_len = fields_len;
 *             response = send_to_registrar(request, fields, fields_len, &response_len);
 *             status = sipseal_digest_client_take(&client, &sent, response, response_len, account, 1,
 *                                                 draw, NULL);
 *         } while (status == SIPSEAL_NOTICE_SEND_AGAIN);
 *         return status;
 *     }
 *
 * CHANGING KEYS WITHOUT LOSING A PACKET
 *
 *   Layout of both ends: keys = 2, mki_len = 4; block: + SIPSEAL_SRTP_MKIS_LEN(2, 4). Both are made with
 *   NULL, 0, NULL, 0 for the key and then given the first one in the same way as every later one:
 *
 *     sipseal_status hear_key(sipseal_srtp_receiver *from_peer, // before the peer sends with it
 *                             const uint8_t key[16], const uint8_t salt[14], const uint8_t mki[4])
 *     {
 *         return sipseal_srtp_receiver_add_key(from_peer, key, 16, salt, 14, mki, 4);
 *     }
 *
 *     sipseal_status speak_key(sipseal_srtp_sender *to_peer, // once the peer hears it
 *                              const uint8_t key[16], const uint8_t salt[14], const uint8_t mki[4])
 *     {
 *         sipseal_status status = sipseal_srtp_sender_add_key(to_peer, key, 16, salt, 14, mki, 4);
 *         if (status >= 0)
 *             status = sipseal_srtp_sender_use_key(to_peer, mki, 4);
 *         return status;
 *     }
 *
 *     sipseal_status retire_key(sipseal_srtp_sender *to_peer, sipseal_srtp_receiver *from_peer,
 *                               const uint8_t mki[4]) // once no packet of it can be under way any more
 *     {
 *         sipseal_status status = sipseal_srtp_sender_remove_key(to_peer, mki, 4);
 *         if (status >= 0)
 *             status = sipseal_srtp_receiver_remove_key(from_peer, mki, 4);
 *         return status;
 *     }
 */

#ifndef SIPSEAL_H
#define SIPSEAL_H

#include <stddef.h>
#include <stdint.h>

#if UINTPTR_MAX > 0xFFFFFFFFu
#define SIPSEAL_64_BIT 1
#endif
#if defined(__i386__) || defined(_M_IX86)
#define SIPSEAL_X86_32 1
#endif

#ifndef SIPSEAL_MUST_USE
#if defined(__GNUC__)
#define SIPSEAL_MUST_USE __attribute__((warn_unused_result))
#else
#define SIPSEAL_MUST_USE
#endif
#endif

/* Whether the library that is linked belongs to this header: a sipseal_status. */
#define SIPSEAL_CHECK_HEADER() \
  sipseal_check_header(SIPSEAL_VERSION_NUMBER, sizeof(sipseal_srtp_sender), \
                       sizeof(sipseal_srtp_receiver))

/* Octets of a block as a constant expression, for static storage. The arguments are the members of a
 * sipseal_srtp_layout; the functions sipseal_srtp_sender_block_len and sipseal_srtp_receiver_block_len
 * give the same numbers. Give a block for whichever profile a call brings that of
 * SIPSEAL_SRTP_LARGEST_PROFILE. Add SIPSEAL_SRTP_MKIS_LEN where keys have MKIs, and
 * SIPSEAL_SRTP_ELEMENT_KEYS_LEN with the flag SIPSEAL_SRTP_ENCRYPT_ELEMENTS, and
 * SIPSEAL_SRTP_ACCELERATOR_LEN with an accelerator. */
#define SIPSEAL_SRTP_LARGEST_PROFILE SIPSEAL_SRTP_F8_128_HMAC_SHA1_80
#define SIPSEAL_SRTP_SENDER_BLOCK_LEN(profile, keys, streams, window) \
  SIPSEAL_SRTP_BLOCK_LEN_(profile, keys, streams, (size_t)(window) / 8)
#define SIPSEAL_SRTP_RECEIVER_BLOCK_LEN(profile, keys, streams, window) \
  SIPSEAL_SRTP_BLOCK_LEN_(profile, keys, streams, (size_t)(window) / 4)
#define SIPSEAL_SRTP_MKIS_LEN(keys, mki_len) ((size_t)(keys) * (size_t)(mki_len))
#define SIPSEAL_SRTP_ELEMENT_KEYS_LEN(keys) ((size_t)(keys) * SIPSEAL_SRTP_ELEMENT_KEY_LEN)
#define SIPSEAL_SRTP_ACCELERATOR_LEN(keys) \
  (SIPSEAL_SRTP_BLOCK_ALIGN + (size_t)(keys) * SIPSEAL_SRTP_ACCELERATED_KEY_LEN)
#define SIPSEAL_SRTP_BLOCK_LEN_(profile, keys, streams, windows_len) \
  (2 * SIPSEAL_SRTP_BLOCK_ALIGN + \
   (size_t)(keys) * (SIPSEAL_SRTP_CIPHERS_LEN_(profile) + SIPSEAL_SRTP_KEY_LEN) + \
   (size_t)(streams) * (SIPSEAL_SRTP_STREAM_LEN + (windows_len)))
#define SIPSEAL_SRTP_CIPHERS_LEN_(profile) \
  ((profile) == SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80 ? SIPSEAL_SRTP_CM_128_CIPHERS_LEN : \
   (profile) == SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_32 ? SIPSEAL_SRTP_CM_128_CIPHERS_LEN : \
   (profile) == SIPSEAL_SRTP_AES_192_CM_HMAC_SHA1_80 ? SIPSEAL_SRTP_CM_192_CIPHERS_LEN : \
   (profile) == SIPSEAL_SRTP_AES_192_CM_HMAC_SHA1_32 ? SIPSEAL_SRTP_CM_192_CIPHERS_LEN : \
   (profile) == SIPSEAL_SRTP_AES_256_CM_HMAC_SHA1_80 ? SIPSEAL_SRTP_CM_256_CIPHERS_LEN : \
   (profile) == SIPSEAL_SRTP_AES_256_CM_HMAC_SHA1_32 ? SIPSEAL_SRTP_CM_256_CIPHERS_LEN : \
   (profile) == SIPSEAL_SRTP_NULL_HMAC_SHA1_80       ? SIPSEAL_SRTP_NULL_CIPHERS_LEN : \
   (profile) == SIPSEAL_SRTP_NULL_HMAC_SHA1_32       ? SIPSEAL_SRTP_NULL_CIPHERS_LEN : \
   (profile) == SIPSEAL_SRTP_AEAD_AES_128_GCM        ? SIPSEAL_SRTP_GCM_128_CIPHERS_LEN : \
   (profile) == SIPSEAL_SRTP_AEAD_AES_256_GCM        ? SIPSEAL_SRTP_GCM_256_CIPHERS_LEN : \
   (profile) == SIPSEAL_SRTP_AEAD_AES_128_GCM_8      ? SIPSEAL_SRTP_GCM_128_CIPHERS_LEN : \
   (profile) == SIPSEAL_SRTP_AEAD_AES_256_GCM_8      ? SIPSEAL_SRTP_GCM_256_CIPHERS_LEN : \
                                                       SIPSEAL_SRTP_F8_CIPHERS_LEN)

/* The same of a digest client with room for so many realms, and of a server with so many nonces. */
#define SIPSEAL_DIGEST_CLIENT_BLOCK_LEN(realms) (8 + (size_t)(realms) * SIPSEAL_DIGEST_REALM_LEN)
#define SIPSEAL_DIGEST_SERVER_BLOCK_LEN(nonces, realm_len) \
  (SIPSEAL_DIGEST_SERVER_LEN + (size_t)(nonces) * SIPSEAL_DIGEST_NONCE_LEN + (size_t)(realm_len))

// The version of this header, 0x00MMmmpp: major, minor and patch in one octet each.
#define SIPSEAL_VERSION_NUMBER 256

// AES-128 in counter mode with HMAC-SHA1, 80-bit tags (RFC 3711). The profile that every phone has.
//
// Below 1,000 the number is that of DTLS-SRTP (RFC 5764, RFC 7714).
#define SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80 1

// The same with 32-bit tags on SRTP; SRTCP keeps 80 bits (RFC 4568).
#define SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_32 2

// HMAC-SHA1 with 80-bit tags and no encryption (RFC 3711). Needs both
// SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTP and SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTCP.
#define SIPSEAL_SRTP_NULL_HMAC_SHA1_80 5

// The same with 32-bit tags on SRTP.
#define SIPSEAL_SRTP_NULL_HMAC_SHA1_32 6

// AES-128 in Galois/counter mode, 128-bit tags (RFC 7714).
#define SIPSEAL_SRTP_AEAD_AES_128_GCM 7

// AES-256 in Galois/counter mode, 128-bit tags (RFC 7714).
#define SIPSEAL_SRTP_AEAD_AES_256_GCM 8

// AES-192 in counter mode with HMAC-SHA1, 80-bit tags (RFC 6188).
#define SIPSEAL_SRTP_AES_192_CM_HMAC_SHA1_80 1001

// The same with 32-bit tags on SRTP.
#define SIPSEAL_SRTP_AES_192_CM_HMAC_SHA1_32 1002

// AES-256 in counter mode with HMAC-SHA1, 80-bit tags (RFC 6188).
#define SIPSEAL_SRTP_AES_256_CM_HMAC_SHA1_80 1003

// The same with 32-bit tags on SRTP.
#define SIPSEAL_SRTP_AES_256_CM_HMAC_SHA1_32 1004

// AES-128 in f8 mode with HMAC-SHA1, 80-bit tags (RFC 3711).
#define SIPSEAL_SRTP_F8_128_HMAC_SHA1_80 1005

// AES-128 in Galois/counter mode, 64-bit tags, as in drafts before RFC 7714, which gave them up: a forgery succeeds
// far sooner. For gateways that offer nothing else.
#define SIPSEAL_SRTP_AEAD_AES_128_GCM_8 1006

// AES-256 in Galois/counter mode, 64-bit tags.
#define SIPSEAL_SRTP_AEAD_AES_256_GCM_8 1007

// Most octets of a master key.
#define SIPSEAL_SRTP_MAX_KEY_LEN 32

// Most octets of a master salt.
#define SIPSEAL_SRTP_MAX_SALT_LEN 14

// Most octets of a master key followed by its master salt.
#define SIPSEAL_SRTP_MAX_SECRET_LEN 46

// Most octets that protection adds to a packet: room for this many behind it always suffices. Without MKI, RFC
// 4771 and Cryptex 20 do.
#define SIPSEAL_SRTP_MAX_TRAILER_LEN 148

// Longest packet in octets, protected or not.
#define SIPSEAL_SRTP_MAX_PACKET_LEN 65535

// **Insecure**: SRTP is authenticated but not encrypted, and anyone hears the call: UNENCRYPTED_SRTP (RFC
// 4568 section 6.3.2). Not for AEAD profiles.
#define SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTP 1

// **Insecure**: a sender's SRTCP is authenticated but not encrypted: UNENCRYPTED_SRTCP (RFC 4568 section
// 6.3.2). A receiver takes either kind with or without this.
#define SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTCP 2

// **Insecure**: SRTP is encrypted but not authenticated, and anyone can change or replay it unseen, take
// streams and move ROCs: UNAUTHENTICATED_SRTP (RFC 4568 section 6.3.3). Not for AEAD profiles.
#define SIPSEAL_SRTP_INSECURE_UNAUTHENTICATED_SRTP 4

// A receiver refuses packets from an SSRC that was not added. Without this flag and the next, of which one can
// be set, an authentic packet takes a free stream, and is refused when all are taken.
#define SIPSEAL_SRTP_LISTED_STREAMS_ONLY 8

// With all of a receiver's streams taken, an authentic packet from a new SSRC takes the stream that has been
// silent longest, except those that were added. Which packets of the replaced one were seen is forgotten: played again, in order, they
// would take a stream in turn.
#define SIPSEAL_SRTP_REPLACE_OLDEST_STREAM 16

// A sender may protect a packet again under the index that it has had, to retransmit it. It must be the very
// same packet: another one under the same index gives both away.
#define SIPSEAL_SRTP_ALLOW_RETRANSMISSION 32

// Each master key serves a range of SRTP indices, <From, To> (RFC 3711 section 8.1.1); not with MKIs. No key is
// given to `_init`, and keys are added with their ranges.
#define SIPSEAL_SRTP_KEYS_FROM_TO 64

// Elements of RTP header extensions are encrypted (RFC 6904), those that sipseal_srtp_sender_encrypt_element and
// sipseal_srtp_receiver_encrypt_element name. Not with F8_128_HMAC_SHA1_80 or unencrypted SRTP.
#define SIPSEAL_SRTP_ENCRYPT_ELEMENTS 128

// RTP header extensions and contributing sources are encrypted, all of them (RFC 9335). A receiver also takes
// packets sent without. Not with SIPSEAL_SRTP_ENCRYPT_ELEMENTS, unencrypted or unauthenticated SRTP.
// A receiver without the flag takes such packets of an HMAC-SHA1 profile for authentic and gives out a wrong payload:
// negotiate it.
#define SIPSEAL_SRTP_CRYPTEX 256

// Most master keys of one sender or receiver.
#define SIPSEAL_SRTP_MAX_KEYS 255

// Most streams of one sender or receiver.
#define SIPSEAL_SRTP_MAX_STREAMS 65535

// Most octets of a master key identifier.
#define SIPSEAL_SRTP_MAX_MKI_LEN 128

// Octets that aligning a block may cost.
#define SIPSEAL_SRTP_BLOCK_ALIGN 16

// Octets of one stream without its windows.
#define SIPSEAL_SRTP_STREAM_LEN 32

// Octets of one master key without its session keys.
#define SIPSEAL_SRTP_KEY_LEN 144

#if (defined(SIPSEAL_64_BIT) || defined(SIPSEAL_X86_32))
// Octets of the session keys of one master key beyond the usual, where an accelerator takes part.
#define SIPSEAL_SRTP_ACCELERATED_KEY_LEN 256
#endif

#if !(defined(SIPSEAL_64_BIT) || defined(SIPSEAL_X86_32))
// Octets of the session keys of one master key beyond the usual, where an accelerator takes part.
#define SIPSEAL_SRTP_ACCELERATED_KEY_LEN 160
#endif

#if (defined(SIPSEAL_64_BIT) || defined(SIPSEAL_X86_32))
// Octets of one header encryption key.
#define SIPSEAL_SRTP_ELEMENT_KEY_LEN 288
#endif

#if !(defined(SIPSEAL_64_BIT) || defined(SIPSEAL_X86_32))
// Octets of one header encryption key.
#define SIPSEAL_SRTP_ELEMENT_KEY_LEN 272
#endif

#if (defined(SIPSEAL_64_BIT) || defined(SIPSEAL_X86_32))
// Octets of the expanded session keys of one AES_CM_128_HMAC_SHA1 master key.
#define SIPSEAL_SRTP_CM_128_CIPHERS_LEN 512
#endif

#if !(defined(SIPSEAL_64_BIT) || defined(SIPSEAL_X86_32))
// Octets of the expanded session keys of one AES_CM_128_HMAC_SHA1 master key.
#define SIPSEAL_SRTP_CM_128_CIPHERS_LEN 496
#endif

#if (defined(SIPSEAL_64_BIT) || defined(SIPSEAL_X86_32))
// Octets of the expanded session keys of one AES_192_CM_HMAC_SHA1 master key.
#define SIPSEAL_SRTP_CM_192_CIPHERS_LEN 576
#endif

#if !(defined(SIPSEAL_64_BIT) || defined(SIPSEAL_X86_32))
// Octets of the expanded session keys of one AES_192_CM_HMAC_SHA1 master key.
#define SIPSEAL_SRTP_CM_192_CIPHERS_LEN 560
#endif

#if (defined(SIPSEAL_64_BIT) || defined(SIPSEAL_X86_32))
// Octets of the expanded session keys of one AES_256_CM_HMAC_SHA1 master key.
#define SIPSEAL_SRTP_CM_256_CIPHERS_LEN 640
#endif

#if !(defined(SIPSEAL_64_BIT) || defined(SIPSEAL_X86_32))
// Octets of the expanded session keys of one AES_256_CM_HMAC_SHA1 master key.
#define SIPSEAL_SRTP_CM_256_CIPHERS_LEN 624
#endif

#if (defined(SIPSEAL_64_BIT) || defined(SIPSEAL_X86_32))
// Octets of the expanded session keys of one F8_128_HMAC_SHA1_80 master key.
#define SIPSEAL_SRTP_F8_CIPHERS_LEN 864
#endif

#if !(defined(SIPSEAL_64_BIT) || defined(SIPSEAL_X86_32))
// Octets of the expanded session keys of one F8_128_HMAC_SHA1_80 master key.
#define SIPSEAL_SRTP_F8_CIPHERS_LEN 848
#endif

#if (defined(SIPSEAL_64_BIT) || defined(SIPSEAL_X86_32))
// Octets of the expanded session keys of one NULL_HMAC_SHA1 master key.
#define SIPSEAL_SRTP_NULL_CIPHERS_LEN 160
#endif

#if !(defined(SIPSEAL_64_BIT) || defined(SIPSEAL_X86_32))
// Octets of the expanded session keys of one NULL_HMAC_SHA1 master key.
#define SIPSEAL_SRTP_NULL_CIPHERS_LEN 144
#endif

#if (defined(SIPSEAL_64_BIT) || defined(SIPSEAL_X86_32))
// Octets of the expanded session keys of one AEAD_AES_128_GCM master key.
#define SIPSEAL_SRTP_GCM_128_CIPHERS_LEN 672
#endif

#if !(defined(SIPSEAL_64_BIT) || defined(SIPSEAL_X86_32))
// Octets of the expanded session keys of one AEAD_AES_128_GCM master key.
#define SIPSEAL_SRTP_GCM_128_CIPHERS_LEN 448
#endif

#if (defined(SIPSEAL_64_BIT) || defined(SIPSEAL_X86_32))
// Octets of the expanded session keys of one AEAD_AES_256_GCM master key.
#define SIPSEAL_SRTP_GCM_256_CIPHERS_LEN 800
#endif

#if !(defined(SIPSEAL_64_BIT) || defined(SIPSEAL_X86_32))
// Octets of the expanded session keys of one AEAD_AES_256_GCM master key.
#define SIPSEAL_SRTP_GCM_256_CIPHERS_LEN 576
#endif

#if defined(SIPSEAL_64_BIT)
// Words of a sender.
#define SIPSEAL_SRTP_SENDER_WORDS 27
#endif

#if !defined(SIPSEAL_64_BIT)
// Words of a sender.
#define SIPSEAL_SRTP_SENDER_WORDS 18
#endif

#if defined(SIPSEAL_64_BIT)
// Words of a receiver.
#define SIPSEAL_SRTP_RECEIVER_WORDS 29
#endif

#if !defined(SIPSEAL_64_BIT)
// Words of a receiver.
#define SIPSEAL_SRTP_RECEIVER_WORDS 20
#endif

// A new master key leaves the ROCs, indices and windows of all streams as they are: RFC 3711 section 3.3.1.
#define SIPSEAL_SRTP_KEEP_ROC 0

// A new master key starts all streams again at ROC 0, with empty windows: RFC 4568 section 6.4, where the key comes
// with an offer or answer. A sender's SRTCP index goes on all the same (RFC 3711 section 3.4).
#define SIPSEAL_SRTP_RESET_ROC 1

// Words of an SDES negotiation.
#define SIPSEAL_SDES_WORDS 168

// Most crypto-suites of a policy, and most keys in all lines of an offer.
#define SIPSEAL_SDES_MAX_PROFILES 8

// **Insecure**: take lines with UNENCRYPTED_SRTP.
#define SIPSEAL_SDES_INSECURE_ALLOW_UNENCRYPTED_SRTP 1

// **Insecure**: take lines with UNENCRYPTED_SRTCP, which some phones send. Reports then tell everyone who talks and
// how well it is heard; nobody can forge them.
#define SIPSEAL_SDES_INSECURE_ALLOW_UNENCRYPTED_SRTCP 2

// **Insecure**: take lines with UNAUTHENTICATED_SRTP.
#define SIPSEAL_SDES_INSECURE_ALLOW_UNAUTHENTICATED_SRTP 4

// **Insecure**: offer lines with UNENCRYPTED_SRTP; with the flag that allows it.
#define SIPSEAL_SDES_INSECURE_OFFER_UNENCRYPTED_SRTP 8

// **Insecure**: offer lines with UNENCRYPTED_SRTCP; with the flag that allows it.
#define SIPSEAL_SDES_INSECURE_OFFER_UNENCRYPTED_SRTCP 16

// **Insecure**: offer lines with UNAUTHENTICATED_SRTP; with the flag that allows it.
#define SIPSEAL_SDES_INSECURE_OFFER_UNAUTHENTICATED_SRTP 32

// Take lines with FEC_ORDER=SRTP_FEC: the program applies forward error correction to SRTP packets, as
// SIPSEAL_SDES_PEER_SRTP_FEC then tells it to.
#define SIPSEAL_SDES_ALLOW_SRTP_FEC 64

// Write FEC_ORDER=SRTP_FEC in our lines: the program applies forward error correction to the SRTP packets that it
// sends. With SIPSEAL_SDES_ALLOW_SRTP_FEC.
#define SIPSEAL_SDES_OWN_SRTP_FEC 128

// Answer with the best of our own profiles that was offered, not with the first offered line that is one of ours.
#define SIPSEAL_SDES_OWN_PREFERENCE 256

// Take `a=crypto` under RTP/AVP and RTP/AVPF too, as phones do that encrypt where they can. Whoever can change the
// description can then take the lines away, unnoticed.
#define SIPSEAL_SDES_PLAIN_RTP 512

// Draw new keys of our own even where nothing else changes: to re-key, or because our address has changed.
#define SIPSEAL_SDES_FRESH_KEYS 1024

// The address of the other side has changed: its key must be a new one (RFC 4568 section 7.1.4).
#define SIPSEAL_SDES_PEER_MOVED 2048

// Octets that suffice for any line that is written, with its end, for one key without MKI. Each further key takes 80
// more, an MKI 15.
#define SIPSEAL_SDES_MAX_LINE_LEN 256

// Most `a=crypto` lines of an offer that is answered.
#define SIPSEAL_SDES_MAX_LINES 16

// Octets of the longest `a=crypto` line that is read, without its end.
#define SIPSEAL_SDES_MAX_READ_LEN 1024

// There is a new key to send with: wipe the sender, if there is one, and make another by sipseal_sdes_sender_init.
// Without this flag keep it.
#define SIPSEAL_SDES_NEW_SENDER 1

// The other side sends with a new key: wipe the receiver, if there is one, and make another by
// sipseal_sdes_receiver_init. Without this flag keep it.
#define SIPSEAL_SDES_NEW_RECEIVER 2

// The other side applies forward error correction to SRTP packets: FEC_ORDER=SRTP_FEC (RFC 4568 section 6.3.4).
#define SIPSEAL_SDES_PEER_SRTP_FEC 4

// MD5, or no algorithm named: for servers that know nothing better. Numbers can be added up where several
// algorithms are asked for.
#define SIPSEAL_DIGEST_MD5 1

// MD5-sess.
#define SIPSEAL_DIGEST_MD5_SESS 2

// SHA-256 (RFC 7616, RFC 8760).
#define SIPSEAL_DIGEST_SHA_256 4

// SHA-256-sess.
#define SIPSEAL_DIGEST_SHA_256_SESS 8

// SHA-512/256, named SHA-512-256.
#define SIPSEAL_DIGEST_SHA_512_256 16

// SHA-512-256-sess.
#define SIPSEAL_DIGEST_SHA_512_256_SESS 32

// AKAv1-MD5, with a SIM (RFC 3310). For clients.
#define SIPSEAL_DIGEST_AKAV1_MD5 64

// AKAv2-MD5, with a SIM (RFC 4169). For clients.
#define SIPSEAL_DIGEST_AKAV2_MD5 128

// All of them.
#define SIPSEAL_DIGEST_ALL 255

// All but MD5 and MD5-sess.
#define SIPSEAL_DIGEST_STRONG 252

// 401, WWW-Authenticate, Authorization, Authentication-Info: the server that answers.
#define SIPSEAL_DIGEST_OF_SERVER 0

// 407, Proxy-Authenticate, Proxy-Authorization, Proxy-Authentication-Info: a proxy on the way.
#define SIPSEAL_DIGEST_OF_PROXY 1

// Most octets of a user name.
#define SIPSEAL_DIGEST_MAX_USERNAME_LEN 256

// Digits of the longest H(A1).
#define SIPSEAL_DIGEST_MAX_HEX_LEN 64

// Most octets of a password or H(A1) that a server is given.
#define SIPSEAL_DIGEST_MAX_SECRET_LEN 128

// The secret of an account is a password.
#define SIPSEAL_DIGEST_PASSWORD 1

// It is an H(A1) of MD5, as sipseal_digest_hash_a1 writes it.
#define SIPSEAL_DIGEST_A1_MD5 2

// It is an H(A1) of SHA-256.
#define SIPSEAL_DIGEST_A1_SHA_256 3

// It is an H(A1) of SHA-512/256.
#define SIPSEAL_DIGEST_A1_SHA_512_256 4

// It is known to the callback `a1` alone.
#define SIPSEAL_DIGEST_A1_CALLBACK 5

// It is in a SIM, which the callback `sim` asks.
#define SIPSEAL_DIGEST_SIM 6

// Most accounts that a call takes.
#define SIPSEAL_DIGEST_MAX_ACCOUNTS 4

#if defined(SIPSEAL_64_BIT)
// Words of a client.
#define SIPSEAL_DIGEST_CLIENT_WORDS 6
#endif

#if !defined(SIPSEAL_64_BIT)
// Words of a client.
#define SIPSEAL_DIGEST_CLIENT_WORDS 4
#endif

// Octets that a client keeps of one realm.
#define SIPSEAL_DIGEST_REALM_LEN 720

// Most realms of one client.
#define SIPSEAL_DIGEST_MAX_REALMS 255

// The topmost challenge of a realm that is allowed is answered, as the server prefers them, and not the strongest (RFC
// 8760 section 2.4).
#define SIPSEAL_DIGEST_TOPMOST 1

// Where a challenge offers auth and auth-int, the second is taken, which protects the body too.
#define SIPSEAL_DIGEST_PREFER_AUTH_INT 2

// A challenge without qop, as in RFC 2069, is too weak. Without this flag that is so for SHA-256 and SHA-512/256 (RFC
// 8760 section 2.6) and for the -sess algorithms.
#define SIPSEAL_DIGEST_REQUIRE_QOP 4

// Every successful response must prove that the server knows the secret as well, in an Authentication-Info, whether or
// not the server has asked for credentials: an impostor would not. The responses to an ACK and a CANCEL alone pass
// without. What proxies prove does not count, nor does what was made without qop, which may be a copy from before.
#define SIPSEAL_DIGEST_REQUIRE_PROOF 8

// A challenge without auth-int is too weak.
#define SIPSEAL_DIGEST_REQUIRE_AUTH_INT 16

#if defined(SIPSEAL_64_BIT)
// Words of a server.
#define SIPSEAL_DIGEST_SERVER_WORDS 22
#endif

#if !defined(SIPSEAL_64_BIT)
// Words of a server.
#define SIPSEAL_DIGEST_SERVER_WORDS 16
#endif

// Octets that a server keeps of one nonce.
#define SIPSEAL_DIGEST_NONCE_LEN 24

// Octets of a server's block beside its nonces and its realm.
#define SIPSEAL_DIGEST_SERVER_LEN 32

// Octets of the key of a server.
#define SIPSEAL_DIGEST_KEY_LEN 32

// Most octets of a server's realm.
#define SIPSEAL_DIGEST_MAX_REALM_LEN 128

// Most nonces of one server.
#define SIPSEAL_DIGEST_MAX_NONCES 65535

// Responses may protect method and URI.
#define SIPSEAL_DIGEST_AUTH 1

// They may protect the body too. One of the two must be there.
#define SIPSEAL_DIGEST_AUTH_INT 2

// Credentials without qop are taken, from clients that know RFC 2069 alone. They are good once for each nonce.
#define SIPSEAL_DIGEST_ALLOW_NO_QOP 4

// Clients are asked to hide the user name (RFC 7616 section 3.4.4). Not with SIPSEAL_DIGEST_STORED_PASSWORDS.
#define SIPSEAL_DIGEST_USERHASH 8

// What is kept of users is passwords. Without this it is H(A1), for each hash that is asked for. With passwords, as much
// is hashed for a user that there is not as for a password of 16 octets: how long verifying takes may tell of another
// one that its user exists. H(A1) tells nothing.
#define SIPSEAL_DIGEST_STORED_PASSWORDS 16

// The URI that a response protects may be another than the Request-URI, which a proxy may have changed. Without this it
// is the same, octet for octet. See then that
// the `uri` of sipseal_digest_verified names what the request asks for (RFC 8760 section 2.6): credentials of a request
// for one resource are good for another otherwise.
#define SIPSEAL_DIGEST_ANY_URI 32

// For sipseal_digest_server_challenge: the nonce was the only thing wrong, after SIPSEAL_STALE and SIPSEAL_REPLAYED.
#define SIPSEAL_DIGEST_STALE 1

// For sipseal_digest_server_info: the client is given the nonce to use next. Not for clients of a `-sess` algorithm,
// whose session would end.
#define SIPSEAL_DIGEST_NEXT_NONCE 1

// What a function answers: zero or a positive notice for success, negative for failure.
typedef int32_t sipseal_status;

// What an AES unit does for packets: `accelerator` in sipseal_srtp_layout.
//
// Each function answers SIPSEAL_OK when it is done; for anything else, having written nothing, software does the work: for
// what is too short to be worth it, or while the unit is busy. NULL stands for a function that always declines.
// They are tried whenever a key is added: if they give other results than software, that fails with
// SIPSEAL_ACCELERATOR_FAILED, and the object has no such key.
//
// AES-CM and AEAD profiles make use of it; HMAC-SHA1, f8 and the derivation of keys stay in software. A unit never
// opens a packet by itself: nothing is decrypted before its tag was compared.
//
// The table stays where it is, and as it is, until the objects that use it are wiped. The functions are called from
// the threads that use those objects, and must not use them. Whether the unit gives a key away, through time or
// power, is for its maker to say.
typedef struct sipseal_accelerator {
  // Passed to each function.
  void *user;
  // XORs AES counter mode into `len` octets, from `input` to `out`, which are the same or disjoint. `counter` is
  // the first block, 16 octets, the last four of which count up, big-endian, and do not wrap. `key_len` is 16, 24
  // or 32.
  sipseal_status (*counter_mode)(void *user,
                                 const uint8_t *key,
                                 size_t key_len,
                                 const uint8_t *counter,
                                 const uint8_t *input,
                                 uint8_t *out,
                                 size_t len);
  // Encrypts each of 1 to 8 blocks of 16 octets at `blocks` in place. For a unit without counter mode: asked where
  // that declines.
  sipseal_status (*encrypt_blocks)(void *user,
                                   const uint8_t *key,
                                   size_t key_len,
                                   uint8_t *blocks,
                                   size_t count);
  // GHASH (NIST SP 800-38D section 6.4): for each of `count` blocks, the 16 octets at `state` become (state XOR
  // block) times `key`, which has 16 octets too.
  sipseal_status (*ghash)(void *user,
                          const uint8_t *key,
                          uint8_t *state,
                          const uint8_t *blocks,
                          size_t count);
} sipseal_accelerator;

// What a sender or receiver is made for, and what the size of its block depends on. Zero is the usual value of
// all members from `flags` on. Both ends of a call agree on all but `keys`, `streams`, `window` and the flags about
// streams.
typedef struct sipseal_srtp_layout {
  // SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80 or another profile.
  uint32_t profile;
  // Master keys held at a time: 1, or up to 255 with MKIs or ranges.
  uint32_t keys;
  // SSRCs held at a time: 1 to 65,535. Each is a stream with a ROC, an SRTCP index and replay windows. A
  // packet's stream is found by halving: 10 steps among 1,000. A new SSRC moves the others' entries, 6 octets each.
  uint32_t streams;
  // Packets in a replay window: a power of two from 64 to 32,768.
  uint32_t window;
  // 0, or SIPSEAL_SRTP_CRYPTEX and the like, added up. SIPSEAL_SRTP_ENCRYPT_ELEMENTS alone changes the size.
  uint32_t flags;
  // Octets of the master key identifier in each packet, at most 128; 0 for none. With MKIs no key is given
  // to `_init`, and keys are added with theirs (RFC 3711 section 3.1).
  uint32_t mki_len;
  // Packets after which session keys are derived anew: 0 for never, or a power of two up to 2^24 (RFC 3711
  // section 4.3.1). The object then keeps the master key. A packet from elsewhere in the index space, also a
  // forged one, costs the receiver a derivation.
  uint32_t key_derivation_rate;
  // Which packets carry the ROC, for those who join late (RFC 4771); a receiver takes it from them by itself. 0
  // for none; 1: those that carry it are authenticated, the others have no tag; 2: all are authenticated, the
  // usual choice; 3: none is. Mode 3, and mode 1 at another rate than 1, need
  // SIPSEAL_SRTP_INSECURE_UNAUTHENTICATED_SRTP. Not for AEAD profiles.
  uint32_t roc_mode;
  // R, the rate, up to 65,535: packets whose sequence number it divides carry the ROC. 0 stands for 1.
  uint32_t roc_rate;
  // NULL, or an AES unit to hand work to. Add SIPSEAL_SRTP_ACCELERATOR_LEN to the block.
  const struct sipseal_accelerator *accelerator;
} sipseal_srtp_layout;

// Protects the packets that leave.
//
// Every SSRC has a ROC, a replay window and an SRTCP index of its own. The first packet of an SSRC takes
// a free stream and starts at ROC 0; let its sequence number be below 32,768 (RFC 3711 section 3.3.1).
// Packets may come out of order within the window, as from a relay; this sender uses no index twice, since
// that would give the keystream away.
typedef struct sipseal_srtp_sender {
  uint64_t opaque[SIPSEAL_SRTP_SENDER_WORDS];
} sipseal_srtp_sender;

// Checks and decrypts the packets that arrive.
//
// Every SSRC has a ROC and replay windows of its own, one for SRTP and one for SRTCP. An authentic packet
// from a new SSRC takes a free stream, at ROC 0; or at ROC 1, if it is authentic there, for a stream whose first
// packets were lost before a wrap. A forged one takes nothing.
typedef struct sipseal_srtp_receiver {
  uint64_t opaque[SIPSEAL_SRTP_RECEIVER_WORDS];
} sipseal_srtp_receiver;

// Packets that a receiver refused. A counter stays at its largest value once there.
typedef struct sipseal_srtp_counters {
  // Packets with a wrong tag.
  uint32_t authentication_failures;
  // Packets seen before or older than the window. They are refused before their tag is looked at, so
  // anyone can make this grow.
  uint32_t replays;
  // Packets of an SSRC without a stream that was not given one; refused unseen as well.
  uint32_t without_stream;
} sipseal_srtp_counters;

// The keys of one media stream of one dialog, from the first offer to the last re-INVITE: what was offered, and what
// was agreed on. An object without a block.
typedef struct sipseal_sdes {
  uint64_t opaque[SIPSEAL_SDES_WORDS];
} sipseal_sdes;

// What to offer and what to take (RFC 4568). Zero is the usual value of all members from `flags` on.
typedef struct sipseal_sdes_policy {
  // The profiles to offer, the best first, and the only ones to take: SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80 and so on.
  const uint32_t *profiles;
  // How many: 1 to 8.
  size_t profiles_len;
  // 0, or SIPSEAL_SDES_OWN_PREFERENCE and the like, added up.
  uint32_t flags;
  // Master keys of our own in each line: up to 4, several only with MKIs; 0 stands for 1. Lines times keys are at
  // most 8.
  uint32_t keys;
  // Octets of the MKIs of our own keys; 0 for none. Those of all keys together are at most 128.
  uint32_t mki_len;
  // KDR: packets after which we derive session keys anew: 0 for never, or a power of two from 2 to 2^24.
  uint32_t key_derivation_rate;
  // The lifetime of our own keys in packets, 2 to 2^48, to be written in our lines; 0 for none, which means the
  // longest.
  uint64_t lifetime;
  // WSH: packets in the replay window that suits what we send, 64 or more; 0 for no such hint.
  uint32_t window_hint;
} sipseal_sdes_policy;

// Fills all `out_len` octets at `out` from a cryptographically secure generator and returns SIPSEAL_OK;
// any other value makes the calling function fail with SIPSEAL_RANDOM_FAILED. `user` is what the program
// passed along with the callback. It must not call back into the object at work.
typedef sipseal_status (*sipseal_random)(void *user, uint8_t *out, size_t out_len);

// Authenticates requests that go the same way: to one server, through its proxies.
//
// Before each request sipseal_digest_client_write gives the header fields that belong into it, none at first.
// With each response, and what was written for its request, sipseal_digest_client_take says what it means. A server's
// challenge is kept by realm, so later requests carry credentials at once. Two proxies of one realm would drive each
// other's nonce out: a realm is that of one proxy.
typedef struct sipseal_digest_client {
  uint64_t opaque[SIPSEAL_DIGEST_CLIENT_WORDS];
} sipseal_digest_client;

// What a client answers.
//
// What a server has offered before is not remembered: where MD5 is allowed, it is answered, though yesterday it was
// SHA-256. Take SIPSEAL_DIGEST_STRONG where the server knows better.
typedef struct sipseal_digest_policy {
  // The algorithms that are answered, added up: SIPSEAL_DIGEST_ALL, SIPSEAL_DIGEST_STRONG or others.
  uint32_t algorithms;
  // SIPSEAL_DIGEST_TOPMOST and others, added up.
  uint32_t flags;
  // How many realms there is room for, of servers and proxies: 1 to SIPSEAL_DIGEST_MAX_REALMS.
  uint32_t realms;
  // How often credentials that were refused are made again for a new nonce: 2 is a good number, at most 255.
  uint32_t max_retries;
} sipseal_digest_policy;

// A request, as far as its response depends on it.
typedef struct sipseal_digest_request {
  // The method.
  const char *method;
  // Its octets.
  size_t method_len;
  // The Request-URI as it will be sent.
  const char *uri;
  // Its octets.
  size_t uri_len;
  // The body as it will be sent, which auth-int protects.
  const uint8_t *body;
  // Its octets.
  size_t body_len;
  // The header fields that sipseal_digest_client_write wrote for this request, as they were sent: they are what a
  // response is about. sipseal_digest_client_take reads them, and nothing else does. NULL and 0 if it wrote none.
  const char *credentials;
  // Their octets.
  size_t credentials_len;
} sipseal_digest_request;

// Writes H(A1) for a user name and a realm, `hex_len` lower-case hexadecimal digits, and returns SIPSEAL_OK. For a
// secure element that does not give the password away. `hash` is SIPSEAL_DIGEST_MD5, _SHA_256 or _SHA_512_256. It
// must not call back into the object at work.
typedef sipseal_status (*sipseal_digest_a1)(void *user,
                                            uint32_t hash,
                                            const char *username,
                                            size_t username_len,
                                            const char *realm,
                                            size_t realm_len,
                                            char *hex,
                                            size_t hex_len);

// What a SIM answers. Wiped after use.
typedef struct sipseal_digest_sim_answer {
  // RES, in its first octets.
  uint8_t res[16];
  // How many octets RES has, 4 to 16.
  size_t res_len;
  // CK, which AKAv2 needs.
  uint8_t ck[16];
  // IK, which AKAv2 needs.
  uint8_t ik[16];
  // AUTS, if the sequence number was used before.
  uint8_t auts[14];
} sipseal_digest_sim_answer;

// Runs AKA with RAND and AUTN, 16 octets each. Returns SIPSEAL_OK if the network knows the key, with RES, CK and IK in
// `answer`; SIPSEAL_NOTICE_SIM_RESYNC if the sequence number was used before, with AUTS;
// SIPSEAL_NETWORK_NOT_AUTHENTIC if the MAC in AUTN is wrong; anything else if the SIM does not answer. It must not
// call back into the object at work.
typedef sipseal_status (*sipseal_digest_sim)(void *user,
                                             const uint8_t *rand,
                                             const uint8_t *autn,
                                             struct sipseal_digest_sim_answer *answer);

// A user name and what proves it. Begin with all zeros, and set what is needed.
typedef struct sipseal_digest_account {
  // SIPSEAL_DIGEST_PASSWORD or another.
  uint32_t kind;
  // The realm that this is for; NULL for any, but not with an H(A1), which is for one. Of several accounts the first
  // one that fits is taken.
  const char *realm;
  // Its octets.
  size_t realm_len;
  // The user name, in UTF-8, without control characters.
  const char *username;
  // Its octets, at most SIPSEAL_DIGEST_MAX_USERNAME_LEN.
  size_t username_len;
  // The password or H(A1).
  const char *secret;
  // Its octets.
  size_t secret_len;
  // Gives H(A1).
  sipseal_digest_a1 a1;
  // Asks a SIM.
  sipseal_digest_sim sim;
  // For the callback.
  void *user;
} sipseal_digest_account;

// Asks who sends a request, and verifies the answer: a registrar, a proxy, or a phone that asks who calls.
//
// Of each request, sipseal_digest_server_verify says who sent it, and sipseal_digest_server_info then writes what belongs
// into its response; where it is refused, sipseal_digest_server_challenge writes what belongs into the 401 or 407.
//
// Requests of all methods can be challenged but ACK and CANCEL (RFC 3261 section 22.1): let these through if their INVITE
// was.
//
// `now_s` is everywhere the time in seconds, from any start, below 2^40. The clock should not go back: if it does, time
// stands still for the server until the clock has caught up, and no nonce expires meanwhile.
typedef struct sipseal_digest_server {
  uint64_t opaque[SIPSEAL_DIGEST_SERVER_WORDS];
} sipseal_digest_server;

// What a server asks for.
typedef struct sipseal_digest_config {
  // The realm, without control characters.
  const char *realm;
  // Its octets, at most SIPSEAL_DIGEST_MAX_REALM_LEN.
  size_t realm_len;
  // The algorithms in the order of preference, without AKA: a challenge for each (RFC 8760 section 2.3).
  const uint32_t *algorithms;
  // How many, 1 to 8.
  size_t algorithms_len;
  // SIPSEAL_DIGEST_AUTH and others, added up.
  uint32_t flags;
  // How many nonces can be in use at the same time, 1 to SIPSEAL_DIGEST_MAX_NONCES. With more, the oldest becomes stale.
  uint32_t nonces;
  // How many seconds a nonce is good.
  uint32_t nonce_lifetime_s;
} sipseal_digest_config;

// Looks up a user: writes the password, or H(A1) for a hash, with its length, at most `secret_cap`, and returns
// SIPSEAL_OK; anything else if there is no such user. H(A1) is in lower-case digits, as sipseal_digest_hash_a1 has it:
// others let nobody in. How long that takes is yours to make the same. With `is_hashed`
// 1, the name is what sipseal_digest_user_hash makes of it. It must not call back into the object at work.
typedef sipseal_status (*sipseal_digest_users)(void *user,
                                               uint32_t hash,
                                               const char *username,
                                               size_t username_len,
                                               uint32_t is_hashed,
                                               char *secret,
                                               size_t secret_cap,
                                               size_t *secret_len);

// Who sent a request, and for what, as sipseal_digest_server_verify has found.
//
// That says nothing of what the user may do: alice's credentials are right in a request that registers bob. Compare her
// name with what the request asks for, as the address-of-record in the To of a REGISTER.
typedef struct sipseal_digest_verified {
  // The user name, without escapes and without a terminating zero.
  char username[SIPSEAL_DIGEST_MAX_USERNAME_LEN];
  // Its octets.
  size_t username_len;
  // The URI that the response protects, where it stands in the request: the Request-URI when it was first sent.
  const char *uri;
  // Its octets.
  size_t uri_len;
  // 1 if the user name is what sipseal_digest_user_hash makes of it, with the hash of the algorithm; 0 if not.
  uint32_t is_hashed;
  // The algorithm that the client took.
  uint32_t algorithm;
  // SIPSEAL_DIGEST_AUTH or SIPSEAL_DIGEST_AUTH_INT; 0 without qop.
  uint32_t qop;
  // As it was given: for sipseal_digest_server_info.
  uint32_t kind;
  // H(A1), or that of the session: for sipseal_digest_server_info. A secret: give the struct to sipseal_wipe when it is
  // not needed any more.
  char a1[SIPSEAL_DIGEST_MAX_HEX_LEN];
} sipseal_digest_verified;

// Requests that a server refused. A counter stays at its largest value once there.
typedef struct sipseal_digest_counters {
  // Requests refused with SIPSEAL_AUTHENTICATION_FAILED: an unknown user, a wrong secret or a changed request.
  uint32_t authentication_failures;
  // Requests refused with SIPSEAL_REPLAYED: the secret was right.
  uint32_t replays;
} sipseal_digest_counters;

// Done.
#define SIPSEAL_OK 0

// Done, and the key, or the stream of this packet under it, has at most 65,536 packets left: agree on
// a new key now.
#define SIPSEAL_NOTICE_KEY_EXPIRING 1

// Done, and someone else sends, under a key of ours, from an SSRC that was named as our own: choose another
// one (RFC 3550 section 8.2). Goes before SIPSEAL_NOTICE_KEY_EXPIRING.
#define SIPSEAL_NOTICE_SSRC_COLLISION 2

// Not yet done: the request is to be sent again, with the credentials that are written now.
#define SIPSEAL_NOTICE_SEND_AGAIN 3

// Not yet done: the response was a provisional one.
#define SIPSEAL_NOTICE_PROVISIONAL 4

// Done, and the server has proven that it knows the secret.
#define SIPSEAL_NOTICE_SERVER_PROVEN 5

// From the callback of a SIM: the sequence number was used before, and AUTS tells which comes next.
#define SIPSEAL_NOTICE_SIM_RESYNC 6

// Usage: a pointer that must not be NULL is.
#define SIPSEAL_NULL_POINTER (-1)

// Usage: an argument is out of its range.
#define SIPSEAL_INVALID_ARGUMENT (-2)

// Usage: the object was never initialised, was wiped, or was moved since.
#define SIPSEAL_NOT_INITIALISED (-3)

// Usage: the input and the output overlap without being the same pointer.
#define SIPSEAL_OVERLAP (-4)

// Usage: the profile number is unknown.
#define SIPSEAL_UNKNOWN_PROFILE (-5)

// Usage: the master key or master salt does not have the length of the profile, or the MKI that of the
// layout.
#define SIPSEAL_KEY_LENGTH (-6)

// Usage: this library, or this build of it, does not have the feature.
#define SIPSEAL_UNSUPPORTED (-7)

// Usage: the header that the program was compiled with is not that of the library.
#define SIPSEAL_HEADER_MISMATCH (-8)

// Usage: the profile leaves packets unencrypted, or the ROC mode leaves them unauthenticated, and no flags say that
// this is meant.
#define SIPSEAL_INSECURE (-9)

// Usage: flags, or keys, that cannot stand together, or flags not with the profile.
#define SIPSEAL_CONTRADICTION (-10)

// Usage: an SDES policy names no profile, one without encryption, one twice, or more than there is room for; or what it
// asks for is out of range, not in this build, or cannot stand together.
#define SIPSEAL_POLICY (-20)

// Usage: nothing was offered, so there is nothing that an answer could be to.
#define SIPSEAL_NOT_OFFERED (-21)

// Usage: nothing is agreed on yet.
#define SIPSEAL_NOT_AGREED (-22)

// Buffer: the output has less room than the result needs.
#define SIPSEAL_BUFFER_TOO_SMALL (-100)

// Buffer: the block is smaller than its `_block_len` function says.
#define SIPSEAL_BLOCK_TOO_SMALL (-101)

// Authentication: the tag is wrong. The packet was forged, damaged, or protected with another key or ROC. Of a request:
// its user is unknown, its secret wrong, or it was changed; challenge it.
#define SIPSEAL_AUTHENTICATION_FAILED (-200)

// Replay: a packet with this index was seen before; from a sender, the index was used before. Of a request: its secret is
// right, and its nonce count was seen before or is too old; challenge it with SIPSEAL_DIGEST_STALE.
#define SIPSEAL_REPLAYED (-201)

// Replay: the index is below the replay window. A window of 64 takes a packet 63 behind the newest, and
// refuses one 64 behind.
#define SIPSEAL_TOO_OLD (-202)

// Lifetime: the key has processed all the packets that it may (2^48 SRTP or 2^31 SRTCP), or the stream has no index
// left.
#define SIPSEAL_KEY_EXPIRED (-203)

// Streams: the packet has an SSRC without a stream, and there is none for it.
#define SIPSEAL_STREAM_LIMIT (-204)

// Streams: the SSRC has no stream.
#define SIPSEAL_UNKNOWN_STREAM (-205)

// Keys: none has the MKI of the packet, serves its index, or was chosen to send with.
#define SIPSEAL_UNKNOWN_KEY (-206)

// Keys: as many are there as the layout has room for.
#define SIPSEAL_KEY_LIMIT (-207)

// Digest: every challenge of a realm is weaker than the policy allows.
#define SIPSEAL_WEAK_CHALLENGE (-208)

// Digest: the credentials were refused, as often as the policy lets them be.
#define SIPSEAL_CREDENTIALS_REJECTED (-209)

// Digest: no account is for the realm and what it asks for.
#define SIPSEAL_NO_ACCOUNT (-210)

// Digest: the server did not prove that it knows the secret. Do not believe its response.
#define SIPSEAL_SERVER_NOT_AUTHENTIC (-211)

// Digest: the SIM found that the network does not know its key.
#define SIPSEAL_NETWORK_NOT_AUTHENTIC (-212)

// Digest: there is no room for another realm.
#define SIPSEAL_REALM_LIMIT (-213)

// Digest: the request has no credentials for our realm. Challenge it.
#define SIPSEAL_NO_CREDENTIALS (-214)

// Digest: the secret is right and the nonce is expired or not ours. Challenge it with SIPSEAL_DIGEST_STALE.
#define SIPSEAL_STALE (-215)

// Digest: the nonce was used 2^32 - 1 times.
#define SIPSEAL_NONCE_EXHAUSTED (-216)

// Keys: a sender was made with this key, so another one would repeat its keystream.
#define SIPSEAL_KEY_IN_USE (-217)

// Parsing: the packet ends inside a field that it announces.
#define SIPSEAL_TRUNCATED (-300)

// Parsing: the version of the packet is not 2.
#define SIPSEAL_PACKET_VERSION (-301)

// Parsing: the packet or line is longer than any that is accepted.
#define SIPSEAL_TOO_LONG (-302)

// Parsing: the text does not follow its grammar.
#define SIPSEAL_SYNTAX (-303)

// Parsing: the crypto-suite is not one of ours.
#define SIPSEAL_UNKNOWN_SUITE (-304)

// Parsing: the line asks for a session parameter, MKI or key method that is not known here, or not in this build.
#define SIPSEAL_UNSUPPORTED_PARAMETER (-305)

// Parsing: the key in the line is not valid base64 or has the wrong length.
#define SIPSEAL_INVALID_KEY (-306)

// Parsing: the header extension is malformed or, where Cryptex is to encrypt it, not one that begins with 0xBEDE
// or 0x1000.
#define SIPSEAL_EXTENSION (-307)

// Parsing: the challenge has a scheme, algorithm or qop that is not known.
#define SIPSEAL_UNKNOWN_CHALLENGE (-308)

// Parsing: the crypto-suite is not in the policy.
#define SIPSEAL_SUITE_NOT_ALLOWED (-330)

// Parsing: the policy does not allow a session parameter of the line, or nobody here could honour it (FEC_KEY).
#define SIPSEAL_PARAMETER_NOT_ALLOWED (-331)

// Parsing: a lifetime, MKI or session parameter is out of its range, repeated or missing, or cannot stand with the others or
// with the crypto-suite.
#define SIPSEAL_INVALID_PARAMETER (-332)

// Parsing: the line has more than 4 keys, or more than 128 octets of MKIs.
#define SIPSEAL_TOO_MANY_KEYS (-333)

// Parsing: the key in the line is one of our own.
#define SIPSEAL_KEY_ECHOED (-334)

// Parsing: the key in the line was used before, where it must be a new one.
#define SIPSEAL_KEY_REUSED (-335)

// Parsing: the answer has a tag, crypto-suite or negotiated session parameters that were not offered.
#define SIPSEAL_OTHER_THAN_OFFERED (-336)

// Parsing: there is no `a=crypto` line, or not so many.
#define SIPSEAL_NO_CRYPTO_LINE (-337)

// Parsing: there are more than 16 `a=crypto` lines, or more than one in an answer.
#define SIPSEAL_TOO_MANY_LINES (-338)

// Parsing: the text is of more than one media description, or its `m=` line cannot be read.
#define SIPSEAL_MEDIA (-339)

// Parsing: the media stream was rejected: its port is 0.
#define SIPSEAL_MEDIA_REJECTED (-340)

// Parsing: the transport of the media stream is not RTP/SAVP or RTP/SAVPF.
#define SIPSEAL_TRANSPORT (-341)

// Environment: the random callback failed.
#define SIPSEAL_RANDOM_FAILED (-400)

// Environment: the accelerator gives other results than software. There is no key where one was to be added.
#define SIPSEAL_ACCELERATOR_FAILED (-401)

// Environment: the callback that knows the secret failed.
#define SIPSEAL_SECRET_UNAVAILABLE (-402)

// Internal: a known answer was not met. The library, its memory or the machine is damaged: do not go on.
#define SIPSEAL_SELF_TEST_FAILED (-900)

// Internal: a state that should not exist. Please report it.
#define SIPSEAL_INTERNAL (-901)

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// A short English description of a status: static text, never NULL.
SIPSEAL_MUST_USE const char *sipseal_status_str(sipseal_status status);

// The version of the library, as `SIPSEAL_VERSION_NUMBER` is that of the header.
SIPSEAL_MUST_USE uint32_t sipseal_version(void);

// Checks that the program was compiled with the header of this library, for this target. Call it as
// `SIPSEAL_CHECK_HEADER()`, which fills in the arguments.
//
// Fails with SIPSEAL_HEADER_MISMATCH.
SIPSEAL_MUST_USE
sipseal_status sipseal_check_header(uint32_t header_version,
                                    size_t sender_len,
                                    size_t receiver_len);

// Checks every transform against known answers: key derivation, SRTP and SRTCP of each profile, both
// ways, and the refusal of damaged packets; and a digest response of each hash. Call it once at boot.
//
// Takes no input and keeps no state. Fails with SIPSEAL_SELF_TEST_FAILED.
SIPSEAL_MUST_USE
sipseal_status sipseal_self_test(void);

// Sets `len` octets at `data` to zero in a way that no compiler leaves out. For your copies of keys.
//
// Does nothing if `data` is NULL, or `len` more than half of the address space.
void sipseal_wipe(void *data,
                  size_t len);

// The name of a profile's crypto-suite, as in `a=crypto` lines: static text, NULL if the profile is
// unknown or left out of the build. (Those without encryption have no crypto-suite; their names follow the others.)
SIPSEAL_MUST_USE
const char *sipseal_srtp_profile_name(uint32_t profile);

// The profile of a crypto-suite's name, `name_len` octets in upper or lower case; 0 if it is unknown or left out of the
// build.
SIPSEAL_MUST_USE
uint32_t sipseal_srtp_profile_from_name(const char *name,
                                        size_t name_len);

// Octets of the master key of a profile: 16, 24 or 32; 0 if the profile is unknown or left out of the build.
SIPSEAL_MUST_USE
size_t sipseal_srtp_key_len(uint32_t profile);

// Octets of the master salt of a profile: 14 or 12; 0 if the profile is unknown or left out of the build.
SIPSEAL_MUST_USE
size_t sipseal_srtp_salt_len(uint32_t profile);

// Octets of the tag that protection adds to an RTP packet: 10, 4, 16 or 8; 0 if the profile is unknown or left out of
// the build. Add to that: the MKI, an empty header extension of 4 octets with SIPSEAL_SRTP_CRYPTEX where a packet
// has contributing sources and no extension, and 4 octets with RFC 4771, whose modes 1 and 3 add nothing to
// packets that do not carry the ROC. There is no tag with SIPSEAL_SRTP_INSECURE_UNAUTHENTICATED_SRTP.
SIPSEAL_MUST_USE
size_t sipseal_srtp_rtp_trailer_len(uint32_t profile);

// Octets of tag and index that protection adds to an RTCP packet: 14, 20 or 12; 0 if the profile is unknown or left out
// of the build. Add to that the MKI.
SIPSEAL_MUST_USE
size_t sipseal_srtp_rtcp_trailer_len(uint32_t profile);

// Octets of the block that a sender of this layout needs; 0 if `layout` is NULL or, as far as the size goes, no
// sender could have it: sipseal_srtp_sender_init looks at all of it. The macro
// SIPSEAL_SRTP_SENDER_BLOCK_LEN gives the same as a constant, for static storage.
SIPSEAL_MUST_USE
size_t sipseal_srtp_sender_block_len(const struct sipseal_srtp_layout *layout);

// Makes a sender in `sender` and `block` from a master key and master salt.
//
// `block` has at least sipseal_srtp_sender_block_len(layout) octets, at any alignment, and stays where it
// is, as `sender` does, until sipseal_srtp_sender_wipe. No other argument lies in it or in
// `sender`. The key and salt are copied in expanded form: wipe your own. With MKIs or SIPSEAL_SRTP_KEYS_FROM_TO
// both are NULL with length 0: add keys afterwards.
//
// A master key makes one sender, once. Another one under the same key, also after a wipe, would start at the
// same indices and reveal both their packets: keep the sender as long as the key, through hold and
// re-INVITE, and never send under a key that you receive with.
//
// A sender already there is gone, even if this fails: wipe it first.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT (misaligned object or layout, a member of the
// layout out of its range, unknown flags), SIPSEAL_OVERLAP, SIPSEAL_UNKNOWN_PROFILE, SIPSEAL_UNSUPPORTED (left
// out of the build, or not there for the profile), SIPSEAL_INSECURE, SIPSEAL_CONTRADICTION, SIPSEAL_KEY_LENGTH,
// SIPSEAL_ACCELERATOR_FAILED or SIPSEAL_BLOCK_TOO_SMALL. There is then no sender.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_sender_init(struct sipseal_srtp_sender *sender,
                                        uint8_t *block,
                                        size_t block_len,
                                        const struct sipseal_srtp_layout *layout,
                                        const uint8_t *key,
                                        size_t key_len,
                                        const uint8_t *salt,
                                        size_t salt_len);

// Protects one RTP packet (RFC 3711 section 3.3).
//
// Reads `in_len` octets at `in` and writes `*out_len`, which is `in_len` plus
// sipseal_srtp_rtp_trailer_len(profile) and what that function names beside it, at `out`. `in` and `out` are the
// same pointer or disjoint.
//
// Returns SIPSEAL_OK or SIPSEAL_NOTICE_KEY_EXPIRING. Fails with SIPSEAL_NULL_POINTER,
// SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP, SIPSEAL_BUFFER_TOO_SMALL,
// SIPSEAL_TOO_LONG, SIPSEAL_TRUNCATED, SIPSEAL_PACKET_VERSION, SIPSEAL_EXTENSION, SIPSEAL_STREAM_LIMIT,
// SIPSEAL_REPLAYED, SIPSEAL_TOO_OLD, SIPSEAL_UNKNOWN_KEY or SIPSEAL_KEY_EXPIRED; `*out_len` is then 0, nothing
// else is written and the sender is as it was.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_sender_protect(struct sipseal_srtp_sender *sender,
                                           const uint8_t *in,
                                           size_t in_len,
                                           uint8_t *out,
                                           size_t out_cap,
                                           size_t *out_len);

// Protects one RTCP packet, compound or reduced-size (RFC 3711 section 3.4, RFC 5506).
//
// As sipseal_srtp_sender_protect, with sipseal_srtp_rtcp_trailer_len(profile); never SIPSEAL_REPLAYED or
// SIPSEAL_TOO_OLD.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_sender_protect_rtcp(struct sipseal_srtp_sender *sender,
                                                const uint8_t *in,
                                                size_t in_len,
                                                uint8_t *out,
                                                size_t out_cap,
                                                size_t *out_len);

// Wipes a sender with its block. Both may then be reused or given back.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT or, if there is no sender (any more),
// SIPSEAL_NOT_INITIALISED.
sipseal_status sipseal_srtp_sender_wipe(struct sipseal_srtp_sender *sender);

// Octets of the block that a receiver of this layout needs; 0 if `layout` is NULL or, as far as the size goes, no
// receiver could have it: sipseal_srtp_receiver_init looks at all of it. The macro
// SIPSEAL_SRTP_RECEIVER_BLOCK_LEN gives the same as a constant, for static storage.
SIPSEAL_MUST_USE
size_t sipseal_srtp_receiver_block_len(const struct sipseal_srtp_layout *layout);

// Makes a receiver in `receiver` and `block` from a master key and master salt.
//
// `block` has at least sipseal_srtp_receiver_block_len(layout) octets. All else, failures too, is as for
// sipseal_srtp_sender_init.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_receiver_init(struct sipseal_srtp_receiver *receiver,
                                          uint8_t *block,
                                          size_t block_len,
                                          const struct sipseal_srtp_layout *layout,
                                          const uint8_t *key,
                                          size_t key_len,
                                          const uint8_t *salt,
                                          size_t salt_len);

// Unprotects one SRTP packet (RFC 3711 section 3.3).
//
// Reads `in_len` octets at `in` and writes `*out_len`, which is `in_len` less what its protection added, at
// `out`. `in` and `out` are the same pointer or disjoint. An empty header extension that SIPSEAL_SRTP_CRYPTEX
// has brought stays.
//
// Returns SIPSEAL_OK, SIPSEAL_NOTICE_KEY_EXPIRING or SIPSEAL_NOTICE_SSRC_COLLISION. Fails with
// SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP,
// SIPSEAL_BUFFER_TOO_SMALL, SIPSEAL_TOO_LONG, SIPSEAL_TRUNCATED, SIPSEAL_PACKET_VERSION, SIPSEAL_EXTENSION,
// SIPSEAL_STREAM_LIMIT, SIPSEAL_REPLAYED, SIPSEAL_TOO_OLD, SIPSEAL_UNKNOWN_KEY, SIPSEAL_AUTHENTICATION_FAILED
// or SIPSEAL_KEY_EXPIRED. `*out_len` is then 0, nothing else is written - an in-place packet is still there as
// it arrived - and ROC and windows have not moved.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_receiver_unprotect(struct sipseal_srtp_receiver *receiver,
                                               const uint8_t *in,
                                               size_t in_len,
                                               uint8_t *out,
                                               size_t out_cap,
                                               size_t *out_len);

// Unprotects one SRTP packet under a ROC to try, in place of the estimate: after
// SIPSEAL_AUTHENTICATION_FAILED, for one who joins late or has missed more than half of the sequence numbers.
// If it is the right one, the stream goes on from there.
//
// All else is as for sipseal_srtp_receiver_unprotect; also SIPSEAL_UNSUPPORTED.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_receiver_unprotect_with_roc(struct sipseal_srtp_receiver *receiver,
                                                        uint32_t roc,
                                                        const uint8_t *in,
                                                        size_t in_len,
                                                        uint8_t *out,
                                                        size_t out_cap,
                                                        size_t *out_len);

// Unprotects one SRTCP packet (RFC 3711 section 3.4, RFC 5506). The packet says itself, under its tag,
// whether it was encrypted; both kinds are taken.
//
// As sipseal_srtp_receiver_unprotect; SIPSEAL_EXTENSION does not occur.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_receiver_unprotect_rtcp(struct sipseal_srtp_receiver *receiver,
                                                    const uint8_t *in,
                                                    size_t in_len,
                                                    uint8_t *out,
                                                    size_t out_cap,
                                                    size_t *out_len);

// Reads the counters of a receiver into `counters`.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT or SIPSEAL_NOT_INITIALISED; `*counters`, where
// it can be written, is then zero.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_receiver_counters(const struct sipseal_srtp_receiver *receiver,
                                              struct sipseal_srtp_counters *counters);

// Wipes a receiver with its block. Both may then be reused or given back.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT or, if there is no receiver (any more),
// SIPSEAL_NOT_INITIALISED.
sipseal_status sipseal_srtp_receiver_wipe(struct sipseal_srtp_receiver *receiver);

// Adds a master key with its MKI, beside those that are there, to a sender whose layout has an `mki_len`.
//
// Streams and ROCs stay as they are. The sender sends with the first key that was added until
// sipseal_srtp_sender_use_key. Nothing may lie in the object or its block.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP,
// SIPSEAL_KEY_LENGTH (key, salt or MKI), SIPSEAL_KEY_LIMIT, SIPSEAL_CONTRADICTION (no MKIs in the layout, or
// another key has this MKI), SIPSEAL_ACCELERATOR_FAILED or SIPSEAL_UNSUPPORTED. Nothing has changed then.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_sender_add_key(struct sipseal_srtp_sender *sender,
                                           const uint8_t *key,
                                           size_t key_len,
                                           const uint8_t *salt,
                                           size_t salt_len,
                                           const uint8_t *mki,
                                           size_t mki_len);

// Adds a master key for the SRTP indices `from` to `to`, both included, to a sender whose layout has the flag
// SIPSEAL_SRTP_KEYS_FROM_TO (RFC 3711 section 8.1.1).
//
// An index is 65,536 * ROC + sequence number, below 2^48. SRTCP goes by the SRTP index that its stream has
// reached, before any SRTP packet by the lowest range. Errors are as for sipseal_srtp_sender_add_key; SIPSEAL_CONTRADICTION also if `from` is above `to`,
// `to` is no index, or another key serves an index of the range.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_sender_add_key_from_to(struct sipseal_srtp_sender *sender,
                                                   const uint8_t *key,
                                                   size_t key_len,
                                                   const uint8_t *salt,
                                                   size_t salt_len,
                                                   uint64_t from,
                                                   uint64_t to);

// Sends with the key of this MKI from now on.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP,
// SIPSEAL_UNKNOWN_KEY, SIPSEAL_KEY_LENGTH, SIPSEAL_CONTRADICTION (no MKIs in the layout) or
// SIPSEAL_UNSUPPORTED.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_sender_use_key(struct sipseal_srtp_sender *sender,
                                           const uint8_t *mki,
                                           size_t mki_len);

// Removes and wipes the master key of this MKI. If it was the one to send with, nothing is sent until
// sipseal_srtp_sender_use_key.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP,
// SIPSEAL_UNKNOWN_KEY, SIPSEAL_KEY_LENGTH, SIPSEAL_CONTRADICTION (no MKIs in the layout) or
// SIPSEAL_UNSUPPORTED.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_sender_remove_key(struct sipseal_srtp_sender *sender,
                                              const uint8_t *mki,
                                              size_t mki_len);

// Removes and wipes the master key whose range begins at `from`.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_UNKNOWN_KEY,
// SIPSEAL_CONTRADICTION (no ranges in the layout) or SIPSEAL_UNSUPPORTED.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_sender_remove_key_from(struct sipseal_srtp_sender *sender,
                                                   uint64_t from);

// Replaces the master key of a sender that has one only, without MKI or range. `roc` is
// SIPSEAL_SRTP_KEEP_ROC or SIPSEAL_SRTP_RESET_ROC: ask the signalling, and do as the other end does.
//
// Packets of the old key that are still under way are refused from now on; where that matters, use MKIs. With MKIs
// or ranges ROCs always go on: to start again at 0, wipe and initialise with new keys.
//
// The same master key again, as a re-INVITE may bring it, changes nothing; its ROCs cannot be reset, since that
// would repeat its keystream. Nor must a key come back after another with ROCs reset: only the latest is known
// here. Nothing may lie in the object or its block.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP,
// SIPSEAL_KEY_LENGTH, SIPSEAL_CONTRADICTION (the layout has MKIs or ranges; the same key with
// SIPSEAL_SRTP_RESET_ROC) or SIPSEAL_UNSUPPORTED: the old key is then still there. With
// SIPSEAL_ACCELERATOR_FAILED there is no key.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_sender_rekey(struct sipseal_srtp_sender *sender,
                                         const uint8_t *key,
                                         size_t key_len,
                                         const uint8_t *salt,
                                         size_t salt_len,
                                         uint32_t roc);

// Encrypts the elements of header extensions that have this ID, 1 to 255 (RFC 6904); both ends agree on them.
// The layout has the flag SIPSEAL_SRTP_ENCRYPT_ELEMENTS.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_CONTRADICTION
// (the flag is missing) or SIPSEAL_UNSUPPORTED.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_sender_encrypt_element(struct sipseal_srtp_sender *sender,
                                                   uint32_t id);

// Adds a master key with its MKI to a receiver whose layout has an `mki_len`.
//
// Streams, ROCs and windows stay as they are; each packet is unprotected with the key that its MKI names.
// All else is as for sipseal_srtp_sender_add_key.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP,
// SIPSEAL_KEY_LENGTH (key, salt or MKI), SIPSEAL_KEY_LIMIT, SIPSEAL_CONTRADICTION (no MKIs in the layout, or
// another key has this MKI), SIPSEAL_ACCELERATOR_FAILED or SIPSEAL_UNSUPPORTED. Nothing has changed then.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_receiver_add_key(struct sipseal_srtp_receiver *receiver,
                                             const uint8_t *key,
                                             size_t key_len,
                                             const uint8_t *salt,
                                             size_t salt_len,
                                             const uint8_t *mki,
                                             size_t mki_len);

// Adds a master key for the SRTP indices `from` to `to`, both included, to a receiver whose layout has the flag
// SIPSEAL_SRTP_KEYS_FROM_TO (RFC 3711 section 8.1.1).
//
// An index is 65,536 * ROC + sequence number, below 2^48. SRTCP goes by the SRTP index that its stream has
// reached, before any SRTP packet by the lowest range. Errors are as for sipseal_srtp_receiver_add_key; SIPSEAL_CONTRADICTION also if `from` is above `to`,
// `to` is no index, or another key serves an index of the range.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_receiver_add_key_from_to(struct sipseal_srtp_receiver *receiver,
                                                     const uint8_t *key,
                                                     size_t key_len,
                                                     const uint8_t *salt,
                                                     size_t salt_len,
                                                     uint64_t from,
                                                     uint64_t to);

// Removes and wipes the master key of this MKI.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP,
// SIPSEAL_UNKNOWN_KEY, SIPSEAL_KEY_LENGTH, SIPSEAL_CONTRADICTION (no MKIs in the layout) or
// SIPSEAL_UNSUPPORTED.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_receiver_remove_key(struct sipseal_srtp_receiver *receiver,
                                                const uint8_t *mki,
                                                size_t mki_len);

// Removes and wipes the master key whose range begins at `from`.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_UNKNOWN_KEY,
// SIPSEAL_CONTRADICTION (no ranges in the layout) or SIPSEAL_UNSUPPORTED.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_receiver_remove_key_from(struct sipseal_srtp_receiver *receiver,
                                                     uint64_t from);

// Replaces the master key of a receiver that has one only, without MKI or range. `roc` is
// SIPSEAL_SRTP_KEEP_ROC or SIPSEAL_SRTP_RESET_ROC: ask the signalling, and do as the other end does.
//
// Packets of the old key that are still under way are refused from now on; where that matters, use MKIs. With MKIs
// or ranges ROCs always go on: to start again at 0, wipe and initialise with new keys.
//
// The same master key again, as a re-INVITE may bring it, changes nothing; its ROCs cannot be reset, since that
// would let its packets be played again. Nor must a key come back after another with ROCs reset: only the latest is known
// here. Nothing may lie in the object or its block.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP,
// SIPSEAL_KEY_LENGTH, SIPSEAL_CONTRADICTION (the layout has MKIs or ranges; the same key with
// SIPSEAL_SRTP_RESET_ROC) or SIPSEAL_UNSUPPORTED: the old key is then still there. With
// SIPSEAL_ACCELERATOR_FAILED there is no key.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_receiver_rekey(struct sipseal_srtp_receiver *receiver,
                                           const uint8_t *key,
                                           size_t key_len,
                                           const uint8_t *salt,
                                           size_t salt_len,
                                           uint32_t roc);

// Encrypts the elements of header extensions that have this ID, 1 to 255 (RFC 6904); both ends agree on them.
// The layout has the flag SIPSEAL_SRTP_ENCRYPT_ELEMENTS.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_CONTRADICTION
// (the flag is missing) or SIPSEAL_UNSUPPORTED.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_receiver_encrypt_element(struct sipseal_srtp_receiver *receiver,
                                                     uint32_t id);

// Takes a free stream for an SSRC, at ROC 0, before its first packet. Does nothing if it has one.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_STREAM_LIMIT or
// SIPSEAL_UNSUPPORTED.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_sender_add_stream(struct sipseal_srtp_sender *sender,
                                              uint32_t ssrc);

// Frees the stream of an SSRC, for another.
// Never send from this SSRC again under the same key: its indices would start over, and each that was used
// before gives its keystream away.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_UNKNOWN_STREAM or
// SIPSEAL_UNSUPPORTED.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_sender_remove_stream(struct sipseal_srtp_sender *sender,
                                                 uint32_t ssrc);

// Lists the SSRCs that have a stream, in ascending order: writes `*ssrcs_len` of them at `ssrcs`, which has room for
// `ssrcs_cap`; as many as the layout has streams always suffice.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_BUFFER_TOO_SMALL
// or SIPSEAL_UNSUPPORTED; `*ssrcs_len` is then 0.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_sender_streams(const struct sipseal_srtp_sender *sender,
                                           uint32_t *ssrcs,
                                           size_t ssrcs_cap,
                                           size_t *ssrcs_len);

// Reads the ROC of an SSRC: the one that was set, until a packet has used it, else that of its highest
// index, else 0.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_UNKNOWN_STREAM or
// SIPSEAL_UNSUPPORTED; `*roc` is then 0.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_sender_roc(const struct sipseal_srtp_sender *sender,
                                       uint32_t ssrc,
                                       uint32_t *roc);

// Sets the ROC of the next packet of an SSRC. Add the stream first. Not to go on for another sender under its key:
// SRTCP would start again at index 0, and which packets of this ROC it has sent is not known here. Both would
// give keystream away.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED,
// SIPSEAL_UNKNOWN_STREAM, SIPSEAL_TOO_OLD (`roc` is below that of a packet that was sent) or
// SIPSEAL_UNSUPPORTED.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_sender_set_roc(struct sipseal_srtp_sender *sender,
                                           uint32_t ssrc,
                                           uint32_t roc);

// Takes a free stream for an SSRC, at ROC 0, before its first packet. Nobody else takes it then, with
// SIPSEAL_SRTP_REPLACE_OLDEST_STREAM either; that is all that happens if the SSRC has one already.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_STREAM_LIMIT or
// SIPSEAL_UNSUPPORTED.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_receiver_add_stream(struct sipseal_srtp_receiver *receiver,
                                                uint32_t ssrc);

// Takes a stream for the SSRC of a sender of your own. An authentic packet from it brings
// SIPSEAL_NOTICE_SSRC_COLLISION.
//
// Fails as sipseal_srtp_receiver_add_stream.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_receiver_add_own_ssrc(struct sipseal_srtp_receiver *receiver,
                                                  uint32_t ssrc);

// Frees the stream of an SSRC, for another.
// Which of its packets were seen is forgotten: they could be played again, in order.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_UNKNOWN_STREAM or
// SIPSEAL_UNSUPPORTED.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_receiver_remove_stream(struct sipseal_srtp_receiver *receiver,
                                                   uint32_t ssrc);

// Lists the SSRCs that have a stream, in ascending order: writes `*ssrcs_len` of them at `ssrcs`, which has room for
// `ssrcs_cap`; as many as the layout has streams always suffice.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_BUFFER_TOO_SMALL
// or SIPSEAL_UNSUPPORTED; `*ssrcs_len` is then 0.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_receiver_streams(const struct sipseal_srtp_receiver *receiver,
                                             uint32_t *ssrcs,
                                             size_t ssrcs_cap,
                                             size_t *ssrcs_len);

// Reads the ROC of an SSRC: the one that was set, until a packet has used it, else that of its highest
// index, else 0.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_UNKNOWN_STREAM or
// SIPSEAL_UNSUPPORTED; `*roc` is then 0.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_receiver_roc(const struct sipseal_srtp_receiver *receiver,
                                         uint32_t ssrc,
                                         uint32_t *roc);

// Sets the ROC of the next packet of an SSRC, as for one who joins late. Add the stream first. A packet that
// does not authenticate under it leaves it set; once one has, the stream goes on from there, even if that ROC
// is lower than before.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_UNKNOWN_STREAM or
// SIPSEAL_UNSUPPORTED.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_receiver_set_roc(struct sipseal_srtp_receiver *receiver,
                                             uint32_t ssrc,
                                             uint32_t roc);

// Whether to go by the local ROC (`ignore` other than 0), and not by the one in packets that nothing
// authenticates: for when the media make sense, so that nobody can move it (RFC 4771 section 3, mode 3).
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED or SIPSEAL_UNSUPPORTED.
SIPSEAL_MUST_USE
sipseal_status sipseal_srtp_receiver_ignore_carried_roc(struct sipseal_srtp_receiver *receiver,
                                                        uint32_t ignore);

// Makes a negotiation in which nothing is offered or agreed on. One already there is gone: wipe it first.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT (misaligned) or SIPSEAL_UNSUPPORTED.
SIPSEAL_MUST_USE
sipseal_status sipseal_sdes_init(struct sipseal_sdes *sdes);

// Wipes a negotiation with its keys. Senders and receivers that it has made stay.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT or, if there is none (any more), SIPSEAL_NOT_INITIALISED.
sipseal_status sipseal_sdes_wipe(struct sipseal_sdes *sdes);

// Writes the `a=crypto` lines of an offer, each with CR LF, for the media description.
//
// The first offer, and any with SIPSEAL_SDES_FRESH_KEYS, has a line with new keys for each profile of the policy,
// tagged 1, 2 and so on; `random` is asked once for each key. A later one repeats the line that is agreed on, for a
// session refresh that changes nothing, if the policy still would offer it like that. `*lines_len` octets at `lines`
// (at most SIPSEAL_SDES_MAX_LINE_LEN for each profile) are the lines, without a terminating zero.
//
// What is agreed on stays until an answer is taken, also if the offer is rejected. An offer before this one can no
// longer be answered. **The lines are as secret as their keys**: send them over TLS or sealed, and wipe `lines`
// afterwards.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT (unknown flags), SIPSEAL_NOT_INITIALISED,
// SIPSEAL_OVERLAP, SIPSEAL_UNKNOWN_PROFILE, SIPSEAL_UNSUPPORTED, SIPSEAL_POLICY, SIPSEAL_BUFFER_TOO_SMALL or
// SIPSEAL_RANDOM_FAILED (also if the generator repeats itself).
SIPSEAL_MUST_USE
sipseal_status sipseal_sdes_offer(struct sipseal_sdes *sdes,
                                  const struct sipseal_sdes_policy *policy,
                                  sipseal_random random,
                                  void *user,
                                  char *lines,
                                  size_t lines_cap,
                                  size_t *lines_len);

// Takes an offer, and writes the `a=crypto` line that answers it, with CR LF.
//
// `offer` is the media description that was offered, from its `m=` line on, or any part of that; all but `m=` and
// `a=crypto` lines is passed over. Of these the first that the policy allows is taken or, with
// SIPSEAL_SDES_OWN_PREFERENCE, the one whose profile stands first in the policy. The answer has its tag, suite and
// negotiated session parameters, and keys of our own; those stay the same as long as suite and parameters do.
// `*change` says what to do with sender and receiver. `*line_len` octets at `line` are the line.
//
// **Both texts are as secret as their keys**: wipe them afterwards.
//
// Fails as sipseal_sdes_offer, and with SIPSEAL_NO_CRYPTO_LINE, SIPSEAL_TOO_MANY_LINES (above 16), SIPSEAL_MEDIA,
// SIPSEAL_MEDIA_REJECTED, SIPSEAL_TRANSPORT or, if no line can be taken, for the reason of the first, which
// sipseal_sdes_line_status has for each. What was agreed on before stays; with SIPSEAL_TRANSPORT under RTP/AVP that
// may be a call without encryption.
SIPSEAL_MUST_USE
sipseal_status sipseal_sdes_answer(struct sipseal_sdes *sdes,
                                   const struct sipseal_sdes_policy *policy,
                                   const char *offer,
                                   size_t offer_len,
                                   sipseal_random random,
                                   void *user,
                                   char *line,
                                   size_t line_cap,
                                   size_t *line_len,
                                   uint32_t *change);

// Takes the answer to the latest offer.
//
// `answer` is the media description of the answer, or any part of that with its one `a=crypto` line. Its tag and
// suite must be those of an offered line, its negotiated session parameters those that were offered, and its keys
// neither ours nor, where anything else has changed, those before. An answer may come again, and another one in its
// place, as after early media. `*change` says what to do with sender and receiver.
//
// **The text is as secret as its keys**: wipe it afterwards.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP,
// SIPSEAL_UNKNOWN_PROFILE, SIPSEAL_UNSUPPORTED, SIPSEAL_POLICY, SIPSEAL_NOT_OFFERED, SIPSEAL_NO_CRYPTO_LINE (the
// other side does not do this: there is no secure call), SIPSEAL_TOO_MANY_LINES, SIPSEAL_MEDIA,
// SIPSEAL_MEDIA_REJECTED, SIPSEAL_TRANSPORT, SIPSEAL_OTHER_THAN_OFFERED or as sipseal_sdes_line_status. What was
// agreed on before stays.
SIPSEAL_MUST_USE
sipseal_status sipseal_sdes_take_answer(struct sipseal_sdes *sdes,
                                        const struct sipseal_sdes_policy *policy,
                                        const char *answer,
                                        size_t answer_len,
                                        uint32_t *change);

// Whether one line of an offer or answer can be taken, by itself, by the policy and by what is agreed on so far; if
// not, why.
//
// `line` counts the `a=crypto` lines of `text` from 0 to SIPSEAL_SDES_MAX_LINES - 1. `*tag` is the tag of a line that
// can be taken. `*offset` is where the fault of another lies, in octets from the start of that line.
//
// Returns SIPSEAL_OK. Fails with SIPSEAL_NO_CRYPTO_LINE if there are not so many lines, and for the line with
// SIPSEAL_SYNTAX, SIPSEAL_TOO_LONG, SIPSEAL_UNKNOWN_SUITE, SIPSEAL_SUITE_NOT_ALLOWED, SIPSEAL_INVALID_KEY,
// SIPSEAL_TOO_MANY_KEYS, SIPSEAL_UNSUPPORTED_PARAMETER, SIPSEAL_INVALID_PARAMETER, SIPSEAL_PARAMETER_NOT_ALLOWED,
// SIPSEAL_KEY_ECHOED or SIPSEAL_KEY_REUSED. For what else fails see sipseal_sdes_answer.
SIPSEAL_MUST_USE
sipseal_status sipseal_sdes_line_status(struct sipseal_sdes *sdes,
                                        const struct sipseal_sdes_policy *policy,
                                        const char *text,
                                        size_t text_len,
                                        uint32_t line,
                                        uint32_t *tag,
                                        size_t *offset);

// Makes the latest offer answerable in another branch of a forked call (RFC 4568 section 7.3): `branch`, which is
// initialised, forgets what it has and takes over the offer. Keep one negotiation for each dialog.
//
// Every branch knows our keys: only `sdes` may send under them. In `branch` answers are taken and receivers made; for
// a sender, which is SIPSEAL_KEY_IN_USE, offer again there, in an UPDATE or re-INVITE, which draws new keys.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP (both are
// one), SIPSEAL_NOT_OFFERED or SIPSEAL_UNSUPPORTED.
SIPSEAL_MUST_USE
sipseal_status sipseal_sdes_fork(const struct sipseal_sdes *sdes,
                                 struct sipseal_sdes *branch);

// Sets in a layout what was agreed on for the sender: profile, mki_len, key_derivation_rate, the flags named INSECURE
// and, where the lines have more, keys. All other members stay as they are: they are the program's choice.
//
// For programs that size the block at run time: sipseal_sdes_sender_init does the same by itself.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_NOT_AGREED or
// SIPSEAL_UNSUPPORTED.
SIPSEAL_MUST_USE
sipseal_status sipseal_sdes_sender_layout(const struct sipseal_sdes *sdes,
                                          struct sipseal_srtp_layout *layout);

// Sets in a layout what was agreed on for the receiver, as sipseal_sdes_sender_layout does for the sender.
SIPSEAL_MUST_USE
sipseal_status sipseal_sdes_receiver_layout(const struct sipseal_sdes *sdes,
                                            struct sipseal_srtp_layout *layout);

// The replay window that the other side thinks suitable for what it sends (WSH, RFC 4568 section 6.3.6), as a window
// that a layout takes: a power of two from 64 to 32,768. 0 if it says nothing.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_NOT_AGREED or
// SIPSEAL_UNSUPPORTED.
SIPSEAL_MUST_USE
sipseal_status sipseal_sdes_window_hint(const struct sipseal_sdes *sdes,
                                        uint32_t *window);

// Makes the sender for what was agreed on, with the keys of our own line: as sipseal_srtp_sender_init, with a layout
// in which sipseal_sdes_sender_layout has set what was agreed on.
//
// `layout` says the rest: streams, window and so on. Lifetimes are kept: a key protects fewer packets than its lifetime,
// of SRTP and of SRTCP. With several keys it sends with the first until sipseal_srtp_sender_use_key.
//
// Fails as sipseal_srtp_sender_init, and with SIPSEAL_NOT_INITIALISED, SIPSEAL_NOT_AGREED or SIPSEAL_KEY_IN_USE (the
// key has a sender already, here or in another branch: another one would repeat its keystream). After these three and
// SIPSEAL_OVERLAP `sender` is as it was; after others there is no sender.
SIPSEAL_MUST_USE
sipseal_status sipseal_sdes_sender_init(struct sipseal_sdes *sdes,
                                        struct sipseal_srtp_sender *sender,
                                        uint8_t *block,
                                        size_t block_len,
                                        const struct sipseal_srtp_layout *layout);

// Makes the receiver for what was agreed on, with the keys of the other side's line: as sipseal_srtp_receiver_init,
// with a layout in which sipseal_sdes_receiver_layout has set what was agreed on.
//
// Lifetimes are kept: a key unprotects as many packets as its lifetime, of SRTP and of SRTCP.
//
// Fails as sipseal_srtp_receiver_init, and with SIPSEAL_NOT_INITIALISED or SIPSEAL_NOT_AGREED. After these two and
// SIPSEAL_OVERLAP `receiver` is as it was; after others there is no receiver.
SIPSEAL_MUST_USE
sipseal_status sipseal_sdes_receiver_init(struct sipseal_sdes *sdes,
                                          struct sipseal_srtp_receiver *receiver,
                                          uint8_t *block,
                                          size_t block_len,
                                          const struct sipseal_srtp_layout *layout);

// Makes H(A1), which can be kept instead of a password (RFC 7616 section 3.4.2): 32 or 64 hexadecimal digits, without
// a terminating zero. It is as good as the password for this realm, and for nothing else.
//
// `hash` is SIPSEAL_DIGEST_MD5, SIPSEAL_DIGEST_SHA_256 or SIPSEAL_DIGEST_SHA_512_256; `-sess` and the other alike. The
// inputs lie apart from `hex`.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_OVERLAP, SIPSEAL_BUFFER_TOO_SMALL or
// SIPSEAL_UNSUPPORTED; nothing is then written.
SIPSEAL_MUST_USE
sipseal_status sipseal_digest_hash_a1(uint32_t hash,
                                      const char *username,
                                      size_t username_len,
                                      const char *realm,
                                      size_t realm_len,
                                      const char *password,
                                      size_t password_len,
                                      char *hex,
                                      size_t hex_cap,
                                      size_t *hex_len);

// Makes the hash that stands for a user name where a server asks to hide it (RFC 7616 section 3.4.4), to look users up
// by. As sipseal_digest_hash_a1.
SIPSEAL_MUST_USE
sipseal_status sipseal_digest_user_hash(uint32_t hash,
                                        const char *username,
                                        size_t username_len,
                                        const char *realm,
                                        size_t realm_len,
                                        char *hex,
                                        size_t hex_cap,
                                        size_t *hex_len);

// Makes a client in `client` and `block`, which has SIPSEAL_DIGEST_CLIENT_BLOCK_LEN(realms) octets at any alignment.
// Both stay where they are until sipseal_digest_client_wipe; `policy` lies in neither.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_OVERLAP, SIPSEAL_BLOCK_TOO_SMALL or
// SIPSEAL_UNSUPPORTED. There is then no client.
SIPSEAL_MUST_USE
sipseal_status sipseal_digest_client_init(struct sipseal_digest_client *client,
                                          uint8_t *block,
                                          size_t block_len,
                                          const struct sipseal_digest_policy *policy);

// Takes the response to a request that was sent with `request->credentials`, as it came in.
//
// Returns SIPSEAL_NOTICE_SEND_AGAIN for a 401 or 407 that can be answered: send the request again, with a new CSeq
// and what sipseal_digest_client_write writes now. SIPSEAL_NOTICE_PROVISIONAL for a provisional response.
// SIPSEAL_NOTICE_SERVER_PROVEN for another response, from a server that has proven that it knows the secret;
// SIPSEAL_OK for one that has not.
//
// Credentials that were refused are made again for a new nonce, max_retries times; then the realm is rejected, and no
// more answered until a later request, which carries no credentials, is challenged with another nonce, or until
// sipseal_digest_client_forget. A request that was under way when another one brought a new nonce is sent again with
// that one. Of a response that fails nothing is taken.
//
// `request` and `accounts` are those of the request. `random` is asked for 16 octets for each new nonce.
//
// Fails, of a 401 or 407, with SIPSEAL_CREDENTIALS_REJECTED, SIPSEAL_WEAK_CHALLENGE, SIPSEAL_NO_ACCOUNT,
// SIPSEAL_UNKNOWN_CHALLENGE, SIPSEAL_REALM_LIMIT or SIPSEAL_RANDOM_FAILED; of another, with
// SIPSEAL_SERVER_NOT_AUTHENTIC, SIPSEAL_NO_ACCOUNT, SIPSEAL_SECRET_UNAVAILABLE or SIPSEAL_RANDOM_FAILED; of any with
// SIPSEAL_SYNTAX, SIPSEAL_TOO_LONG, SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT (also for a request as the
// response, and for credentials that were not written here), SIPSEAL_OVERLAP, SIPSEAL_NOT_INITIALISED or SIPSEAL_UNSUPPORTED.
SIPSEAL_MUST_USE
sipseal_status sipseal_digest_client_take(struct sipseal_digest_client *client,
                                          const struct sipseal_digest_request *request,
                                          const char *response,
                                          size_t response_len,
                                          const struct sipseal_digest_account *accounts,
                                          size_t accounts_len,
                                          sipseal_random random,
                                          void *random_user);

// Writes the header fields with credentials for a request, each with its CRLF and all without a terminating zero:
// Authorization, Proxy-Authorization, both, several or none. None for a CANCEL, which nobody may challenge.
//
// Each call uses the nonce once: write once for each request that is sent, and send what was written. An ACK has the
// header fields of its INVITE: see sipseal_digest_copy_credentials.
//
// `request` and `accounts` lie apart from `out`. Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT (an ACK, a
// method, URI or user name that cannot be written, an H(A1) of the wrong length or for no realm), SIPSEAL_OVERLAP,
// SIPSEAL_NOT_INITIALISED, SIPSEAL_BUFFER_TOO_SMALL, SIPSEAL_NO_ACCOUNT, SIPSEAL_NETWORK_NOT_AUTHENTIC,
// SIPSEAL_SECRET_UNAVAILABLE, SIPSEAL_NONCE_EXHAUSTED or SIPSEAL_UNSUPPORTED. `*out_len` is then 0, `out` may be
// zeros, and no nonce was used. If it was a SIM that did not answer, the next call writes nothing for its realm, until
// the network comes with a new nonce.
SIPSEAL_MUST_USE
sipseal_status sipseal_digest_client_write(struct sipseal_digest_client *client,
                                           const struct sipseal_digest_request *request,
                                           const struct sipseal_digest_account *accounts,
                                           size_t accounts_len,
                                           char *out,
                                           size_t out_cap,
                                           size_t *out_len);

// Forgets all realms, and what is kept of secrets: when an account changes.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED or SIPSEAL_UNSUPPORTED.
SIPSEAL_MUST_USE
sipseal_status sipseal_digest_client_forget(struct sipseal_digest_client *client);

// Wipes a client with its block. Both may then be reused or given back.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT or, if there is no client (any more),
// SIPSEAL_NOT_INITIALISED; SIPSEAL_UNSUPPORTED.
sipseal_status sipseal_digest_client_wipe(struct sipseal_digest_client *client);

// Copies the header fields with credentials of an INVITE, for the ACK that belongs to it (RFC 3261 section 22.1).
//
// `invite` is the whole INVITE as it was sent, and lies apart from `out`. Fails with SIPSEAL_NULL_POINTER,
// SIPSEAL_INVALID_ARGUMENT, SIPSEAL_OVERLAP, SIPSEAL_SYNTAX, SIPSEAL_BUFFER_TOO_SMALL or SIPSEAL_UNSUPPORTED;
// `*out_len` is then 0, and `out` may be zeros.
SIPSEAL_MUST_USE
sipseal_status sipseal_digest_copy_credentials(const char *invite,
                                               size_t invite_len,
                                               char *out,
                                               size_t out_cap,
                                               size_t *out_len);

// Octets of the block that a server with room for so many nonces and a realm of so many octets needs; 0 if there can be
// none. The macro SIPSEAL_DIGEST_SERVER_BLOCK_LEN gives the same as a constant, for static storage.
SIPSEAL_MUST_USE
size_t sipseal_digest_server_block_len(uint32_t nonces,
                                       size_t realm_len);

// Makes a server in `server` and `block`, which has SIPSEAL_DIGEST_SERVER_BLOCK_LEN(nonces, realm_len) octets at any
// alignment. Both stay where they are until sipseal_digest_server_wipe; no other argument lies in them.
//
// `key`, of SIPSEAL_DIGEST_KEY_LEN octets, authenticates nonces. NULL: one is drawn from `random`, which may be NULL
// otherwise. Servers that share a key take each other's nonces, without knowing of each other's replays, so credentials
// are good once at each. Nonces from before `now_s` are stale, since an earlier server with the same key may have seen
// them used: where a key outlives its server, the clock must not go back, and so not begin anew with the device.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_OVERLAP, SIPSEAL_BLOCK_TOO_SMALL,
// SIPSEAL_RANDOM_FAILED or SIPSEAL_UNSUPPORTED. There is then no server; but after SIPSEAL_OVERLAP of the two with each
// other or with an argument, or SIPSEAL_UNSUPPORTED, what was there is untouched.
SIPSEAL_MUST_USE
sipseal_status sipseal_digest_server_init(struct sipseal_digest_server *server,
                                          uint8_t *block,
                                          size_t block_len,
                                          const struct sipseal_digest_config *config,
                                          const uint8_t *key,
                                          uint64_t now_s,
                                          sipseal_random random,
                                          void *random_user);

// Writes a challenge for each algorithm, each a header field with its CRLF and all without a terminating zero, for a
// 401 or, with `kind` SIPSEAL_DIGEST_OF_PROXY, a 407.
//
// `binding` is what the nonce is to be good for alone, such as the address of the client; it may be empty. `flags` is 0
// or SIPSEAL_DIGEST_STALE.
//
// `binding` and `out` are disjoint. Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_OVERLAP,
// SIPSEAL_NOT_INITIALISED, SIPSEAL_BUFFER_TOO_SMALL or SIPSEAL_UNSUPPORTED; `*out_len` is then 0, and `out` may be
// zeros.
SIPSEAL_MUST_USE
sipseal_status sipseal_digest_server_challenge(struct sipseal_digest_server *server,
                                               uint32_t kind,
                                               uint64_t now_s,
                                               const uint8_t *binding,
                                               size_t binding_len,
                                               uint32_t flags,
                                               char *out,
                                               size_t out_cap,
                                               size_t *out_len);

// Verifies the credentials of a request, as it came in, and says in `verified` who sent it. `kind` is that of the
// credentials looked for, `now_s` and `binding` are as of the challenge. `users` looks up the user.
//
// Fails with SIPSEAL_NO_CREDENTIALS or SIPSEAL_AUTHENTICATION_FAILED: challenge the request; with SIPSEAL_STALE or
// SIPSEAL_REPLAYED: challenge it with SIPSEAL_DIGEST_STALE; with SIPSEAL_SYNTAX: answer 400; with SIPSEAL_INVALID_ARGUMENT
// for an ACK or a CANCEL, which are never challenged. Also with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT,
// SIPSEAL_OVERLAP (any two of the arguments), SIPSEAL_NOT_INITIALISED or SIPSEAL_UNSUPPORTED. `*verified` is then zero,
// and no nonce is used.
SIPSEAL_MUST_USE
sipseal_status sipseal_digest_server_verify(struct sipseal_digest_server *server,
                                            uint32_t kind,
                                            uint64_t now_s,
                                            const uint8_t *binding,
                                            size_t binding_len,
                                            const char *request,
                                            size_t request_len,
                                            sipseal_digest_users users,
                                            void *users_user,
                                            struct sipseal_digest_verified *verified);

// Writes what belongs into the response to a request that was verified: Authentication-Info or, where the credentials
// were for a proxy, Proxy-Authentication-Info, with its CRLF and without a terminating zero; nothing if there is nothing
// to say. It proves that the server knows the secret as well.
//
// `verified` is as sipseal_digest_server_verify gave it, and `request` the request of then. `body` is that of the response,
// as it will be sent, for auth-int; NULL for none. `flags` is 0 or SIPSEAL_DIGEST_NEXT_NONCE, whose nonce is made of
// `now_s` and `binding` as by sipseal_digest_server_challenge.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, also for what was not verified, SIPSEAL_OVERLAP (any two of
// the buffers), SIPSEAL_NOT_INITIALISED, SIPSEAL_SYNTAX, SIPSEAL_BUFFER_TOO_SMALL or SIPSEAL_UNSUPPORTED; `*out_len` is
// then 0, and `out` may be zeros. It can be called again.
SIPSEAL_MUST_USE
sipseal_status sipseal_digest_server_info(struct sipseal_digest_server *server,
                                          const struct sipseal_digest_verified *verified,
                                          const char *request,
                                          size_t request_len,
                                          const uint8_t *body,
                                          size_t body_len,
                                          uint64_t now_s,
                                          const uint8_t *binding,
                                          size_t binding_len,
                                          uint32_t flags,
                                          char *out,
                                          size_t out_cap,
                                          size_t *out_len);

// Reads the counters of a server into `counters`.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED or SIPSEAL_UNSUPPORTED; `*counters`,
// where it can be written, is then zero.
SIPSEAL_MUST_USE
sipseal_status sipseal_digest_server_counters(const struct sipseal_digest_server *server,
                                              struct sipseal_digest_counters *counters);

// Wipes a server with its block. Both may then be reused or given back.
//
// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT or, if there is no server (any more),
// SIPSEAL_NOT_INITIALISED; SIPSEAL_UNSUPPORTED.
sipseal_status sipseal_digest_server_wipe(struct sipseal_digest_server *server);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* SIPSEAL_H */
