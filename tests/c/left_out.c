/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A library without any family of features: each of their functions says so, and touches nothing but its
 * results. A program of its own, since it is linked to a library of its own. */

#include <stdio.h>
#include <string.h>

#include "sipseal.h"

static sipseal_srtp_sender sender;
static sipseal_srtp_receiver receiver;
static uint8_t sender_block[SIPSEAL_SRTP_SENDER_BLOCK_LEN(SIPSEAL_SRTP_LARGEST_PROFILE, 1, 1, 64)];
static uint8_t receiver_block[SIPSEAL_SRTP_RECEIVER_BLOCK_LEN(SIPSEAL_SRTP_LARGEST_PROFILE, 1, 1, 64)];
static sipseal_sdes sdes;
static int failed;

static sipseal_status no_random(void *user, uint8_t *out, size_t out_len)
{
    (void)user;
    (void)out;
    (void)out_len;
    return SIPSEAL_OK;
}

#define LEFT_OUT(call) check(#call, call)

static void check(const char *call, sipseal_status status)
{
    if (status == SIPSEAL_UNSUPPORTED)
        return;
    printf("%s answers %d, \"%s\"\n", call, (int)status, sipseal_status_str(status));
    failed++;
}

static void functions(void)
{
    static const uint8_t key[16] = { 1 }, salt[14] = { 2 }, mki[4] = { 3 };
    uint8_t packet[64] = { 0x80 };
    static const uint32_t profiles[] = { SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80 };
    static const sipseal_sdes_policy policy = { .profiles = profiles, .profiles_len = 1 };
    sipseal_srtp_layout agreed = { .keys = 7 };
    char text[256] = { 7 };
    uint32_t ssrcs[1] = { 7 }, roc = 7;
    size_t len = 7;

    LEFT_OUT(sipseal_srtp_sender_add_key(&sender, key, 16, salt, 14, mki, 4));
    LEFT_OUT(sipseal_srtp_sender_add_key_from_to(&sender, key, 16, salt, 14, 0, 1));
    LEFT_OUT(sipseal_srtp_sender_use_key(&sender, mki, 4));
    LEFT_OUT(sipseal_srtp_sender_remove_key(&sender, mki, 4));
    LEFT_OUT(sipseal_srtp_sender_remove_key_from(&sender, 0));
    LEFT_OUT(sipseal_srtp_sender_rekey(&sender, key, 16, salt, 14, SIPSEAL_SRTP_KEEP_ROC));
    LEFT_OUT(sipseal_srtp_sender_encrypt_element(&sender, 1));
    LEFT_OUT(sipseal_srtp_sender_add_stream(&sender, 1));
    LEFT_OUT(sipseal_srtp_sender_remove_stream(&sender, 1));
    LEFT_OUT(sipseal_srtp_sender_streams(&sender, ssrcs, 1, &len));
    LEFT_OUT(sipseal_srtp_sender_roc(&sender, 1, &roc));
    LEFT_OUT(sipseal_srtp_sender_set_roc(&sender, 1, 1));

    LEFT_OUT(sipseal_srtp_receiver_add_key(&receiver, key, 16, salt, 14, mki, 4));
    LEFT_OUT(sipseal_srtp_receiver_add_key_from_to(&receiver, key, 16, salt, 14, 0, 1));
    LEFT_OUT(sipseal_srtp_receiver_remove_key(&receiver, mki, 4));
    LEFT_OUT(sipseal_srtp_receiver_remove_key_from(&receiver, 0));
    LEFT_OUT(sipseal_srtp_receiver_rekey(&receiver, key, 16, salt, 14, SIPSEAL_SRTP_KEEP_ROC));
    LEFT_OUT(sipseal_srtp_receiver_encrypt_element(&receiver, 1));
    LEFT_OUT(sipseal_srtp_receiver_add_stream(&receiver, 1));
    LEFT_OUT(sipseal_srtp_receiver_add_own_ssrc(&receiver, 1));
    LEFT_OUT(sipseal_srtp_receiver_remove_stream(&receiver, 1));
    LEFT_OUT(sipseal_srtp_receiver_streams(&receiver, ssrcs, 1, &len));
    LEFT_OUT(sipseal_srtp_receiver_roc(&receiver, 1, &roc));
    LEFT_OUT(sipseal_srtp_receiver_set_roc(&receiver, 1, 1));
    LEFT_OUT(sipseal_srtp_receiver_ignore_carried_roc(&receiver, 1));
    LEFT_OUT(sipseal_srtp_receiver_unprotect_with_roc(&receiver, 0, packet, 40, packet, 64, &len));

    LEFT_OUT(sipseal_sdes_init(&sdes));
    LEFT_OUT(sipseal_sdes_offer(&sdes, &policy, no_random, NULL, text, sizeof text, &len));
    LEFT_OUT(sipseal_sdes_answer(&sdes, &policy, text, 1, no_random, NULL, text + 1, 1, &len, &roc));
    LEFT_OUT(sipseal_sdes_take_answer(&sdes, &policy, text, 1, &roc));
    LEFT_OUT(sipseal_sdes_line_status(&sdes, &policy, text, 1, 0, &roc, &len));
    LEFT_OUT(sipseal_sdes_fork(&sdes, &sdes));
    LEFT_OUT(sipseal_sdes_sender_layout(&sdes, &agreed));
    LEFT_OUT(sipseal_sdes_receiver_layout(&sdes, &agreed));
    LEFT_OUT(sipseal_sdes_window_hint(&sdes, &roc));
    LEFT_OUT(sipseal_sdes_sender_init(&sdes, &sender, sender_block, sizeof sender_block, &agreed));
    LEFT_OUT(sipseal_sdes_receiver_init(&sdes, &receiver, receiver_block, sizeof receiver_block, &agreed));
    if (text[0] != 7 || agreed.keys != 7) {
        printf("a text or layout is written\n");
        failed++;
    }
    if (len != 0 || roc != 0 || ssrcs[0] != 7) {
        printf("results are %zu and %u, a list begins with %u\n", len, (unsigned)roc, (unsigned)ssrcs[0]);
        failed++;
    }
}

