// SPDX-License-Identifier: MIT OR Apache-2.0
//! Nanoseconds to protect and unprotect one packet, by profile, payload and implementation.

use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
};
use sipseal_benches::batch::{Bench, check_agreement};
use sipseal_benches::peers::{AwsLc, LibSrtp, Ours, Peer, RtcSrtp};
use sipseal_benches::{Operation, PAYLOADS, PROFILES, Profile, profile_name};

fn one<P: Peer>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    profile: Profile,
    operation: Operation,
    payload: usize,
) {
    let mut bench = Bench::<P>::new(profile, operation, payload);
    group.bench_function(BenchmarkId::new(P::NAME, payload), |bencher| {
        bencher.iter_custom(|iterations| bench.time_iterations(iterations));
    });
}

fn all(criterion: &mut Criterion) {
    for profile in PROFILES {
        for operation in Operation::BOTH {
            let name = format!("{} {}", profile_name(profile), operation.name());
            let mut group = criterion.benchmark_group(name);
            for payload in PAYLOADS {
                check_agreement(profile, payload);
                group.throughput(Throughput::Elements(1));
                one::<Ours>(&mut group, profile, operation, payload);
                one::<LibSrtp>(&mut group, profile, operation, payload);
                one::<RtcSrtp>(&mut group, profile, operation, payload);
                if profile.is_aead() {
                    one::<AwsLc>(&mut group, profile, operation, payload);
                }
            }
            group.finish();
        }
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800))
        .sample_size(30);
    targets = all
}
criterion_main!(benches);
