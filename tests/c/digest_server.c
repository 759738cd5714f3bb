/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A digest server: who was let in, the responses to them, and pointers, lengths and objects that are wrong. */

#include <string.h>

#include "check.h"
#include "digest_ends.h"
#include "memory.h"
#include "suites.h"

static struct digest_ends ends;
static uint32_t none;

/* A REGISTER with credentials of SHA-256, made at 0 seconds. */
static void request(uint32_t flags)
{
    static const uint32_t algorithm = SIPSEAL_DIGEST_SHA_256;
    sipseal_digest_policy policy = digest_policy();
    sipseal_digest_config config = digest_config(&algorithm);

    config.flags = flags;
    digest_start(&ends, &policy, &config);
    CHECK_EQUAL(sipseal_digest_server_challenge(&ends.server, 0, 0, NULL, 0, 0, ends.text, sizeof ends.text, &ends.len),
                SIPSEAL_OK);
    digest_respond(&ends, "401 Unauthorized");
    CHECK_EQUAL(digest_take(&ends, &digest_account), SIPSEAL_NOTICE_SEND_AGAIN);
    CHECK_EQUAL(digest_answer(&ends, &digest_account), SIPSEAL_OK);
    digest_request(&ends);
}

#define VERIFY(server, kind, now_s, text, len, users, verified) \
    sipseal_digest_server_verify(server, kind, now_s, NULL, 0, text, len, users, &none, verified)
#define INFO(server, verified, text, len, body, body_len, flags, out, cap) \
    sipseal_digest_server_info(server, verified, text, len, body, body_len, 0, NULL, 0, flags, out, cap, &out_len)

