/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#ifndef STACK_H
#define STACK_H

#include <stdint.h>

/* Paints the part of the stack that is free now, so that what gets used can be told from it. */
void stack_paint(void);

/* The most octets of stack in use at a time since it was painted, below where it was painted from. */
uint32_t stack_peak(void);

/* Whether the stack has kept to its room. */
int stack_was_enough(void);

#endif
