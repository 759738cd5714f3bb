#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Installs what a Debian or Ubuntu with only a Rust toolchain lacks:  scripts/install.sh GROUP...
#
# host   C compilers, valgrind, OpenSSL headers, recorded speech: tests and demo on this machine
# arm    cross compilers, emulators and Rust's core library for ARM
# peers  other programs that speak SRTP and SIP, for tests/peers
# traces an emulator for tests/traces, into .tools
# tools  cbindgen, cargo-deny, clippy and rustfmt, where not already in .tools or the toolchain
set -euo pipefail
cd "$(dirname "$0")/.."

# package:what it is missed by, a command or a file
host="gcc:gcc g++:g++ clang:clang make:make cmake:cmake pkg-config:pkg-config llvm:llvm-objcopy
    python3:python3 valgrind:valgrind libssl-dev:/usr/include/openssl/ssl.h
    alsa-utils:/usr/share/sounds/alsa/Front_Center.wav"
arm="gcc-arm-none-eabi:arm-none-eabi-gcc libnewlib-arm-none-eabi:/usr/lib/arm-none-eabi/newlib
    gcc-arm-linux-gnueabihf:arm-linux-gnueabihf-gcc gcc-aarch64-linux-gnu:aarch64-linux-gnu-gcc
    libc6-dev-armhf-cross:/usr/arm-linux-gnueabihf/include/stdio.h
    libc6-dev-arm64-cross:/usr/aarch64-linux-gnu/include/stdio.h
    qemu-system-arm:qemu-system-arm qemu-user:qemu-arm"
peers="ffmpeg:ffmpeg gstreamer1.0-tools:gst-launch-1.0
    gstreamer1.0-plugins-good:/usr/share/doc/gstreamer1.0-plugins-good
    gstreamer1.0-plugins-bad:/usr/share/doc/gstreamer1.0-plugins-bad kamailio:kamailio sip-tester:sipp"
core_sources="rustc-web:/usr/bin/rustc cargo-web:/usr/bin/cargo
    rust-web-src:/usr/lib/rustlib/src/rust/library"
traces="unicorn==2.1.4 pyelftools==0.33"
tools="cbindgen@0.29.4 cargo-deny@0.20.2"

# packages PACKAGE:PROBE...
packages() {
    local entry missing=()
    for entry; do
        case ${entry#*:} in
        /*) [ -e "${entry#*:}" ] || missing+=("${entry%%:*}") ;;
        *) command -v "${entry#*:}" >/dev/null || missing+=("${entry%%:*}") ;;
        esac
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    local as_root=env
    [ "$(id -u)" = 0 ] || as_root="sudo env"
    if ! command -v apt-get >/dev/null || ! command -v ${as_root% *} >/dev/null; then
        echo "Please install: ${missing[*]}" >&2
        return 1
    fi
    $as_root apt-get update -qq
    $as_root DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

arm_core() {
    local target=thumbv7em-none-eabihf
    [ -d "$(rustc --print target-libdir --target $target)" ] ||
        { command -v rustup >/dev/null && timeout 60 rustup target add $target; } ||
        packages $core_sources
}

trace_tools() {
    local python=.tools/traces/bin/python
    [ "$($python -m pip list --format=freeze 2>/dev/null | grep -cE "^(${traces// /|})$")" = 2 ] && return
    # Debian has the standard library's venv in a package of its own.
    python3 -c "import ensurepip" 2>/dev/null || packages python3-venv:/none
    python3 -m venv --clear .tools/traces
    $python -m pip install --quiet --disable-pip-version-check --only-binary :all: $traces
}

rust_tools() {
    local tool
    for tool in $tools; do
        [ "$(.tools/bin/"${tool%@*}" --version 2>/dev/null)" = "${tool/@/ }" ] ||
            cargo install --quiet --locked --root .tools "$tool"
    done
    cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
    cargo clippy --version >/dev/null 2>&1 || rustup component add clippy
}

for group; do
    case $group in
    host) packages $host ;;
    arm)
        packages $arm
        arm_core
        ;;
    peers) packages $peers ;;
    traces) trace_tools ;;
    tools) rust_tools ;;
    *)
        echo "Unknown group \"$group\". Known: host arm peers traces tools" >&2
        exit 2
        ;;
    esac
done
