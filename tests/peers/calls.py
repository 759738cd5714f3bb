# SPDX-License-Identifier: MIT OR Apache-2.0
"""GStreamer with the combinations that a call may have: its own reports, wrong keys, late joiners, MKIs."""

import struct

import gstreamer
import ours
import sound
from gstreamer import Crypto
from wire import check, free_ports

KINDS = [
    Crypto(cipher, auth, cipher, "null" if gstreamer.is_gcm(cipher) else "hmac-sha1-80")
    for cipher in gstreamer.CIPHERS[1:]
    for auth in (["null"] if gstreamer.is_gcm(cipher) else ["hmac-sha1-32", "hmac-sha1-80"])
]

# So late that the sequence numbers have started again, which who was not there does not know.
LATE = 60
assert ours.FIRST + LATE > 65536

MKI, OTHER_MKI = b"\xa1\xb2\xc3\xd4", b"\xa1\xb2\xc3\xd5"


def hear(bench, setup, start, *options):
    """Lets GStreamer send; `start` starts it with two ports."""
    with bench.receiver(setup, *options) as receiver:
        with start(*ours.ports_of(receiver)) as sender:
            sender.finish_well()
        return ours.tally_of(receiver)


def speak(bench, crypto, setup, caps=(), options=(), packets=sound.PACKETS):
    """Lets GStreamer receive."""
    media, control = free_ports()
    with gstreamer.receiver(bench, crypto, media, control, *caps, packets=packets) as receiver:
        gstreamer.wait_until_ready(receiver)
        with bench.sender(setup, media, control, *options) as sender:
            sender.finish_well()
        receiver.finish_well()


def check_all_heard(bench, tally):
    sound.check_heard(bench.said, bench.heard)
    check(tally.rtp == {ours.DONE: sound.PACKETS}, f"SRTP: {tally.rtp}")
    check(tally.rtcp == {ours.DONE: ours.REPORTS}, f"SRTCP: {tally.rtcp}")
    check(bench.heard_reports.read_bytes() == b"".join(gstreamer.reports()), "the reports differ")


def check_peer_heard_all(bench):
    sound.check_heard(bench.said, bench.heard)
    check(bench.heard_reports.read_bytes() == bench.sent_reports.read_bytes(), "the reports differ")


def check_peer_heard_mki(bench, crypto):
    if crypto.rtp_auth != "hmac-sha1-32":
        check_peer_heard_all(bench)
        return "heard"
    # libsrtp seeks the MKI of SRTCP before a tag of the length that those of SRTP have.
    sound.check_heard(bench.said, bench.heard)
    check(bench.heard_reports.stat().st_size == 0, "reports let through")
    return "speech heard, reports refused: it looks for the MKI in the wrong place"


def check_nothing_heard(bench, tally, status):
    check_peer_heard_nothing(bench)
    check(tally.rtp == {status: sound.PACKETS}, f"SRTP: {tally.rtp}")
    check(tally.rtcp == {status: ours.REPORTS}, f"SRTCP: {tally.rtcp}")


def check_peer_heard_nothing(bench):
    check(not sound.samples(bench.heard), "something was heard")
    check(bench.heard_reports.stat().st_size == 0, "reports let through")


def session_sends(bench, crypto):
    def reports():
        return sound.read_reports(bench.heard_reports.read_bytes())

    with bench.receiver(crypto.setup()) as receiver:
        with gstreamer.session(bench, crypto, *ours.ports_of(receiver)) as sender:
            # It does not always end then.
            sender.until("its BYE was heard", lambda: sound.BYE in dict(reports()))
        tally = ours.tally_of(receiver)
    sound.check_heard(bench.said, bench.heard)
    check(tally.rtp == {ours.DONE: sound.PACKETS}, f"SRTP: {tally.rtp}")
    check(list(tally.rtcp) == [ours.DONE] and tally.rtcp[ours.DONE] >= 3, f"SRTCP: {tally.rtcp}")
    last = [body for kind, body in reports() if kind == sound.SENDER_REPORT][-1]
    check(struct.unpack(">I12x2I", last[:24]) == (ours.SSRC, sound.PACKETS, sound.PACKETS * sound.PACKET),
          "the report is wrong")


def sends_with_wrong_key(bench, crypto):
    tally = hear(bench, crypto.setup(ours.WRONG_KEYS), lambda *ports: gstreamer.sender(bench, crypto, *ports))
    check_nothing_heard(bench, tally, ours.FORGED)


def receives_with_wrong_key(bench, crypto):
    speak(bench, crypto, crypto.setup(ours.WRONG_KEYS))
    check_peer_heard_nothing(bench)


def heard_late(bench, crypto, *options):
    tally = hear(bench, crypto.setup(), lambda *ports: gstreamer.sender(bench, crypto, *ports), "--skip", LATE,
                 *options)
    late = sound.PACKETS - LATE
    if tally.rtp == {ours.DONE: late}:
        sound.check_heard(sound.after(bench.said, LATE), bench.heard)
        return True
    check(tally.rtp == {ours.FORGED: late}, f"SRTP: {tally.rtp}")
    check(not sound.samples(bench.heard), "something was heard")
    return False


def joins_late(bench, crypto):
    check(heard_late(bench, crypto), "nothing heard at ROC 1")


def joins_late_knowing_roc(bench, crypto):
    check(heard_late(bench, crypto, "--ssrc", ours.SSRC, "--roc", 1), "nothing heard at ROC 1")


def joins_late_with_wrong_roc(bench, crypto):
    check(not heard_late(bench, crypto, "--ssrc", ours.SSRC, "--roc", 2), "heard at a wrong ROC")


