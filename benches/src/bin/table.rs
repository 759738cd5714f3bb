// SPDX-License-Identifier: MIT OR Apache-2.0
//! Writes the table of benches/README.md from a paired measurement.
//!
//! Many short rounds, in each of which all implementations take their turn at the same task, in an order
//! that changes: what disturbs the machine for longer than a round then disturbs them all. A round in which
//! any of them was much slower than in its quiet rounds is dropped, since the same disturbance costs one that
//! uses the heap more than one that does not. Ratios are medians of the ratios of single rounds.
//!
//! `--check` measures, writes nothing and fails if a target is missed.

use std::env;
use std::fmt::Write as _;
use std::process::ExitCode;

use sipseal_benches::batch::{Bench, check_agreement};
use sipseal_benches::peers::{LibSrtp, Ours, RtcSrtp};
use sipseal_benches::report::{machine, median, quantile, write};
use sipseal_benches::{Operation, PAYLOADS, PROFILES, Profile, profile_name};

const ROUNDS: usize = 2_000;
/// Rounds before them, to warm up.
const WARM_UP: usize = 100;
/// A round is dropped if an implementation needs this many times what it needs in a quiet round.
const DISTURBED: f64 = 1.15;
/// One round in ten is at least this quiet, however busy the machine.
const QUIET: f64 = 0.1;

/// Times of one task, in nanoseconds per packet: sipseal, libsrtp, rtc-srtp.
struct Figures {
    median: [f64; 3],
    to_libsrtp: f64,
    to_rtc_srtp: f64,
    kept: usize,
}

fn main() -> ExitCode {
    let check = env::args().any(|argument| argument == "--check");
    let mut table = String::new();
    let mut met = true;
    let _ = writeln!(table, "{}\n", machine());
    for operation in Operation::BOTH {
        let _ = writeln!(
            table,
            "| {}: profile | payload | sipseal | libsrtp | rtc-srtp | to libsrtp | to rtc-srtp |\n\
             | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
            operation.name()
        );
        for profile in PROFILES {
            for payload in PAYLOADS {
                check_agreement(profile, payload);
                let figures = measure(profile, operation, payload);
                let [ours, libsrtp, rtc_srtp] = figures.median;
                let row = format!(
                    "| {} | {payload} | {ours:.0} | {libsrtp:.0} | {rtc_srtp:.0} | {:.2} | {:.2} |",
                    profile_name(profile),
                    figures.to_libsrtp,
                    figures.to_rtc_srtp,
                );
                println!(
                    "{} {row} {} of {ROUNDS} rounds kept",
                    operation.name(),
                    figures.kept
                );
                let _ = writeln!(table, "{row}");
                // Not a number, where no round was quiet, is no pass.
                let pass = figures.to_libsrtp <= target(profile);
                if payload == 160 && !pass {
                    met = false;
                    println!("  above the target of {}", target(profile));
                }
            }
        }
        table.push('\n');
    }
    if !check {
        write("table", &table);
    }
    if met || !check {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The most that sipseal may take of libsrtp's time, at 160 octets.
fn target(profile: Profile) -> f64 {
    if profile.is_aead() { 0.45 } else { 0.65 }
}

fn measure(profile: Profile, operation: Operation, payload: usize) -> Figures {
    let mut ours = Bench::<Ours>::new(profile, operation, payload);
    let mut libsrtp = Bench::<LibSrtp>::new(profile, operation, payload);
    let mut rtc_srtp = Bench::<RtcSrtp>::new(profile, operation, payload);
    let mut rounds = Vec::with_capacity(ROUNDS);
    for round in 0..WARM_UP + ROUNDS {
        let mut times = [0.0; 3];
        for turn in 0..3 {
            let which = (round + turn) % 3;
            times[which] = match which {
                0 => ours.nanoseconds_per_packet(),
                1 => libsrtp.nanoseconds_per_packet(),
                _ => rtc_srtp.nanoseconds_per_packet(),
            };
        }
        if round >= WARM_UP {
            rounds.push(times);
        }
    }
    let quiet = [0, 1, 2].map(|which| quantile(QUIET, rounds.iter().map(|times| times[which])));
    let disturbed = |(time, quiet): (&f64, f64)| *time > DISTURBED * quiet;
    rounds.retain(|times| !times.iter().zip(quiet).any(disturbed));
    Figures {
        median: [0, 1, 2].map(|which| median(rounds.iter().map(|times| times[which]))),
        to_libsrtp: median(rounds.iter().map(|times| times[0] / times[1])),
        to_rtc_srtp: median(rounds.iter().map(|times| times[0] / times[2])),
        kept: rounds.len(),
    }
}
