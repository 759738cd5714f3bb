// SPDX-License-Identifier: MIT OR Apache-2.0
//! Batches of packets that are prepared before the clock starts and processed while it runs.
//!
//! The sequence number advances through every batch, as a replay check demands. A batch fits into the
//! first-level cache; what it takes to read the clock twice is divided among its packets. Packets to
//! unprotect come from the same implementation's sender, so that each finds its own code warm.

use std::hint::black_box;
use std::time::{Duration, Instant};

use sipseal_srtp::Profile;

use crate::Operation;
use crate::peers::{AwsLc, LibSrtp, Ours, Peer, RtcSrtp};

const HEADER: [u8; 12] = *b"\x80\x08..time\xca\xfe\xba\xbe";
/// Octets of packets in a batch.
const BATCH_OCTETS: usize = 24 * 1024;

/// Packets in a batch of this payload.
pub fn packets_per_batch(payload: usize) -> usize {
    (BATCH_OCTETS / (payload + 32)).min(128)
}

/// One implementation at one task.
pub struct Bench<P> {
    peer: P,
    operation: Operation,
    packet: Vec<u8>,
    sequence_number: u16,
    batch: Vec<Vec<u8>>,
}

impl<P: Peer> Bench<P> {
    pub fn new(profile: Profile, operation: Operation, payload: usize) -> Self {
        let mut packet = HEADER.to_vec();
        packet.resize(HEADER.len() + payload, 0x77);
        Self {
            peer: P::new(profile),
            operation,
            packet,
            sequence_number: 0,
            batch: vec![Vec::with_capacity(2048); packets_per_batch(payload)],
        }
    }

    /// Lays out the next packets, protected if they are to be unprotected.
    fn prepare(&mut self, packets: usize) {
        for buffer in &mut self.batch[..packets] {
            self.sequence_number = self.sequence_number.wrapping_add(1);
            self.packet[2..4].copy_from_slice(&self.sequence_number.to_be_bytes());
            self.peer.lay(&self.packet, buffer);
            if self.operation == Operation::Unprotect {
                let output = self.peer.protect(buffer);
                let wire = P::packet(&output, buffer).to_vec();
                buffer.clear();
                buffer.extend_from_slice(&wire);
            }
        }
    }

    /// The time that the first `packets` of a new batch take.
    fn time(&mut self, packets: usize) -> Duration {
        self.prepare(packets);
        let peer = &mut self.peer;
        let batch = &mut self.batch[..packets];
        match self.operation {
            Operation::Protect => {
                let start = Instant::now();
                for buffer in batch {
                    black_box(peer.protect(black_box(buffer)));
                }
                start.elapsed()
            }
            Operation::Unprotect => {
                let start = Instant::now();
                for buffer in batch {
                    black_box(peer.unprotect(black_box(buffer)));
                }
                start.elapsed()
            }
        }
    }

    /// The time of one packet in a full batch, in nanoseconds.
    #[allow(clippy::cast_precision_loss)] // Far below 2^52.
    pub fn nanoseconds_per_packet(&mut self) -> f64 {
        let packets = self.batch.len();
        self.time(packets).as_nanos() as f64 / packets as f64
    }

    /// The time that `iterations` packets take.
    pub fn time_iterations(&mut self, iterations: u64) -> Duration {
        let full = self.batch.len();
        let mut left = usize::try_from(iterations).unwrap_or(usize::MAX);
        let mut total = Duration::ZERO;
        while left > 0 {
            let packets = left.min(full);
            total += self.time(packets);
            left -= packets;
        }
        total
    }
}

/// Every implementation makes the same packets, and takes them back.
pub fn check_agreement(profile: Profile, payload: usize) {
    fn outputs<P: Peer>(profile: Profile, packet: &mut [u8]) -> Vec<Vec<u8>> {
        let mut peer = P::new(profile);
        let mut outputs = Vec::new();
        // Two packets of each of three ROC values.
        for sequence_number in [1_u16, 30_000, 60_000, 20_000, 50_000, 1] {
            packet[2..4].copy_from_slice(&sequence_number.to_be_bytes());
            let mut buffer = Vec::with_capacity(2048);
            peer.lay(packet, &mut buffer);
            let output = peer.protect(&mut buffer);
            let mut wire = P::packet(&output, &buffer).to_vec();
            outputs.push(wire.clone());
            let output = peer.unprotect(&mut wire);
            assert_eq!(P::packet(&output, &wire), packet, "{}", P::NAME);
        }
        outputs
    }
    let mut packet = HEADER.to_vec();
    packet.extend((0..=250_u8).cycle().take(payload));
    let ours = outputs::<Ours>(profile, &mut packet);
    assert_eq!(ours, outputs::<LibSrtp>(profile, &mut packet));
    assert_eq!(ours, outputs::<RtcSrtp>(profile, &mut packet));
    if profile.is_aead() {
        assert_eq!(ours, outputs::<AwsLc>(profile, &mut packet));
    }
}
