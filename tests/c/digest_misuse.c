/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Digest authentication: pointers, lengths and objects that are wrong. */

#include <string.h>

#include "check.h"
#include "digest_ends.h"
#include "memory.h"
#include "suites.h"

static struct digest_ends ends;
static const uint32_t algorithm = SIPSEAL_DIGEST_SHA_256;

static void inits(void)
{
    const sipseal_digest_policy good = digest_policy();
    const sipseal_digest_config good_config = digest_config(&algorithm);
    static const struct {
        uint32_t algorithms, flags, realms, max_retries;
    } policies[] = { { 0, 0, 1, 0 }, { 256, 0, 1, 0 }, { 1, 32, 1, 0 }, { 1, 0, 0, 0 }, { 1, 0, 256, 0 }, { 1, 0, 1, 256 } };
    uint32_t wrong = 3;
    size_t i;

    for (i = 0; i < sizeof policies / sizeof *policies; i++) {
        sipseal_digest_policy policy = { policies[i].algorithms, policies[i].flags, policies[i].realms,
                                         policies[i].max_retries };

        CHECK_ROUND("policy", i, 0);
        CHECK_EQUAL(sipseal_digest_client_init(&ends.client, ends.client_block, sizeof ends.client_block, &policy),
                    SIPSEAL_INVALID_ARGUMENT);
    }
    CHECK_EQUAL(sipseal_digest_client_init(NULL, ends.client_block, sizeof ends.client_block, &good), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_digest_client_init(&ends.client, NULL, 0, &good), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_digest_client_init(&ends.client, ends.client_block, sizeof ends.client_block, NULL),
                SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_digest_client_init(&ends.client, ends.client_block, sizeof ends.client_block - 1, &good),
                SIPSEAL_BLOCK_TOO_SMALL);
    CHECK_EQUAL(sipseal_digest_client_init(&ends.client, (uint8_t *)&ends.client, sizeof ends.client, &good),
                SIPSEAL_OVERLAP);
    CHECK_EQUAL(sipseal_digest_client_init(&ends.client, ends.client_block, sizeof ends.client_block, &good), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_digest_client_init(&ends.client, (uint8_t *)&ends.client, sizeof ends.client, &good),
                SIPSEAL_OVERLAP);
    CHECK_EQUAL(sipseal_digest_client_forget(&ends.client), SIPSEAL_NOT_INITIALISED);
    CHECK_EQUAL(sipseal_digest_client_wipe(&ends.client), SIPSEAL_NOT_INITIALISED);

#define SERVER_INIT(config, block_len) \
    sipseal_digest_server_init(&ends.server, ends.server_block, block_len, config, NULL, 0, digest_random, NULL)
#define REFUSED(member, value, status) \
    do { \
        sipseal_digest_config config = good_config; \
        config.member = (value); \
        CHECK_EQUAL(SERVER_INIT(&config, sizeof ends.server_block), status); \
    } while (0)
    REFUSED(realm, NULL, SIPSEAL_NULL_POINTER);
    REFUSED(realm, "\r\n.........", SIPSEAL_INVALID_ARGUMENT);
    REFUSED(realm_len, SIPSEAL_DIGEST_MAX_REALM_LEN + 1, SIPSEAL_INVALID_ARGUMENT);
    REFUSED(algorithms, NULL, SIPSEAL_NULL_POINTER);
    REFUSED(algorithms, &wrong, SIPSEAL_INVALID_ARGUMENT);
    REFUSED(algorithms_len, 0, SIPSEAL_INVALID_ARGUMENT);
    REFUSED(algorithms_len, 9, SIPSEAL_INVALID_ARGUMENT);
    REFUSED(flags, 0, SIPSEAL_INVALID_ARGUMENT);
    REFUSED(flags, 64 + SIPSEAL_DIGEST_AUTH, SIPSEAL_INVALID_ARGUMENT);
    REFUSED(flags, SIPSEAL_DIGEST_AUTH + SIPSEAL_DIGEST_USERHASH + SIPSEAL_DIGEST_STORED_PASSWORDS,
            SIPSEAL_INVALID_ARGUMENT);
    REFUSED(nonces, 0, SIPSEAL_INVALID_ARGUMENT);
    REFUSED(nonces, SIPSEAL_DIGEST_MAX_NONCES + 1, SIPSEAL_INVALID_ARGUMENT);
    REFUSED(nonces, 5, SIPSEAL_BLOCK_TOO_SMALL);
    REFUSED(realm, (const char *)ends.server_block, SIPSEAL_OVERLAP);
    wrong = SIPSEAL_DIGEST_AKAV1_MD5;
    REFUSED(algorithms, &wrong, SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(SERVER_INIT(&good_config, sizeof ends.server_block - 1), SIPSEAL_BLOCK_TOO_SMALL);
    CHECK_EQUAL(SERVER_INIT(NULL, sizeof ends.server_block), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_digest_server_init(&ends.server, ends.server_block, sizeof ends.server_block, &good_config,
                                           NULL, 0, NULL, NULL),
                SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_digest_server_init(&ends.server, ends.server_block, sizeof ends.server_block, &good_config,
                                           NULL, 0, digest_random, &wrong),
                SIPSEAL_RANDOM_FAILED);
    CHECK_EQUAL(sipseal_digest_server_wipe(&ends.server), SIPSEAL_NOT_INITIALISED);
    CHECK_EQUAL(sipseal_digest_server_init(&ends.server, ends.server_block, sizeof ends.server_block, &good_config,
                                           (const uint8_t *)"0123456789abcdef0123456789abcdef", 5, NULL, NULL),
                SIPSEAL_OK);
}

/* The challenge that the client has taken. */
static void challenged(void)
{
    sipseal_digest_policy policy = digest_policy();
    sipseal_digest_config config = digest_config(&algorithm);

    digest_start(&ends, &policy, &config);
    CHECK_EQUAL(sipseal_digest_server_challenge(&ends.server, 0, 0, NULL, 0, 0, ends.text, sizeof ends.text, &ends.len),
                SIPSEAL_OK);
    digest_respond(&ends, "401 Unauthorized");
    CHECK_EQUAL(sipseal_digest_client_take(&ends.client, &digest_register, ends.text, ends.len, &digest_account, 1,
                                           digest_random, NULL),
                SIPSEAL_NOTICE_SEND_AGAIN);
}

static void client_calls(void)
{
    sipseal_digest_client moved;
    sipseal_digest_request request = digest_register;
    sipseal_digest_account account = digest_account;
    sipseal_digest_account many[SIPSEAL_DIGEST_MAX_ACCOUNTS + 1];
    size_t len, cap, needed;

#define TAKE(client, request, ...) sipseal_digest_client_take(client, request, __VA_ARGS__, NULL)
#define WRITE(client, request, accounts, count) \
    sipseal_digest_client_write(client, request, accounts, count, ends.text, sizeof ends.text, &len)
    challenged();
    moved = ends.client;
    CHECK_EQUAL(WRITE(&moved, &digest_register, &account, 1), SIPSEAL_NOT_INITIALISED);
    CHECK_EQUAL(WRITE(NULL, &digest_register, &account, 1), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(WRITE(&ends.client, NULL, &account, 1), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(WRITE(&ends.client, &digest_register, NULL, 1), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(WRITE(&ends.client, &digest_register, NULL, 0), SIPSEAL_NO_ACCOUNT);
    CHECK_EQUAL(WRITE(&ends.client, &digest_register, many, SIPSEAL_DIGEST_MAX_ACCOUNTS + 1), SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(sipseal_digest_client_write(&ends.client, &digest_register, &account, 1, NULL, 1, &len),
                SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_digest_client_write(&ends.client, &digest_register, &account, 1, ends.text, 1, NULL),
                SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_digest_client_write(&ends.client, &digest_register, &account, 1, (char *)ends.client_block, 64,
                                            &len),
                SIPSEAL_OVERLAP);
    request.method = "ACK";
    request.method_len = 3;
    CHECK_EQUAL(WRITE(&ends.client, &request, &account, 1), SIPSEAL_INVALID_ARGUMENT);
    request.method = NULL;
    CHECK_EQUAL(WRITE(&ends.client, &request, &account, 1), SIPSEAL_NULL_POINTER);
    request = digest_register;
    request.uri = ends.text + 10;
    CHECK_EQUAL(WRITE(&ends.client, &request, &account, 1), SIPSEAL_OVERLAP);
    request.uri = (const char *)ends.client_block;
    CHECK_EQUAL(WRITE(&ends.client, &request, &account, 1), SIPSEAL_OVERLAP);
    /* What was sent before may lie where the next is written: it is not looked at. */
    request = digest_register;
    request.credentials = ends.text;
    request.credentials_len = sizeof ends.text;
    CHECK_EQUAL(WRITE(&ends.client, &request, &account, 1), SIPSEAL_OK);
    account.kind = 0;
    CHECK_EQUAL(WRITE(&ends.client, &digest_register, &account, 1), SIPSEAL_INVALID_ARGUMENT);
    account.kind = SIPSEAL_DIGEST_A1_CALLBACK;
    CHECK_EQUAL(WRITE(&ends.client, &digest_register, &account, 1), SIPSEAL_NULL_POINTER);
    account.kind = SIPSEAL_DIGEST_SIM;
    CHECK_EQUAL(WRITE(&ends.client, &digest_register, &account, 1), SIPSEAL_NULL_POINTER);
    account.kind = SIPSEAL_DIGEST_A1_SHA_256;
    CHECK_EQUAL(WRITE(&ends.client, &digest_register, &account, 1), SIPSEAL_INVALID_ARGUMENT);
    account.realm = REALM;
    account.realm_len = sizeof REALM - 1;
    CHECK_EQUAL(WRITE(&ends.client, &digest_register, &account, 1), SIPSEAL_INVALID_ARGUMENT);
    account = digest_account;
    account.secret = NULL;
    CHECK_EQUAL(WRITE(&ends.client, &digest_register, &account, 1), SIPSEAL_NULL_POINTER);
    account.secret = ends.text;
    CHECK_EQUAL(WRITE(&ends.client, &digest_register, &account, 1), SIPSEAL_OVERLAP);
    account = digest_account;
    account.username = "a\nb";
    account.username_len = 3;
    CHECK_EQUAL(WRITE(&ends.client, &digest_register, &account, 1), SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(len, 0);

    /* Every capacity; what does not fit is not written, and its nonce not used. */
    CHECK_EQUAL(WRITE(&ends.client, &digest_register, &digest_account, 1), SIPSEAL_OK);
    needed = len;
    for (cap = 0; cap <= needed; cap++) {
        struct area out = area_new(cap);
        sipseal_status status = sipseal_digest_client_write(&ends.client, &digest_register, &digest_account, 1,
                                                            (char *)out.data, cap, &len);

        CHECK_ROUND("capacity", cap, 0);
        CHECK_EQUAL(status, cap < needed ? SIPSEAL_BUFFER_TOO_SMALL : SIPSEAL_OK);
        CHECK_EQUAL(len, cap < needed ? 0 : needed);
        if (cap < needed)
            CHECK(area_zero(&out));
        area_free(&out);
    }

    CHECK_EQUAL(TAKE(&moved, &digest_register, "", 0, &account, 1, digest_random), SIPSEAL_NOT_INITIALISED);
    CHECK_EQUAL(TAKE(&ends.client, NULL, "", 0, &account, 1, digest_random), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(TAKE(&ends.client, &digest_register, NULL, 1, &account, 1, digest_random), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(TAKE(&ends.client, &digest_register, "", 0, &account, 1, NULL), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(TAKE(&ends.client, &digest_register, "", 0, &account, 1, digest_random), SIPSEAL_SYNTAX);
    CHECK_EQUAL(TAKE(&ends.client, &digest_register, (char *)ends.client_block, 9, &account, 1, digest_random),
                SIPSEAL_OVERLAP);
    request = digest_register;
    request.credentials_len = 1;
    CHECK_EQUAL(TAKE(&ends.client, &request, TEXT("SIP/2.0 200 OK\r\n\r\n"), &account, 1, digest_random),
                SIPSEAL_NULL_POINTER);
    request.credentials = "x";
    CHECK_EQUAL(TAKE(&ends.client, &request, TEXT("SIP/2.0 200 OK\r\n\r\n"), &account, 1, digest_random),
                SIPSEAL_INVALID_ARGUMENT);
    request.credentials = (const char *)ends.client_block;
    CHECK_EQUAL(TAKE(&ends.client, &request, TEXT("SIP/2.0 200 OK\r\n\r\n"), &account, 1, digest_random),
                SIPSEAL_OVERLAP);
    CHECK_EQUAL(TAKE(&ends.client, &digest_register, TEXT("BYE sip:a SIP/2.0\r\n\r\n"), &account, 1, digest_random),
                SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(TAKE(&ends.client, &digest_register, TEXT("SIP/2.0 401 No\r\n\r\n"), &account, 1, digest_random),
                SIPSEAL_UNKNOWN_CHALLENGE);
}

static void hashes(void)
{
    char hex[64];
    size_t len;

    CHECK_EQUAL(sipseal_digest_hash_a1(3, TEXT("a"), TEXT("b"), TEXT("c"), hex, 64, &len), SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(sipseal_digest_hash_a1(2, TEXT("a"), TEXT("b"), TEXT("c"), hex, 64, &len), SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(sipseal_digest_hash_a1(0, TEXT("a"), TEXT("b"), TEXT("c"), hex, 64, &len), SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(sipseal_digest_hash_a1(1, NULL, 1, TEXT("b"), TEXT("c"), hex, 64, &len), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_digest_hash_a1(1, hex, 1, TEXT("b"), TEXT("c"), hex, 64, &len), SIPSEAL_OVERLAP);
    CHECK_EQUAL(sipseal_digest_hash_a1(1, TEXT("a"), TEXT("b"), TEXT("c"), hex, 31, &len), SIPSEAL_BUFFER_TOO_SMALL);
    CHECK_EQUAL(sipseal_digest_user_hash(4, TEXT("a"), TEXT("b"), hex, 63, &len), SIPSEAL_BUFFER_TOO_SMALL);
    CHECK_EQUAL(len, 0);
    CHECK_EQUAL(sipseal_digest_user_hash(4, TEXT("a"), TEXT("b"), hex, 64, &len), SIPSEAL_OK);
    CHECK_EQUAL(len, 64);
}

void test_digest_misuse(void)
{
    inits();
    client_calls();
    hashes();
}
