/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#include "digest_ends.h"

#include <stdio.h>
#include <string.h>

#include "check.h"

const sipseal_digest_request digest_register = { "REGISTER", 8, "sip:" REALM, sizeof("sip:" REALM) - 1, NULL, 0,
                                                 NULL, 0 };
const sipseal_digest_account digest_account = {
    .kind = SIPSEAL_DIGEST_PASSWORD,
    .username = USERNAME,
    .username_len = sizeof USERNAME - 1,
    .secret = PASSWORD,
    .secret_len = sizeof PASSWORD - 1,
};

sipseal_digest_policy digest_policy(void)
{
    sipseal_digest_policy policy = { SIPSEAL_DIGEST_ALL, 0, 2, 2 };

    return policy;
}

sipseal_digest_config digest_config(const uint32_t *algorithm)
{
    sipseal_digest_config config;

    memset(&config, 0, sizeof config);
    config.realm = REALM;
    config.realm_len = sizeof REALM - 1;
    config.algorithms = algorithm;
    config.algorithms_len = 1;
    config.flags = SIPSEAL_DIGEST_AUTH;
    config.nonces = 4;
    config.nonce_lifetime_s = 60;
    return config;
}

void digest_start(struct digest_ends *ends, const sipseal_digest_policy *policy,
                  const sipseal_digest_config *config)
{
    CHECK_EQUAL(sipseal_digest_client_init(&ends->client, ends->client_block, sizeof ends->client_block, policy),
                SIPSEAL_OK);
    CHECK_EQUAL(sipseal_digest_server_init(&ends->server, ends->server_block, sizeof ends->server_block, config,
                                           NULL, 0, digest_random, NULL),
                SIPSEAL_OK);
    ends->request = digest_register;
    ends->len = 0;
    ends->text[0] = 0;
}

sipseal_status digest_answer(struct digest_ends *ends, const sipseal_digest_account *account)
{
    sipseal_status status = sipseal_digest_client_write(&ends->client, &ends->request, account, 1, ends->text,
                                                        sizeof ends->credentials, &ends->len);

    memcpy(ends->credentials, ends->text, ends->len);
    ends->request.credentials = ends->credentials;
    ends->request.credentials_len = ends->len;
    ends->text[ends->len] = 0;
    return status;
}

sipseal_status digest_take(struct digest_ends *ends, const sipseal_digest_account *account)
{
    return sipseal_digest_client_take(&ends->client, &ends->request, ends->text, ends->len, account, 1, digest_random,
                                      NULL);
}

sipseal_status digest_random(void *user, uint8_t *out, size_t out_len)
{
    static uint8_t next;

    while (out_len-- > 0)
        *out++ = next++;
    return user ? -1 : SIPSEAL_OK;
}

sipseal_status digest_users(void *user, uint32_t hash, const char *username, size_t username_len,
                            uint32_t is_hashed, char *secret, size_t secret_cap, size_t *secret_len)
{
    const uint32_t *flags = user;
    char hashed[SIPSEAL_DIGEST_MAX_HEX_LEN];
    const char *name = USERNAME;
    size_t len = sizeof USERNAME - 1;

    if (is_hashed) {
        CHECK_EQUAL(sipseal_digest_user_hash(hash, TEXT(USERNAME), TEXT(REALM), hashed, sizeof hashed, &len), 0);
        name = hashed;
    }
    if (username_len != len || memcmp(username, name, len) != 0)
        return SIPSEAL_NO_ACCOUNT;
    if (*flags & SIPSEAL_DIGEST_STORED_PASSWORDS) {
        *secret_len = sizeof PASSWORD - 1;
        memcpy(secret, PASSWORD, *secret_len);
        return SIPSEAL_OK;
    }
    return sipseal_digest_hash_a1(hash, TEXT(USERNAME), TEXT(REALM), TEXT(PASSWORD), secret, secret_cap,
                                  secret_len);
}

/* Puts something in front of the header fields, and an empty line behind them. */
static void wrap(struct digest_ends *ends, const char *line)
{
    char fields[sizeof ends->text];
    size_t line_len = strlen(line);

    memcpy(fields, ends->text, ends->len);
    CHECK(line_len + ends->len + 3 <= sizeof ends->text);
    memcpy(ends->text, line, line_len);
    memcpy(ends->text + line_len, fields, ends->len);
    memcpy(ends->text + line_len + ends->len, "\r\n", 3);
    ends->len += line_len + 2;
}

void digest_respond(struct digest_ends *ends, const char *status)
{
    char line[64];

    sprintf(line, "SIP/2.0 %s\r\n", status);
    wrap(ends, line);
}

void digest_request(struct digest_ends *ends)
{
    wrap(ends, "REGISTER sip:" REALM " SIP/2.0\r\n");
}
