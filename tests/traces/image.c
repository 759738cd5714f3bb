/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What a program gives the library: randomness and, on hosts, what the kernel says of the CPU. */

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

/* Set from outside. */
unsigned long traced_capabilities;

unsigned long getauxval(unsigned long type);

unsigned long getauxval(unsigned long type)
{
    const unsigned long at_hwcap = 16;

    return type == at_hwcap ? traced_capabilities : 0;
}
