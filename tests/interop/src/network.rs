// SPDX-License-Identifier: MIT OR Apache-2.0
//! A random network between two senders and two receivers that must agree at every step.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use crate::differences::{self, Difference};
use crate::packets;
use crate::random::Random;
use crate::verdict::{Endpoint, Protocol, Refusal, Setup};

/// SSRCs of a run.
const SSRCS: usize = 10;
/// Of these, the last few send any sequence number at all: their ROCs drift apart.
const WILD: usize = 2;
/// Packets under way at most.
const IN_FLIGHT: usize = 200;
/// Delivered packets that may come again.
const REMEMBERED: usize = 3_000;

/// Good, or refused.
pub type Verdict = Result<(), Refusal>;

/// The first disagreement of a run.
#[derive(Clone)]
pub struct Mismatch {
    pub step: usize,
    pub what: String,
}

impl fmt::Debug for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {}: {}", self.step, self.what)
    }
}

/// What a run went through, to show that it was worth running.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    sent: BTreeMap<(Protocol, Verdict), usize>,
    delivered: BTreeMap<(Protocol, Verdict), usize>,
    /// Packets that came out as they were sent.
    intact: BTreeMap<Protocol, usize>,
    differences: BTreeMap<&'static str, usize>,
    /// Highest ROC under which a packet was accepted.
    pub highest_roc: u64,
}

impl Tally {
    /// Packets that the senders answered so.
    pub fn sent(&self, protocol: Protocol, verdict: Verdict) -> usize {
        self.sent.get(&(protocol, verdict)).copied().unwrap_or(0)
    }

    /// Packets that sipseal's receiver answered so.
    pub fn delivered(&self, protocol: Protocol, verdict: Verdict) -> usize {
        let count = self.delivered.get(&(protocol, verdict));
        count.copied().unwrap_or(0)
    }

    /// Packets that came out as they were sent.
    pub fn intact(&self, protocol: Protocol) -> usize {
        self.intact.get(&protocol).copied().unwrap_or(0)
    }

    /// Packets on which both refused, each for a reason of its own.
    pub fn difference(&self, difference: &Difference) -> usize {
        let count = self.differences.get(difference.name);
        count.copied().unwrap_or(0)
    }

    pub fn add(&mut self, other: &Self) {
        for (to, from) in [
            (&mut self.sent, &other.sent),
            (&mut self.delivered, &other.delivered),
        ] {
            for (key, count) in from {
                *to.entry(*key).or_default() += count;
            }
        }
        for (protocol, count) in &other.intact {
            *self.intact.entry(*protocol).or_default() += count;
        }
        for (name, count) in &other.differences {
            *self.differences.entry(name).or_default() += count;
        }
        self.highest_roc = self.highest_roc.max(other.highest_roc);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (did, counts) in [("sent", &self.sent), ("delivered", &self.delivered)] {
            for ((protocol, verdict), count) in counts {
                writeln!(f, "{did} {protocol:?} {verdict:?}: {count}")?;
            }
        }
        for (protocol, count) in &self.intact {
            writeln!(f, "intact {protocol:?}: {count}")?;
        }
        for (name, count) in &self.differences {
            writeln!(f, "difference in {name}: {count}")?;
        }
        write!(f, "highest ROC: {}", self.highest_roc)
    }
}

#[derive(Clone)]
struct Wire {
    protocol: Protocol,
    packet: Vec<u8>,
    octets: Vec<u8>,
    roc: u64,
}

struct Source {
    ssrc: u32,
    wild: bool,
    /// Index of the next packet, ROC and sequence number.
    next: u64,
}

struct Run<'a, A, B> {
    ours: &'a mut A,
    theirs: &'a mut B,
    setup: &'a Setup,
    random: Random,
    sources: Vec<Source>,
    flight: VecDeque<Wire>,
    memory: VecDeque<Wire>,
    tally: Tally,
    step: usize,
}

/// Sends, loses, delays, repeats and damages packets for `steps` steps. Both must protect every packet to
/// the same octets, and pass the same verdict, with the same octets if it is good, on every one that arrives.
///
/// # Errors
///
/// The first disagreement that [`differences`] does not name.
pub fn run(
    ours: &mut impl Endpoint,
    theirs: &mut impl Endpoint,
    setup: &Setup,
    seed: u64,
    steps: usize,
) -> Result<Tally, Mismatch> {
    let mut random = Random::new(seed);
    let sources = (0..SSRCS)
        .map(|number| Source {
            ssrc: random.word(),
            wild: number >= SSRCS - WILD,
            next: match number {
                // Where the estimate of the first index has its edges.
                0..4 => [0, 1, 0x7fff, 0xfff0][number],
                _ => u64::from(random.sequence_number()),
            },
        })
        .collect();
    let mut run = Run {
        ours,
        theirs,
        setup,
        random,
        sources,
        flight: VecDeque::new(),
        memory: VecDeque::new(),
        tally: Tally::default(),
        step: 0,
    };
    run.pass_first_roll_over()?;
    for step in 0..steps {
        run.step = step;
        run.take_step()?;
    }
    run.drain()?;
    Ok(run.tally)
}

