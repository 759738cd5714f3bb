/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Digest authentication between our client and our server. */

#include <string.h>

#include "check.h"
#include "digest_ends.h"
#include "memory.h"
#include "suites.h"

#define HERE (const uint8_t *)"here", 4

static struct digest_ends ends;

/* The server asks at 100 seconds. */
static sipseal_status ask(uint32_t kind, uint32_t flags)
{
    sipseal_status status = sipseal_digest_server_challenge(&ends.server, kind, 100, HERE, flags, ends.text,
                                                            sizeof ends.text, &ends.len);

    CHECK_EQUAL(status, SIPSEAL_OK);
    digest_respond(&ends, kind == SIPSEAL_DIGEST_OF_PROXY ? "407 Proxy" : "401 Unauthorized");
    return digest_take(&ends, &digest_account);
}

static void answer(const sipseal_digest_account *account)
{
    CHECK_EQUAL(digest_answer(&ends, account), SIPSEAL_OK);
}

/* Alice's request, and what belongs into its response. */
static sipseal_status verify(uint32_t kind, uint64_t now_s, uint32_t *stored, uint32_t flags)
{
    sipseal_digest_verified verified;
    char info[512];
    size_t len;
    sipseal_status status;

    memset(&verified, 0x5a, sizeof verified);
    digest_request(&ends);
    status = sipseal_digest_server_verify(&ends.server, kind, now_s, HERE, ends.text, ends.len, digest_users, stored,
                                          &verified);
    if (status < 0) {
        CHECK(all_zero(&verified, sizeof verified));
        ends.len = 0;
        return status;
    }
    if (verified.is_hashed)
        CHECK_EQUAL(verified.username_len, *stored && verified.algorithm > SIPSEAL_DIGEST_MD5_SESS ? 64 : 32);
    else
        CHECK(verified.username_len == sizeof USERNAME - 1 && memcmp(verified.username, USERNAME, verified.username_len) == 0);
    CHECK_EQUAL(verified.is_hashed, (*stored & SIPSEAL_DIGEST_USERHASH) != 0);
    CHECK_EQUAL(verified.kind, kind);
    CHECK(verified.qop == SIPSEAL_DIGEST_AUTH || verified.qop == SIPSEAL_DIGEST_AUTH_INT);
    CHECK(verified.uri_len == digest_register.uri_len && memcmp(verified.uri, digest_register.uri, verified.uri_len) == 0);
    CHECK(verified.uri > ends.text && verified.uri < ends.text + ends.len);

    CHECK_EQUAL(sipseal_digest_server_info(&ends.server, &verified, ends.text, ends.len, NULL, 0, now_s, HERE, flags, info,
                                           sizeof info, &len),
                SIPSEAL_OK);
    memcpy(ends.text, info, len);
    ends.len = len;
    return status;
}

static sipseal_status finish(void)
{
    digest_respond(&ends, "200 OK");
    return digest_take(&ends, &digest_account);
}

static void every_algorithm(void)
{
    static const uint32_t stored[] = { 0, SIPSEAL_DIGEST_STORED_PASSWORDS, SIPSEAL_DIGEST_USERHASH };
    sipseal_digest_policy policy = digest_policy();
    uint32_t algorithm, kind;
    size_t i, round;

    for (algorithm = SIPSEAL_DIGEST_MD5; algorithm <= SIPSEAL_DIGEST_SHA_512_256_SESS; algorithm *= 2)
        for (i = 0; i < sizeof stored / sizeof *stored; i++)
            for (kind = 0; kind < 2; kind++) {
                sipseal_digest_config config = digest_config(&algorithm);

                CHECK_ROUND("algorithm", algorithm, i);
                config.flags |= stored[i] | SIPSEAL_DIGEST_AUTH_INT;
                policy.flags = i ? SIPSEAL_DIGEST_PREFER_AUTH_INT : 0;
                digest_start(&ends, &policy, &config);
                answer(&digest_account);
                CHECK_EQUAL(ends.len, 0);
                CHECK_EQUAL(ask(kind, 0), SIPSEAL_NOTICE_SEND_AGAIN);
                for (round = 0; round < 3; round++) {
                    answer(&digest_account);
                    CHECK(strstr(ends.text, i ? "qop=auth-int," : "qop=auth,") != NULL);
                    CHECK_EQUAL(verify(kind, 101, &config.flags, round & SIPSEAL_DIGEST_NEXT_NONCE), SIPSEAL_OK);
                    CHECK_EQUAL(finish(), kind ? SIPSEAL_OK : SIPSEAL_NOTICE_SERVER_PROVEN);
                }
                CHECK_EQUAL(sipseal_digest_client_wipe(&ends.client), SIPSEAL_OK);
                CHECK_EQUAL(sipseal_digest_server_wipe(&ends.server), SIPSEAL_OK);
                CHECK(all_zero(&ends.client, sizeof ends.client) && all_zero(ends.client_block, sizeof ends.client_block));
                CHECK(all_zero(&ends.server, sizeof ends.server) && all_zero(ends.server_block, sizeof ends.server_block));
            }
}

