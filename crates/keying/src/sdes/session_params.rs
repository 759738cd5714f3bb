// SPDX-License-Identifier: MIT OR Apache-2.0
//! Session parameters (RFC 4568 sections 6.3 and 9.2).

use super::cursor::{Cursor, is_white};
use super::error::Reason;
use super::key_params::InlineKeys;
use super::suite::Suite;
use super::writer::Writer;

/// What a line says of the session, beside its keys.
///
/// Two kinds (section 5.1): *negotiated* ones hold for both directions and stand in offer and answer; *declared* ones
/// hold for what the writer of the line sends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // Each is a parameter of its own.
pub struct SessionParams {
    /// `UNENCRYPTED_SRTP`, negotiated: SRTP is authenticated but not encrypted (section 6.3.2).
    pub unencrypted_srtp: bool,
    /// `UNENCRYPTED_SRTCP`, negotiated: SRTCP is authenticated but not encrypted (section 6.3.2).
    pub unencrypted_srtcp: bool,
    /// `UNAUTHENTICATED_SRTP`, negotiated: SRTP is not authenticated (section 6.3.3).
    pub unauthenticated_srtp: bool,
    /// `KDR`, declared: session keys are derived anew after 2^1 to 2^24 packets; 0 for never (section 6.3.1).
    pub kdr: u8,
    /// `FEC_ORDER`, declared (section 6.3.4).
    pub fec_order: Option<FecOrder>,
    /// `WSH`, declared: the replay window, in packets, that the writer thinks suitable; at least 64 (section 6.3.6).
    pub window_hint: Option<u32>,
}

/// Where forward error correction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FecOrder {
    /// `FEC_SRTP`, the default: the sender applies it first, and SRTP to what it makes.
    FecSrtp,
    /// `SRTP_FEC`: it is applied to SRTP packets.
    SrtpFec,
}

/// One session parameter, as it stands in a line.
#[derive(Clone, Debug)]
pub enum SessionParam<'l> {
    /// `KDR=n`.
    Kdr(u8),
    /// `UNENCRYPTED_SRTP`.
    UnencryptedSrtp,
    /// `UNENCRYPTED_SRTCP`.
    UnencryptedSrtcp,
    /// `UNAUTHENTICATED_SRTP`.
    UnauthenticatedSrtp,
    /// `FEC_ORDER=order`.
    FecOrder(FecOrder),
    /// `FEC_KEY=key-params`: keys for a stream of forward error correction that is sent elsewhere (section 6.3.5).
    FecKey(InlineKeys<'l>),
    /// `WSH=n`.
    WindowHint(u32),
    /// One that we do not know, without its dash if it has one: it may then be ignored (section 6.3.7).
    Unknown {
        /// Name and value.
        text: &'l [u8],
        /// Whether there is a dash.
        optional: bool,
    },
}

/// Names with their `=`, if they have one.
const NAMES: [&[u8]; 7] = [
    b"KDR=",
    b"UNENCRYPTED_SRTP",
    b"UNENCRYPTED_SRTCP",
    b"UNAUTHENTICATED_SRTP",
    b"FEC_ORDER=",
    b"FEC_KEY=",
    b"WSH=",
];

const FEC_SRTP: &[u8] = b"FEC_SRTP";
const SRTP_FEC: &[u8] = b"SRTP_FEC";

/// The smallest replay window there is.
const MIN_WINDOW: u32 = 64;
const MAX_KDR: u8 = 24;

impl<'l> SessionParam<'l> {
    /// Takes a session parameter that is next.
    ///
    /// Only the name is looked at before it is known: FEC keys are secret.
    fn read(cursor: &mut Cursor<'l>, suite: Suite) -> Result<Self, Reason> {
        let named = NAMES.iter().position(|name| {
            let mut after = *cursor;
            let is_next = after.take_text(name) && (name.ends_with(b"=") || after.ends_word());
            if is_next {
                *cursor = after;
            }
            is_next
        });
        let invalid = Reason::ParameterValue;
        let param = match named {
            Some(0) => match u8::try_from(cursor.number(MAX_KDR.into(), invalid)?) {
                Ok(kdr @ 1..) => Self::Kdr(kdr),
                _ => return Err(invalid),
            },
            Some(1) => Self::UnencryptedSrtp,
            Some(2) => Self::UnencryptedSrtcp,
            Some(3) => Self::UnauthenticatedSrtp,
            Some(4) if cursor.take_text(FEC_SRTP) => Self::FecOrder(FecOrder::FecSrtp),
            Some(4) if cursor.take_text(SRTP_FEC) => Self::FecOrder(FecOrder::SrtpFec),
            Some(4) => return Err(invalid),
            Some(5) => {
                let keys = InlineKeys::new(suite, *cursor);
                InlineKeys::read(cursor, suite)?;
                Self::FecKey(keys)
            }
            Some(_) => {
                // A hint, which is no reason to refuse a call, however large.
                let hint = cursor.number(u64::MAX, invalid)?;
                match u32::try_from(hint).unwrap_or(u32::MAX) {
                    hint @ MIN_WINDOW.. => Self::WindowHint(hint),
                    _ => return Err(invalid),
                }
            }
            None => {
                let optional = cursor.take_text(b"-");
                let text = cursor.take_while(|c| c.is_ascii_graphic());
                if text.is_empty() || text.starts_with(b"-") || !cursor.ends_word() {
                    return Err(Reason::Syntax);
                }
                Self::Unknown { text, optional }
            }
        };
        // A value that goes on behind what it may be is none.
        cursor.ends_word().then_some(param).ok_or(invalid)
    }

