/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A client and a server of digest authentication, and what goes between them. */

#ifndef DIGEST_ENDS_H
#define DIGEST_ENDS_H

#include "sipseal.h"

#define REALM "atlanta.com"
#define USERNAME "alice"
#define PASSWORD "zanzibar"
#define TEXT(text) (text), (sizeof(text) - 1)

extern const sipseal_digest_request digest_register;
extern const sipseal_digest_account digest_account;

struct digest_ends {
    sipseal_digest_client client;
    uint8_t client_block[SIPSEAL_DIGEST_CLIENT_BLOCK_LEN(2)];
    sipseal_digest_server server;
    uint8_t server_block[SIPSEAL_DIGEST_SERVER_BLOCK_LEN(4, sizeof REALM - 1)];
    /* What the client sent last, and its credentials. */
    sipseal_digest_request request;
    char credentials[1024];
    /* The latest message, with a terminating zero. */
    char text[4096];
    size_t len;
};

/* A policy of all algorithms, and a config of one. */
sipseal_digest_policy digest_policy(void);
sipseal_digest_config digest_config(const uint32_t *algorithm);

/* Both ends of one algorithm, for accounts stored as the flags of the config say. */
void digest_start(struct digest_ends *ends, const sipseal_digest_policy *policy,
                  const sipseal_digest_config *config);

/* Writes credentials into `text` too. */
sipseal_status digest_answer(struct digest_ends *ends, const sipseal_digest_account *account);

/* Lets the client take what is in `text`. */
sipseal_status digest_take(struct digest_ends *ends, const sipseal_digest_account *account);

/* Octets that count up; fails if `user` is not NULL. */
sipseal_status digest_random(void *user, uint8_t *out, size_t out_len);

/* Knows alice. `user` points to the flags of the config. */
sipseal_status digest_users(void *user, uint32_t hash, const char *username, size_t username_len,
                            uint32_t is_hashed, char *secret, size_t secret_cap, size_t *secret_len);

/* Puts a response with the header fields in `text` there. */
void digest_respond(struct digest_ends *ends, const char *status);

/* Puts a REGISTER with them there. */
void digest_request(struct digest_ends *ends);

#endif
