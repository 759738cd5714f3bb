// SPDX-License-Identifier: MIT OR Apache-2.0
//! Writes the tables of benches/README.md that show how the cost of a packet grows: with the contexts that are alive,
//! with the SSRCs that one context hears, and with the threads that each own their contexts.
//!
//! All rows of a table take turns in each round, sipseal and libsrtp one after the other, each after packets that are
//! not timed: what disturbs the machine disturbs them all. Figures are those of quiet rounds.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::hint::black_box;
use std::sync::Barrier;
use std::time::Instant;
use std::{array, fs, thread};

use sipseal_benches::peers::{KEY, SALT, WINDOW};
use sipseal_benches::report::{machine, quantile, write};
use sipseal_srtp::{
    AesCm128HmacSha1, Key, MasterKey, Options, Parts, Profile, Receiver, Sender, SessionCiphers,
    Stream,
};
use srtp::{CryptoPolicy, Session, StreamPolicy};

const PROFILE: Profile = Profile::AesCm128HmacSha1_80;
const PAYLOAD: usize = 160;
const PACKET: usize = 12 + PAYLOAD;
const TAG: usize = 10;
const CONTEXTS: [usize; 4] = [1, 100, 10_000, 100_000];
const SSRCS: [usize; 4] = [1, 10, 100, 1_000];
const THREADS: [usize; 3] = [1, 2, 4];
const ROUNDS: usize = 300;
/// Packets that are timed at once: they fit into the first-level cache.
const BATCH: usize = 100;
/// Packets of a thread, in each of its rounds.
const THREAD_PACKETS: usize = 100_000;
const THREAD_ROUNDS: usize = 20;
/// One round in ten is at least this quiet, however busy the machine.
const QUIET: f64 = 0.1;

fn main() {
    let mut table = format!("{}\n\n", machine());
    contexts(&mut table);
    ssrcs(&mut table);
    threads(&mut table);
    print!("{table}");
    write("growth", &table);
}

/// What sends.
trait Outbound: Sized {
    fn new() -> Self;
    /// Protects the packet that fills the buffer but for a tag, and leaves room for one behind the next.
    fn send(&mut self, buffer: &mut Vec<u8>);
}

/// What hears this many SSRCs.
trait Inbound: Sized {
    fn new(ssrcs: usize) -> Self;
    /// Unprotects the packet that fills the buffer; how long it then is.
    fn hear(&mut self, buffer: &mut Vec<u8>) -> usize;
}

fn leak<T>(count: usize, value: impl Fn() -> T) -> &'static mut [T] {
    let mut all = Vec::new();
    all.resize_with(count, value);
    all.leak()
}

/// The storage of a context in one piece for each kind of part.
fn parts(streams: usize, rtcp_windows: usize) -> Parts<'static> {
    let ciphers = Box::leak(Box::new([
        const { SessionCiphers::<AesCm128HmacSha1>::empty() },
    ]));
    Parts {
        ciphers,
        keys: leak(1, || Key::FREE),
        mkis: &mut [],
        element_keys: &mut [],
        streams: leak(streams, || Stream::FREE),
        rtp_windows: leak(streams * WINDOW / 32, || 0),
        rtcp_windows: leak(rtcp_windows * WINDOW / 32, || 0),
    }
}

/// Octets of such a context, with the object that borrows it.
fn octets<T>(streams: usize, windows: usize) -> usize {
    size_of::<T>()
        + size_of::<SessionCiphers<AesCm128HmacSha1>>()
        + size_of::<Key>()
        + streams * (size_of::<Stream>() + windows * WINDOW / 8)
}

fn master() -> MasterKey<'static> {
    MasterKey::new(&KEY[..PROFILE.key_len()], &SALT)
}

impl Outbound for Sender<'static> {
    fn new() -> Self {
        Sender::new(PROFILE, Options::SAFE, &master(), parts(1, 0)).unwrap()
    }

    fn send(&mut self, buffer: &mut Vec<u8>) {
        black_box(self.protect_in_place(buffer, PACKET).unwrap().len);
    }
}

impl Inbound for Receiver<'static> {
    fn new(ssrcs: usize) -> Self {
        Receiver::new(PROFILE, Options::SAFE, &master(), parts(ssrcs, ssrcs)).unwrap()
    }

    fn hear(&mut self, buffer: &mut Vec<u8>) -> usize {
        self.unprotect_in_place(buffer).unwrap().len
    }
}