/* The response to an INVITE has a body that is not there yet when the INVITE comes in. */
static void later(void)
{
    static const uint8_t body[] = "v=0\r\n";
    sipseal_digest_verified verified;
    char infos[2][512], kept[sizeof ends.text];
    size_t out_len, cap, first_len;

    request(SIPSEAL_DIGEST_AUTH_INT);
    CHECK_EQUAL(VERIFY(&ends.server, 0, 0, ends.text, ends.len, digest_users, &verified), SIPSEAL_OK);
    CHECK_EQUAL(verified.qop, SIPSEAL_DIGEST_AUTH_INT);
    CHECK_EQUAL(verified.algorithm, SIPSEAL_DIGEST_SHA_256);
    memcpy(kept, ends.text, ends.len);
    CHECK_EQUAL(INFO(&ends.server, &verified, kept, ends.len, NULL, 0, 0, infos[0], sizeof infos[0]), SIPSEAL_OK);
    first_len = out_len;
    CHECK_EQUAL(INFO(&ends.server, &verified, kept, ends.len, body, sizeof body - 1, 0, infos[1], sizeof infos[1]), SIPSEAL_OK);
    CHECK_EQUAL(out_len, first_len);
    CHECK(memcmp(infos[0], infos[1], out_len) != 0);
    for (cap = 0; cap <= first_len; cap++) {
        struct area out = area_new(cap);
        sipseal_status status = INFO(&ends.server, &verified, kept, ends.len, body, sizeof body - 1, 0, (char *)out.data, cap);

        CHECK_ROUND("capacity", cap, 0);
        CHECK_EQUAL(status, cap < first_len ? SIPSEAL_BUFFER_TOO_SMALL : SIPSEAL_OK);
        CHECK_EQUAL(out_len, cap < first_len ? 0 : first_len);
        area_free(&out);
    }

    /* The client believes the one with its body. */
    memcpy(ends.text, infos[1], ends.len = first_len);
    digest_respond(&ends, "200 OK");
    memcpy(ends.text + ends.len, body, sizeof body - 1);
    ends.len += sizeof body - 1;
    CHECK_EQUAL(digest_take(&ends, &digest_account), SIPSEAL_NOTICE_SERVER_PROVEN);
    sipseal_wipe(&verified, sizeof verified);
    CHECK_EQUAL(INFO(&ends.server, &verified, kept, sizeof kept, NULL, 0, 0, infos[0], sizeof infos[0]), SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(out_len, 0);
}

static void counters(void)
{
    sipseal_digest_verified verified;
    sipseal_digest_counters counters = { 7, 7 };
    char *response;
    size_t i;

    request(SIPSEAL_DIGEST_AUTH);
    CHECK_EQUAL(sipseal_digest_server_counters(&ends.server, &counters), SIPSEAL_OK);
    CHECK(counters.authentication_failures == 0 && counters.replays == 0);
    CHECK_EQUAL(VERIFY(&ends.server, 0, 61, ends.text, ends.len, digest_users, &verified), SIPSEAL_OK);
    for (i = 0; i < 3; i++)
        CHECK_EQUAL(VERIFY(&ends.server, 0, 61, ends.text, ends.len, digest_users, &verified), SIPSEAL_REPLAYED);
    response = strstr(ends.text, "response=\"");
    CHECK(response != NULL);
    if (!response)
        return;
    response[10] = response[10] == '0' ? '1' : '0';
    for (i = 0; i < 2; i++)
        CHECK_EQUAL(VERIFY(&ends.server, 0, 61, ends.text, ends.len, digest_users, &verified), SIPSEAL_AUTHENTICATION_FAILED);
    CHECK_EQUAL(sipseal_digest_server_counters(&ends.server, &counters), SIPSEAL_OK);
    CHECK_EQUAL(counters.authentication_failures, 2);
    CHECK_EQUAL(counters.replays, 3);
    CHECK_EQUAL(sipseal_digest_server_counters(&ends.server, NULL), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_digest_server_wipe(&ends.server), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_digest_server_counters(&ends.server, &counters), SIPSEAL_NOT_INITIALISED);
    CHECK(counters.authentication_failures == 0 && counters.replays == 0);
}

/* With a key from outside: credentials are good once, and again for no later server. */
static void restarts(void)
{
    static const uint32_t algorithm = SIPSEAL_DIGEST_SHA_256;
    static const uint8_t key[SIPSEAL_DIGEST_KEY_LEN] = { 1 };
    sipseal_digest_config config = digest_config(&algorithm);
    sipseal_digest_policy policy = digest_policy();
    sipseal_digest_verified verified;
    uint64_t now_s;

    digest_start(&ends, &policy, &config);
    for (now_s = 100; now_s < 160; now_s += 20) {
        sipseal_status status;

        CHECK_ROUND("second", (int)now_s, 0);
        CHECK_EQUAL(sipseal_digest_server_init(&ends.server, ends.server_block, sizeof ends.server_block, &config, key, now_s,
                                               NULL, NULL),
                    SIPSEAL_OK);
        if (now_s == 100) {
            CHECK_EQUAL(sipseal_digest_server_challenge(&ends.server, 0, now_s, NULL, 0, 0, ends.text, sizeof ends.text,
                                                        &ends.len),
                        SIPSEAL_OK);
            digest_respond(&ends, "401 Unauthorized");
            CHECK_EQUAL(sipseal_digest_client_take(&ends.client, &digest_register, ends.text, ends.len, &digest_account, 1,
                                                   digest_random, NULL),
                        SIPSEAL_NOTICE_SEND_AGAIN);
            CHECK_EQUAL(sipseal_digest_client_write(&ends.client, &digest_register, &digest_account, 1, ends.text,
                                                    sizeof ends.text, &ends.len),
                        SIPSEAL_OK);
            digest_request(&ends);
        }
        status = VERIFY(&ends.server, 0, now_s, ends.text, ends.len, digest_users, &verified);
        CHECK_EQUAL(status, now_s == 100 ? SIPSEAL_OK : SIPSEAL_STALE);
    }
}

static void block_lens(void)
{
    size_t nonces, realm_len;

    for (nonces = 1; nonces <= SIPSEAL_DIGEST_MAX_NONCES; nonces += 771)
        for (realm_len = 0; realm_len <= SIPSEAL_DIGEST_MAX_REALM_LEN; realm_len++)
            CHECK_EQUAL(sipseal_digest_server_block_len((uint32_t)nonces, realm_len),
                        SIPSEAL_DIGEST_SERVER_BLOCK_LEN(nonces, realm_len));
    CHECK_EQUAL(sipseal_digest_server_block_len(0, 1), 0);
    CHECK_EQUAL(sipseal_digest_server_block_len(SIPSEAL_DIGEST_MAX_NONCES + 1, 1), 0);
    CHECK_EQUAL(sipseal_digest_server_block_len(1, SIPSEAL_DIGEST_MAX_REALM_LEN + 1), 0);
}

static void misuse(void)
{
    static const char ack[] = "ACK sip:a SIP/2.0\r\n\r\n", cancel[] = "CANCEL sip:a SIP/2.0\r\n\r\n",
                      bye[] = "BYE sip:a SIP/2.0\r\n\r\n";
    static const uint64_t too_late = (uint64_t)1 << 40;
    static const uint32_t algorithm = SIPSEAL_DIGEST_SHA_256;
    sipseal_digest_config config = digest_config(&algorithm);
    sipseal_digest_server moved;
    sipseal_digest_verified verified, wrong;
    char info[512];
    size_t out_len;

#define CHALLENGE(server, kind, now_s, flags, out, cap) \
    sipseal_digest_server_challenge(server, kind, now_s, NULL, 0, flags, out, cap, &out_len)
    request(SIPSEAL_DIGEST_AUTH);
    moved = ends.server;
    CHECK_EQUAL(CHALLENGE(&moved, 0, 0, 0, info, sizeof info), SIPSEAL_NOT_INITIALISED);
    CHECK_EQUAL(CHALLENGE(NULL, 0, 0, 0, info, sizeof info), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(CHALLENGE(&ends.server, 2, 0, 0, info, sizeof info), SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(CHALLENGE(&ends.server, 0, too_late, 0, info, sizeof info), SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(CHALLENGE(&ends.server, 0, 0, 2, info, sizeof info), SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(CHALLENGE(&ends.server, 0, 0, 0, NULL, 1), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(CHALLENGE(&ends.server, 0, 0, 0, info, 100), SIPSEAL_BUFFER_TOO_SMALL);
    CHECK_EQUAL(CHALLENGE(&ends.server, 0, 0, 0, (char *)ends.server_block, 64), SIPSEAL_OVERLAP);
    CHECK_EQUAL(out_len, 0);

#define ASK(server, kind, now_s, users) VERIFY(server, kind, now_s, ends.text, ends.len, users, &verified)
    CHECK_EQUAL(ASK(&moved, 0, 0, digest_users), SIPSEAL_NOT_INITIALISED);
    CHECK_EQUAL(ASK(NULL, 0, 0, digest_users), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(ASK(&ends.server, 2, 0, digest_users), SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(ASK(&ends.server, 0, too_late, digest_users), SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(ASK(&ends.server, 0, 0, NULL), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(ASK(&ends.server, 1, 0, digest_users), SIPSEAL_NO_CREDENTIALS);
    CHECK(all_zero(&verified, sizeof verified));
    CHECK_EQUAL(VERIFY(&ends.server, 0, 0, ends.text, 5, digest_users, &verified), SIPSEAL_SYNTAX);
    CHECK_EQUAL(VERIFY(&ends.server, 0, 0, ack, sizeof ack - 1, digest_users, &verified),
                SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(VERIFY(&ends.server, 0, 0, cancel, sizeof cancel - 1, digest_users, &verified),
                SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(VERIFY(&ends.server, 0, 0, ends.text, ends.len, digest_users, NULL), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(VERIFY(&ends.server, 0, 0, ends.text, ends.len, digest_users,
                       (sipseal_digest_verified *)((char *)&verified + 1)),
                SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(VERIFY(&ends.server, 0, 0, (char *)&verified, sizeof verified, digest_users, &verified), SIPSEAL_OVERLAP);
    CHECK_EQUAL(VERIFY(&ends.server, 0, 0, ends.text, ends.len, digest_users, (sipseal_digest_verified *)&ends.server),
                SIPSEAL_OVERLAP);
    CHECK_EQUAL(ASK(&ends.server, 0, 0, digest_users), SIPSEAL_OK);

#define WRITE(server, verified, flags, out, cap) INFO(server, verified, ends.text, ends.len, NULL, 0, flags, out, cap)
    CHECK_EQUAL(WRITE(&moved, &verified, 0, info, sizeof info), SIPSEAL_NOT_INITIALISED);
    CHECK_EQUAL(WRITE(NULL, &verified, 0, info, sizeof info), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(WRITE(&ends.server, NULL, 0, info, sizeof info), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(WRITE(&ends.server, &verified, 2, info, sizeof info), SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(WRITE(&ends.server, &verified, 0, NULL, 1), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(WRITE(&ends.server, &verified, 0, ends.text, 64), SIPSEAL_OVERLAP);
    CHECK_EQUAL(WRITE(&ends.server, &verified, 0, (char *)&verified, 64), SIPSEAL_OVERLAP);
    CHECK_EQUAL(WRITE(&ends.server, &verified, 0, (char *)ends.server_block, 64), SIPSEAL_OVERLAP);
    CHECK_EQUAL(INFO(&ends.server, &verified, ends.text, 5, NULL, 0, 0, info, sizeof info), SIPSEAL_SYNTAX);
    CHECK_EQUAL(INFO(&ends.server, &verified, bye, sizeof bye - 1, NULL, 0, 0, info, sizeof info),
                SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(sipseal_digest_server_info(&ends.server, &verified, ends.text, ends.len, NULL, 0, too_late, NULL, 0,
                                           SIPSEAL_DIGEST_NEXT_NONCE, info, sizeof info, &out_len),
                SIPSEAL_INVALID_ARGUMENT);
#define REFUSED(member, value) \
    do { \
        wrong = verified; \
        wrong.member = (value); \
        CHECK_EQUAL(WRITE(&ends.server, &wrong, 0, info, sizeof info), SIPSEAL_INVALID_ARGUMENT); \
    } while (0)
    REFUSED(kind, 2);
    REFUSED(kind, 1);
    REFUSED(algorithm, 0);
    REFUSED(algorithm, 256);
    REFUSED(algorithm, SIPSEAL_DIGEST_MD5);
    REFUSED(a1[63], 'A');
    CHECK_EQUAL(out_len, 0);
    CHECK_EQUAL(WRITE(&ends.server, &verified, 1, info, sizeof info), SIPSEAL_OK);
    CHECK(out_len > 0);

    CHECK_EQUAL(sipseal_digest_server_init(&ends.server, ends.server_block, sizeof ends.server_block, &config, NULL, too_late,
                                           digest_random, NULL),
                SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(sipseal_digest_server_wipe(&ends.server), SIPSEAL_NOT_INITIALISED);
}

void test_digest_server(void)
{
    later();
    counters();
    restarts();
    block_lens();
    misuse();
}
