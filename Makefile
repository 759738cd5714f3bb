# SPDX-License-Identifier: MIT OR Apache-2.0

TARGET ?=
PROFILE ?= release

.PHONY: help demo test bench bench-arm lint fmt-check header header-check cross fuzz sizes advisories clean

help: ## List the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 20

demo: ## Protect and unprotect recorded speech from a C program
	scripts/install.sh host
	$(MAKE) -C examples-c demo

test: ## Run every check, in order, with a summary
	scripts/test.sh

bench: ## Measure speed beside other SRTP libraries, and write benches/README.md
	scripts/install.sh host
	cargo bench --manifest-path benches/Cargo.toml
	cargo run --release --manifest-path benches/Cargo.toml --bin table
	cargo run --release --manifest-path benches/Cargo.toml --bin growth
	cargo run --release --manifest-path benches/Cargo.toml --bin plot

bench-arm: ## Count instructions and stack on ARM, beside libsrtp, and write benches/README.md
	scripts/install.sh host arm traces
	$(MAKE) -C tests/traces table
	.tools/traces/bin/python -B benches/arm/libsrtp.py

lint: ## Clippy and rustdoc, warnings as errors
	cargo clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

fmt-check: ## Is the Rust code formatted?
	cargo fmt --all --check
	cargo fmt --check --manifest-path tests/interop/Cargo.toml
	cargo fmt --check --manifest-path tests/archive/planted/Cargo.toml
	cargo fmt --check --manifest-path benches/Cargo.toml
	cargo fmt --check --manifest-path fuzz/Cargo.toml

header: ## Generate include/sipseal.h
	scripts/install.sh tools
	scripts/header.sh

header-check: ## Is include/sipseal.h current, and does it compile everywhere?
	scripts/install.sh host arm tools
	scripts/header.sh --verify
	scripts/header-compile.sh

cross: ## Build for TARGET=... with PROFILE=release (speed) or size, into target/cross
	scripts/cross.sh "$(TARGET)" "$(PROFILE)"

fuzz: ## Fuzz TARGET=sdes for SECONDS=600, and keep what is found in fuzz/corpus
	scripts/fuzz.sh "$(or $(TARGET),sdes)" "$(or $(SECONDS),600)"

sizes: ## Flash on a Cortex-M4, feature by feature, and the RAM of a call
	scripts/sizes.sh

advisories: ## Ask the RustSec advisory database (needs the network)
	scripts/install.sh tools
	.tools/bin/cargo-deny check advisories

clean: ## Remove everything that was built
	cargo clean
	cargo clean --manifest-path tests/interop/Cargo.toml
	cargo clean --manifest-path benches/Cargo.toml
	cargo clean --manifest-path fuzz/Cargo.toml
