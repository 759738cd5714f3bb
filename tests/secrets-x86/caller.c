/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Calls functions of the library for a program that tells it which: natively, instruction by instruction, or under
 * valgrind. Memory is shared with that program; requests come on standard input, answers go to standard output. */

#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <valgrind/memcheck.h>

/* An event is an address, or an operand, with one of these in the top octet: as in tests/traces/recorder.c. */
#define READ 0x10
#define WRITE 0x20
#define OPERAND 0x30

#define ARGUMENTS 16
#define IN_REGISTERS 6

enum operation { CALL, TRACE, DEFINED, UNDEFINED, SET };

/* All of this is known to native.py as well. */
struct request {
    uint64_t operation, function, arguments[ARGUMENTS];
};

struct answer {
    /* Errors: what memcheck has reported since the last answer. */
    uint64_t result, events, instructions, lowest_sp, errors;
};

struct region {
    uint64_t address, len;
};

/* What an instruction touches beyond the registers: base + index * scale + displacement. Or what its time depends on: a
 * register, or where there is a length, as many octets of memory. */
struct operand {
    int8_t base, index;
    uint8_t scale, kind, len, more, unused[2];
    int32_t displacement;
};

struct setup {
    struct region data, stack, code, events;
    uint64_t stack_top, operands;
};

static struct setup setup;
/* For each octet of code: 0, or 1 and the place in `operands` of what begins there. */
static const uint32_t *marks;
static const struct operand *operands;
static uint64_t *events;
static struct answer answer;

static void add(uint64_t event)
{
    if (answer.events < setup.events.len / sizeof *events)
        events[answer.events] = event;
    answer.events++;
}

static uint64_t value_of(const greg_t *registers, int8_t number)
{
    return number < 0 ? 0 : (uint64_t)registers[number];
}

static void record_operand(const greg_t *registers, const struct operand *operand)
{
    const uint64_t address = value_of(registers, operand->base) + value_of(registers, operand->index) * operand->scale +
        (uint64_t)(int64_t)operand->displacement;
    uint64_t done, len, value = address;

    if (operand->kind == OPERAND) {
        if (operand->len > 0) {
            value = 0;
            memcpy(&value, (const void *)address, operand->len);
        }
        add((value & 0xffffffff) | (uint64_t)OPERAND << 56);
        add(value >> 32 | (uint64_t)OPERAND << 56);
        return;
    }
    /* A length has four bits. */
    for (done = 0; done < operand->len; done += len) {
        len = operand->len - done < 8 ? operand->len - done : 8;
        add(((address + done) & ((UINT64_C(1) << 56) - 1)) | (operand->kind | len) << 56);
    }
}

/* After every instruction, before the next one. */
static void step(int number, siginfo_t *info, void *context)
{
    const greg_t *registers = ((const ucontext_t *)context)->uc_mcontext.gregs;
    const uint64_t address = (uint64_t)registers[REG_RIP], at = address - setup.code.address;
    const uint64_t sp = (uint64_t)registers[REG_RSP];
    const struct operand *operand;

    (void)number;
    (void)info;
    if (sp < answer.lowest_sp)
        answer.lowest_sp = sp;
    answer.instructions++;
    add(address);
    if (at >= setup.code.len || marks[at] == 0)
        return;
    for (operand = operands + marks[at] - 1; ; operand++) {
        record_operand(registers, operand);
        if (!operand->more)
            break;
    }
}

