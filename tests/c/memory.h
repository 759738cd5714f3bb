/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Buffers that show what was written in and around them. */

#ifndef MEMORY_H
#define MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "check.h"

struct area {
    uint8_t *data;
    size_t len;
    uint8_t *base;
};

/* Nothing around an area, so that a memory checker sees the first octet outside of it. */
extern int memory_exact;

/* An area filled with a pattern. */
struct area area_new(size_t len);

/* An area that begins with `used_len` octets of `data`; the pattern fills the rest. */
struct area area_of(const uint8_t *data, size_t used_len, size_t len);

/* Whether an area is as area_of makes it: those octets, and the pattern after them. */
int area_holds(const struct area *area, const uint8_t *data, size_t used_len);

/* Whether an area still is as area_new made it. */
int area_untouched(const struct area *area);

/* Whether all of an area is zero. */
int area_zero(const struct area *area);

/* Checks that nothing was written around an area, and gives it back. */
void area_free(struct area *area);

int all_zero(const void *data, size_t len);

/* Whether two objects or blocks hold the same octets, padding included. Compilers leave padding without a
 * value, so padding.supp tells valgrind not to complain of this one function. */
int same_memory(const void *one, const void *other, size_t len);

#define area_free(...) CHECK_CALL((area_free)(__VA_ARGS__))

#endif