fn with_policy<T>(make: impl Fn(StreamPolicy<'_>) -> T) -> T {
    let rtp = CryptoPolicy::aes_cm_128_hmac_sha1_80();
    let key = [&KEY[..PROFILE.key_len()], &SALT[..]].concat();
    make(StreamPolicy {
        rtp,
        rtcp: rtp,
        key: &key,
        window_size: WINDOW as u64,
        ..StreamPolicy::default()
    })
}

/// libsrtp's sessions, which send or hear whatever SSRCs there are.
struct Outgoing(Session);
struct Incoming(Session);

impl Outbound for Outgoing {
    fn new() -> Self {
        Self(with_policy(|policy| {
            Session::with_outbound_template(policy).unwrap()
        }))
    }

    fn send(&mut self, buffer: &mut Vec<u8>) {
        buffer.truncate(PACKET);
        self.0.protect(buffer).unwrap();
    }
}

impl Inbound for Incoming {
    fn new(_: usize) -> Self {
        Self(with_policy(|policy| {
            Session::with_inbound_template(policy).unwrap()
        }))
    }

    fn hear(&mut self, buffer: &mut Vec<u8>) -> usize {
        self.0.unprotect(buffer).unwrap();
        buffer.len()
    }
}

fn packet(ssrc: u32, sequence_number: u16) -> Vec<u8> {
    let mut packet = b"\x80\x08..time".to_vec();
    packet[2..4].copy_from_slice(&sequence_number.to_be_bytes());
    packet.extend(ssrc.to_be_bytes());
    packet.resize(PACKET + TAG, 0x77);
    packet
}

/// Contexts that send in turn, always the one that has been silent longest.
struct Ring<O> {
    all: Vec<O>,
    next: usize,
    sequence_number: u16,
    buffer: Vec<u8>,
    octets_each: usize,
}

impl<O: Outbound> Ring<O> {
    fn new(contexts: usize) -> Self {
        let before = resident();
        let mut ring = Self {
            all: (0..contexts).map(|_| O::new()).collect(),
            next: 0,
            sequence_number: 0,
            buffer: packet(0xcafe_babe, 0),
            octets_each: 0,
        };
        // The first packet takes a stream, and what a peer allocates for one.
        ring.send(contexts);
        ring.octets_each = resident().saturating_sub(before) / contexts;
        ring
    }

    fn send(&mut self, packets: usize) {
        for _ in 0..packets {
            if self.next == 0 {
                self.sequence_number = self.sequence_number.wrapping_add(1);
            }
            self.buffer[2..4].copy_from_slice(&self.sequence_number.to_be_bytes());
            self.all[self.next].send(black_box(&mut self.buffer));
            self.next = (self.next + 1) % self.all.len();
        }
    }

    fn nanoseconds(&mut self) -> f64 {
        self.send(BATCH.min(self.all.len()));
        let start = Instant::now();
        self.send(BATCH);
        per_packet(start, BATCH)
    }
}

fn contexts(table: &mut String) {
    let mut rings = CONTEXTS.map(Ring::<Sender<'_>>::new);
    let mut peers = CONTEXTS.map(Ring::<Outgoing>::new);
    let mut first = packet(0xcafe_babe, 1);
    let mut of_peer = first.clone();
    <Sender<'_> as Outbound>::new().send(&mut first);
    <Outgoing as Outbound>::new().send(&mut of_peer);
    assert_eq!(first, of_peer, "both make the same packet");

    let rounds = rounds(|row| (rings[row].nanoseconds(), peers[row].nanoseconds()));
    head(table, "contexts, a stream each: protect");
    rows(table, &CONTEXTS, &rounds);
    let last = CONTEXTS.len() - 1;
    let _ = writeln!(
        table,
        "A context takes {} octets of RAM, the object included; of libsrtp {} octets of the heap, over {} contexts.\n",
        octets::<Sender<'_>>(1, 1),
        peers[last].octets_each,
        CONTEXTS[last],
    );
}

/// A context that hears packets of all its SSRCs in turn.
struct Ear<I> {
    inbound: I,
    wires: Vec<Vec<u8>>,
}

impl<I: Inbound> Ear<I> {
    fn hear(&mut self, wires: &[Vec<u8>]) -> f64 {
        // Into the buffers, and the cache, before the clock starts.
        for (buffer, wire) in self.wires.iter_mut().zip(wires) {
            buffer.clear();
            buffer.extend_from_slice(wire);
        }
        let start = Instant::now();
        for buffer in &mut self.wires[..wires.len()] {
            let len = self.inbound.hear(black_box(buffer));
            assert_eq!(len, PACKET);
        }
        per_packet(start, wires.len())
    }
}

/// The packets of some SSRCs, one after the other, and both that hear them.
struct Talk {
    sender: Sender<'static>,
    ssrcs: Vec<u32>,
    next: usize,
    sequence_number: u16,
    ours: Ear<Receiver<'static>>,
    peer: Ear<Incoming>,
}

impl Talk {
    fn new(count: usize) -> Self {
        // As random as SSRCs are, and the same in each run.
        let ssrcs =
            (1..=count as u64).map(|at| (at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32);
        let ssrcs: Vec<u32> = ssrcs.collect();
        assert_eq!(ssrcs.iter().collect::<HashSet<_>>().len(), count);
        let wires: Vec<Vec<u8>> = std::iter::repeat_with(|| Vec::with_capacity(2048))
            .take(BATCH)
            .collect();
        let mut talk = Self {
            sender: Sender::new(PROFILE, Options::SAFE, &master(), parts(count, 0)).unwrap(),
            ssrcs,
            next: 0,
            sequence_number: 0,
            ours: Ear {
                inbound: Inbound::new(count),
                wires: wires.clone(),
            },
            peer: Ear {
                inbound: Inbound::new(count),
                wires,
            },
        };
        // Every SSRC has a stream, and both hear the same.
        for _ in 0..count.div_ceil(BATCH) {
            talk.batch();
            assert_eq!(talk.ours.wires[0][..PACKET], talk.peer.wires[0]);
        }
        talk
    }

    fn batch(&mut self) -> (f64, f64) {
        let wires: Vec<_> = (0..BATCH).map(|_| self.wire()).collect();
        (self.ours.hear(&wires), self.peer.hear(&wires))
    }

    fn wire(&mut self) -> Vec<u8> {
        if self.next == 0 {
            self.sequence_number = self.sequence_number.wrapping_add(1);
        }
        let mut wire = packet(self.ssrcs[self.next], self.sequence_number);
        self.next = (self.next + 1) % self.ssrcs.len();
        self.sender.send(&mut wire);
        wire
    }
}

fn ssrcs(table: &mut String) {
    let mut talks = SSRCS.map(Talk::new);
    let rounds = rounds(|row| {
        talks[row].batch();
        talks[row].batch()
    });
    head(table, "SSRCs in one context: unprotect");
    rows(table, &SSRCS, &rounds);
    let [one, two] = [1, 2].map(|streams| octets::<Receiver<'_>>(streams, 2));
    let _ = writeln!(
        table,
        "A context takes {} octets of RAM and {} for each SSRC.\n",
        one - (two - one),
        two - one
    );
}

/// Nanoseconds of a thread's own processor time for a packet, in quiet rounds of all threads.
fn in_threads<O: Outbound>(count: usize) -> f64 {
    let barrier = Barrier::new(count);
    let work = || {
        let mut ring = Ring::<O>::new(1);
        let figures: [f64; THREAD_ROUNDS] = array::from_fn(|_| {
            ring.send(BATCH);
            barrier.wait();
            let before = processor_time();
            ring.send(THREAD_PACKETS);
            (processor_time() - before) / THREAD_PACKETS as f64
        });
        figures
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..count).map(|_| scope.spawn(work)).collect();
        quantile(
            QUIET,
            threads
                .into_iter()
                .flat_map(|thread| thread.join().unwrap()),
        )
    })
}

fn threads(table: &mut String) {
    let figures = THREADS.map(|count| {
        (
            in_threads::<Sender<'_>>(count),
            in_threads::<Outgoing>(count),
        )
    });
    head(table, "threads, a context each: protect");
    rows(table, &THREADS, &figures);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let _ = writeln!(
        table,
        "Of each thread, its own processor time; the machine has {cores} processors.\n"
    );
}

/// Figures of both, row by row, of rounds in which the rows take turns.
fn rounds(mut measure: impl FnMut(usize) -> (f64, f64)) -> [(f64, f64); 4] {
    let mut all: [Vec<(f64, f64)>; 4] = array::from_fn(|_| Vec::new());
    for _ in 0..ROUNDS {
        for (row, figures) in all.iter_mut().enumerate() {
            figures.push(measure(row));
        }
    }
    all.map(|row| {
        (
            quantile(QUIET, row.iter().map(|(ours, _)| *ours)),
            quantile(QUIET, row.iter().map(|(_, peer)| *peer)),
        )
    })
}

fn head(table: &mut String, what: &str) {
    let _ = writeln!(
        table,
        "| {what} | sipseal | growth | libsrtp | growth | to libsrtp |\n\
         | ---: | ---: | ---: | ---: | ---: | ---: |"
    );
}

/// Nanoseconds, and how many times those of the first row.
fn rows(table: &mut String, counts: &[usize], figures: &[(f64, f64)]) {
    let (one, peer_one) = figures[0];
    for (count, (ours, peer)) in counts.iter().zip(figures) {
        let _ = writeln!(
            table,
            "| {count} | {ours:.0} | {:.2} | {peer:.0} | {:.2} | {:.2} |",
            ours / one,
            peer / peer_one,
            ours / peer
        );
    }
    table.push('\n');
}

fn per_packet(start: Instant, packets: usize) -> f64 {
    start.elapsed().as_nanos() as f64 / packets as f64
}

/// Nanoseconds that this thread has had of a processor.
fn processor_time() -> f64 {
    let schedule = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells");
    let first = schedule.split(' ').next().unwrap_or_default();
    first.parse().expect("a number of nanoseconds")
}

/// Octets of this process in memory.
fn resident() -> usize {
    let sizes = fs::read_to_string("/proc/self/statm").expect("Linux tells");
    let pages = sizes.split(' ').nth(1).unwrap_or_default();
    pages.parse::<usize>().expect("a number of pages") * 4096
}
