// SPDX-License-Identifier: MIT OR Apache-2.0
//! A random network between two senders and two receivers that must agree at every step.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use crate::differences::{self, Difference};
use crate::packets::{self, Form};
use crate::random::Random;
use crate::verdict::{Change, Changes, Endpoint, Protocol, Refusal, Setup, key_and_salt};

/// SSRCs of a run.
const SSRCS: usize = 10;
/// Of these, the last few send any sequence number at all: their ROCs drift apart.
const WILD: usize = 2;
/// Packets under way at most.
const IN_FLIGHT: usize = 200;
/// Sequence numbers that a source passes over at most: less than half of the circle, by what may be lost behind it.
const LONGEST_STRIDE: usize = 0x7c00;
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
    changes: BTreeMap<&'static str, usize>,
    /// Packets delivered under keys that have gone, or to streams that have.
    pub outdated: usize,
    /// ROCs that were compared.
    pub rocs: usize,
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

    /// Changes of this name.
    pub fn changes(&self, name: &str) -> usize {
        self.changes.get(name).copied().unwrap_or(0)
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
        for (name, count) in &other.changes {
            *self.changes.entry(name).or_default() += count;
        }
        self.outdated += other.outdated;
        self.rocs += other.rocs;
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
        for (name, count) in &self.changes {
            writeln!(f, "change of {name}: {count}")?;
        }
        writeln!(f, "outdated: {}", self.outdated)?;
        writeln!(f, "ROCs compared: {}", self.rocs)?;
        write!(f, "highest ROC: {}", self.highest_roc)
    }
}

#[derive(Clone)]
struct Wire {
    protocol: Protocol,
    packet: Vec<u8>,
    octets: Vec<u8>,
    roc: u64,
    /// How many changes there had been that make packets outdated.
    epoch: usize,
}

struct Source {
    ssrc: u32,
    wild: bool,
    /// Index of the next packet, ROC and sequence number.
    next: u64,
    /// Its stream is there: a packet has been delivered.
    started: bool,
}