    /// Goes to the next one of a line; it, and what is behind it. None at the end of the line.
    fn next(cursor: &mut Cursor<'l>, suite: Suite) -> Result<Option<(Self, Cursor<'l>)>, Reason> {
        if cursor.rest.iter().all(|c| is_white(*c)) {
            return Ok(None);
        }
        cursor.white_space()?;
        let mut after = *cursor;
        let param = Self::read(&mut after, suite)?;
        Ok(Some((param, after)))
    }
}

/// The session parameters of a line, in order.
#[derive(Clone, Debug)]
pub struct SessionParamsText<'l> {
    suite: Suite,
    cursor: Cursor<'l>,
}

impl<'l> SessionParamsText<'l> {
    pub(super) fn new(suite: Suite, cursor: Cursor<'l>) -> Self {
        Self { suite, cursor }
    }
}

impl<'l> Iterator for SessionParamsText<'l> {
    type Item = SessionParam<'l>;

    fn next(&mut self) -> Option<SessionParam<'l>> {
        // They were read before.
        let (param, after) = SessionParam::next(&mut self.cursor, self.suite).ok()??;
        self.cursor = after;
        Some(param)
    }
}

fn set(flag: &mut bool) -> bool {
    core::mem::replace(flag, true)
}

impl SessionParams {
    /// Takes all that is left of a line; and whether there are FEC keys.
    ///
    /// Unknown parameters with a dash are ignored; one without makes the line invalid. So does a parameter that is
    /// there twice.
    pub(super) fn read(cursor: &mut Cursor<'_>, suite: Suite) -> Result<(Self, bool), Reason> {
        let mut params = Self::default();
        let mut has_fec_key = false;
        while let Some((param, after)) = SessionParam::next(cursor, suite)? {
            let is_repeated = match param {
                SessionParam::Kdr(kdr) => core::mem::replace(&mut params.kdr, kdr) != 0,
                SessionParam::UnencryptedSrtp => set(&mut params.unencrypted_srtp),
                SessionParam::UnencryptedSrtcp => set(&mut params.unencrypted_srtcp),
                SessionParam::UnauthenticatedSrtp => set(&mut params.unauthenticated_srtp),
                SessionParam::FecOrder(order) => params.fec_order.replace(order).is_some(),
                SessionParam::FecKey(_) => set(&mut has_fec_key),
                SessionParam::WindowHint(hint) => params.window_hint.replace(hint).is_some(),
                SessionParam::Unknown { optional: true, .. } => false,
                SessionParam::Unknown { .. } => return Err(Reason::UnknownParameter),
            };
            if is_repeated {
                return Err(Reason::ParameterValue);
            }
            *cursor = after;
        }
        Ok((params, has_fec_key))
    }

    /// None at all.
    pub const NONE: Self = Self {
        unencrypted_srtp: false,
        unencrypted_srtcp: false,
        unauthenticated_srtp: false,
        kdr: 0,
        fec_order: None,
        window_hint: None,
    };

    /// Whether the negotiated ones are the same.
    #[must_use]
    pub fn negotiates_as(&self, other: &Self) -> bool {
        self.unencrypted_srtp == other.unencrypted_srtp
            && self.unencrypted_srtcp == other.unencrypted_srtcp
            && self.unauthenticated_srtp == other.unauthenticated_srtp
    }

    /// Whether packets are made alike under both.
    pub(super) fn makes_as(&self, other: &Self) -> bool {
        self.negotiates_as(other) && self.kdr == other.kdr
    }

    /// The negotiated ones replaced by those of `other`.
    pub(super) fn with_negotiated(self, other: &Self) -> Self {
        Self {
            unencrypted_srtp: other.unencrypted_srtp,
            unencrypted_srtcp: other.unencrypted_srtcp,
            unauthenticated_srtp: other.unauthenticated_srtp,
            ..self
        }
    }

    /// Whether they can be written.
    pub(super) fn is_valid(&self) -> bool {
        self.kdr <= MAX_KDR && self.window_hint.is_none_or(|hint| hint >= MIN_WINDOW)
    }

    /// Writes them, each behind a space.
    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        if self.kdr > 0 {
            writer.put(b" KDR=");
            writer.put_number(self.kdr.into());
        }
        for (is_set, text) in [
            (self.unencrypted_srtp, &b" UNENCRYPTED_SRTP"[..]),
            (self.unencrypted_srtcp, b" UNENCRYPTED_SRTCP"),
            (self.unauthenticated_srtp, b" UNAUTHENTICATED_SRTP"),
        ] {
            if is_set {
                writer.put(text);
            }
        }
        if let Some(order) = self.fec_order {
            writer.put(b" FEC_ORDER=");
            writer.put(match order {
                FecOrder::FecSrtp => FEC_SRTP,
                FecOrder::SrtpFec => SRTP_FEC,
            });
        }
        if let Some(hint) = self.window_hint {
            writer.put(b" WSH=");
            writer.put_number(hint.into());
        }
    }
}
