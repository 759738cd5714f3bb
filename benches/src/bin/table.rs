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
use sipseal_benches::peers::{AwsLc, LibSrtp, Ours, RtcSrtp};
use sipseal_benches::report::{machine, median, quantile, write};
use sipseal_benches::{Operation, PAYLOADS, PROFILES, Profile, profile_name};

const ROUNDS: usize = 2_000;
/// Rounds before them, to warm up.
const WARM_UP: usize = 100;
/// The most that sipseal may take of libsrtp's time, at 160 octets in counter mode. In GCM it must be faster than
/// aws-lc-rs, at 160 and at 1,200 octets.
const TO_LIBSRTP: f64 = 0.58;
/// A round is dropped if an implementation needs this many times what it needs in a quiet round.
const DISTURBED: f64 = 1.15;
/// One round in ten is at least this quiet, however busy the machine.
const QUIET: f64 = 0.1;

/// Times of one task, in nanoseconds per packet: sipseal, libsrtp, rtc-srtp, and aws-lc-rs, or not a number where it
/// has no such AEAD.
type Times = [f64; 4];

struct Figures {
    median: Times,
    /// Ratios of the first to the others.
    to: [f64; 3],
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
            "| {}: profile | payload | sipseal | libsrtp | rtc-srtp | aws-lc-rs | to libsrtp | to rtc-srtp | to aws-lc-rs |\n\
             | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
            operation.name()
        );
        for profile in PROFILES {
            for payload in PAYLOADS {
                check_agreement(profile, payload);
                let figures = measure(profile, operation, payload);
                let mut row = format!("| {} | {payload} |", profile_name(profile));
                for time in figures.median {
                    row += &cell(time, 0);
                }
                for ratio in figures.to {
                    row += &cell(ratio, 2);
                }
                println!(
                    "{} {row} {} of {ROUNDS} rounds kept",
                    operation.name(),
                    figures.kept
                );
                let _ = writeln!(table, "{row}");
                // Not a number, where no round was quiet, is no pass.
                let [to_libsrtp, _, to_aws_lc] = figures.to;
                let pass = if profile.is_aead() {
                    ![160, 1200].contains(&payload) || to_aws_lc < 1.0
                } else {
                    payload != 160 || to_libsrtp <= TO_LIBSRTP
                };
                if !pass {
                    met = false;
                    println!("  above the target");
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

/// A cell of the table.
fn cell(figure: f64, decimals: usize) -> String {
    if figure.is_nan() {
        return " |".to_owned();
    }
    format!(" {figure:.decimals$} |")
}

fn measure(profile: Profile, operation: Operation, payload: usize) -> Figures {
    let mut ours = Bench::<Ours>::new(profile, operation, payload);
    let mut libsrtp = Bench::<LibSrtp>::new(profile, operation, payload);
    let mut rtc_srtp = Bench::<RtcSrtp>::new(profile, operation, payload);
    let mut aws_lc = profile
        .is_aead()
        .then(|| Bench::<AwsLc>::new(profile, operation, payload));
    let mut rounds = Vec::with_capacity(ROUNDS);
    for round in 0..WARM_UP + ROUNDS {
        let mut times = [f64::NAN; 4];
        for turn in 0..4 {
            let which = (round + turn) % 4;
            times[which] = match which {
                0 => ours.nanoseconds_per_packet(),
                1 => libsrtp.nanoseconds_per_packet(),
                2 => rtc_srtp.nanoseconds_per_packet(),
                _ => aws_lc
                    .as_mut()
                    .map_or(f64::NAN, Bench::nanoseconds_per_packet),
            };
        }
        if round >= WARM_UP {
            rounds.push(times);
        }
    }
    let quiet = [0, 1, 2, 3].map(|which| quantile(QUIET, rounds.iter().map(|times| times[which])));
    let disturbed = |(time, quiet): (&f64, f64)| *time > DISTURBED * quiet;
    rounds.retain(|times| !times.iter().zip(quiet).any(disturbed));
    Figures {
        median: [0, 1, 2, 3].map(|which| median(rounds.iter().map(|times| times[which]))),
        to: [1, 2, 3].map(|which| median(rounds.iter().map(|times| times[0] / times[which]))),
        kept: rounds.len(),
    }
}