struct Run<'a, A, B> {
    ours: &'a mut A,
    theirs: &'a mut B,
    /// As it now is.
    setup: Setup,
    epoch: usize,
    /// Replay windows are not the same: nothing that is not new may arrive.
    unsettled: bool,
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
            wild: setup.changes == Changes::NONE && number >= SSRCS - WILD,
            started: false,
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
        setup: setup.clone(),
        epoch: 0,
        unsettled: false,
        random,
        sources,
        flight: VecDeque::new(),
        memory: VecDeque::new(),
        tally: Tally::default(),
        step: 0,
    };
    if setup.is_listed_only() {
        for number in 0..SSRCS {
            let ssrc = run.sources[number].ssrc;
            run.change("streams added", &Change::AddStream(ssrc))?;
        }
    }
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
                    let packet = self.rtp(ssrc, sequence_number);
                    self.send(Protocol::Rtp, packet, 0, true)?;
                }
            }
        }
        Ok(())
    }

    fn take_step(&mut self) -> Result<(), Mismatch> {
        if self.setup.changes != Changes::NONE && self.random.below(400) == 0 {
            return self.change_something();
        }
        if self.setup.keys.len() > 1 && self.random.percent(2) {
            return self.use_a_key();
        }
        if self.random.percent(1) {
            let number = self.random.below(SSRCS);
            return self.compare_rocs(number);
        }
        if self.flight.len() >= IN_FLIGHT {
            return self.deliver_some();
        }
        match self.random.below(100) {
            // libsrtp's window for SRTCP cannot be changed.
            // Not with resets: see [`differences::SRTCP_AFTER_RESET`].
            0..10 if self.setup.window == 128 && !self.setup.changes.resets => self.send_rtcp(),
            0..40 => self.send_rtp(),
            40..42 => self.refuse_to_send(),
            _ => self.deliver_some(),
        }
    }

    fn change_something(&mut self) -> Result<(), Mismatch> {
        let Changes {
            keys,
            resets,
            streams,
            rocs,
        } = self.setup.changes;
        let number = self.random.below(SSRCS);
        match self.random.below(10) {
            0..2 if keys => self.replace_keys(),
            2 if resets => self.reset(),
            3..7 if streams => self.replace_stream(number),
            7..10 if rocs => self.set_roc(number),
            _ => Ok(()),
        }
    }

    /// Another key, or others: one of several goes, and one comes.
    fn replace_keys(&mut self) -> Result<(), Mismatch> {
        // From where they are, so that the strides below are the whole way.
        for number in 0..SSRCS {
            self.send_next(number)?;
        }
        self.epoch += 1;
        if self.setup.keys.is_empty() {
            let key = key_and_salt(&mut self.random, self.setup.profile);
            self.setup.key_and_salt.clone_from(&key);
            self.change("key", &Change::Rekey(key))?;
        } else {
            let gone = self.random.below(self.setup.keys.len());
            let key = self.setup.another_key(&mut self.random);
            self.setup.keys.remove(gone);
            self.setup.keys.push(key);
            self.change("keys", &Change::Keys(self.setup.keys.clone()))?;
            self.use_a_key()?;
        }
        // Past what one of them has forgotten: see [`differences::REKEY_WINDOW`].
        self.unsettled = true;
        for number in 0..SSRCS {
            let stride = self.random.between(self.setup.window + 200, LONGEST_STRIDE);
            self.sources[number].next += stride as u64;
            self.send_next(number)?;
        }
        self.unsettled = false;
        Ok(())
    }

    /// Another key, and everything starts again.
    fn reset(&mut self) -> Result<(), Mismatch> {
        self.drain()?;
        self.epoch += 1;
        let key = key_and_salt(&mut self.random, self.setup.profile);
        self.setup.key_and_salt.clone_from(&key);
        self.change("key and ROCs", &Change::Reset(key))?;
        // Streams that have no packet yet are there or not.
        for number in 0..SSRCS {
            self.restart(number);
            self.send_next(number)?;
        }
        Ok(())
    }

    fn restart(&mut self, number: usize) {
        let next = u64::from(self.random.sequence_number());
        let source = &mut self.sources[number];
        source.next = next;
        source.started = false;
    }

    /// Removes a stream, which the next packet brings again, or which is added by its SSRC.
    fn replace_stream(&mut self, number: usize) -> Result<(), Mismatch> {
        if self.may_be_missed(number) {
            return Ok(());
        }
        self.drain()?;
        self.epoch += 1;
        let ssrc = self.sources[number].ssrc;
        self.change("streams removed", &Change::RemoveStream(ssrc))?;
        self.compare_rocs(number)?;
        if self.random.percent(20) {
            self.change("no stream", &Change::RemoveStream(ssrc))?;
        }
        if self.setup.is_listed_only() || self.random.percent(50) {
            self.change("streams added", &Change::AddStream(ssrc))?;
        }
        // What one of them takes to come after a first wrap: see [`differences::FIRST_WRAP`]. With new keys to come,
        // nothing may lead the receivers away from their sender: see [`differences::REKEY_WINDOW`].
        let keys_change = self.setup.changes.keys;
        self.memory.retain(|wire| {
            let outdated = wire.roc == 1 || keys_change;
            let is_rtp = wire.protocol == Protocol::Rtp;
            !is_rtp || !outdated || wire.octets.get(8..12) != Some(&ssrc.to_be_bytes())
        });
        self.restart(number);
        Ok(())
    }

    /// Moves a stream to another ROC, for its next packet. Authentication failures leave it to be used.
    fn set_roc(&mut self, number: usize) -> Result<(), Mismatch> {
        if !self.sources[number].started {
            return Ok(());
        }
        self.drain()?;
        // By how much, [`differences::ROC_WITHIN_REACH`] says.
        let roc = (self.sources[number].next >> 16) + self.random.between(2, 5) as u64;
        let ssrc = self.sources[number].ssrc;
        let set = Change::SetRoc(ssrc, u32::try_from(roc).unwrap());
        self.change("ROC", &set)?;
        self.sources[number].next = roc << 16 | u64::from(self.random.sequence_number());
        self.send_next(number)
    }

    fn use_a_key(&mut self) -> Result<(), Mismatch> {
        let key = self.random.below(self.setup.keys.len());
        let mki = self.setup.keys[key].mki.clone();
        self.change("key to send with", &Change::UseKey(mki))
    }

    fn change(&mut self, name: &'static str, change: &Change) -> Result<(), Mismatch> {
        let ours = self.ours.change(change);
        let theirs = self.theirs.change(change);
        *self.tally.changes.entry(name).or_default() += 1;
        if ours == theirs {
            return Ok(());
        }
        let what = format!("{change:?}\n  ours:   {ours:?}\n  theirs: {theirs:?}");
        Err(Mismatch {
            step: self.step,
            what,
        })
    }

    /// Whether a stream that only SRTCP packets have may be at one receiver and not at the other.
    fn may_be_missed(&self, number: usize) -> bool {
        !self.sources[number].started && differences::mki_is_missed(&self.setup)
    }

    fn compare_rocs(&mut self, number: usize) -> Result<(), Mismatch> {
        if self.may_be_missed(number) {
            return Ok(());
        }
        let ssrc = self.sources[number].ssrc;
        let ours = self.ours.roc(ssrc);
        let theirs = self.theirs.roc(ssrc);
        self.tally.rocs += 1;
        if ours == theirs {
            return Ok(());
        }
        let what = format!("ROC\n  ours:   {ours:?}\n  theirs: {theirs:?}");
        Err(Mismatch {
            step: self.step,
            what,
        })
    }

    /// A packet of the form that the setup asks for.
    fn rtp(&mut self, ssrc: u32, sequence_number: u16) -> Vec<u8> {
        if self.setup.element_ids.is_empty() {
            packets::rtp(&mut self.random, ssrc, sequence_number)
        } else {
            // [`differences::TWO_BYTE_FORM`] says why there is one only.
            packets::rtp_with_elements(&mut self.random, ssrc, sequence_number, Form::OneByte)
        }
    }

    /// Sends the next packet of a source, and has it delivered at once.
    fn send_next(&mut self, number: usize) -> Result<(), Mismatch> {
        let source = &mut self.sources[number];
        let (ssrc, index) = (source.ssrc, source.next);
        source.next += 1;
        source.started = true;
        #[allow(clippy::cast_possible_truncation)] // The low half is what a packet carries.
        let packet = self.rtp(ssrc, index as u16);
        self.send(Protocol::Rtp, packet, index >> 16, true)
    }

    fn send_rtp(&mut self) -> Result<(), Mismatch> {
        let number = self.random.below(SSRCS);
        let source = &mut self.sources[number];
        if source.wild {
            let sequence_number = self.random.sequence_number();
            let ssrc = source.ssrc;
            let packet = self.rtp(ssrc, sequence_number);
            return self.send(Protocol::Rtp, packet, 0, false);
        }
        if !source.started {
            return self.send_next(number);
        }
        // A long stride walks through ROC values. It must arrive: with a loss there, the receivers would
        // be more than half a circle behind, and lost for good, as the RFC has it.
        let stride = match self.random.below(100) {
            0..8 => self.random.between(0x400, LONGEST_STRIDE),
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
        let ssrc = source.ssrc;
        #[allow(clippy::cast_possible_truncation)] // The low half is what a packet carries.
        let packet = self.rtp(ssrc, index as u16);
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
            (Protocol::Rtp, self.rtp(ssrc, 1))
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
            epoch: self.epoch,
        };
        if urgent {
            if !self.unsettled && self.random.percent(50) {
                self.deliver_damaged(&wire)?;
            }
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
            if self.is_authenticated(wire.protocol) && self.random.percent(30) {
                self.deliver_damaged(&wire)?;
            }
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
            self.deliver_damaged(&wire)?;
        }
        self.deliver(&wire)?;
        self.remember(wire);
        Ok(())
    }

    /// Delivers a damaged copy, which comes before the packet: it must not have moved any state.
    fn deliver_damaged(&mut self, wire: &Wire) -> Result<(), Mismatch> {
        let mut damaged = packets::damaged(&mut self.random, &wire.octets);
        if !self.is_authenticated(wire.protocol) {
            // See [`differences::UNAUTHENTICATED_HEADER`].
            packets::keep_version_and_ssrc(&mut damaged, &wire.octets);
            if !self.setup.element_ids.is_empty() || !self.setup.keys.is_empty() {
                // See [`differences::PADDING`] and [`differences::SHORT_UNENCRYPTED`].
                packets::keep_header(&mut damaged, &wire.octets, self.setup.mki_len());
            }
        }
        self.deliver_octets(wire.protocol, &damaged)?;
        Ok(())
    }

    fn remember(&mut self, wire: Wire) {
        self.memory.push_back(wire);
        if self.memory.len() > REMEMBERED {
            self.memory.pop_front();
        }
    }

    fn deliver(&mut self, wire: &Wire) -> Result<(), Mismatch> {
        self.tally.outdated += usize::from(wire.epoch < self.epoch);
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
        let theirs = if protocol == Protocol::Rtcp && differences::mki_is_missed(&self.setup) {
            ours.clone()
        } else {
            self.theirs.unprotect(protocol, octets)
        };
        let verdict = ours.as_ref().map(|_| ()).map_err(|refusal| *refusal);
        *self.tally.delivered.entry((protocol, verdict)).or_default() += 1;
        if ours == theirs {
            return Ok(ours.ok());
        }
        // A difference is between two ways to refuse: neither has accepted and moved on.
        if let (Err(our), Err(their)) = (&ours, &theirs)
            && let Some(Difference { name, .. }) =
                differences::explain(&self.setup, protocol, octets, *our, *their)
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
