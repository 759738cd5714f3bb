# SPDX-License-Identifier: MIT OR Apache-2.0
"""Every cipher and authentication that GStreamer offers, for SRTP and SRTCP, and what has to become of them."""

import itertools
from typing import NamedTuple

import gstreamer
import ours
import sound
from gstreamer import AUTHS, CIPHERS, SECRETS, Crypto, is_gcm, is_icm
from wire import Failure, check, free_ports

# All arrives, nothing is let through, or something is that is not what was sent.
HEARD, REFUSED, LOST = "heard", "refused", "lost"


class Fate(NamedTuple):
    """What becomes of speech and reports, or the words of the side that refuses to take part."""

    why: str
    speech: str = ""
    reports: str = ""
    peer_says: str = ""
    we_say: str = ""


def refusal(crypto, sending):
    """The side that does not take part, if there is one; `sending` is whether GStreamer sends."""
    rtp_cipher, rtp_auth, rtcp_cipher, rtcp_auth = crypto
    if is_icm(rtcp_cipher) and rtcp_auth == "null":
        return Fate("GStreamer refuses: SRTCP with encryption and without authentication", peer_says=(
            "RTCP authentication can't be NULL" if sending else "Cannot have SRTP NULL authentication"))
    if rtp_cipher == rtcp_cipher == "null":
        return Fate("GStreamer refuses: two null ciphers, for which no key has the right length", peer_says="(err: ")
    if rtp_cipher == "null" and is_gcm(rtcp_cipher):
        return Fate("sipseal refuses: SRTP without encryption beside GCM", we_say="contradictory flags")
    if is_gcm(rtp_cipher) and rtp_auth != "null" or is_gcm(rtcp_cipher) and rtcp_auth != "null":
        return Fate("GStreamer refuses: GCM with HMAC", peer_says="(err: 2)")
    if rtp_cipher == "aes-128-gcm" and rtcp_cipher == "null":
        return Fate("GStreamer refuses: AES-128 in GCM beside the null cipher", peer_says="(err: 2)")
    if sending and is_gcm(rtp_cipher) and not is_gcm(rtcp_cipher):
        return Fate("GStreamer refuses: another SRTCP beside GCM", peer_says="general supporting library error")
    return None


def fate_of_speech(crypto):
    # libsrtp derives all session keys from the longer master key, ours has one length.
    if crypto.rtp_cipher == "null" or SECRETS[crypto.rtcp_cipher] <= SECRETS[crypto.rtp_cipher]:
        return HEARD
    return REFUSED if crypto.rtp_auth != "null" or is_gcm(crypto.rtp_cipher) else LOST


def fate_of_reports(crypto, sending):
    rtp_cipher, _, rtcp_cipher, rtcp_auth = crypto
    if rtcp_cipher == rtcp_auth == "null":
        return REFUSED if sending else LOST
    if (rtp_cipher, rtcp_cipher) == ("aes-256-icm", "aes-128-icm") and rtcp_auth == "hmac-sha1-80":
        # Both have the same authentication keys, by AES-256, so that no tag tells of the other cipher.
        return LOST
    same_cipher = rtcp_cipher == rtp_cipher or "null" in (rtp_cipher, rtcp_cipher) and not is_gcm(rtp_cipher)
    same_tags = is_gcm(rtcp_cipher) or rtcp_auth == "hmac-sha1-80"
    return HEARD if same_cipher and same_tags else REFUSED


def fate(crypto, sending):
    speech, reports = fate_of_speech(crypto), fate_of_reports(crypto, sending)
    return refusal(crypto, sending) or Fate(f"speech {speech}, reports {reports}", speech, reports)


def check_fate(expected, what, check_heard, refused):
    """`check_heard` fails unless all was heard; `refused` is whether all was refused."""
    try:
        check_heard()
    except Failure:
        check(expected != HEARD, f"the {what} differ")
        check(expected == LOST or refused, f"{what} let through")
    else:
        check(expected == HEARD, f"the {what} were heard")


def check_fates(bench, expected, sent_reports, speech_refused, reports_refused):
    check_fate(expected.speech, "samples", lambda: sound.check_heard(bench.said, bench.heard), speech_refused)
    check_fate(expected.reports, "reports",
               lambda: check(bench.heard_reports.read_bytes() == sent_reports, "they differ"), reports_refused)


def sends(bench, crypto):
    """GStreamer sends, sipseal receives."""
    setup, expected = crypto.setup(), fate(crypto, True)
    if expected.we_say:
        bench.check_refused(setup, expected.we_say)
        return expected.why
    with bench.receiver(setup) as receiver:
        with gstreamer.sender(bench, crypto, *ours.ports_of(receiver)) as sender:
            if expected.peer_says:
                sender.until("it refused", lambda: expected.peer_says in sender.errors())
            else:
                sender.finish_well()
        tally = ours.tally_of(receiver)
    if expected.peer_says:
        check(not tally.rtcp, "reports arrived")
        sound.check_lost(bench.said, bench.heard)
        return expected.why
    check_fates(bench, expected, b"".join(gstreamer.reports()),
                tally.rtp == {ours.FORGED: sound.PACKETS}, tally.rtcp == {ours.FORGED: ours.REPORTS})
    if expected.speech == HEARD:
        check(tally.rtp == {ours.DONE: sound.PACKETS}, f"SRTP: {tally.rtp}")
        check(tally.sequence == (ours.FIRST, ours.LAST), f"sequence numbers {tally.sequence}")
    return expected.why


def receives(bench, crypto):
    """sipseal sends, GStreamer receives."""
    setup, expected = crypto.setup(), fate(crypto, False)
    if expected.we_say:
        bench.check_refused(setup, expected.we_say)
        return expected.why
    media, control = free_ports()
    with gstreamer.receiver(bench, crypto, media, control) as receiver:
        if expected.peer_says:
            receiver.until("it refused", lambda: expected.peer_says in receiver.errors())
            return expected.why
        gstreamer.wait_until_ready(receiver)
        with bench.sender(setup, media, control) as sender:
            sender.finish_well()
        receiver.finish_well()
    check_fates(bench, expected, bench.sent_reports.read_bytes(),
                not sound.samples(bench.heard), bench.heard_reports.stat().st_size == 0)
    return expected.why


def cases():
    for crypto in itertools.starmap(Crypto, itertools.product(CIPHERS, AUTHS, CIPHERS, AUTHS)):
        yield "GStreamer sends", str(crypto), lambda bench, crypto=crypto: sends(bench, crypto)
        yield "GStreamer receives", str(crypto), lambda bench, crypto=crypto: receives(bench, crypto)