/* Without digest authentication nothing is looked at but results. */
static void digest(void)
{
    static sipseal_digest_client client;
    static sipseal_digest_server server;
    sipseal_digest_verified verified = { "x", 1, "x", 1, 1, 1, 1, 0, "x" };
    sipseal_digest_counters counters = { 1, 1 };
    static const sipseal_digest_request request = { "BYE", 3, "sip:a", 5, NULL, 0, NULL, 0 };
    char text[64] = "x";
    uint8_t block[64];
    size_t lens[6] = { 7, 7, 7, 7, 7, 7 }, i;

    LEFT_OUT(sipseal_digest_hash_a1(SIPSEAL_DIGEST_MD5, "a", 1, "b", 1, "c", 1, text, sizeof text, &lens[0]));
    LEFT_OUT(sipseal_digest_user_hash(SIPSEAL_DIGEST_MD5, "a", 1, "b", 1, text, sizeof text, &lens[1]));
    LEFT_OUT(sipseal_digest_client_init(&client, block, sizeof block, NULL));
    LEFT_OUT(sipseal_digest_client_take(&client, &request, text, 1, NULL, 0, NULL, NULL));
    LEFT_OUT(sipseal_digest_client_write(&client, &request, NULL, 0, text, sizeof text, &lens[2]));
    LEFT_OUT(sipseal_digest_client_forget(&client));
    LEFT_OUT(sipseal_digest_client_wipe(&client));
    LEFT_OUT(sipseal_digest_copy_credentials("a", 1, text, sizeof text, &lens[3]));
    LEFT_OUT(sipseal_digest_server_init(&server, block, sizeof block, NULL, NULL, 0, NULL, NULL));
    LEFT_OUT(sipseal_digest_server_challenge(&server, 0, 0, NULL, 0, 0, text, sizeof text, &lens[4]));
    LEFT_OUT(sipseal_digest_server_verify(&server, 0, 0, NULL, 0, "a", 1, NULL, NULL, &verified));
    LEFT_OUT(sipseal_digest_server_info(&server, &verified, "a", 1, NULL, 0, 0, NULL, 0, 0, text, sizeof text, &lens[5]));
    LEFT_OUT(sipseal_digest_server_counters(&server, &counters));
    LEFT_OUT(sipseal_digest_server_wipe(&server));
    for (i = 0; i < sizeof lens / sizeof *lens; i++)
        if (lens[i] != 0 || text[0] != 'x') {
            printf("digest: length %zu is %zu\n", i, lens[i]);
            failed++;
        }
    if (verified.username_len != 0 || verified.uri != NULL || verified.a1[0] != 0 || counters.authentication_failures != 0) {
        puts("digest: results are not zero");
        failed++;
    }
}

