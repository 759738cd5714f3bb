// SPDX-License-Identifier: MIT OR Apache-2.0
//! No context and no packet takes memory from the heap, refused packets included.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use sipseal_srtp::{
    Aes128Gcm, Aes256Gcm, AesCm128HmacSha1, AesCm192HmacSha1, AesCm256HmacSha1, Construction,
    Error, F8Aes128HmacSha1, MasterKey, NullHmacSha1, Options, PacketCipher, Profile, Storage,
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
