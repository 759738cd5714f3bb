/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * The examples at the head of sipseal.h at work: the Makefile takes their text out of the header as it is
 * printed there. The one sends a packet, another answers calls by SDES, and a third changes keys in the midst
 * of a call.
 */

#include <stdio.h>
#include <string.h>

#include "sipseal.h"

/* Here a phone would have its network. */
static uint8_t wire[256];
static size_t wire_len;

static void send_to_network(const uint8_t *packet, size_t len)
{
    if (len <= sizeof wire) {
        memcpy(wire, packet, len);
        wire_len = len;
    }
}

/* A registrar that asks once, and then lets everyone in. */
static const char *send_to_registrar(const sipseal_digest_request *request, const char *fields, size_t fields_len,
                                     size_t *response_len)
{
    const char *response = "SIP/2.0 401 Unauthorized\r\n"
                           "WWW-Authenticate: Digest realm=\"atlanta.com\", nonce=\"84a4cc6f\", qop=\"auth\"\r\n\r\n";

    if (fields_len > 0) {
        printf("%.*s %.*s: %.*s...\n", (int)request->method_len, request->method, (int)request->uri_len, request->uri,
               40, fields);
        response = "SIP/2.0 200 OK\r\n\r\n";
    }
    *response_len = strlen(response);
    return response;
}

/* Counts where a phone would ask its generator, so that the program says the same at each run. */
static sipseal_status draw(void *user, uint8_t *out, size_t out_len)
{
    static uint8_t next;

    (void)user;
    while (out_len-- > 0)
        *out++ = next++;
    return SIPSEAL_OK;
}

#include "examples_from_header.h"

static const char rtp[] = "\x80\x00\x00\x01" "\x00\x00\x00\xa0" "\xca\xfe\xba\xbe" "a first packet";
enum { RTP_LEN = sizeof rtp - 1 };

static int not_heard(const char *why)
{
    fprintf(stderr, "%s\n", why);
    return 1;
}

/* Sends what the example "A FIRST PACKET" protects, and hears it. */
static int a_packet_under_a_key(void)
{
    static const uint8_t key[16] = { 0x0b }, salt[14] = { 0x5a };
    static const sipseal_srtp_layout layout = {
        .profile = SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80, .keys = 1, .streams = 1, .window = 64
    };
    uint8_t packet[sizeof rtp + SIPSEAL_SRTP_MAX_TRAILER_LEN];
    size_t len;

    memcpy(packet, rtp, RTP_LEN);
    if (start(key, salt) < 0 || send_rtp(packet, RTP_LEN, sizeof packet) < 0)
        return not_heard("the examples in sipseal.h do not run");
    if (wire_len != RTP_LEN + 10 || memcmp(wire + 12, rtp + 12, RTP_LEN - 12) == 0)
        return not_heard("the packet is not protected");
    if (sipseal_srtp_receiver_init(&rx, rx_block, sizeof rx_block, &layout, key, 16, salt, 14) < 0 ||
        sipseal_srtp_receiver_unprotect(&rx, wire, wire_len, wire, sizeof wire, &len) < 0 ||
        len != RTP_LEN || memcmp(wire, rtp, RTP_LEN) != 0)
        return not_heard("the packet does not come out as it went in");
    sipseal_srtp_sender_wipe(&tx);
    sipseal_srtp_receiver_wipe(&rx);
    printf("heard: %.*s\n", (int)(len - 12), (const char *)wire + 12);
    return 0;
}

/* The example "A CALL KEYED BY SDES" is called, and called again to refresh the session. */
static int a_call_keyed_by_sdes(void)
{
    static const sipseal_srtp_layout layout = { .streams = 1, .window = 64 };
    static sipseal_sdes caller;
    static sipseal_srtp_receiver from_callee;
    static uint8_t block[SIPSEAL_SRTP_RECEIVER_BLOCK_LEN(SIPSEAL_SRTP_LARGEST_PROFILE, 1, 1, 64)];
    char offer[2 * SIPSEAL_SDES_MAX_LINE_LEN], answer[SIPSEAL_SDES_MAX_LINE_LEN];
    uint8_t packet[sizeof rtp + SIPSEAL_SRTP_MAX_TRAILER_LEN];
    size_t offer_len, answer_len, len;
    uint32_t change;

    if (sipseal_sdes_init(&caller) < 0 || sipseal_sdes_init(&keys) < 0 ||
        sipseal_sdes_offer(&caller, &policy, draw, NULL, offer, sizeof offer, &offer_len) < 0 ||
        invited(offer, offer_len, answer, sizeof answer, &answer_len) < 0 ||
        sipseal_sdes_take_answer(&caller, &policy, answer, answer_len, &change) < 0 ||
        sipseal_sdes_receiver_init(&caller, &from_callee, block, sizeof block, &layout) < 0)
        return not_heard("no call keyed by SDES");
    for (int i = 0; i < 2; i++) {
        memcpy(packet, rtp, RTP_LEN);
        packet[3] = (uint8_t)i;
        if (send_rtp(packet, RTP_LEN, sizeof packet) < 0 ||
            sipseal_srtp_receiver_unprotect(&from_callee, wire, wire_len, wire, sizeof wire, &len) < 0)
            return not_heard("the callee is not heard");
        if (sipseal_sdes_offer(&caller, &policy, draw, NULL, offer, sizeof offer, &offer_len) < 0 ||
            invited(offer, offer_len, answer, sizeof answer, &answer_len) < 0 ||
            sipseal_sdes_take_answer(&caller, &policy, answer, answer_len, &change) < 0 || change != 0)
            return not_heard("a refresh changes something");
    }
    sipseal_wipe(offer, sizeof offer);
    sipseal_wipe(answer, sizeof answer);
    sipseal_sdes_wipe(&caller);
    sipseal_sdes_wipe(&keys);
    sipseal_srtp_sender_wipe(&tx);
    sipseal_srtp_receiver_wipe(&rx);
    sipseal_srtp_receiver_wipe(&from_callee);
    printf("agreed on keys by SDES, and refreshed the session\n");
    return 0;
}

