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
        let mut media_lines = lines.clone().filter_map(|line| line.strip_prefix(b"m="));
        if let Some(media) = media_lines.next() {
            if media_lines.next().is_some() {
                return Err(Error::Media);
            }
            check_transport(media, takes_plain_rtp)?;
        }
        let count = lines.clone().filter(|line| line.starts_with(PREFIX));
        let media = Self {
            count: count.count(),
            lines,
        };
        match media.count {
            0 => Err(Error::NoLine),
            1..=MAX_LINES => Ok(media),
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
    match transport {
        b"RTP/SAVP" | b"RTP/SAVPF" => Ok(()),
        b"RTP/AVP" | b"RTP/AVPF" if takes_plain_rtp => Ok(()),
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
