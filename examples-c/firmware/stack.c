/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#include <stddef.h>

#include "stack.h"

#define PAINT 0x5ea15ea1u
/* What the functions here use themselves. */
#define MARGIN_WORDS 16

/* From the linker script. */
extern uint32_t stack_start[];

static volatile uint32_t *painted_to;

void stack_paint(void)
{
    volatile uint32_t *word = stack_start;
    uint32_t here;

    __asm__ volatile("mov %0, sp" : "=r"(here));
    painted_to = (volatile uint32_t *)here - MARGIN_WORDS;
    while (word < painted_to)
        *word++ = PAINT;
}

uint32_t stack_peak(void)
{
    volatile uint32_t *word = stack_start;

    while (word < painted_to && *word == PAINT)
        word++;
    return (uint32_t)((const volatile char *)(painted_to + MARGIN_WORDS) - (const volatile char *)word);
}

int stack_was_enough(void)
{
    return *(volatile uint32_t *)stack_start == PAINT;
}
