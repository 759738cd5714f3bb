// SPDX-License-Identifier: MIT OR Apache-2.0
//! Reads damaged messages until a number of them, or the time, is up:  sipseal-fuzz RUNS [SECONDS [SEED]]
//!
//! The messages are those of RFC 4475, and those of digest authentication below, cut, mixed, and with octets changed,
//! inserted and repeated. Whatever comes of it must end without a panic, and in time; a message that does not is
//! written to standard error. There is no coverage to guide it: what it finds, it finds by numbers.

use std::path::Path;
use std::time::{Duration, Instant};
use std::{env, fs, panic};

use sipseal_digest::{
    Account, Algorithm, Client, Config, Kind, Policy, Qop, Request, Secret, SeenNonce, Server,
    Space, Stored,
};
use sipseal_sip::{
    Address, AuthParams, Authentication, CSeq, CallId, Contact, Headers, MediaType, Message, Name,
    QuotedString, Sdp, Text, Uri, Value, Via,
};

const DIGEST: [&str; 6] = [
    "SIP/2.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"atlanta.com\", nonce=\"84a4\\\"cc6f\", opaque=\"\", \
     stale=FALSE, algorithm=SHA-256, qop=\"auth,auth-int\", charset=UTF-8, userhash=true\r\n\r\n",
    "SIP/2.0 407 Proxy\r\nProxy-Authenticate: Digest realm=\"p\", nonce=\"n\", algorithm=MD5-sess, qop=\"auth\"\r\n\
     WWW-Authenticate: Digest realm=\"q\",\r\n nonce=\"n\"\r\n\r\n",
    "SIP/2.0 200 OK\r\nAuthentication-Info: nextnonce=\"47364c23\", qop=auth, rspauth=\"00\", cnonce=\"07\", nc=00000001\r\n\r\n",
    "REGISTER sip:atlanta.com SIP/2.0\r\nAuthorization: Digest username=\"alice\", realm=\"atlanta.com\", nonce=\"n\", \
     uri=\"sip:atlanta.com\", response=\"00\", algorithm=SHA-256, qop=auth, cnonce=\"07\", nc=00000001\r\n\r\n",
    "REGISTER sip:[2001:db8::9:1]:5060;transport=udp SIP/2.0\r\nAuthorization: Digest username*=UTF-8''J%C3%A4, \
     realm=\"atlanta.com\", nonce=\"n\", uri=\"sip:[2001:db8::9:01]\", response=\"\", userhash=true\r\n\r\n",
    "v=0\r\no=- 1 1 IN IP6 ::1\r\ns=-\r\nt=0 0\r\nm=audio 9/2 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x|2^20|1:4\r\n",
];

const TOKENS: [&str; 24] = [
    "\r\n",
    "\r\n ",
    "\n",
    "\"",
    "\\",
    "<",
    ">",
    ";",
    ",",
    "=",
    ":",
    "::",
    "@",
    "%",
    "%00",
    "[",
    "]",
    "*",
    "sip:",
    "tel:+",
    "4294967296",
    "Content-Length: 9\r\n",
    "Digest ",
    "\0",
];

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) >> 33).unwrap_or(0) % bound.max(1)
    }

    fn range(&mut self, len: usize) -> std::ops::Range<usize> {
        let start = self.below(len + 1);
        start..start + self.below((len - start).min(40) + 1)
    }
}

fn damage(random: &mut Random, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut text = corpus[random.below(corpus.len())].clone();
    for _ in 0..=random.below(6) {
        let at = random.below(text.len() + 1);
        match random.below(8) {
            0 => text.truncate(at),
            1 if at < text.len() => text[at] = u8::try_from(random.below(256)).unwrap_or(0),
            2 if at < text.len() => text[at] ^= 1 << random.below(8),
            3 => {
                let range = random.range(text.len());
                text.drain(range);
            }
            4 => {
                let piece = text[random.range(text.len())].repeat(1 + random.below(20));
                text.splice(at..at, piece);
            }
            5 => {
                let other = &corpus[random.below(corpus.len())];
                let piece = other[random.range(other.len())].to_vec();
                text.splice(at..at, piece);
            }
            _ => {
                let token = TOKENS[random.below(TOKENS.len())];
                text.splice(at..at, token.bytes());
            }
        }
    }
    text
}

fn read(octets: &[u8]) {
    if let Ok(message) = Message::parse(octets) {
        let _ = message.check();
        for header in message.headers().map_while(Result::ok) {
            read_value(header.value);
        }
        message.list::<MediaType<'_>>(Name::Accept).for_each(drop);
        read_sdp(message.body());
        authenticate(&message);
    }
    read_value(octets.into());
    read_sdp(octets.into());
    Headers::new(octets).for_each(drop);
}

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

fn authenticate(message: &Message<'_>) {
    let mut random = |out: &mut [u8]| {
        out.fill(7);
        Ok(())
    };
    let request = Request {
        method: b"REGISTER",
        uri: b"sip:atlanta.com",
        body: b"",
    };
    let accounts = &mut [Account {
        realm: None,
        username: b"alice",
        secret: Secret::Password(b"zanzibar"),
    }];
    let mut spaces = [const { Space::new() }; 2];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    let mut out = [0; 4096];
    let _ = client.take_response(&request, message, accounts, &mut random);
    let _ = client.write_credentials(&request, accounts, &mut out);
    let _ = client.take_response(&request, message, accounts, &mut random);
    let _ = Client::copy_credentials(message, &mut out);
    let config = Config {
        realm: b"atlanta.com",
        algorithms: &[Algorithm::Sha256, Algorithm::Md5],
        qops: &[Qop::Auth],
        allow_no_qop: true,
        userhash: false,
        stored: Stored::HashedA1,
        nonce_lifetime_s: 60,
        check_uri: true,
    };
    let mut seen = [SeenNonce::new()];
    if let Ok(mut server) = Server::new(config, Some(&[1; 32]), &mut seen, &mut random) {
        let is_let_in = server.verify(message, Kind::Server, 1, b"", &mut |_, _, _| None);
        assert!(is_let_in.is_err(), "nobody is let in");
    }
}

fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/rfc4475");
    let files = fs::read_dir(folder).expect("tests/vectors/rfc4475");
    let mut messages: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    messages.sort();
    let messages = messages
        .iter()
        .map(|path| fs::read(path).expect("a message"));
    messages
        .chain(DIGEST.map(|text| text.as_bytes().to_vec()))
        .collect()
}

fn main() {
    let mut arguments = env::args()
        .skip(1)
        .map(|argument| argument.parse::<u64>().expect("a number"));
    let runs = arguments.next().unwrap_or(100_000);
    let limit = Duration::from_secs(arguments.next().unwrap_or(u64::MAX / 4));
    let seed = arguments.next().unwrap_or(1);
    let (corpus, started, mut random) = (corpus(), Instant::now(), Random(seed));
    assert_eq!(corpus.len(), 55, "messages to begin with");
    let mut done = 0;
    while done < runs && started.elapsed() < limit {
        for _ in 0..1000 {
            let text = damage(&mut random, &corpus);
            let begun = Instant::now();
            if panic::catch_unwind(|| read(&text)).is_err()
                || begun.elapsed() > Duration::from_secs(60)
            {
                eprintln!("seed {seed}, after {done} runs: {}", text.escape_ascii());
                std::process::exit(1);
            }
            done += 1;
        }
    }
    println!(
        "{done} damaged messages in {} s, seed {seed}: all of them were read or refused",
        started.elapsed().as_secs()
    );
}
