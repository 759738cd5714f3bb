// SPDX-License-Identifier: MIT OR Apache-2.0
//! Session descriptions.

use std::vec::Vec;

use crate::{Error, Sdp};

const OFFER: &str = "v=0\r\no=alice 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\na=ice-lite\r\n\
    m=audio 49170/2 RTP/SAVP 0 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\na=crypto:2 Y inline:z\r\n\
    a=sendrecv\r\nm=video 0 RTP/AVP 31\r\na=crypto:3 Z\r\n";

#[test]
fn sections() {
    for text in [
        OFFER.into(),
        OFFER.replace("\r\n", "\n"),
        OFFER.trim_end().into(),
    ] {
        let sdp = Sdp::parse(text.as_str()).unwrap();
        assert_eq!(sdp.session().count(), 5);
        assert_eq!(sdp.session().attributes("ice-lite").count(), 1);
        assert_eq!(sdp.session().attributes("crypto").count(), 0);
        let media: Vec<_> = sdp.media().collect();
        let [audio, video] = media.as_slice() else {
            panic!("{media:?}");
        };
        assert_eq!(
            (
                audio.kind.octets(),
                audio.port,
                audio.port_count,
                audio.protocol.octets()
            ),
            (b"audio".as_slice(), 49170, 2, b"RTP/SAVP".as_slice())
        );
        assert_eq!(audio.formats.octets(), b"0 8");
        let lines: Vec<_> = audio.lines().attributes("crypto").collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(
            lines[0].value.unwrap().octets(),
            b"1 AES_CM_128_HMAC_SHA1_80 inline:x"
        );
        assert_eq!(lines[1].line.octets(), b"a=crypto:2 Y inline:z");
        assert_eq!(lines[1].line.offset(), text.find("a=crypto:2").unwrap());
        assert_eq!(
            audio.lines().attributes("sendrecv").next().unwrap().value,
            None
        );
        assert_eq!((video.port, video.port_count), (0, 1));
        assert_eq!(video.lines().count(), 1);
    }
}

#[test]
fn not_a_description() {
    for (text, error) in [
        ("", Error::Syntax { offset: 0 }),
        ("v=1\r\n", Error::Version { offset: 0 }),
        ("s=-\r\n", Error::Version { offset: 0 }),
        ("v=0\r\n\r\n", Error::Syntax { offset: 5 }),
        ("v=0\r\nx\r\n", Error::Syntax { offset: 6 }),
        ("v=0\r\nab=c\r\n", Error::Syntax { offset: 5 }),
        ("v=0\r\nA=c\r\n", Error::Syntax { offset: 5 }),
        ("v=0\ra=c\r\n", Error::Syntax { offset: 4 }),
        ("v=0\r\na=\0\r\n", Error::Syntax { offset: 7 }),
        (
            "v=0\r\nm=audio 70000 RTP/AVP 0\r\n",
            Error::Range { offset: 13 },
        ),
        ("v=0\r\nm=audio RTP/AVP 0\r\n", Error::Syntax { offset: 13 }),
        ("v=0\r\nm=audio 1 RTP/AVP\r\n", Error::Syntax { offset: 22 }),
        (
            "v=0\r\nm=audio 1 RTP/AVP \r\n",
            Error::Syntax { offset: 23 },
        ),
    ] {
        assert_eq!(Sdp::parse(text).map(|_| ()), Err(error), "{text:?}");
    }
}