/* Calls with the trap flag set, on a stack of its own, which holds what does not go in registers. */
uint64_t call_stepped(uint64_t function, const uint64_t *in_registers, uint64_t stack);
__asm__(".text\n"
        ".globl call_stepped\n"
        "call_stepped:\n"
        "    push %rbp\n"
        "    mov %rsp, %rbp\n"
        "    mov %rdi, %r11\n"
        "    mov %rsi, %r10\n"
        "    mov %rdx, %rsp\n"
        "    mov (%r10), %rdi\n"
        "    mov 8(%r10), %rsi\n"
        "    mov 16(%r10), %rdx\n"
        "    mov 24(%r10), %rcx\n"
        "    mov 32(%r10), %r8\n"
        "    mov 40(%r10), %r9\n"
        "    pushfq\n"
        "    orq $0x100, (%rsp)\n"
        "    popfq\n"
        "    call *%r11\n"
        "    pushfq\n"
        "    andq $~0x100, (%rsp)\n"
        "    popfq\n"
        "    mov %rbp, %rsp\n"
        "    pop %rbp\n"
        "    ret\n");

static uint64_t trace(const struct request *request)
{
    uint64_t *stack = (uint64_t *)setup.stack_top;
    int i;

    for (i = IN_REGISTERS; i < ARGUMENTS; i++)
        stack[i - IN_REGISTERS] = request->arguments[i];
    answer.lowest_sp = setup.stack_top;
    return call_stepped(request->function, request->arguments, setup.stack_top);
}

static uint64_t call(const struct request *request)
{
    typedef uint64_t function(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
                              uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t);
    const uint64_t *a = request->arguments;

    return ((function *)request->function)(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10],
                                             a[11], a[12], a[13], a[14], a[15]);
}

/* Maps a part of the shared file where the program has it. */
static void *map(int file, off_t at, struct region region)
{
    void *const wanted = (void *)region.address;
    void *mapped = mmap(wanted, region.len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, file, at);

    if (mapped != wanted)
        exit(2);
    return mapped;
}

static void start(int file)
{
    static uint8_t handler_stack[1 << 16];
    const stack_t alternative = { .ss_sp = handler_stack, .ss_size = sizeof handler_stack };
    struct sigaction action = { .sa_sigaction = step, .sa_flags = SA_SIGINFO | SA_ONSTACK };
    off_t at = 0;

    if (read(STDIN_FILENO, &setup, sizeof setup) != sizeof setup)
        exit(2);
    map(file, at, setup.data);
    at += (off_t)setup.data.len;
    map(file, at, setup.stack);
    at += (off_t)setup.stack.len;
    events = map(file, at, setup.events);
    at += (off_t)setup.events.len;
    marks = mmap(NULL, setup.code.len * sizeof *marks + setup.operands, PROT_READ, MAP_SHARED, file, at);
    if (marks == MAP_FAILED)
        exit(2);
    operands = (const struct operand *)(marks + setup.code.len);
    if (sigaltstack(&alternative, NULL) != 0 || sigaction(SIGTRAP, &action, NULL) != 0)
        exit(2);
}

int main(int argc, char **argv)
{
    struct request request;
    uint64_t errors;

    if (argc != 2)
        return 2;
    start(atoi(argv[1]));
    errors = VALGRIND_COUNT_ERRORS;
    while (read(STDIN_FILENO, &request, sizeof request) == sizeof request) {
        const uint64_t *a = request.arguments;

        answer = (struct answer){ 0 };
        switch (request.operation) {
        case CALL: answer.result = call(&request); break;
        case TRACE: answer.result = trace(&request); break;
        case DEFINED: (void)VALGRIND_MAKE_MEM_DEFINED(a[0], a[1]); break;
        case UNDEFINED: (void)VALGRIND_MAKE_MEM_UNDEFINED(a[0], a[1]); break;
        case SET: *(volatile uint8_t *)a[0] = (uint8_t)a[1]; break;
        default: return 2;
        }
        /* What a function returns is public: by then a verdict has been reported, or nothing is to be told. */
        (void)VALGRIND_MAKE_MEM_DEFINED(&answer, sizeof answer);
        answer.errors = VALGRIND_COUNT_ERRORS - errors;
        errors += answer.errors;
        if (write(STDOUT_FILENO, &answer, sizeof answer) != sizeof answer)
            return 2;
    }
    return 0;
}
