// SPDX-License-Identifier: MIT OR Apache-2.0
//! Chooses the engines, and says what the compiler does not: which ARM processors a target is for.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(sipseal_hardware)");
    println!("cargo::rustc-check-cfg=cfg(sipseal_software, values(\"fixslice\", \"rustcrypto\"))");
    println!("cargo::rustc-check-cfg=cfg(sipseal_chosen, values(\"hardware\", \"software\"))");
    println!("cargo::rustc-check-cfg=cfg(sipseal_thumb2)");
    println!("cargo::rustc-check-cfg=cfg(sipseal_a32)");
    println!("cargo::rustc-check-cfg=cfg(sipseal_neon)");
    println!("cargo::rustc-check-cfg=cfg(sipseal_long_multiplication)");

    // `--cfg sipseal_portable` in `RUSTFLAGS` leaves out what the feature does, all that is not plain Rust.
    let engines = env::var_os("CARGO_FEATURE_ENGINES").is_some()
        && env::var_os("CARGO_CFG_SIPSEAL_PORTABLE").is_none();
    let has_hardware = engines && has_instructions();
    if has_hardware {
        println!("cargo::rustc-cfg=sipseal_hardware");
    }
    let asked = var("CARGO_CFG_SIPSEAL_AES");
    let software = match asked.as_str() {
        "" if var("CARGO_CFG_TARGET_POINTER_WIDTH") == "32"
            && var("CARGO_CFG_TARGET_ARCH") != "x86" =>
        {
            "fixslice"
        }
        "" => "rustcrypto",
        asked => asked,
    };
    println!("cargo::rustc-cfg=sipseal_software=\"{software}\"");
    let chosen = if has_hardware && asked.is_empty() {
        "hardware"
    } else {
        "software"
    };
    println!("cargo::rustc-cfg=sipseal_chosen=\"{chosen}\"");
    if engines {
        assembler(&var("TARGET"));
    }
}

/// Whether there may be instructions for AES: asked at run time, or, on bare metal, by the target's features.
fn has_instructions() -> bool {
    let features = var("CARGO_CFG_TARGET_FEATURE");
    let has = |feature| features.split(',').any(|has| has == feature);
    let asks = var("CARGO_CFG_TARGET_OS") != "none";
    match var("CARGO_CFG_TARGET_ARCH").as_str() {
        "x86_64" => asks,
        "aarch64" if var("CARGO_CFG_TARGET_ENDIAN") == "little" => {
            asks || has("aes") && has("sha2")
        }
        _ => false,
    }
}

/// What is in assembler on 32-bit ARM.
fn assembler(target: &str) {
    let is_for = |prefixes: &[&str]| prefixes.iter().any(|prefix| target.starts_with(prefix));
    // They execute Thumb-2, whatever they are built in: not thumbv6m and thumbv8m.base, nor big-endian ones.
    if is_for(&["thumbv7", "thumbv8m.main", "armv7"]) {
        println!("cargo::rustc-cfg=sipseal_thumb2");
    }
    // These have to be told so where code is in Thumb-2.
    if is_for(&["armv7"]) {
        println!("cargo::rustc-cfg=sipseal_a32");
    }
    // Some of these have NEON, and the kernel says which.
    if is_for(&["armv7", "thumbv7neon"]) && target.contains("-linux-") {
        println!("cargo::rustc-cfg=sipseal_neon");
    }
    // 32 bits by 32 into 64 take the same time for all operands: not on the Cortex-M3, which is thumbv7m.
    if is_for(&["thumbv7em", "armv7"]) {
        println!("cargo::rustc-cfg=sipseal_long_multiplication");
    }
}

fn var(name: &str) -> String {
    env::var(name).unwrap_or_default()
}
