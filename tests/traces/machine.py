# SPDX-License-Identifier: MIT OR Apache-2.0
"""An emulated machine with a linked image in it, whose functions can be called and traced."""

import ctypes
import dataclasses
import random
import struct
import subprocess

import unicorn
from elftools.elf.elffile import ELFFile
from elftools.elf.relocation import RelocationSection
from unicorn import arm64_const as arm64, arm_const as arm
from unicorn.unicorn_py3.unicorn import uclib

from memory import DATA, DATA_LEN, STACK, STACK_LEN, STACK_TOP, U64, Memory
from targets import HERE, OUT

# Below 0x80000000, where a Cortex-M has its devices; no call returns to STOP, it ends there.
STOP = 0x1000
PAGE = 0x1000
MAX_EVENTS = 1 << 23
# No call runs as long; a panic in the library is an endless loop.
MAX_INSTRUCTIONS = 20_000_000

R_ARM_IRELATIVE, R_AARCH64_IRELATIVE = 160, 1032

ARM_REGISTERS = {f"r{n}": getattr(arm, f"UC_ARM_REG_R{n}") for n in range(13)}
ARM_REGISTERS.update(sb=arm.UC_ARM_REG_SB, sl=arm.UC_ARM_REG_SL, fp=arm.UC_ARM_REG_FP, ip=arm.UC_ARM_REG_IP,
                     sp=arm.UC_ARM_REG_SP, lr=arm.UC_ARM_REG_LR)
ARM64_REGISTERS = {f"{w}{n}": getattr(arm64, f"UC_ARM64_REG_{w.upper()}{n}") for w in "wx" for n in range(31)}
ARM64_REGISTERS.update(wzr=arm64.UC_ARM64_REG_WZR, xzr=arm64.UC_ARM64_REG_XZR)


class Recorder(ctypes.Structure):
    """As in recorder.c."""

    _fields_ = [("marks", ctypes.c_void_p), ("code", ctypes.c_uint64), ("marks_len", ctypes.c_uint64),
                ("variable_time", ctypes.c_void_p), ("events", ctypes.c_void_p), ("len", ctypes.c_uint64),
                ("cap", ctypes.c_uint64), ("instructions", ctypes.c_uint64), ("lowest_sp", ctypes.c_uint64),
                ("read_register", ctypes.c_void_p), ("write_register", ctypes.c_void_p), ("stop", ctypes.c_void_p),
                ("sp", ctypes.c_int32), ("cpsr", ctypes.c_int32), ("max_instructions", ctypes.c_uint64)]


@dataclasses.dataclass
class Trace:
    """What one call did."""

    status: int
    events: bytes
    instructions: int
    stack: int
    # What it left below its caller's stack pointer, as far down as it went.
    dead_stack: bytes


def address_of(function):
    return ctypes.cast(function, ctypes.c_void_p).value


def compile_recorder():
    """The hooks, against the headers that come with the emulator."""
    library = OUT / "recorder.so"
    include = next(iter(unicorn.__path__)) + "/include"
    library.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(("cc", "-O2", "-std=c99", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", f"-I{include}",
                    HERE / "recorder.c", "-o", library), check=True)