def peer_hears_late(bench, crypto, *caps):
    speak(bench, crypto, crypto.setup(), caps, ["--skip", LATE], sound.PACKETS - LATE)
    if sound.samples(bench.heard):
        sound.check_heard(sound.after(bench.said, LATE), bench.heard)
        return True
    return False


def peer_joins_late(bench, crypto):
    check(not peer_hears_late(bench, crypto), "heard without the ROC")


def peer_joins_late_knowing_roc(bench, crypto):
    check(peer_hears_late(bench, crypto, "roc=(uint)1"), "nothing heard at ROC 1")


def peer_hears_high_roc(bench, crypto):
    speak(bench, crypto, crypto.setup(), ["roc=(uint)7"], ["--roc", 7])
    check_peer_heard_all(bench)


def peer_hears_wrong_roc(bench, crypto):
    speak(bench, crypto, crypto.setup(), ["roc=(uint)6"], ["--roc", 7])
    check(not sound.samples(bench.heard), "heard at a wrong ROC")


def hear_mki(bench, crypto, *keys, mki=MKI):
    """Lets GStreamer send with this MKI, to these keys with theirs."""
    return hear(bench, crypto.setup(keys),
                lambda *ports: gstreamer.sender(bench, crypto, *ports, f"mki={mki.hex()}"))


def sends_mki(bench, crypto, mki=MKI):
    check_all_heard(bench, hear_mki(bench, crypto, (ours.SECRET, mki), mki=mki))


def receives_mki(bench, crypto, mki=MKI):
    speak(bench, crypto, crypto.setup(((ours.SECRET, mki),)), [f"mki=(buffer){mki.hex()}"])
    return check_peer_heard_mki(bench, crypto)


def sends_second_mki(bench, crypto):
    check_all_heard(bench, hear_mki(bench, crypto, (ours.OTHER_SECRET, OTHER_MKI), (ours.SECRET, MKI)))


def speak_with_both_mkis(bench, crypto, *caps):
    speak(bench, crypto, crypto.setup(((ours.SECRET, MKI), (ours.OTHER_SECRET, OTHER_MKI))),
          [f"mki=(buffer){MKI.hex()}", *caps], ["--switch", LATE])


def receives_both_mkis(bench, crypto):
    speak_with_both_mkis(bench, crypto, f"mki2=(buffer){OTHER_MKI.hex()}",
                         f"srtp-key2=(buffer){crypto.secret(ours.OTHER_SECRET)}")
    return check_peer_heard_mki(bench, crypto)


def receives_both_mkis_having_one(bench, crypto):
    speak_with_both_mkis(bench, crypto)
    sound.check_heard(sound.before(bench.said, LATE), bench.heard)


def sends_wrong_mki(bench, crypto):
    check_nothing_heard(bench, hear_mki(bench, crypto, (ours.SECRET, OTHER_MKI)), ours.NO_KEY)


def sends_mki_of_wrong_key(bench, crypto):
    check_nothing_heard(bench, hear_mki(bench, crypto, (ours.OTHER_SECRET, MKI)), ours.FORGED)


def receives_wrong_mki(bench, crypto):
    speak(bench, crypto, crypto.setup(((ours.SECRET, OTHER_MKI),)), [f"mki=(buffer){MKI.hex()}"])
    check_peer_heard_nothing(bench)


CASES = {
    "GStreamer sends, wrong key: nothing heard": sends_with_wrong_key,
    "GStreamer receives, wrong key: nothing heard": receives_with_wrong_key,
    "GStreamer sends, we join at ROC 1: heard": joins_late,
    "GStreamer sends, we join at ROC 1, told so: heard": joins_late_knowing_roc,
    "GStreamer sends, we join at ROC 1, told 2: nothing heard": joins_late_with_wrong_roc,
    "GStreamer receives, joins at ROC 1: nothing heard": peer_joins_late,
    "GStreamer receives, joins at ROC 1, told so: heard": peer_joins_late_knowing_roc,
    "GStreamer receives, we begin at ROC 7, told so: heard": peer_hears_high_roc,
    "GStreamer receives, we begin at ROC 7, told 6: nothing heard": peer_hears_wrong_roc,
    "GStreamer sends an MKI: heard": sends_mki,
    "GStreamer receives an MKI": receives_mki,
    "GStreamer sends an MKI, our second: heard": sends_second_mki,
    "GStreamer receives two MKIs in turn": receives_both_mkis,
    "GStreamer receives two MKIs in turn, has the first: heard so far": receives_both_mkis_having_one,
    "GStreamer sends an MKI, we have another: nothing heard": sends_wrong_mki,
    "GStreamer sends an MKI, we have it for another key: nothing heard": sends_mki_of_wrong_key,
    "GStreamer receives an MKI, has another: nothing heard": receives_wrong_mki,
}
# Two seconds of real time each.
SESSIONS = (KINDS[1], KINDS[-1])
MKI_LENGTHS = (1, 16, 128)


def cases():
    for crypto in SESSIONS:
        yield "GStreamer's session sends", str(crypto), lambda bench, crypto=crypto: session_sends(bench, crypto)
    for title, case in CASES.items():
        for crypto in KINDS:
            yield title, str(crypto), lambda bench, case=case, crypto=crypto: case(bench, crypto)
    for length in MKI_LENGTHS:
        mki = bytes(range(length))
        for title, case in ("sends", sends_mki), ("receives", receives_mki):
            yield (f"GStreamer {title} an MKI, {length} long", str(KINDS[1]),
                   lambda bench, case=case, mki=mki: case(bench, KINDS[1], mki))
