/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* One leak of each kind, and code without any: what the tracer must tell apart. */

#include <stddef.h>
#include <stdint.h>

#define KEY_LEN 16

static const uint8_t table[256] = { 1, 2, 3, 5, 7, 11, 13, 17 };

/* Keeps the compiler from seeing through it. */
static uint32_t opaque(uint32_t value)
{
    __asm__ volatile("" : "+r"(value));
    return value;
}

int32_t planted_nothing(const uint8_t *key);
int32_t planted_branch(const uint8_t *key);
int32_t planted_address(const uint8_t *key);
int32_t planted_write_address(const uint8_t *key);
int32_t planted_division(const uint8_t *key);
int32_t planted_public_division(const uint8_t *key);
int32_t planted_multiplication(const uint8_t *key);
int32_t planted_comparison(const uint8_t *tag, const uint8_t *expected, size_t len);
int32_t planted_early_exit(const uint8_t *tag, const uint8_t *expected, size_t len);
int32_t planted_two_halves(const uint8_t *tag, const uint8_t *expected, size_t len);
int32_t planted_residue(const uint8_t *key);

int32_t planted_nothing(const uint8_t *key)
{
    uint32_t sum = 0;
    int i;

    for (i = 0; i < KEY_LEN; i++)
        sum = opaque(sum) + key[i] * 3u;
    return (int32_t)(opaque(sum) & 0);
}

int32_t planted_branch(const uint8_t *key)
{
    uint32_t sum = key[1];

    if (opaque(key[0]) & 1)
        __asm__ volatile("nop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop" : "+r"(sum));
    return (int32_t)(opaque(sum) & 0);
}

int32_t planted_address(const uint8_t *key)
{
    /* Kept, or valgrind would not do it. */
    volatile const uint32_t found = table[key[0]];

    return (int32_t)(found & 0);
}

int32_t planted_write_address(const uint8_t *key)
{
    volatile uint8_t written[256];

    written[key[0]] = 0;
    return written[0] & 0;
}

int32_t planted_division(const uint8_t *key)
{
    return (int32_t)(opaque(1000000u / (opaque(key[0]) | 1)) & 0);
}

int32_t planted_public_division(const uint8_t *key)
{
    return (int32_t)((opaque(1000000u / opaque(7)) + key[0]) & 0);
}

int32_t planted_multiplication(const uint8_t *key)
{
    const uint64_t product = (uint64_t)opaque(key[0] * 0x01010101u) * opaque(0x12345678u);

    return (int32_t)(opaque((uint32_t)(product >> 32)) & 0);
}

int32_t planted_comparison(const uint8_t *tag, const uint8_t *expected, size_t len)
{
    uint32_t difference = 0;

    while (len-- > 0)
        difference = opaque(difference) | (*tag++ ^ *expected++);
    /* A branch, where a conditional move would do. */
    if (opaque(difference) != 0)
        __asm__ volatile("nop" : "+r"(difference));
    return opaque(difference) != 0 ? -1 : 0;
}

int32_t planted_early_exit(const uint8_t *tag, const uint8_t *expected, size_t len)
{
    while (len-- > 0)
        if (opaque(*tag++) != *expected++)
            return -1;
    return 0;
}

/* Each half in constant time, and a verdict after the first: forgeries of one half trace alike. */
int32_t planted_two_halves(const uint8_t *tag, const uint8_t *expected, size_t len)
{
    const size_t half = len / 2;

    if (planted_comparison(tag, expected, half) != 0)
        return -1;
    return planted_comparison(tag + half, expected + half, len - half);
}

int32_t planted_residue(const uint8_t *key)
{
    volatile uint8_t copy[KEY_LEN];
    int i;

    for (i = 0; i < KEY_LEN; i++)
        copy[i] = key[i];
    return copy[0] & 0;
}