class Machine(Memory):
    def __init__(self, target, elf, variable_time=()):
        """`variable_time`: instructions whose operands belong to the trace, as disassembly.py finds them."""
        super().__init__(8 if target.is_64_bit else 4)
        self.target = target
        if target.is_64_bit:
            self.engine = unicorn.Uc(unicorn.UC_ARCH_ARM64, unicorn.UC_MODE_ARM)
        else:
            mode = unicorn.UC_MODE_THUMB | unicorn.UC_MODE_MCLASS if target.is_cortex_m else unicorn.UC_MODE_ARM
            self.engine = unicorn.Uc(unicorn.UC_ARCH_ARM, mode)
        self.engine.ctl_set_cpu_model(target.cpu)
        self.enable_fpu()
        for address, length in ((STOP, PAGE), (DATA, DATA_LEN), (STACK, STACK_LEN)):
            self.engine.mem_map(address, length)
        self.noise = random.Random(0).randbytes(STACK_LEN)
        with open(elf, "rb") as file:
            image = ELFFile(file)
            self.load(image)
            self.symbols = {symbol.name: symbol["st_value"] for symbol in
                            image.get_section_by_name(".symtab").iter_symbols()}
            self.install_hooks(variable_time)
            self.relocate(image)
        if "traced_capabilities" in self.symbols:
            self.write(self.symbols["traced_capabilities"], self.words(target.capabilities))

    def enable_fpu(self):
        engine = self.engine
        if self.target.is_64_bit:
            engine.reg_write(arm64.UC_ARM64_REG_CPACR_EL1, 0x3 << 20)
        elif not self.target.is_cortex_m:
            engine.reg_write(arm.UC_ARM_REG_C1_C0_2, engine.reg_read(arm.UC_ARM_REG_C1_C0_2) | 0xf << 20)
            engine.reg_write(arm.UC_ARM_REG_FPEXC, 1 << 30)

    def load(self, image):
        mapped = set()
        for segment in image.iter_segments("PT_LOAD"):
            start, end = segment["p_vaddr"], segment["p_vaddr"] + segment["p_memsz"]
            for page in range(start // PAGE, -(-end // PAGE)):
                if page not in mapped:
                    self.engine.mem_map(page * PAGE, PAGE)
                    mapped.add(page)
            self.engine.mem_write(start, segment.data())

    def relocate(self, image):
        """Lets a static C library choose its memcpy, as the start-up code would."""
        for section in image.iter_sections():
            if not isinstance(section, RelocationSection):
                continue
            for relocation in section.iter_relocations():
                if relocation["r_info_type"] not in (R_ARM_IRELATIVE, R_AARCH64_IRELATIVE):
                    continue
                at = relocation["r_offset"]
                resolver = relocation["r_addend"] if section.is_RELA() else self.read_word(at)
                chosen = self.run(resolver, (self.target.capabilities, 0), signed=False)
                self.write(at, self.words(chosen))

    def install_hooks(self, variable_time):
        self.events = (ctypes.c_uint64 * MAX_EVENTS)()
        self.recorder = Recorder(
            events=ctypes.addressof(self.events), cap=MAX_EVENTS,
            read_register=address_of(uclib.uc_reg_read), write_register=address_of(uclib.uc_reg_write),
            stop=address_of(uclib.uc_emu_stop), max_instructions=MAX_INSTRUCTIONS,
            cpsr=0 if self.target.is_64_bit else arm.UC_ARM_REG_CPSR,
            sp=arm64.UC_ARM64_REG_SP if self.target.is_64_bit else arm.UC_ARM_REG_SP)
        self.mark(variable_time)
        hooks = ctypes.CDLL(str(OUT / "recorder.so"))
        self.add_hook(unicorn.UC_HOOK_CODE, hooks.record_instruction)
        self.add_hook(unicorn.UC_HOOK_MEM_READ | unicorn.UC_HOOK_MEM_WRITE, hooks.record_access)

    def mark(self, variable_time):
        """Tells the recorder which instructions to look at."""
        if not variable_time:
            return
        names = ARM64_REGISTERS if self.target.is_64_bit else ARM_REGISTERS
        addresses = [address for address, _ in variable_time]
        code = min(addresses)
        # Both live as long as the recorder.
        self.marks = (ctypes.c_uint16 * ((max(addresses) - code) // 2 + 1))()
        self.operands = (ctypes.c_int32 * (2 * len(addresses)))()
        for at, (address, registers) in enumerate(variable_time):
            self.marks[(address - code) // 2] = at + 1
            self.operands[2 * at:2 * at + 2] = [names[register] for register in registers]
        self.recorder.marks, self.recorder.marks_len = ctypes.addressof(self.marks), len(self.marks)
        self.recorder.code, self.recorder.variable_time = code, ctypes.addressof(self.operands)

    def add_hook(self, kind, function):
        handle, everywhere = ctypes.c_size_t(), (ctypes.c_uint64(1), ctypes.c_uint64(0))
        status = uclib.uc_hook_add(self.engine._uch, ctypes.byref(handle), kind, address_of(function),
                                   ctypes.addressof(self.recorder), *everywhere)
        if status != unicorn.UC_ERR_OK:
            raise unicorn.UcError(status)

    def read(self, address, length):
        return bytes(self.engine.mem_read(address, length))

    def write(self, address, content):
        self.engine.mem_write(address, content)

    # Calls.

    def arguments(self, arguments):
        """In registers and on the stack, as the procedure call standards for ARM have it."""
        slots = []
        for argument in arguments:
            if isinstance(argument, U64) and self.word == 4:
                slots += [0] * (len(slots) % 2)
                slots += [argument & 0xffff_ffff, argument >> 32]
            else:
                slots.append(int(argument))
        in_registers = 8 if self.target.is_64_bit else 4
        first = arm64.UC_ARM64_REG_X0 if self.target.is_64_bit else arm.UC_ARM_REG_R0
        for at, value in enumerate(slots[:in_registers]):
            self.engine.reg_write(first + at, value)
        self.write(STACK_TOP, self.words(*slots[in_registers:]))

    def run(self, address, arguments, signed=True):
        engine, recorder = self.engine, self.recorder
        self.arguments(arguments)
        recorder.len = recorder.instructions = 0
        recorder.lowest_sp = STACK_TOP
        engine.reg_write(recorder.sp, STACK_TOP)
        engine.reg_write(arm64.UC_ARM64_REG_LR if self.target.is_64_bit else arm.UC_ARM_REG_LR,
                         STOP | self.target.is_cortex_m)
        engine.emu_start(address, STOP)
        pc = engine.reg_read(arm64.UC_ARM64_REG_PC if self.target.is_64_bit else arm.UC_ARM_REG_PC)
        if pc & ~1 != STOP:
            raise RuntimeError(f"a call did not return: it is at {pc:#x}")
        result = engine.reg_read(arm64.UC_ARM64_REG_X0 if self.target.is_64_bit else arm.UC_ARM_REG_R0)
        return struct.unpack("<i", struct.pack("<I", result & 0xffff_ffff))[0] if signed else result

    def call(self, function, *arguments):
        """What a function returns."""
        return self.run(self.symbols[function], arguments)

    def trace(self, function, *arguments):
        """The same, with all that it did, over a stack that holds the same noise each time."""
        self.write(STACK, self.noise)
        status = self.call(function, *arguments)
        recorder = self.recorder
        if recorder.len > recorder.cap:
            raise RuntimeError(f"{recorder.len} events, room for {recorder.cap}")
        depth = STACK_TOP - recorder.lowest_sp
        return Trace(status, ctypes.string_at(recorder.events, recorder.len * 8), recorder.instructions, depth,
                     self.read(recorder.lowest_sp, depth))
