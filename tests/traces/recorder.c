/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Writes down what an emulated program does. Hooks in Python would take some fifty times as long. */

#include <stddef.h>
#include <stdint.h>

#include <unicorn/unicorn.h>

/* An event is an address, or half of an operand, with one of these in the top octet. */
#define INSTRUCTION 0x00
#define READ 0x10
#define WRITE 0x20
#define OPERAND 0x30

/* Known to machine.py as well. */
struct recorder {
    /* For each half-word of code from `code` on: 0, or 1 and the place in `variable_time` of what stands there. One
     * hook for everything is much faster than one for each of these instructions. */
    const uint16_t *marks;
    uint64_t code, marks_len;
    /* Two registers for each instruction whose time depends on them, on some core. */
    const int32_t (*variable_time)[2];
    uint64_t *events;
    /* All are counted; those beyond the capacity are not kept. */
    uint64_t len, cap;
    uint64_t instructions;
    uint64_t lowest_sp;
    uc_err (*read_register)(uc_engine *, int, void *);
    uc_err (*write_register)(uc_engine *, int, const void *);
    uc_err (*stop)(uc_engine *);
    int32_t sp;
    /* 0 where there are no IT blocks. */
    int32_t cpsr;
    uint64_t max_instructions;
};

static void add(struct recorder *recorder, uint64_t event)
{
    if (recorder->len < recorder->cap)
        recorder->events[recorder->len] = event;
    recorder->len++;
}

static uint64_t read_register(uc_engine *engine, const struct recorder *recorder, int number)
{
    uint64_t value = 0;

    recorder->read_register(engine, number, &value);
    return value;
}

static void record_operands(uc_engine *engine, struct recorder *recorder, uint64_t address)
{
    const uint64_t at = (address - recorder->code) / 2;
    int i;

    if (at >= recorder->marks_len || recorder->marks[at] == 0)
        return;
    for (i = 0; i < 2; i++) {
        const int32_t number = recorder->variable_time[recorder->marks[at] - 1][i];
        const uint64_t value = read_register(engine, recorder, number);

        add(recorder, (value & 0xffffffff) | (uint64_t)OPERAND << 56);
        add(recorder, value >> 32 | (uint64_t)OPERAND << 56);
    }
}

void record_instruction(uc_engine *engine, uint64_t address, uint32_t size, void *user)
{
    struct recorder *recorder = user;
    const uint64_t sp = read_register(engine, recorder, recorder->sp);

    (void)size;
    if (sp < recorder->lowest_sp)
        recorder->lowest_sp = sp;
    if (++recorder->instructions == recorder->max_instructions)
        recorder->stop(engine);
    add(recorder, address | (uint64_t)INSTRUCTION << 56);
    record_operands(engine, recorder, address);
}

/* Unicorn 2.1.4 stores the state of an IT block before it calls a memory hook, and forgets to clear it at the end of
 * the IT block: the code that it translates next would begin as if it were in one. The block at hand is translated
 * already, so nothing else reads that state. */
static void leave_it_block(uc_engine *engine, const struct recorder *recorder)
{
    const uint32_t it_bits = 0x0600fc00;
    uint32_t status;

    if (recorder->cpsr == 0)
        return;
    status = (uint32_t)read_register(engine, recorder, recorder->cpsr);
    if ((status & it_bits) != 0) {
        status &= ~it_bits;
        recorder->write_register(engine, recorder->cpsr, &status);
    }
}

void record_access(uc_engine *engine, uc_mem_type type, uint64_t address, int size, int64_t value,
                   void *user)
{
    const uint64_t kind = type == UC_MEM_WRITE ? WRITE : READ;
    struct recorder *recorder = user;

    (void)value;
    add(recorder, address | (kind | (uint64_t)(size & 0xf)) << 56);
    leave_it_block(engine, recorder);
}
