/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * A phone registers: it is challenged, answers with the credentials that are known to be right, and believes a registrar
 * that proves that it knows the password as well, and no other.
 */

#include <string.h>

#include "registration.h"
#include "sipseal.h"

#define PLACE_OF_PROOF "rspauth=\""

static const char uri[] = "sip:phones.example", username[] = "1001", password[] = "correct horse battery";

/* What the registrar says, and what the phone has to. */
static const struct {
    uint32_t algorithm;
    const char *challenge, *credentials, *proof;
} exchanges[] = {
    { SIPSEAL_DIGEST_MD5,
      "SIP/2.0 401 Unauthorized\r\n"
      "WWW-Authenticate: Digest realm=\"phones.example\", "
      "nonce=\"ZVxyMGVccQQ5kF8Q0nBfJkXq3a0c5X1S\", qop=\"auth\", algorithm=MD5\r\n"
      "Content-Length: 0\r\n\r\n",
      "Authorization: Digest username=\"1001\", realm=\"phones.example\", "
      "nonce=\"ZVxyMGVccQQ5kF8Q0nBfJkXq3a0c5X1S\", uri=\"sip:phones.example\", "
      "response=\"7e225b80c06baf069efd69995e6e42ad\", "
      "algorithm=MD5, cnonce=\"07070707070707070707070707070707\", "
      "qop=auth, nc=00000001\r\n",
      "SIP/2.0 200 OK\r\n"
      "Authentication-Info: qop=auth, rspauth=\"d07482b5016b4963b7a6129a9b69e8c3\", "
      "cnonce=\"07070707070707070707070707070707\", nc=00000001\r\n"
      "Content-Length: 0\r\n\r\n" },
    { SIPSEAL_DIGEST_SHA_256,
      "SIP/2.0 401 Unauthorized\r\n"
      "WWW-Authenticate: Digest realm=\"phones.example\", "
      "nonce=\"ZVxyMGVccQQ5kF8Q0nBfJkXq3a0c5X1S\", qop=\"auth\", algorithm=SHA-256\r\n"
      "Content-Length: 0\r\n\r\n",
      "Authorization: Digest username=\"1001\", realm=\"phones.example\", "
      "nonce=\"ZVxyMGVccQQ5kF8Q0nBfJkXq3a0c5X1S\", uri=\"sip:phones.example\", "
      "response=\"41ecab1244723755f7504661a1e9eaf8"
      "4018c15dc05f5331e6a0f138fc6c7064\", "
      "algorithm=SHA-256, cnonce=\"07070707070707070707070707070707\", "
      "qop=auth, nc=00000001\r\n",
      "SIP/2.0 200 OK\r\n"
      "Authentication-Info: qop=auth, rspauth=\"ee3e3e192350a497c2e599204f113617"
      "f1e2df5906292ea44882814929d513b5\", "
      "cnonce=\"07070707070707070707070707070707\", nc=00000001\r\n"
      "Content-Length: 0\r\n\r\n" },
    { SIPSEAL_DIGEST_SHA_512_256,
      "SIP/2.0 401 Unauthorized\r\n"
      "WWW-Authenticate: Digest realm=\"phones.example\", "
      "nonce=\"ZVxyMGVccQQ5kF8Q0nBfJkXq3a0c5X1S\", qop=\"auth\", algorithm=SHA-512-256\r\n"
      "Content-Length: 0\r\n\r\n",
      "Authorization: Digest username=\"1001\", realm=\"phones.example\", "
      "nonce=\"ZVxyMGVccQQ5kF8Q0nBfJkXq3a0c5X1S\", uri=\"sip:phones.example\", "
      "response=\"4987c40408fc605e93b59a2705a6d1ef"
      "9719d69bfefa149876a4cfadcecfce59\", "
      "algorithm=SHA-512-256, cnonce=\"07070707070707070707070707070707\", "
      "qop=auth, nc=00000001\r\n",
      "SIP/2.0 200 OK\r\n"
      "Authentication-Info: qop=auth, rspauth=\"51716ae81fbe3bdf1a083b6364c8b005"
      "803e303a90249a12f0b5489916c9ce83\", "
      "cnonce=\"07070707070707070707070707070707\", nc=00000001\r\n"
      "Content-Length: 0\r\n\r\n" },
};

/* All storage of a phone with one registrar. */
static sipseal_digest_client client;
static uint8_t client_block[SIPSEAL_DIGEST_CLIENT_BLOCK_LEN(1)];
static char text[512];

/* NOT RANDOM, so that the credentials are known. On your board, read its generator here. */
static sipseal_status sevens(void *user, uint8_t *out, size_t out_len)
{
    (void)user;
    memset(out, 7, out_len);
    return SIPSEAL_OK;
}

static int start(uint32_t algorithms)
{
    const sipseal_digest_policy policy = { .algorithms = algorithms,
                                           .flags = SIPSEAL_DIGEST_REQUIRE_PROOF,
                                           .realms = 1,
                                           .max_retries = 2 };

    return sipseal_digest_client_init(&client, client_block, sizeof client_block, &policy) >= 0;
}

static int runs(const char *challenge, const char *credentials, const char *proof)
{
    sipseal_digest_request request = { .method = "REGISTER",
                                             .method_len = 8,
                                             .uri = uri,
                                             .uri_len = sizeof uri - 1 };
    const sipseal_digest_account account = { .kind = SIPSEAL_DIGEST_PASSWORD,
                                             .username = username,
                                             .username_len = sizeof username - 1,
                                             .secret = password,
                                             .secret_len = sizeof password - 1 };
    const size_t proof_len = strlen(proof);
    size_t len;

    if (sipseal_digest_client_take(&client, &request, challenge, strlen(challenge), &account, 1, sevens,
                                   NULL) != SIPSEAL_NOTICE_SEND_AGAIN ||
        sipseal_digest_client_write(&client, &request, &account, 1, text, sizeof text, &len) < 0 ||
        len != strlen(credentials) || memcmp(text, credentials, len) != 0)
        return 0;

    request.credentials = credentials;
    request.credentials_len = len;

    /* One digit of the proof is wrong, then all are right. */
    memcpy(text, proof, proof_len);
    text[strstr(proof, PLACE_OF_PROOF) - proof + sizeof PLACE_OF_PROOF] ^= 1;
    return sipseal_digest_client_take(&client, &request, text, proof_len, &account, 1, sevens, NULL) ==
               SIPSEAL_SERVER_NOT_AUTHENTIC &&
           sipseal_digest_client_take(&client, &request, proof, proof_len, &account, 1, sevens, NULL) ==
               SIPSEAL_NOTICE_SERVER_PROVEN;
}

enum registration registration_run(void)
{
    const sipseal_digest_policy policy = { .algorithms = SIPSEAL_DIGEST_ALL, .realms = 1 };
    const size_t count = sizeof exchanges / sizeof exchanges[0];
    size_t i;

    if (sipseal_digest_client_init(&client, client_block, sizeof client_block, &policy) == SIPSEAL_UNSUPPORTED)
        return REGISTRATION_NOT_BUILT;
    for (i = 0; i < count; i++)
        if (!start(exchanges[i].algorithm) ||
            !runs(exchanges[i].challenge, exchanges[i].credentials, exchanges[i].proof))
            return REGISTRATION_FAILED;
    /* The first challenge is MD5's: too weak for a phone that knows better. */
    if (!start(SIPSEAL_DIGEST_STRONG) || runs(exchanges[0].challenge, "", ""))
        return REGISTRATION_FAILED;
    return sipseal_digest_client_wipe(&client) >= 0 ? REGISTRATION_DONE : REGISTRATION_FAILED;
}
