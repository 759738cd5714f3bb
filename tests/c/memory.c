/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define GUARD_LEN 48

int memory_exact;

static uint8_t pattern(size_t at)
{
    return (uint8_t)(0xa5 + 29 * at);
}

static int has_pattern(const uint8_t *data, size_t from, size_t to)
{
    size_t i;

    for (i = from; i < to; i++)
        if (data[i] != pattern(i))
            return 0;
    return 1;
}

struct area area_new(size_t len)
{
    size_t guard_len = memory_exact ? 0 : GUARD_LEN;
    struct area area;
    size_t i;

    area.base = malloc(len + 2 * guard_len);
    if (!area.base) {
        fprintf(stderr, "out of memory\n");
        exit(2);
    }
    area.data = area.base + guard_len;
    area.len = len;
    for (i = 0; i < len; i++)
        area.data[i] = pattern(i);
    for (i = 0; i < guard_len; i++) {
        area.base[i] = pattern(i);
        area.data[len + i] = pattern(i);
    }
    return area;
}

struct area area_of(const uint8_t *data, size_t used_len, size_t len)
{
    struct area area = area_new(len);

    if (used_len > 0)
        memcpy(area.data, data, used_len);
    return area;
}

int area_holds(const struct area *area, const uint8_t *data, size_t used_len)
{
    return used_len <= area->len && (used_len == 0 || memcmp(area->data, data, used_len) == 0) &&
           has_pattern(area->data, used_len, area->len);
}

int area_untouched(const struct area *area)
{
    return has_pattern(area->data, 0, area->len);
}

int area_zero(const struct area *area)
{
    return all_zero(area->data, area->len);
}

void (area_free)(struct area *area)
{
    if (!memory_exact) {
        CHECK(has_pattern(area->base, 0, GUARD_LEN));
        CHECK(has_pattern(area->data + area->len, 0, GUARD_LEN));
    }
    free(area->base);
    memset(area, 0, sizeof *area);
}

int all_zero(const void *data, size_t len)
{
    const uint8_t *octets = data;
    size_t i;

    for (i = 0; i < len; i++)
        if (octets[i] != 0)
            return 0;
    return 1;
}

int same_memory(const void *one, const void *other, size_t len)
{
    const uint8_t *a = one, *b = other;
    size_t i;

    for (i = 0; i < len; i++)
        if (a[i] != b[i])
            return 0;
    return 1;
}
