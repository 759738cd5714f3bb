// SPDX-License-Identifier: MIT OR Apache-2.0
//! Ciphers with an accelerator against the same without, whatever it declines.

use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::boxed::Box;

use cipher::{BlockCipherEncrypt, KeyInit};
use ghash::GHash;
use ghash::universal_hash::UniversalHash;

use super::{keys, open, seal};
use crate::{
    Accelerated, Accelerator, AcceleratorFailed, Aes128Enc, Aes192Enc, Aes256Enc, AesCmHmacSha1,
    AesGcm, Construction, Declined, IV_LEN, InOutBuf, PacketCipher, Pieces,
};

/// What a unit is asked for, as a bit each.
const COUNTER_MODE: usize = 1;
const BLOCKS: usize = 2;
const GHASH: usize = 4;
const ALL: usize = 7;

/// A unit in software: the crates of RustCrypto, block by block.
struct Unit {
    does: usize,
    /// Of so many calls it does the last.
    one_in: usize,
    /// What it does wrong.
    errs: usize,
    asked: AtomicUsize,
    done: AtomicUsize,
}

impl Unit {
    fn new(does: usize, one_in: usize, errs: usize) -> &'static Self {
        Box::leak(Box::new(Self {
            does,
            one_in,
            errs,
            asked: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
        }))
    }

    fn begin(&self, what: usize) -> Result<(), Declined> {
        let asked = 1 + self.asked.fetch_add(1, Relaxed);
        if self.does & what == 0 || !asked.is_multiple_of(self.one_in) {
            return Err(Declined);
        }
        self.done.fetch_or(what, Relaxed);
        Ok(())
    }

    fn err(&self, what: usize) -> u8 {
        u8::from(self.errs & what != 0)
    }
}

fn encrypt(key: &[u8], block: &mut [u8; 16]) {
    fn with<A: KeyInit + BlockCipherEncrypt>(key: &[u8], block: &mut [u8; 16])
    where
        for<'a> &'a mut cipher::Block<A>: From<&'a mut [u8; 16]>,
    {
        A::new_from_slice(key).unwrap().encrypt_block(block.into());
    }
    match key.len() {
        16 => with::<aes::Aes128Enc>(key, block),
        24 => with::<aes::Aes192Enc>(key, block),
        _ => with::<aes::Aes256Enc>(key, block),
    }
}

impl Accelerator for Unit {
    fn counter_mode(
        &self,
        key: &[u8],
        block: &[u8; IV_LEN],
        data: InOutBuf<'_, '_, u8>,
    ) -> Result<(), Declined> {
        self.begin(COUNTER_MODE)?;
        let mut counter = u128::from_be_bytes(*block);
        let mut keystream = [0; 16];
        for (position, mut octet) in data.into_iter().enumerate() {
            if position % 16 == 0 {
                keystream = counter.to_be_bytes();
                encrypt(key, &mut keystream);
                counter += 1;
            }
            let masked = octet.clone_in() ^ keystream[position % 16] ^ self.err(COUNTER_MODE);
            *octet.get_out() = masked;
        }
        Ok(())
    }

    fn encrypt_blocks(&self, key: &[u8], blocks: &mut [[u8; 16]]) -> Result<(), Declined> {
        self.begin(BLOCKS)?;
        assert!((1..=8).contains(&blocks.len()));
        for block in blocks {
            encrypt(key, block);
            block[15] ^= self.err(BLOCKS);
        }
        Ok(())
    }

    fn ghash(
        &self,
        key: &[u8; 16],
        state: &mut [u8; 16],
        blocks: &[[u8; 16]],
    ) -> Result<(), Declined> {
        self.begin(GHASH)?;
        for block in blocks {
            let mut hash = GHash::new(key.into());
            let sum = u128::from_ne_bytes(*state) ^ u128::from_ne_bytes(*block);
            hash.update(&[sum.to_ne_bytes().into()]);
            *state = hash.finalize().0;
            state[0] ^= self.err(GHASH);
        }
        Ok(())
    }
}

