// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which nonce counts a server has seen (RFC 7616 section 5.5, 5.12).

use crate::Refusal;
use crate::nonce::NonceId;

/// What a server remembers of one nonce: which of its counts were used, of the latest 64.
#[derive(Clone, Copy, Debug, Default)]
pub struct SeenNonce {
    /// 0 if there is none.
    id: u64,
    highest: u32,
    /// A bit for each of the counts up to the highest, which is lowest.
    seen: u64,
}

impl SeenNonce {
    /// Room for a nonce.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            id: 0,
            highest: 0,
            seen: 0,
        }
    }

    fn take(&mut self, nc: u32) -> Result<(), Refusal> {
        if let Some(ahead) = nc.checked_sub(self.highest).filter(|ahead| *ahead > 0) {
            self.seen = self.seen.checked_shl(ahead).unwrap_or(0) | 1;
            self.highest = nc;
            return Ok(());
        }
        let bit = 1_u64.checked_shl(self.highest - nc).unwrap_or(0);
        if bit == 0 || self.seen & bit != 0 {
            return Err(Refusal::Replayed);
        }
        self.seen |= bit;
        Ok(())
    }
}

/// The nonces that were used and can be used again.
#[derive(Debug)]
pub(crate) struct Replays<'s> {
    seen: &'s mut [SeenNonce],
    /// The latest nonce that had to make room. It, and those before it that are not remembered, may have been used.
    forgotten: u64,
}

impl<'s> Replays<'s> {
    /// Of nonces behind one: it, and those before it, may have been used.
    pub(crate) fn new(seen: &'s mut [SeenNonce], NonceId(forgotten): NonceId) -> Self {
        Self { seen, forgotten }
    }

    /// Takes a use of an authentic nonce.
    pub(crate) fn take(&mut self, NonceId(id): NonceId, nc: u32) -> Result<(), Refusal> {
        if let Some(known) = self.seen.iter_mut().find(|known| known.id == id) {
            return known.take(nc);
        }
        if id <= self.forgotten {
            return Err(Refusal::Stale);
        }
        let oldest = self.seen.iter_mut().min_by_key(|known| known.id);
        let Some(oldest) = oldest else {
            // Without storage a nonce is never good twice, and which were used is not known: none is good.
            return Err(Refusal::Stale);
        };
        self.forgotten = self.forgotten.max(oldest.id);
        *oldest = SeenNonce {
            id,
            ..SeenNonce::new()
        };
        oldest.take(nc)
    }
}
