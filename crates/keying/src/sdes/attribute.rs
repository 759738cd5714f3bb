// SPDX-License-Identifier: MIT OR Apache-2.0
//! The crypto attribute (RFC 4568 section 9.1), read without copying.

use super::MAX_LINE_LEN;
use super::cursor::{Cursor, is_white};
use super::error::{Fault, Reason};
use super::key_params::InlineKeys;
use super::session_params::{SessionParams, SessionParamsText};
use super::suite::Suite;

pub(super) const PREFIX: &[u8] = b"a=crypto:";

/// Digits of the largest tag.
pub(super) const MAX_TAG: u64 = 999_999_999;

/// A view of one `a=crypto` line.
///
/// A line whose crypto-suite is not known is a good line: it is skipped, never fatal. What stands behind the suite is
/// then not looked at but for characters that no line has.
#[derive(Clone, Copy, Debug)]
pub struct CryptoAttribute<'l> {
    tag: u32,
    suite_name: &'l [u8],
    suite_offset: usize,
    known: Option<Known<'l>>,
}

/// What is known of a line whose crypto-suite is.
#[derive(Clone, Copy, Debug)]
struct Known<'l> {
    suite: Suite,
    key_params: Cursor<'l>,
    session_params: Cursor<'l>,
    mki_len: u8,
    params: SessionParams,
    has_fec_key: bool,
}

impl<'l> CryptoAttribute<'l> {
    /// Reads a line, from its `a=` on, with or without its line end.
    ///
    /// Base64 padding may be left out, and there may be white space at the end, as some phones have it. That keys are
    /// base64 is seen when they are decoded.
    ///
    /// # Errors
    ///
    /// A [`Fault`] of the line by itself: all [`Reason`]s up to [`Reason::ParameterValue`] but those that speak of a
    /// policy.
    pub fn parse(line: &'l [u8]) -> Result<Self, Fault> {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let mut cursor = Cursor::new(line.strip_suffix(b"\r").unwrap_or(line));
        let read = Self::read(&mut cursor);
        read.map_err(|reason| cursor.fault(reason))
    }

    fn read(cursor: &mut Cursor<'l>) -> Result<Self, Reason> {
        if cursor.rest.len() > MAX_LINE_LEN {
            return Err(Reason::LineTooLong);
        }
        if !cursor.rest.starts_with(PREFIX) {
            return Err(Reason::Syntax);
        }
        cursor.take(PREFIX.len());
        let tag = cursor.number(MAX_TAG, Reason::Syntax)?;
        let tag = u32::try_from(tag).map_err(|_| Reason::Syntax)?;
        cursor.white_space()?;
        let suite_offset = cursor.offset;
        let suite_name = cursor.name()?;
        cursor.white_space()?;
        let known = if let Some(suite) = Suite::from_name(suite_name) {
            Some(Known::read(cursor, suite)?)
        } else {
            let text = cursor.take_while(|c| c.is_ascii_graphic() || is_white(c));
            if text.is_empty() || !cursor.rest.is_empty() {
                return Err(Reason::Syntax);
            }
            None
        };
        Ok(Self {
            tag,
            suite_name,
            suite_offset,
            known,
        })
    }

    /// The number of the line, which an answer repeats (section 5.1.2).
    #[must_use]
    pub const fn tag(&self) -> u32 {
        self.tag
    }

    /// The name of the crypto-suite, known or not.
    #[must_use]
    pub const fn suite_name(&self) -> &'l [u8] {
        self.suite_name
    }

    /// The crypto-suite, if this build has it.
    #[must_use]
    pub fn suite(&self) -> Option<Suite> {
        self.known.map(|known| known.suite)
    }

    /// The keys for what the writer of the line sends; none if the suite is not known.
    #[must_use]
    pub fn keys(&self) -> Option<InlineKeys<'l>> {
        let known = self.known?;
        Some(InlineKeys::new(known.suite, known.key_params))
    }

    /// The session parameters that we know; none if the suite is not known.
    #[must_use]
    pub fn params(&self) -> Option<SessionParams> {
        self.known.map(|known| known.params)
    }

    /// All session parameters, one by one; none if the suite is not known.
    #[must_use]
    pub fn each_param(&self) -> Option<SessionParamsText<'l>> {
        let known = self.known?;
        Some(SessionParamsText::new(known.suite, known.session_params))
    }

    /// Octets of each MKI; 0 for none.
    pub(super) fn mki_len(&self) -> u8 {
        self.known.map_or(0, |known| known.mki_len)
    }

    /// Whether there are keys for forward error correction.
    pub(super) fn has_fec_key(&self) -> bool {
        self.known.is_some_and(|known| known.has_fec_key)
    }

    /// Where the name of the suite is.
    pub(super) fn suite_offset(&self) -> usize {
        self.suite_offset
    }
}

impl<'l> Known<'l> {
    fn read(cursor: &mut Cursor<'l>, suite: Suite) -> Result<Self, Reason> {
        let key_params = *cursor;
        let mki_len = InlineKeys::read(cursor, suite)?;
        if !cursor.ends_word() {
            return Err(Reason::Syntax);
        }
        let session_params = *cursor;
        let (params, has_fec_key) = SessionParams::read(cursor, suite)?;
        Ok(Self {
            suite,
            key_params,
            session_params,
            mki_len,
            params,
            has_fec_key,
        })
    }
}
