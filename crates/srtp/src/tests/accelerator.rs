// SPDX-License-Identifier: MIT OR Apache-2.0
//! Contexts whose ciphers hand their work to a unit of the firmware's own.

use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use sipseal_cipher::{Aes128Enc, AesBlock, InOutBuf};

use super::{into_vec, rtp};
use crate::{
    AcceleratedCiphers, Accelerator, Declined, ElementKey, Error, Key, MasterKey, Options, Parts,
    Profile, Rekeying, Sender, SessionCiphers, Stream, accelerated,
};

const MASTER: MasterKey<'_> = MasterKey::new(&[7; 16], &[9; 14]);
const OTHER: MasterKey<'_> = MasterKey::new(&[8; 16], &[9; 14]);

/// Counter mode in software, until it is broken.
struct Unit {
    works: AtomicBool,
    was_asked: AtomicBool,
}

impl Accelerator for Unit {
    fn counter_mode(
        &self,
        key: &[u8],
        block: &[u8; 16],
        mut data: InOutBuf<'_, '_, u8>,
    ) -> Result<(), Declined> {
        self.was_asked.store(true, Relaxed);
        let aes = Aes128Enc::new_from_slice(key).map_err(|_| Declined)?;
        aes.xor_keystream(block, data.reborrow());
        if !self.works.load(Relaxed) {
            data.get_out()[0] ^= 1;
        }
        Ok(())
    }
}

#[test]
fn a_unit_works_and_breaks() {
    static UNIT: Unit = Unit {
        works: AtomicBool::new(true),
        was_asked: AtomicBool::new(false),
    };
    let profile = Profile::AesCm128HmacSha1_80;
    let mut storage = crate::Storage::<crate::AesCm128HmacSha1, 1, 2>::new();
    let mut plain = storage.sender(profile, Options::SAFE, &MASTER).unwrap();

    let mut places = [SessionCiphers::<accelerated::AesCm128HmacSha1>::empty()];
    let mut ciphers = AcceleratedCiphers::new(&mut places, &UNIT);
    let (mut keys, mut streams, mut windows) = ([Key::FREE], [Stream::FREE], [0; 2]);
    let parts = Parts {
        ciphers: &mut ciphers,
        keys: &mut keys,
        mkis: &mut [],
        element_keys: &mut [] as &mut [ElementKey],
        streams: &mut streams,
        rtp_windows: &mut windows,
        rtcp_windows: &mut [],
    };
    let mut sender = Sender::new(profile, Options::SAFE, &MASTER, parts).unwrap();
    assert!(UNIT.was_asked.swap(false, Relaxed), "it was tried");
    for sequence_number in 1..20 {
        let packet = rtp(1, sequence_number, &[0x33; 160]);
        let expected = into_vec(|out| plain.protect(&packet, out)).unwrap();
        assert_eq!(into_vec(|out| sender.protect(&packet, out)), Ok(expected));
    }
    assert!(UNIT.was_asked.load(Relaxed));

    UNIT.works.store(false, Relaxed);
    let rekeyed = sender.rekey(&OTHER, Rekeying::KeepRoc);
    assert_eq!(rekeyed, Err(Error::AcceleratorFailed));
    // Neither half a key nor the old one, which the other end gives up.
    let sent = into_vec(|out| sender.protect(&rtp(1, 20, b"media"), out));
    assert_eq!(sent, Err(Error::UnknownKey));

    UNIT.works.store(true, Relaxed);
    sender.rekey(&OTHER, Rekeying::KeepRoc).unwrap();
    plain.rekey(&OTHER, Rekeying::KeepRoc).unwrap();
    let packet = rtp(1, 20, b"media");
    let expected = into_vec(|out| plain.protect(&packet, out));
    assert_eq!(into_vec(|out| sender.protect(&packet, out)), expected);
}