/* What a layout asks for is refused, and takes as much room as in any build. */
static void layout(sipseal_srtp_layout layout, size_t len)
{
    static const uint8_t key[32] = { 1 }, salt[14] = { 2 };
    int has_ids = layout.mki_len || layout.flags & SIPSEAL_SRTP_KEYS_FROM_TO;

    LEFT_OUT(sipseal_srtp_sender_init(&sender, sender_block, sizeof sender_block, &layout,
                                      has_ids ? NULL : key, has_ids ? 0 : 16, has_ids ? NULL : salt,
                                      has_ids ? 0 : 14));
    if (sipseal_srtp_sender_block_len(&layout) != len) {
        printf("a block takes %zu octets, not %zu\n", sipseal_srtp_sender_block_len(&layout), len);
        failed++;
    }
}

int main(void)
{
    static const uint32_t flags[] = {
        SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTP, SIPSEAL_SRTP_INSECURE_UNAUTHENTICATED_SRTP,
        SIPSEAL_SRTP_LISTED_STREAMS_ONLY,       SIPSEAL_SRTP_REPLACE_OLDEST_STREAM,
        SIPSEAL_SRTP_ALLOW_RETRANSMISSION,      SIPSEAL_SRTP_KEYS_FROM_TO,
        SIPSEAL_SRTP_CRYPTEX,
    };
    static const uint8_t key[16] = { 1 }, salt[14] = { 2 };
    const sipseal_srtp_layout plain = {
        .profile = SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80, .keys = 1, .streams = 1, .window = 64
    };
    static const sipseal_accelerator accelerator;
    size_t plain_len = SIPSEAL_SRTP_SENDER_BLOCK_LEN(SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80, 1, 1, 64);
    sipseal_srtp_layout asked;
    size_t i;

    if (sipseal_srtp_sender_init(&sender, sender_block, sizeof sender_block, &plain, key, 16, salt, 14) ||
        sipseal_srtp_receiver_init(&receiver, receiver_block, sizeof receiver_block, &plain, key, 16,
                                   salt, 14))
        return 1;
    functions();
    digest();
    for (i = 0; i < sizeof flags / sizeof *flags; i++) {
        asked = plain;
        asked.flags = flags[i];
        layout(asked, plain_len);
    }
    asked = plain;
    asked.flags = SIPSEAL_SRTP_ENCRYPT_ELEMENTS;
    layout(asked, plain_len + SIPSEAL_SRTP_ELEMENT_KEYS_LEN(1));
    asked = plain;
    asked.mki_len = 4;
    layout(asked, plain_len + SIPSEAL_SRTP_MKIS_LEN(1, 4));
    asked = plain;
    asked.key_derivation_rate = 1;
    layout(asked, plain_len);
    asked = plain;
    asked.accelerator = &accelerator;
    layout(asked, plain_len + SIPSEAL_SRTP_ACCELERATOR_LEN(1));
    puts(failed ? "FAILED" : "all of them answer SIPSEAL_UNSUPPORTED");
    return failed != 0;
}
