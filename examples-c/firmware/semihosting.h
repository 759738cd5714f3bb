/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#ifndef SEMIHOSTING_H
#define SEMIHOSTING_H

#include <stdint.h>

/* What a debugger or an emulator does for a program that has no operating system. */

void semihosting_write(const char *text);

/* Writes a number, to the right of `width` columns. */
void semihosting_write_number(uint32_t number, int width);

/* Ends the program; the emulator exits with `status`. */
void semihosting_exit(int status) __attribute__((noreturn));

#endif