static void refusals(void)
{
    static const uint32_t algorithm = SIPSEAL_DIGEST_SHA_256;
    sipseal_digest_config config = digest_config(&algorithm);
    sipseal_digest_policy policy = digest_policy();
    sipseal_digest_account wrong = digest_account;
    char sent[1024];
    size_t sent_len;

    digest_start(&ends, &policy, &config);
    CHECK_EQUAL(verify(0, 100, &config.flags, 0), SIPSEAL_NO_CREDENTIALS);
    ends.len = 0;
    CHECK_EQUAL(ask(0, 0), SIPSEAL_NOTICE_SEND_AGAIN);
    answer(&digest_account);
    memcpy(sent, ends.text, sent_len = ends.len);
    CHECK_EQUAL(verify(0, 160, &config.flags, 0), SIPSEAL_OK);
    memcpy(ends.text, sent, ends.len = sent_len);
    CHECK_EQUAL(verify(0, 160, &config.flags, 0), SIPSEAL_REPLAYED);
    memcpy(ends.text, sent, ends.len = sent_len);
    CHECK_EQUAL(verify(0, 161, &config.flags, 0), SIPSEAL_STALE);
    CHECK_EQUAL(ask(0, SIPSEAL_DIGEST_STALE), SIPSEAL_NOTICE_SEND_AGAIN);
    CHECK(strstr(ends.text, "stale=true") != NULL);
    wrong.secret_len--;
    answer(&wrong);
    CHECK_EQUAL(verify(0, 100, &config.flags, 0), SIPSEAL_AUTHENTICATION_FAILED);
    CHECK_EQUAL(ask(0, 0), SIPSEAL_NOTICE_SEND_AGAIN);
    wrong = digest_account;
    wrong.username = "bob";
    wrong.username_len = 3;
    answer(&wrong);
    CHECK_EQUAL(verify(0, 100, &config.flags, 0), SIPSEAL_AUTHENTICATION_FAILED);
    CHECK_EQUAL(ask(0, 0), SIPSEAL_CREDENTIALS_REJECTED);

    /* A policy that wants more. */
    policy.algorithms = SIPSEAL_DIGEST_SHA_512_256;
    digest_start(&ends, &policy, &config);
    CHECK_EQUAL(ask(0, 0), SIPSEAL_WEAK_CHALLENGE);
    policy = digest_policy();
    policy.flags = SIPSEAL_DIGEST_REQUIRE_PROOF;
    digest_start(&ends, &policy, &config);
    CHECK_EQUAL(ask(0, 0), SIPSEAL_NOTICE_SEND_AGAIN);
    answer(&digest_account);
    ends.len = 0;
    CHECK_EQUAL(finish(), SIPSEAL_SERVER_NOT_AUTHENTIC);
    /* Nor is a server that never asked; a 200 to a CANCEL proves nothing. */
    ends.request = digest_register;
    ends.len = 0;
    CHECK_EQUAL(finish(), SIPSEAL_SERVER_NOT_AUTHENTIC);
    ends.request.method = "CANCEL";
    ends.request.method_len = 6;
    ends.len = 0;
    CHECK_EQUAL(finish(), SIPSEAL_OK);
    ends.len = 0;
    digest_respond(&ends, "100 Trying");
    CHECK_EQUAL(digest_take(&ends, &digest_account), SIPSEAL_NOTICE_PROVISIONAL);
    CHECK_EQUAL(sipseal_digest_client_forget(&ends.client), SIPSEAL_OK);
    answer(&digest_account);
    CHECK_EQUAL(ends.len, 0);
}