impl<A: Endpoint, B: Endpoint> Run<'_, A, B> {
    /// Brings the sources that jump about to ROC 1, where there is something below them.
    fn pass_first_roll_over(&mut self) -> Result<(), Mismatch> {
        for number in 0..self.sources.len() {
            if self.sources[number].wild {
                for sequence_number in [0x4000, 0x8000, 0xc000, 0] {
                    let ssrc = self.sources[number].ssrc;
                    let packet = packets::rtp(&mut self.random, ssrc, sequence_number);
                    self.send(Protocol::Rtp, packet, 0, true)?;
                }
            }
        }
        Ok(())
    }

    fn take_step(&mut self) -> Result<(), Mismatch> {
        if self.flight.len() >= IN_FLIGHT {
            return self.deliver_some();
        }
        match self.random.below(100) {
            // libsrtp's window for SRTCP cannot be changed.
            0..10 if self.setup.window == 128 => self.send_rtcp(),
            0..40 => self.send_rtp(),
            40..42 => self.refuse_to_send(),
            _ => self.deliver_some(),
        }
    }

    fn send_rtp(&mut self) -> Result<(), Mismatch> {
        let number = self.random.below(SSRCS);
        let source = &mut self.sources[number];
        if source.wild {
            let sequence_number = self.random.sequence_number();
            let packet = packets::rtp(&mut self.random, source.ssrc, sequence_number);
            return self.send(Protocol::Rtp, packet, 0, false);
        }
        // A long stride walks through ROC values. It must arrive: with a loss there, the receivers would
        // be more than half a circle behind, and lost for good, as the RFC has it.
        let stride = match self.random.below(100) {
            0..8 => self.random.between(0x400, 0x7fff),
            8..16 => self.random.between(2, 200),
            _ => 1,
        };
        // A relay sends packets late, or twice.
        let back = if self.random.percent(8) {
            self.random.between(1, 150) as u64
        } else {
            0
        };
        let index = match back {
            0 => source.next,
            _ => source.next.saturating_sub(back),
        };
        if back == 0 {
            source.next += stride as u64;
        }
        let urgent = back == 0 && stride >= 0x400;
        #[allow(clippy::cast_possible_truncation)] // The low half is what a packet carries.
        let packet = packets::rtp(&mut self.random, source.ssrc, index as u16);
        self.send(Protocol::Rtp, packet, index >> 16, urgent)
    }

    fn send_rtcp(&mut self) -> Result<(), Mismatch> {
        // Half of them from one source, whose window then moves past what comes again.
        let number = self.random.below(2 * SSRCS).saturating_sub(SSRCS);
        let ssrc = self.sources[number].ssrc;
        let packet = packets::rtcp(&mut self.random, ssrc);
        self.send(Protocol::Rtcp, packet, 0, false)
    }

    /// Packets that end inside their header.
    fn refuse_to_send(&mut self) -> Result<(), Mismatch> {
        let ssrc = self.sources[0].ssrc;
        let (protocol, mut packet) = if self.setup.window != 128 || self.random.percent(50) {
            (Protocol::Rtp, packets::rtp(&mut self.random, ssrc, 1))
        } else {
            (Protocol::Rtcp, packets::rtcp(&mut self.random, ssrc))
        };
        let header = match protocol {
            Protocol::Rtp => 12 + 4 * usize::from(packet[0] & 15),
            Protocol::Rtcp => 8,
        };
        packet.truncate(self.random.below(header));
        self.send(protocol, packet, 0, false)
    }

    fn send(
        &mut self,
        protocol: Protocol,
        packet: Vec<u8>,
        roc: u64,
        urgent: bool,
    ) -> Result<(), Mismatch> {
        if urgent {
            self.drain()?;
        }
        let ours = self.ours.protect(protocol, &packet);
        let theirs = self.theirs.protect(protocol, &packet);
        let verdict = ours.as_ref().map(|_| ()).map_err(|refusal| *refusal);
        *self.tally.sent.entry((protocol, verdict)).or_default() += 1;
        if ours != theirs {
            return Err(self.mismatch("protect", protocol, &packet, &ours, &theirs));
        }
        let Ok(octets) = ours else {
            return Ok(());
        };
        let wire = Wire {
            protocol,
            packet,
            octets,
            roc,
        };
        if urgent {
            self.deliver(&wire)?;
            self.remember(wire);
        } else {
            self.flight.push_back(wire);
        }
        Ok(())
    }

    /// Delivers what is under way, in order.
    fn drain(&mut self) -> Result<(), Mismatch> {
        while let Some(wire) = self.flight.pop_front() {
            self.deliver(&wire)?;
            self.remember(wire);
        }
        Ok(())
    }

    fn deliver_some(&mut self) -> Result<(), Mismatch> {
        let chance = self.random.below(100);
        if chance < 12 && !self.memory.is_empty() {
            let again = self.random.below(self.memory.len());
            let wire = self.memory[again].clone();
            return self.deliver(&wire);
        }
        let waiting = self.flight.len();
        if waiting == 0 {
            return Ok(());
        }
        let position = match self.random.below(10) {
            0 => self.random.below(waiting),
            1..4 => self.random.below(waiting.min(12)),
            _ => 0,
        };
        let Some(wire) = self.flight.remove(position) else {
            return Ok(());
        };
        if chance < 17 {
            return Ok(()); // Lost.
        }
        if chance < 40 {
            // The damaged one comes first: it must not have moved any state when the good one comes.
            let mut damaged = packets::damaged(&mut self.random, &wire.octets);
            if !self.is_authenticated(wire.protocol) {
                // See [`differences::UNAUTHENTICATED_HEADER`].
                packets::keep_version_and_ssrc(&mut damaged, &wire.octets);
            }
            self.deliver_octets(wire.protocol, &damaged)?;
        }
        self.deliver(&wire)?;
        self.remember(wire);
        Ok(())
    }

    fn remember(&mut self, wire: Wire) {
        self.memory.push_back(wire);
        if self.memory.len() > REMEMBERED {
            self.memory.pop_front();
        }
    }

    fn deliver(&mut self, wire: &Wire) -> Result<(), Mismatch> {
        if let Some(packet) = self.deliver_octets(wire.protocol, &wire.octets)? {
            if packet != wire.packet {
                // A damaged or a very old packet that was taken before has moved the ROC.
                if !self.is_authenticated(wire.protocol) {
                    return Ok(());
                }
                let what = format!("accepted as another packet: {:02x?}", wire.octets);
                return Err(Mismatch {
                    step: self.step,
                    what,
                });
            }
            *self.tally.intact.entry(wire.protocol).or_default() += 1;
            self.tally.highest_roc = self.tally.highest_roc.max(wire.roc);
        }
        Ok(())
    }

    fn is_authenticated(&self, protocol: Protocol) -> bool {
        protocol == Protocol::Rtcp || !self.setup.options.insecure_unauthenticated_srtp
    }

    fn deliver_octets(
        &mut self,
        protocol: Protocol,
        octets: &[u8],
    ) -> Result<Option<Vec<u8>>, Mismatch> {
        let ours = self.ours.unprotect(protocol, octets);
        let theirs = self.theirs.unprotect(protocol, octets);
        let verdict = ours.as_ref().map(|_| ()).map_err(|refusal| *refusal);
        *self.tally.delivered.entry((protocol, verdict)).or_default() += 1;
        if ours == theirs {
            return Ok(ours.ok());
        }
        // A difference is between two ways to refuse: neither has accepted and moved on.
        if let (Err(our), Err(their)) = (&ours, &theirs)
            && let Some(Difference { name, .. }) =
                differences::explain(self.setup, protocol, octets, *our, *their)
        {
            *self.tally.differences.entry(name).or_default() += 1;
            return Ok(None);
        }
        Err(self.mismatch("unprotect", protocol, octets, &ours, &theirs))
    }

    fn mismatch(
        &self,
        call: &str,
        protocol: Protocol,
        octets: &[u8],
        ours: &Result<Vec<u8>, Refusal>,
        theirs: &Result<Vec<u8>, Refusal>,
    ) -> Mismatch {
        Mismatch {
            step: self.step,
            what: format!(
                "{call} {protocol:?} {:?} {:?} of {octets:02x?}\n  ours:   {ours:02x?}\n  theirs: {theirs:02x?}",
                self.setup.profile, self.setup.options
            ),
        }
    }
}
