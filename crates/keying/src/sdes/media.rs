// SPDX-License-Identifier: MIT OR Apache-2.0
//! What of a media description (RFC 4566 section 5.14) keying needs: its transport, and its `a=crypto` lines.

use super::MAX_LINES;
use super::attribute::PREFIX;
use super::error::Error;

/// The `a=crypto` lines of one media description.
#[derive(Clone)]
pub(super) struct Media<'t> {
    lines: Lines<'t>,
    pub(super) count: usize,
}

impl<'t> Media<'t> {
    /// Reads lines that end with CR LF or LF. All but those of keying are passed over. Without an `m=` line the
    /// caller has seen to the transport.
    pub(super) fn read(text: &'t [u8], takes_plain_rtp: bool) -> Result<Self, Error> {
        let lines = Lines { rest: Some(text) };
        let mut media = None;
        let mut count = 0;
        for line in lines.clone() {
            if line.starts_with(PREFIX) {
                count += 1;
            } else if let Some(line) = line.strip_prefix(b"m=")
                && media.replace(line).is_some()
            {
                return Err(Error::Media);
            }
        }
        if let Some(media) = media {
            check_transport(media, takes_plain_rtp)?;
        }
        match count {
            0 => Err(Error::NoLine),
            1..=MAX_LINES => Ok(Self { lines, count }),
            _ => Err(Error::TooManyLines),
        }
    }

    pub(super) fn crypto_lines(&self) -> impl Iterator<Item = &'t [u8]> + use<'t> {
        let lines = self.lines.clone();
        lines.filter(|line| line.starts_with(PREFIX))
    }
}

/// `media port["/" number] proto fmt...`
fn check_transport(media: &[u8], takes_plain_rtp: bool) -> Result<(), Error> {
    let mut words = media.split(|c| *c == b' ').skip(1);
    let (Some(port), Some(transport)) = (words.next(), words.next()) else {
        return Err(Error::Media);
    };
    if port == b"0" {
        return Err(Error::MediaRejected);
    }
    let (secure, plain) = (
        transport.strip_prefix(b"RTP/S"),
        transport.strip_prefix(b"RTP/"),
    );
    match secure.or(plain.filter(|_| takes_plain_rtp)) {
        Some(b"AVP" | b"AVPF") => Ok(()),
        _ => Err(Error::Transport),
    }
}

/// The lines of a text, without their ends.
#[derive(Clone)]
struct Lines<'t> {
    rest: Option<&'t [u8]>,
}

impl<'t> Iterator for Lines<'t> {
    type Item = &'t [u8];

    fn next(&mut self) -> Option<&'t [u8]> {
        let rest = self.rest.take().filter(|rest| !rest.is_empty())?;
        let end = rest.iter().position(|c| *c == b'\n');
        let (line, rest) = match end.and_then(|end| rest.split_at_checked(end)) {
            Some((line, rest)) => (line, rest.strip_prefix(b"\n")),
            None => (rest, None),
        };
        self.rest = rest;
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }
}
