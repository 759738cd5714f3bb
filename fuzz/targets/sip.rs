// SPDX-License-Identifier: MIT OR Apache-2.0
//! SIP messages, the values of header fields, URIs and session descriptions.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sipseal::sip::{
    Address, AuthParams, Authentication, CSeq, CallId, Contact, Headers, MediaType, Message, Name,
    QuotedString, Sdp, Text, Uri, Value, Via,
};

fn read_value(value: Text<'_>) {
    let _ = Address::parse(value);
    let _ = Contact::parse(value);
    let _ = Via::parse(value);
    let _ = CSeq::parse(value);
    let _ = CallId::parse(value);
    let _ = AuthParams::parse(value);
    let _ = Authentication::parse(value).and_then(|value| value.digest());
    let _ = QuotedString::new(value).unescaped().count();
    if let Ok(uri) = Uri::parse(value) {
        assert!(uri == uri, "a URI is none of its own");
    }
}

fn read_sdp(text: Text<'_>) {
    if let Ok(sdp) = Sdp::parse(text) {
        for media in sdp.media() {
            media.lines().attributes("crypto").for_each(drop);
        }
        sdp.session().for_each(drop);
    }
}

fuzz_target!(|octets: &[u8]| {
    if let Ok(message) = Message::parse(octets) {
        let _ = message.check();
        for header in message.headers().map_while(Result::ok) {
            read_value(header.value);
        }
        message.list::<MediaType<'_>>(Name::Accept).for_each(drop);
        read_sdp(message.body());
    }
    read_value(octets.into());
    read_sdp(octets.into());
    Headers::new(octets).for_each(drop);
});