/* Two requests are under way: each response is judged by what its own carried. */
static void side_by_side(void)
{
    static const uint32_t algorithm = SIPSEAL_DIGEST_SHA_256;
    sipseal_digest_config config = digest_config(&algorithm);
    sipseal_digest_policy policy = digest_policy();
    sipseal_digest_request first;
    char sent[1024];

    policy.flags = SIPSEAL_DIGEST_REQUIRE_PROOF | SIPSEAL_DIGEST_REQUIRE_AUTH_INT;
    digest_start(&ends, &policy, &config);
    CHECK_EQUAL(ask(0, 0), SIPSEAL_WEAK_CHALLENGE);
    config.flags |= SIPSEAL_DIGEST_AUTH_INT;
    digest_start(&ends, &policy, &config);
    CHECK_EQUAL(ask(0, 0), SIPSEAL_NOTICE_SEND_AGAIN);
    ends.len = 0;
    /* Another that was sent without credentials. */
    CHECK_EQUAL(ask(0, 0), SIPSEAL_NOTICE_SEND_AGAIN);
    answer(&digest_account);
    first = ends.request;
    memcpy(sent, ends.credentials, sizeof sent);
    first.credentials = sent;
    answer(&digest_account);
    CHECK(strstr(ends.text, "qop=auth-int, nc=00000002") != NULL);
    CHECK_EQUAL(verify(0, 101, &config.flags, SIPSEAL_DIGEST_NEXT_NONCE), SIPSEAL_OK);
    digest_respond(&ends, "200 OK");
    CHECK_EQUAL(sipseal_digest_client_take(&ends.client, &first, ends.text, ends.len, &digest_account, 1, digest_random,
                                           NULL),
                SIPSEAL_SERVER_NOT_AUTHENTIC);
    CHECK_EQUAL(digest_take(&ends, &digest_account), SIPSEAL_NOTICE_SERVER_PROVEN);
    ends.request = first;
    memcpy(ends.text, sent, ends.len = first.credentials_len);
    CHECK_EQUAL(verify(0, 101, &config.flags, SIPSEAL_DIGEST_NEXT_NONCE), SIPSEAL_OK);
    CHECK_EQUAL(finish(), SIPSEAL_NOTICE_SERVER_PROVEN);
}

static int asked;

static sipseal_status give_a1(void *user, uint32_t hash, const char *username, size_t username_len,
                              const char *realm, size_t realm_len, char *hex, size_t hex_len)
{
    size_t len;

    asked++;
    CHECK(user == &asked);
    return sipseal_digest_hash_a1(hash, username, username_len, realm, realm_len, TEXT(PASSWORD), hex, hex_len, &len);
}

/* H(A1) instead of the password, kept or from a callback. */
static void other_secrets(void)
{
    static const uint32_t hashes[][2] = {
        { SIPSEAL_DIGEST_MD5, SIPSEAL_DIGEST_A1_MD5 },
        { SIPSEAL_DIGEST_SHA_256, SIPSEAL_DIGEST_A1_SHA_256 },
        { SIPSEAL_DIGEST_SHA_512_256, SIPSEAL_DIGEST_A1_SHA_512_256 },
    };
    sipseal_digest_policy policy = digest_policy();
    char hex[SIPSEAL_DIGEST_MAX_HEX_LEN];
    size_t i, hex_len;

    for (i = 0; i < 3; i++) {
        sipseal_digest_config config = digest_config(&hashes[i][0]);
        sipseal_digest_account account = digest_account;

        CHECK_ROUND("hash", i, 0);
        CHECK_EQUAL(sipseal_digest_hash_a1(hashes[i][0], TEXT(USERNAME), TEXT(REALM), TEXT(PASSWORD), hex,
                                           sizeof hex, &hex_len),
                    SIPSEAL_OK);
        CHECK_EQUAL(hex_len, i ? 64 : 32);
        digest_start(&ends, &policy, &config);
        CHECK_EQUAL(ask(0, 0), SIPSEAL_NOTICE_SEND_AGAIN);
        account.kind = hashes[i][1];
        account.secret = hex;
        account.secret_len = hex_len;
        account.realm = REALM;
        account.realm_len = sizeof REALM - 1;
        answer(&account);
        CHECK_EQUAL(verify(0, 100, &config.flags, 0), SIPSEAL_OK);
        asked = 0;
        account.kind = SIPSEAL_DIGEST_A1_CALLBACK;
        account.a1 = give_a1;
        account.user = &asked;
        answer(&account);
        CHECK_EQUAL(asked, 1);
        CHECK_EQUAL(verify(0, 100, &config.flags, 0), SIPSEAL_OK);
    }
}