/// The cipher of a construction, with or without a unit.
fn cipher(construction: Construction, unit: Option<&'static Unit>) -> Box<dyn PacketCipher> {
    fn with<C: PacketCipher + 'static>(
        key_len: usize,
        authentication: &[u8],
        unit: Option<&'static Unit>,
    ) -> Box<dyn PacketCipher> {
        let key: [u8; 32] = core::array::from_fn(|n| 7 * u8::try_from(n).unwrap());
        let mut cipher = C::new(&keys(&key[..key_len], authentication)).unwrap();
        if let Some(unit) = unit {
            cipher.accelerate(unit).unwrap();
        }
        Box::new(cipher)
    }
    let hmac = &[0x77; 20];
    match construction {
        Construction::AesCm128HmacSha1 => {
            with::<AesCmHmacSha1<Accelerated<Aes128Enc>>>(16, hmac, unit)
        }
        Construction::AesCm192HmacSha1 => {
            with::<AesCmHmacSha1<Accelerated<Aes192Enc>>>(24, hmac, unit)
        }
        Construction::AesCm256HmacSha1 => {
            with::<AesCmHmacSha1<Accelerated<Aes256Enc>>>(32, hmac, unit)
        }
        Construction::Aes128Gcm => with::<AesGcm<Accelerated<Aes128Enc>>>(16, &[], unit),
        _ => with::<AesGcm<Accelerated<Aes256Enc>>>(32, &[], unit),
    }
}

const CONSTRUCTIONS: [Construction; 5] = [
    Construction::AesCm128HmacSha1,
    Construction::AesCm192HmacSha1,
    Construction::AesCm256HmacSha1,
    Construction::Aes128Gcm,
    Construction::Aes256Gcm,
];
const IV: [u8; 16] = [0x11, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0, 0];

#[test]
fn gives_what_software_gives() {
    let octets: [u8; 700] = core::array::from_fn(|n| u8::try_from(n % 251).unwrap());
    for construction in CONSTRUCTIONS {
        let plain = cipher(construction, None);
        for does in 0..=ALL {
            for one_in in [1, 2, 3] {
                let unit = Unit::new(does, one_in, 0);
                let accelerated = cipher(construction, Some(unit));
                for len in (0..70).chain([127, 128, 129, 160, 257, 600]) {
                    let (header, suffix) = (&octets[..12 + len % 40], &octets[..len % 9]);
                    let payload = &octets[..len];
                    let (sealed, tag) = seal(&*plain, &IV, header, payload, suffix, 10);
                    let ours = seal(&*accelerated, &IV, header, payload, suffix, 10);
                    assert_eq!(
                        ours,
                        (sealed.clone(), tag.clone()),
                        "{construction:?} {len}"
                    );
                    let opened = open(&*accelerated, &IV, header, &sealed, suffix, &tag);
                    assert_eq!(opened.as_deref(), Ok(payload));
                    let mut forged = tag;
                    forged[len % 10] ^= 1;
                    assert!(open(&*accelerated, &IV, header, &sealed, suffix, &forged).is_err());
                }
                // What it does and a construction has for it, it was asked for and did.
                let is_gcm = matches!(
                    construction,
                    Construction::Aes128Gcm | Construction::Aes256Gcm
                );
                let mut expected = does & if is_gcm { ALL } else { COUNTER_MODE | BLOCKS };
                if expected & COUNTER_MODE != 0 && one_in == 1 {
                    expected &= !BLOCKS;
                }
                assert_eq!(
                    unit.done.load(Relaxed),
                    expected,
                    "{construction:?} {does} {one_in}"
                );
            }
        }
    }
}

#[test]
fn pieces_and_plain_encryption() {
    for construction in CONSTRUCTIONS {
        let plain = cipher(construction, None);
        for does in 0..=ALL {
            let accelerated = cipher(construction, Some(Unit::new(does, 1, 0)));
            for (first_len, second_len) in [(0, 100), (4, 1), (60, 300)] {
                let run = |cipher: &dyn PacketCipher| {
                    let (mut first, mut second) = ([1; 60], [2; 300]);
                    let mut tag = [0; 10];
                    let packet = Pieces {
                        header: &[3; 12],
                        first: first[..first_len].as_mut().into(),
                        between: &[4; 4],
                        second: second[..second_len].as_mut().into(),
                    };
                    cipher.seal_pieces(&IV, packet, &[5; 4], &mut tag);
                    cipher.crypt(&IV, second[..second_len].as_mut().into());
                    (first, second, tag)
                };
                assert_eq!(run(&*plain), run(&*accelerated), "{construction:?} {does}");
            }
        }
    }
}

#[test]
fn a_unit_that_errs_is_refused() {
    for errs in [COUNTER_MODE, BLOCKS, GHASH] {
        let unit = Unit::new(errs, 1, errs);
        let mut cipher = AesGcm::<Accelerated<Aes128Enc>>::new(&keys(&[1; 16], &[])).unwrap();
        assert_eq!(cipher.accelerate(unit), Err(AcceleratorFailed));
        let expected = AesGcm::<Aes128Enc>::new(&keys(&[1; 16], &[])).unwrap();
        assert_eq!(
            seal(&cipher, &IV, b"header", b"payload", b"", 16),
            seal(&expected, &IV, b"header", b"payload", b"", 16),
            "and what it errs in is not used"
        );
    }
}
