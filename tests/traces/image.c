/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What a program gives the library: randomness, an AES unit and, on hosts, what the kernel says of the CPU. */

#include <stddef.h>
#include <stdint.h>

#include "sipseal.h"

/* `user` is what to draw. */
sipseal_status traced_random(void *user, uint8_t *out, size_t out_len)
{
    const uint8_t *drawn = user;

    while (out_len-- > 0)
        *out++ = *drawn++;
    return SIPSEAL_OK;
}

static sipseal_status declined(void *user, const uint8_t *key, size_t key_len, const uint8_t *counter,
                               const uint8_t *input, uint8_t *out, size_t len)
{
    (void)user, (void)key, (void)key_len, (void)counter, (void)input, (void)out, (void)len;
    return SIPSEAL_UNSUPPORTED;
}

/* GHASH bit by bit, with masks in the place of conditions. */
static sipseal_status ghash(void *user, const uint8_t *key, uint8_t *state, const uint8_t *blocks,
                            size_t count)
{
    (void)user;
    for (; count > 0; count--, blocks += 16) {
        volatile uint8_t mask;
        uint8_t multiple[16], sum[16];
        int bit, i;

        for (i = 0; i < 16; i++) {
            multiple[i] = key[i];
            sum[i] = 0;
            state[i] ^= blocks[i];
        }
        for (bit = 0; bit < 128; bit++) {
            mask = (uint8_t)-(state[bit / 8] >> (7 - bit % 8) & 1);
            for (i = 0; i < 16; i++)
                sum[i] ^= multiple[i] & mask;
            mask = (uint8_t)-(multiple[15] & 1);
            for (i = 15; i > 0; i--)
                multiple[i] = (uint8_t)(multiple[i] >> 1 | multiple[i - 1] << 7);
            multiple[0] = (uint8_t)(multiple[0] >> 1 ^ (0xe1 & mask));
        }
        for (i = 0; i < 16; i++)
            state[i] = sum[i];
    }
    return SIPSEAL_OK;
}

const sipseal_accelerator traced_accelerator = { NULL, declined, NULL, ghash };

/* `user` is the length of a secret, in eight octets, and the secret. */
sipseal_status traced_users(void *user, uint32_t hash, const char *username, size_t username_len, uint32_t is_hashed,
                            char *secret, size_t secret_cap, size_t *secret_len)
{
    const uint8_t *stored = user;
    size_t i;

    (void)hash, (void)username, (void)username_len, (void)is_hashed;
    *secret_len = stored[0];
    for (i = 0; i < *secret_len && i < secret_cap; i++)
        secret[i] = (char)stored[8 + i];
    return SIPSEAL_OK;
}

/* Set from outside. */
unsigned long traced_capabilities;

unsigned long getauxval(unsigned long type);

unsigned long getauxval(unsigned long type)
{
    const unsigned long at_hwcap = 16;

    return type == at_hwcap ? traced_capabilities : 0;
}
