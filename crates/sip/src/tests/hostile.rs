// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whatever comes in, reading ends, and what is read lies in what came in.

use std::vec::Vec;

use proptest::prelude::*;

use crate::{
    Address, AuthName, AuthParams, Authentication, CSeq, CallId, Contact, Headers, MAX_AUTH_PARAMS,
    MediaType, Message, Sdp, Text, Uri, Value, Via,
};

fn read_everything(octets: &[u8]) {
    let _ = Message::parse(octets).map(|message| message.check());
    let text = Text::from(octets);
    Headers::new(text).for_each(drop);
    let _ = Address::parse(text);
    let _ = Contact::parse(text);
    let _ = Via::parse(text);
    let _ = CSeq::parse(text);
    let _ = CallId::parse(text);
    let _ = MediaType::parse(text);
    let _ = Authentication::parse(text).and_then(|value| value.digest());
    if let Ok(params) = AuthParams::parse(text) {
        assert!(params.into_iter().count() <= MAX_AUTH_PARAMS);
        for param in params {
            let name = core::str::from_utf8(param.name_text.octets()).unwrap();
            let found = params.get(name).unwrap();
            assert!(found == param.value || param.name == AuthName::Other);
        }
        // What was read is all there is, and reads the same again.
        let again = AuthParams::parse(params.text()).unwrap();
        assert_eq!(params.text(), again.text());
        assert!(params.into_iter().eq(again));
    }
    if let Ok(uri) = Uri::parse(text) {
        assert_eq!(Ok(uri), Uri::parse(text));
    }
    if let Ok(sdp) = Sdp::parse(text) {
        let below: usize = sdp.media().map(|media| media.lines().count() + 1).sum();
        let lines = octets
            .split(|octet| *octet == b'\n')
            .filter(|line| !line.is_empty());
        assert_eq!(sdp.session().count() + below, lines.count());
    }
}

/// Texts that look like SIP, from its own characters.
const PIECES: &[&str] = &[
    "sip:",
    "sips:",
    "tel:",
    "+",
    "@",
    ":",
    ";",
    "?",
    "&",
    "=",
    ",",
    "<",
    ">",
    "\"",
    "\\",
    "%41",
    "%",
    "[::1]",
    "a",
    "b.c",
    "1",
    "4294967296",
    "\r\n",
    "\r\n ",
    "\n",
    " ",
    "\t",
    "*",
    "SIP/2.0",
    "/",
    "UDP",
    "Via:",
    "v=0",
    "m=",
    "a=",
    "Digest",
    "\u{e4}",
];

proptest! {
    #[test]
    fn any_octets(octets: Vec<u8>) {
        read_everything(&octets);
    }

    #[test]
    fn anything_like_sip(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        read_everything(pieces.concat().as_bytes());
    }
}
