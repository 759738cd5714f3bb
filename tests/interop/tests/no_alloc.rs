// SPDX-License-Identifier: MIT OR Apache-2.0
//! No context and no packet takes memory from the heap, refused packets included.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::num::NonZeroU16;

use sipseal_srtp::{
    Admission, Aes128Gcm, Aes256Gcm, AesCm128HmacSha1, AesCm192HmacSha1, AesCm256HmacSha1,
    Construction, Error, F8Aes128HmacSha1, KeyId, MasterKey, NullHmacSha1, Options, PacketCipher,
    Profile, Receiver, Rekeying, RocMode, RocTransmission, Sender, Storage,
};

thread_local! {
    /// Of this thread alone: the test harness allocates in others.
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

fn count() {
    ALLOCATIONS.with(|allocations| allocations.set(allocations.get() + 1));
}

// SAFETY: every call goes on to the system's allocator unchanged; counting neither allocates nor unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        count();
        // SAFETY: the caller's promise is passed on.
        unsafe { System.realloc(block, layout, new_size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count();
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Calls of the allocator during `f`.
fn allocations<T>(f: impl FnOnce() -> T) -> (usize, T) {
    let before = ALLOCATIONS.get();
    let result = f();
    (ALLOCATIONS.get() - before, result)
}

const RTP: &[u8] = b"\x91\x00..time....csrc\xbe\xde\x00\x01ext.payload";
const RTCP: &[u8] = b"\x80\xc9\x00\x02SSRCabcd";

#[test]
fn the_counter_counts() {
    let (count, ()) = allocations(|| drop(std::hint::black_box(Box::new(1))));
    assert_eq!(count, 2);
}

#[test]
fn contexts_and_packets() {
    for profile in Profile::ALL.iter().copied() {
        let exercise = match profile.construction() {
            Construction::AesCm128HmacSha1 => exercise::<AesCm128HmacSha1>,
            Construction::AesCm192HmacSha1 => exercise::<AesCm192HmacSha1>,
            Construction::AesCm256HmacSha1 => exercise::<AesCm256HmacSha1>,
            Construction::F8Aes128HmacSha1 => exercise::<F8Aes128HmacSha1>,
            Construction::NullHmacSha1 => exercise::<NullHmacSha1>,
            Construction::Aes128Gcm => exercise::<Aes128Gcm>,
            Construction::Aes256Gcm => exercise::<Aes256Gcm>,
            other => panic!("no storage for {other:?}"),
        };
        for weakened in [false, true] {
            let mut options = Options::SAFE;
            options.insecure_unencrypted_srtp =
                !profile.is_encrypting() || (weakened && !profile.is_aead());
            options.insecure_unencrypted_srtcp = !profile.is_encrypting() || weakened;
            let (count, packets) = allocations(|| exercise(profile, options));
            assert_eq!(packets, Ok(16 * 100), "{profile:?} {options:?}");
            assert_eq!(count, 0, "{profile:?} {options:?}");
        }
    }
}

/// The same with every option, and with keys, streams and ROCs that change between packets.
#[test]
fn options() {
    for profile in Profile::ALL.iter().copied() {
        let exercise = match profile.construction() {
            Construction::AesCm128HmacSha1 => exercise_option::<AesCm128HmacSha1>,
            Construction::AesCm192HmacSha1 => exercise_option::<AesCm192HmacSha1>,
            Construction::AesCm256HmacSha1 => exercise_option::<AesCm256HmacSha1>,
            Construction::F8Aes128HmacSha1 => exercise_option::<F8Aes128HmacSha1>,
            Construction::NullHmacSha1 => exercise_option::<NullHmacSha1>,
            Construction::Aes128Gcm => exercise_option::<Aes128Gcm>,
            Construction::Aes256Gcm => exercise_option::<Aes256Gcm>,
            other => panic!("no storage for {other:?}"),
        };
        let mut taken = 0;
        for change in OPTIONS {
            let mut options = Options::SAFE;
            options.insecure_unencrypted_srtp = !profile.is_encrypting();
            options.insecure_unencrypted_srtcp = !profile.is_encrypting();
            change(&mut options);
            if options.check(profile).is_err() {
                continue;
            }
            taken += 1;
            let (count, done) = allocations(|| exercise(profile, options));
            assert_eq!(done, Ok(()), "{profile:?} {options:?}");
            assert_eq!(count, 0, "{profile:?} {options:?}");
        }
        assert!(taken >= 7, "{profile:?}");
    }
}

/// Those that do not go with a profile are passed over.
const OPTIONS: [fn(&mut Options); 11] = [
    |_| (),
    |options| options.mki_len = 4,
    |options| options.from_to = true,
    |options| options.key_derivation_rate = 1,
    |options| options.key_derivation_rate = 16,
    |options| options.encrypted_elements = true,
    |options| options.cryptex = true,
    |options| {
        options.roc_transmission = Some(RocTransmission {
            mode: RocMode::Authenticated,
            rate: NonZeroU16::new(3).unwrap(),
        });
    },
    |options| options.retransmission = true,
    |options| options.admission = Admission::ReplacingOldest,
    |options| {
        options.mki_len = 4;
        options.key_derivation_rate = 2;
        options.encrypted_elements = true;
    },
];

/// The identities of two keys, if a context of these options has such.
fn key_ids(options: Options) -> Option<[KeyId<'static>; 2]> {
    if options.mki_len > 0 {
        return Some([KeyId::Mki(b"key1"), KeyId::Mki(b"key2")]);
    }
    let to = (1 << 48) - 1;
    let ranges = [
        KeyId::FromTo { from: 0, to: 49 },
        KeyId::FromTo { from: 50, to },
    ];
    options.from_to.then_some(ranges)
}

fn exercise_option<C: PacketCipher>(profile: Profile, options: Options) -> Result<(), Error> {
    if options.mki_len > 0 {
        exercise_with_mki_len::<C, 4>(profile, options)
    } else {
        exercise_with_mki_len::<C, 0>(profile, options)
    }
}

fn exercise_with_mki_len<C: PacketCipher, const MKI_LEN: usize>(
    profile: Profile,
    options: Options,
) -> Result<(), Error> {
    let mut here = Storage::<C, 2, 4, 2, MKI_LEN, 2>::new();
    let mut there = Storage::<C, 2, 4, 2, MKI_LEN, 2>::new();
    let (mut sender, mut receiver);
    let secrets = [[0x11; 46], [0x22; 46], [0x33; 46]];
    let [first, second, third] = [0, 1, 2].map(|number: usize| {
        let secret = &secrets[number][..profile.key_len() + profile.salt_len()];
        MasterKey::from_concatenated(profile, secret).unwrap()
    });
    let ids = key_ids(options);
    if let Some([one, other]) = ids {
        sender = here.sender_without_key(profile, options)?;
        receiver = there.receiver_without_key(profile, options)?;
        sender.add_key(one, &third)?;
        sender.remove_key(one)?;
        for (id, master) in [(one, &first), (other, &second)] {
            sender.add_key(id, master)?;
            receiver.add_key(id, master)?;
        }
    } else {
        sender = here.sender(profile, options, &first)?;
        receiver = there.receiver(profile, options, &first)?;
    }
    if options.encrypted_elements {
        for id in [1, 3] {
            sender.encrypt_element(id)?;
            receiver.encrypt_element(id)?;
        }
    }
    if let Some([KeyId::Mki(mki), _]) = ids {
        sender.use_key(mki)?;
    }

    for sequence_number in 0..100 {
        if sequence_number == 60 {
            match ids {
                Some([_, KeyId::Mki(mki)]) => sender.use_key(mki)?,
                Some(_) => (),
                None => {
                    sender.rekey(&second, Rekeying::KeepRoc)?;
                    receiver.rekey(&second, Rekeying::KeepRoc)?;
                }
            }
        }
        pass(&mut sender, &mut receiver, sequence_number, None)?;
    }
    let ssrc = u32::from_be_bytes(*b"....");
    sender.set_roc(ssrc, 2)?;
    receiver.set_roc(ssrc, 2)?;
    pass(&mut sender, &mut receiver, 1, None)?;
    sender.set_roc(ssrc, 7)?;
    pass(&mut sender, &mut receiver, 1, Some(7))?;
    assert_eq!(receiver.roc(ssrc), Ok(7));
    receiver.remove_stream(ssrc)?;
    receiver.add_stream(ssrc)?;
    receiver.add_own_ssrc(1)?;
    assert_eq!(receiver.streams().count(), 2);
    if ids.is_none() {
        sender.rekey(&third, Rekeying::ResetRoc)?;
        receiver.rekey(&third, Rekeying::ResetRoc)?;
        pass(&mut sender, &mut receiver, 1, None)?;
    }
    Ok(())
}

/// Sends a packet with elements, has it refused, damaged and repeated, and an RTCP packet behind it.
fn pass(
    sender: &mut Sender<'_>,
    receiver: &mut Receiver<'_>,
    sequence_number: u16,
    roc: Option<u32>,
) -> Result<(), Error> {
    const PACKET: &[u8] =
        b"\x91\x00..time....csrc\xbe\xde\x00\x02\x10e\x21ff\x30g\x00\x00\x00payload";
    let mut packet = [0; PACKET.len()];
    packet.copy_from_slice(PACKET);
    packet[2..4].copy_from_slice(&sequence_number.to_be_bytes());
    let (mut wire, mut heard) = ([0; 160], [0; 160]);
    let sent = sender.protect(&packet, &mut wire)?.len;
    let wire = &mut wire[..sent];
    wire[sent - 1] ^= 1;
    assert!(receiver.unprotect(wire, &mut heard).is_err());
    wire[sent - 1] ^= 1;
    let got = match roc {
        Some(roc) => receiver.unprotect_with_roc(wire, &mut heard, roc)?.len,
        None => receiver.unprotect(wire, &mut heard)?.len,
    };
    assert!(heard[..got] == packet);
    let again = sender.protect_in_place(&mut heard, got);
    assert!(again.is_ok() || again == Err(Error::Replayed));
    let again = receiver.unprotect_in_place(wire);
    assert_eq!(again, Err(Error::Replayed));

    heard[..RTCP.len()].copy_from_slice(RTCP);
    heard[4..8].copy_from_slice(&packet[8..12]);
    let sent = sender.protect_rtcp_in_place(&mut heard, RTCP.len())?.len;
    let got = receiver.unprotect_rtcp_in_place(&mut heard[..sent])?.len;
    assert_eq!(got, RTCP.len());
    Ok(())
}

/// Makes contexts, sends, receives, and has every kind of packet refused. Answers how many calls it made.
fn exercise<C: PacketCipher>(profile: Profile, options: Options) -> Result<usize, Error> {
    let key_and_salt = [0x5a; 46];
    let key_and_salt = &key_and_salt[..profile.key_len() + profile.salt_len()];
    let master = MasterKey::from_concatenated(profile, key_and_salt)?;
    let mut here = Storage::<C, 1, 4>::new();
    let mut there = Storage::<C, 1, 4>::new();
    let mut sender = here.sender(profile, options, &master)?;
    let mut receiver = there.receiver(profile, options, &master)?;
    let mut calls = 0;
    let mut check = |got: bool| {
        assert!(got);
        calls += 1;
    };

    let mut wire = [0; 128];
    let mut plain = [0; 128];
    for sequence_number in 0..100_u16 {
        plain[..RTP.len()].copy_from_slice(RTP);
        plain[2..4].copy_from_slice(&sequence_number.to_be_bytes());
        let len = sender.protect(&plain[..RTP.len()], &mut wire)?.len;
        check(len > RTP.len());
        check(sender.protect(&plain[..RTP.len()], &mut wire) == Err(Error::Replayed));
        check(matches!(
            sender.protect(&plain[..11], &mut wire),
            Err(Error::Truncated { .. })
        ));
        wire[len - 1] ^= 1;
        check(receiver.unprotect(&wire[..len], &mut plain) == Err(Error::Authentication));
        wire[len - 1] ^= 1;
        let short = receiver.unprotect(&wire[..len], &mut plain[..1]);
        check(matches!(short, Err(Error::BufferTooSmall { .. })));
        check(receiver.unprotect(&wire[..len], &mut plain).is_ok());
        check(receiver.unprotect(&wire[..len], &mut plain) == Err(Error::Replayed));
        check(receiver.unprotect_in_place(&mut wire[..3]).is_err());

        wire[..RTCP.len()].copy_from_slice(RTCP);
        wire[4..8].copy_from_slice(&RTP[8..12]);
        let len = sender.protect_rtcp_in_place(&mut wire, RTCP.len())?.len;
        check(len > RTCP.len());
        wire[0] ^= 0x80;
        check(receiver.unprotect_rtcp(&wire[..len], &mut plain) == Err(Error::Version));
        wire[0] ^= 0x80;
        wire[5] ^= 1;
        check(receiver.unprotect_rtcp(&wire[..len], &mut plain) == Err(Error::StreamLimit));
        wire[5] ^= 1;
        wire[1] ^= 1;
        let forged = receiver.unprotect_rtcp_in_place(&mut wire[..len]);
        check(forged == Err(Error::Authentication));
        wire[1] ^= 1;
        check(receiver.unprotect_rtcp(&wire[..len], &mut plain).is_ok());
        check(receiver.unprotect_rtcp(&wire[..len], &mut plain) == Err(Error::Replayed));
        check(receiver.counters().authentication_failures > 0);
        check(sender.protect_rtcp(&wire[..7], &mut plain).is_err());
    }
    Ok(calls)
}
