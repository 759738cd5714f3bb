# SPDX-License-Identifier: MIT OR Apache-2.0
"""The machines whose code is traced: one row each."""

import dataclasses
import pathlib
import subprocess

from unicorn import arm64_const, arm_const

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "target/tests-traces"
HERE = ROOT / "tests/traces"

# What the kernel of a phone with them says (Linux, asm/hwcap.h).
ARM_VFP = 1 << 6 | 1 << 13
ARM_NEON = ARM_VFP | 1 << 12 | 1 << 16
AARCH64_ASIMD = 1 << 0 | 1 << 1
AARCH64_CRYPTO = AARCH64_ASIMD | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6

# Division stops early on every core named here. Long multiplication does on the Cortex-M3 and is of one cycle on
# the Cortex-M4: see README.md for where that is said.
DIVISION = ("udiv", "sdiv")
LONG_MULTIPLICATION = ("umull", "smull", "umlal", "smlal", "umaal")
# Not in the library at all, so operands need not be told apart.
NEVER = ("vdiv", "vsqrt", "fdiv", "fsqrt")


BUILDS = ("size", "release")


@dataclasses.dataclass(frozen=True)
class Target:
    name: str
    triple: str
    # The cores that the verdict is for.
    cores: str
    compiler: tuple
    cpu: int
    capabilities: int
    variable_time: tuple = DIVISION
    builds: tuple = BUILDS

    @property
    def is_64_bit(self):
        return self.triple.startswith("aarch64")

    @property
    def is_cortex_m(self):
        return self.triple.startswith("thumb")

    def tool(self, name):
        return self.compiler[0].removesuffix("gcc") + name


LINUX = ("-static", "-Wl,--defsym=_DYNAMIC=0,--defsym=_init=0,--defsym=_fini=0", "-nostartfiles")
TARGETS = [
    Target("Cortex-M4", "thumbv7em-none-eabihf", "Cortex-M4, Cortex-M7",
           ("arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16",
            "-nostartfiles", "--specs=nano.specs"),
           arm_const.UC_CPU_ARM_CORTEX_M4, 0),
    Target("Cortex-M3", "thumbv7m-none-eabi", "Cortex-M3",
           ("arm-none-eabi-gcc", "-mcpu=cortex-m3", "-mthumb", "-nostartfiles", "--specs=nano.specs"),
           arm_const.UC_CPU_ARM_CORTEX_M3, 0, variable_time=DIVISION + LONG_MULTIPLICATION, builds=("size",)),
    Target("ARMv7", "armv7-unknown-linux-gnueabihf", "Cortex-A7 without NEON",
           ("arm-linux-gnueabihf-gcc", *LINUX), arm_const.UC_CPU_ARM_CORTEX_A7, ARM_VFP),
    Target("ARMv7-NEON", "armv7-unknown-linux-gnueabihf", "Cortex-A7 with NEON",
           ("arm-linux-gnueabihf-gcc", *LINUX), arm_const.UC_CPU_ARM_CORTEX_A7, ARM_NEON),
    Target("AArch64", "aarch64-unknown-linux-gnu", "Armv8-A without crypto instructions",
           ("aarch64-linux-gnu-gcc", *LINUX), arm64_const.UC_CPU_ARM64_A72, AARCH64_ASIMD),
    Target("AArch64-crypto", "aarch64-unknown-linux-gnu", "Armv8-A with AES, PMULL and SHA-1 instructions",
           ("aarch64-linux-gnu-gcc", *LINUX), arm64_const.UC_CPU_ARM64_A72, AARCH64_CRYPTO),
]
# What is built and traced: targets differ in the CPU that they tell the same image of.
PAIRS = [(target, build) for target in TARGETS for build in target.builds]


def image(target, build):
    return OUT / f"{target.triple}-{build}" / "image.elf"


def link(target, source, archive, elf):
    """Links all of an archive, and what it needs of the C library, into a program that never starts by itself."""
    # The linker takes an archive's members only for what is missing; all our code is in one.
    root = ("-Wl,--undefined=sipseal_version", archive) if archive else ()
    subprocess.run((*target.compiler, "-std=c99", "-Wall", "-Wextra", "-Werror", "-Os", "-g",
                    f"-I{ROOT / 'include'}", source, *root, "-Wl,--entry=0,-z,noexecstack", "-o", elf), check=True)
    return elf


def build_image(target, build):
    """The library as scripts/staticlib.sh builds it, linked. Cargo knows whether there is anything to do."""
    folder = image(target, build).parent
    subprocess.run((ROOT / "scripts/staticlib.sh", target.triple, build, folder), check=True)
    # The same code as in libsipseal.a, with line tables to say where an instruction comes from.
    return link(target, HERE / "image.c", folder / "libsipseal.debug.a", image(target, build))