/* A packet of the old key is still under way when the new one takes over: both are heard. */
static int a_change_of_keys(void)
{
    static const sipseal_srtp_layout layout = {
        .profile = SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80, .keys = 2, .streams = 1, .window = 64, .mki_len = 4
    };
    static uint8_t sender_block[SIPSEAL_SRTP_SENDER_BLOCK_LEN(
        SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80, 2, 1, 64) + SIPSEAL_SRTP_MKIS_LEN(2, 4)];
    static uint8_t receiver_block[SIPSEAL_SRTP_RECEIVER_BLOCK_LEN(
        SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80, 2, 1, 64) + SIPSEAL_SRTP_MKIS_LEN(2, 4)];
    static const uint8_t keys[2][16] = { { 0x0a }, { 0x0b } };
    static const uint8_t salts[2][14] = { { 0x5a }, { 0x5b } };
    static const uint8_t mkis[2][4] = { "old", "new" };
    static sipseal_srtp_sender to_peer;
    static sipseal_srtp_receiver from_peer;
    uint8_t packets[2][sizeof rtp + SIPSEAL_SRTP_MAX_TRAILER_LEN + 4];
    size_t lens[2];

    if (sipseal_srtp_sender_init(&to_peer, sender_block, sizeof sender_block, &layout, NULL, 0, NULL, 0) < 0 ||
        sipseal_srtp_receiver_init(&from_peer, receiver_block, sizeof receiver_block, &layout, NULL, 0, NULL, 0) < 0) {
        fprintf(stderr, "no contexts to change keys in\n");
        return 1;
    }
    for (int i = 0; i < 2; i++) {
        memcpy(packets[i], rtp, RTP_LEN);
        packets[i][3] = (uint8_t)(1 + i);
        if (hear_key(&from_peer, keys[i], salts[i], mkis[i]) < 0 ||
            speak_key(&to_peer, keys[i], salts[i], mkis[i]) < 0 ||
            sipseal_srtp_sender_protect(&to_peer, packets[i], RTP_LEN, packets[i], sizeof packets[i], &lens[i]) < 0) {
            fprintf(stderr, "key %d is not taken\n", i);
            return 1;
        }
    }
    for (int i = 1; i >= 0; i--) {
        if (memcmp(packets[i] + RTP_LEN, mkis[i], 4) != 0 ||
            sipseal_srtp_receiver_unprotect(&from_peer, packets[i], lens[i], packets[i], sizeof packets[i],
                                            &lens[i]) < 0) {
            fprintf(stderr, "the packet of key %d is not heard\n", i);
            return 1;
        }
    }
    if (retire_key(&to_peer, &from_peer, mkis[0]) < 0 ||
        sipseal_srtp_sender_use_key(&to_peer, mkis[0], 4) != SIPSEAL_UNKNOWN_KEY) {
        fprintf(stderr, "the old key is still there\n");
        return 1;
    }
    sipseal_srtp_sender_wipe(&to_peer);
    sipseal_srtp_receiver_wipe(&from_peer);
    printf("changed keys, and heard the packets of both\n");
    return 0;
}

static int a_registration(void)
{
    static const sipseal_digest_policy policy = { .algorithms = SIPSEAL_DIGEST_ALL, .realms = 2, .max_retries = 2 };
    static const sipseal_digest_account account = { .kind = SIPSEAL_DIGEST_PASSWORD, .username = "alice",
                                                    .username_len = 5, .secret = "zanzibar", .secret_len = 8 };
    static const sipseal_digest_request request = { .method = "REGISTER", .method_len = 8, .uri = "sip:atlanta.com",
                                                    .uri_len = 15 };

    if (sipseal_digest_client_init(&client, client_block, sizeof client_block, &policy) < 0 ||
        send_request(&request, &account) != SIPSEAL_OK) {
        fprintf(stderr, "not registered\n");
        return 1;
    }
    sipseal_digest_client_wipe(&client);
    return 0;
}

int main(void)
{
    return a_packet_under_a_key() || a_call_keyed_by_sdes() || a_registration() || a_change_of_keys();
}
