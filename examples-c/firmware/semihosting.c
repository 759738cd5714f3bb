/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#include "semihosting.h"

#define SYS_WRITE0 0x04
#define SYS_EXIT_EXTENDED 0x20
#define APPLICATION_EXIT 0x20026

static void call(uint32_t operation, const void *argument)
{
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;

    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void semihosting_write(const char *text)
{
    call(SYS_WRITE0, text);
}

void semihosting_write_number(uint32_t number, int width)
{
    char text[12];
    int at = (int)sizeof text - 1;

    text[at] = '\0';
    do {
        text[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    while (at > 0 && at > (int)sizeof text - 1 - width)
        text[--at] = ' ';
    semihosting_write(text + at);
}

void semihosting_exit(int status)
{
    uint32_t block[2];

    block[0] = APPLICATION_EXIT;
    block[1] = (uint32_t)status;
    call(SYS_EXIT_EXTENDED, block);
    for (;;)
        ;
}
