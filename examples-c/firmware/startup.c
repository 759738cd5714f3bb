/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/* From reset to main, on any Cortex-M4 with an FPU. */

#include <stdint.h>

#include "semihosting.h"
#include "stack.h"

/* Coprocessor access control: full access to CP10 and CP11, which are the FPU. */
#define CPACR (*(volatile uint32_t *)0xe000ed88)
#define CPACR_FPU (0xfu << 20)

/* From the linker script. */
extern uint32_t data_start[], data_end[], bss_start[], bss_end[], stack_end[];
extern const uint32_t data_load[];

int main(void);

void reset(void)
{
    const uint32_t *from = data_load;
    uint32_t *to;

    /* The library was compiled for the FPU: without it, its first function would fault. */
    CPACR |= CPACR_FPU;
    __asm__ volatile("dsb\n\tisb" ::: "memory");

    for (to = data_start; to < data_end; to++)
        *to = *from++;
    for (to = bss_start; to < bss_end; to++)
        *to = 0;
    stack_paint();
    semihosting_exit(main());
}

static void fault(void)
{
    semihosting_write("FAILED: processor fault\n");
    semihosting_exit(1);
}

/* The stack pointer and the exceptions of the processor itself. No interrupt is on. */
__attribute__((section(".vectors"), used)) static const struct {
    uint32_t *stack;
    void (*handlers[15])(void);
} vectors = { stack_end,
              { reset, fault, fault, fault, fault, fault, 0, 0, 0, 0, fault, fault, 0, fault, fault } };
