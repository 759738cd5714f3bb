// SPDX-License-Identifier: MIT OR Apache-2.0
//! Each engine in hardware against, as an oracle, the `aes` crate; the tests of GCM run every engine as well.

use std::vec::Vec;

use zeroize::ZeroizeOnDrop;

use super::{keys, pieces};
use crate::engine::hardware::x86_64::{
    Group, aes::AesEnc, gcm::GcmEnc, narrow::Narrow, wide::Wide,
};
use crate::engine::rustcrypto;
use crate::{
    Aes128Enc, AesBlock, AesCmHmacSha1, AesGcm, InvalidKeyLength, PacketCipher, xor_keystream,
};

/// Runs a test of an engine, or says aloud that it does not.
fn if_present<G: Group>(name: &str, test: fn()) {
    if G::is_present() {
        test();
    } else {
        std::eprintln!("NOT TESTED, since this processor lacks it: {name}");
        let refused = AesEnc::<G, 11>::new_from_slice(&[0; 16]).map(|_| ());
        assert_eq!(refused, Err(InvalidKeyLength));
    }
}

macro_rules! each_engine {
    ($name:ident, $test:ident) => {
        #[test]
        fn $name() {
            if_present::<Narrow>("AES-NI and PCLMULQDQ", $test::<Narrow>);
            if_present::<Wide>("VAES and VPCLMULQDQ", $test::<Wide>);
        }
    };
}

fn keystream<A: AesBlock>(key: &[u8], iv: [u8; 16], len: usize) -> Vec<u8> {
    let mut keystream = std::vec![0; len];
    let aes = A::new_from_slice(key).unwrap();
    xor_keystream(&aes, &iv, keystream.as_mut_slice().into());
    keystream
}

fn same<A: AesBlock, B: AesBlock>(key: &[u8], iv: [u8; 16], len: usize) {
    assert_eq!(
        keystream::<A>(key, iv, len),
        keystream::<B>(key, iv, len),
        "{len} octets under {key:02x?} {iv:02x?}"
    );
}

/// Also where the counter wraps, and under keys with every octet in every place.
fn counter_mode<G: Group>() {
    let same = |key: &[u8; 32], iv, len| {
        same::<AesEnc<G, 11>, rustcrypto::Aes128Enc>(&key[..16], iv, len);
        same::<AesEnc<G, 13>, rustcrypto::Aes192Enc>(&key[..24], iv, len);
        same::<AesEnc<G, 15>, rustcrypto::Aes256Enc>(key, iv, len);
    };
    let mut key: [u8; 32] = core::array::from_fn(|i| u8::try_from(i * 7).unwrap());
    let mut iv = *b"AES instructions";
    for len in 0..=2000 {
        let counter = u32::try_from(len).unwrap().wrapping_mul(0x0123_4567);
        iv[12..].copy_from_slice(&counter.to_be_bytes());
        same(&key, iv, len);
    }
    iv[12..].copy_from_slice(&[0xff; 4]);
    same(&key, iv, 300);
    for octet in 0..=255 {
        for place in 0..32 {
            key[place] = octet;
            same(&key, iv, 16);
        }
    }
}
each_engine!(every_length_of_counter_mode, counter_mode);

fn one_block<G: Group>() {
    let key = [0x5a; 32];
    let mut block = *b"one block of AES";
    let mut expected = block;
    AesEnc::<G, 15>::new_from_slice(&key)
        .unwrap()
        .encrypt_block(&mut block);
    AesBlock::encrypt_block(
        &<rustcrypto::Aes256Enc as AesBlock>::new_from_slice(&key).unwrap(),
        &mut expected,
    );
    assert_eq!(block, expected);
}
each_engine!(a_block, one_block);

fn in_pieces<G: Group + 'static>() {
    let key = pieces::octets(40, 32);
    let authentication = pieces::octets(9, 20);
    let cm = AesCmHmacSha1::<AesEnc<G, 11>>::new(&keys(&key[..16], &authentication)).unwrap();
    pieces::check(&cm, false, pieces::ROC);
    let gcm = AesGcm::<AesEnc<G, 11>>::new(&keys(&key[..16], &[])).unwrap();
    pieces::check(&gcm, true, &[]);
    let gcm = AesGcm::<AesEnc<G, 15>>::new(&keys(&key, &[])).unwrap();
    pieces::check(&gcm, true, &[]);
}
each_engine!(two_pieces_are_one, in_pieces);

fn key_lengths<G: Group>() {
    for len in 0..=33 {
        let key = &[1; 33][..len];
        let refused = |made: bool, right| assert_eq!(made, len == right, "{len}");
        refused(AesEnc::<G, 11>::new_from_slice(key).is_ok(), 16);
        refused(AesEnc::<G, 13>::new_from_slice(key).is_ok(), 24);
        refused(AesEnc::<G, 15>::new_from_slice(key).is_ok(), 32);
    }
}
each_engine!(lengths_of_keys, key_lengths);

fn wiping<G: Group>() {
    fn wipes<T: ZeroizeOnDrop>() {
        assert!(core::mem::needs_drop::<T>());
    }
    wipes::<AesEnc<G, 11>>();
    wipes::<GcmEnc<G, 15>>();
    let aes = AesEnc::<G, 11>::new_from_slice(&[1; 16]).unwrap();
    assert_eq!(std::format!("{aes:?}"), "AesEnc { .. }");
}
each_engine!(wipe_themselves_and_print_nothing, wiping);

/// What is chosen is the widest that there is.
#[cfg(not(any(sipseal_aes = "fixslice", sipseal_aes = "rustcrypto")))]
#[test]
fn the_widest_is_chosen() {
    use crate::engine::hardware::Detected::{Hardware, Software};
    match Aes128Enc::new_from_slice(&[0; 16]).unwrap() {
        Hardware(_) => assert!(Wide::is_present()),
        Software(Hardware(_)) => assert!(Narrow::is_present() && !Wide::is_present()),
        Software(Software(_)) => assert!(!Narrow::is_present()),
    }
}