static sipseal_status sim(void *user, const uint8_t *rand, const uint8_t *autn, sipseal_digest_sim_answer *answer)
{
    const sipseal_status *status = user;
    size_t i;

    for (i = 0; i < 16; i++)
        CHECK(rand[i] == i && autn[i] == 16 + i);
    memset(answer, 0x5a, sizeof *answer);
    answer->res_len = 8;
    return *status;
}

static void with_a_sim(void)
{
    static const char challenge[] = "SIP/2.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"ims\", "
        "nonce=\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\", algorithm=AKAv2-MD5, qop=\"auth\"\r\n\r\n";
    static const struct {
        sipseal_status says, expected;
    } cases[] = {
        { SIPSEAL_OK, SIPSEAL_OK },
        { SIPSEAL_NOTICE_SIM_RESYNC, SIPSEAL_OK },
        { SIPSEAL_NETWORK_NOT_AUTHENTIC, SIPSEAL_NETWORK_NOT_AUTHENTIC },
        { -1, SIPSEAL_SECRET_UNAVAILABLE },
    };
    static const uint32_t algorithm = SIPSEAL_DIGEST_MD5;
    sipseal_digest_config config = digest_config(&algorithm);
    sipseal_digest_policy policy = digest_policy();
    sipseal_digest_account account = digest_account;
    size_t i;

    account.kind = SIPSEAL_DIGEST_SIM;
    account.sim = sim;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        sipseal_status says = cases[i].says;

        CHECK_ROUND("SIM", i, 0);
        account.user = &says;
        digest_start(&ends, &policy, &config);
        CHECK_EQUAL(sipseal_digest_client_take(&ends.client, &digest_register, TEXT(challenge), &account, 1,
                                               digest_random, NULL),
                    SIPSEAL_NOTICE_SEND_AGAIN);
        CHECK_EQUAL(sipseal_digest_client_write(&ends.client, &digest_register, &account, 1, ends.text,
                                                sizeof ends.text - 1, &ends.len),
                    cases[i].expected);
        if (cases[i].expected < 0)
            CHECK_EQUAL(digest_answer(&ends, &account), SIPSEAL_OK);
        ends.text[ends.len] = 0;
        CHECK_EQUAL(strstr(ends.text, "auts=\"WlpaWlpaWlpaWlpaWlo=\"") != NULL, i == 1);
    }
}

static void acknowledgements(void)
{
    static const char invite[] = "INVITE sip:a SIP/2.0\r\nFrom: <sip:b>\r\nAuthorization: Digest a=b\r\n\r\n";
    static const char expected[] = "Authorization: Digest a=b\r\n";
    char out[64];
    size_t len, cap;

    for (cap = 0; cap <= sizeof out; cap++) {
        sipseal_status status = sipseal_digest_copy_credentials(TEXT(invite), out, cap, &len);

        CHECK_EQUAL(status, cap < sizeof expected - 1 ? SIPSEAL_BUFFER_TOO_SMALL : SIPSEAL_OK);
        CHECK_EQUAL(len, status ? 0 : sizeof expected - 1);
    }
    CHECK(memcmp(out, expected, len) == 0);
}

void test_digest(void)
{
    every_algorithm();
    refusals();
    side_by_side();
    other_secrets();
    with_a_sim();
    acknowledgements();
}
