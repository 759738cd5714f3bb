/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* libsrtp with its own AES and SHA-1, made to protect packets in the emulator, where there is no C runtime. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "srtp.h"

/* Heap for one session of each direction. */
static uint64_t heap[4096];
static size_t used;

void *malloc(size_t len)
{
    uint64_t *at = heap + used;

    used += (len + 7) / 8;
    return used <= sizeof heap / sizeof heap[0] ? at : NULL;
}

void *calloc(size_t count, size_t len)
{
    return malloc(count * len);
}

void free(void *at)
{
    (void)at;
}

/* libsrtp prints in its tests alone. */
int printf(const char *format, ...)
{
    (void)format;
    return 0;
}

static srtp_t outbound, inbound;

/* What every packet call needs; 0 if it worked. */
int peer_start(unsigned char *key_and_salt)
{
    srtp_policy_t policy;

    memset(&policy, 0, sizeof policy);
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
    policy.key = key_and_salt;
    policy.window_size = 128;
    policy.ssrc.type = ssrc_any_outbound;
    if (srtp_init() != srtp_err_status_ok || srtp_create(&outbound, &policy) != srtp_err_status_ok)
        return 1;
    policy.ssrc.type = ssrc_any_inbound;
    return srtp_create(&inbound, &policy) != srtp_err_status_ok;
}

int peer_protect(uint8_t *packet, int *len)
{
    return (int)srtp_protect(outbound, packet, len);
}

int peer_unprotect(uint8_t *packet, int *len)
{
    return (int)srtp_unprotect(inbound, packet, len);
}
