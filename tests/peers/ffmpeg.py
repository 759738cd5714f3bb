# SPDX-License-Identifier: MIT OR Apache-2.0
"""ffmpeg, which has an SRTP of its own."""

import base64
import struct

import ours
import sound
from wire import Program, check, free_ports, is_bound

# Its names for our profiles, and whether SRTCP has the tags of RFC 4568 under them, which are of 10 octets.
SUITES = {
    "AES_CM_128_HMAC_SHA1_80": ("AES_CM_128_HMAC_SHA1_80", True),
    "SRTP_AES128_CM_HMAC_SHA1_80": ("AES_CM_128_HMAC_SHA1_80", True),
    "AES_CM_128_HMAC_SHA1_32": ("AES_CM_128_HMAC_SHA1_32", False),
    "SRTP_AES128_CM_HMAC_SHA1_32": ("AES_CM_128_HMAC_SHA1_32", True),
}
FORGED = "HMAC mismatch"

# Makes packets of about 20 ms; by itself it sends 16 large ones.
PACKET_SIZE = 200


def params(secret):
    return base64.b64encode(secret[:30]).decode()


def ffmpeg(bench, *arguments):
    return Program(bench.folder, "ffmpeg", [
        "ffmpeg", "-hide_banner", "-nostats", "-loglevel", "repeat+level+info", *arguments])


def ffmpeg_sender(bench, suite, media, control):
    return ffmpeg(bench, "-i", bench.said_path, "-c:a", "pcm_mulaw", "-f", "rtp", "-rtpflags", "send_bye",
                  "-ssrc", ours.SSRC, "-seq", ours.FIRST, "-srtp_out_suite", suite,
                  "-srtp_out_params", params(ours.SECRET),
                  f"srtp://127.0.0.1:{media}?rtcpport={control}&pkt_size={PACKET_SIZE}")


def ffmpeg_receiver(bench, suite, media):
    sdp = bench.folder / "session.sdp"
    sdp.write_text("\n".join([
        "v=0", "o=- 0 0 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0", f"m=audio {media} RTP/SAVP 0",
        f"a=crypto:1 {suite} inline:{params(ours.SECRET)}", ""]))
    return ffmpeg(bench, "-protocol_whitelist", "file,udp,rtp,srtp", "-i", sdp, "-flush_packets", "1", bench.heard)


class Answer:
    """sipseal is told the session description that ffmpeg writes, and answers it."""

    def __init__(self, bench, suite):
        self.path = bench.folder / "offer.sdp"
        with ffmpeg(bench, "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "0.02", "-c:a", "pcm_mulaw",
                    "-f", "rtp", "-sdp_file", self.path, "-srtp_out_suite", suite, "-srtp_out_params",
                    params(ours.SECRET), f"srtp://127.0.0.1:{free_ports()[0]}") as writer:
            writer.finish_well()
        check(f"a=crypto:1 {suite} inline:{params(ours.SECRET)}" in self.path.read_text(), "it writes another line")

    def options(self):
        return ("--answer", self.path)


def hear(bench, suite, setup):
    """Lets ffmpeg send to sipseal."""
    with bench.receiver(setup) as receiver:
        with ffmpeg_sender(bench, suite, *ours.ports_of(receiver)) as sender:
            sender.finish_well()
        return ours.tally_of(receiver)


def sends(bench, suite, setup=None):
    profile, reports = SUITES[suite]
    tally = hear(bench, suite, setup or ours.Setup(profile))
    sound.check_heard(bench.said, bench.heard)
    packets = tally.rtp[ours.DONE]
    check(tally.rtp == {ours.DONE: packets}, f"SRTP: {tally.rtp}")
    check(packets > 65536 - ours.FIRST, "the sequence numbers did not start again")
    check(tally.sequence == (ours.FIRST, (ours.FIRST + packets - 1) % 65536), f"sequence {tally.sequence}")
    if not reports:
        check(tally.rtcp == {ours.FORGED: 2} and bench.heard_reports.stat().st_size == 0, f"SRTCP: {tally.rtcp}")
        return "speech heard, reports refused for their tags of 4 octets"
    check(tally.rtcp == {ours.DONE: 2}, f"SRTCP: {tally.rtcp}")
    first, last, bye = sound.read_reports(bench.heard_reports.read_bytes())
    check([first[0], last[0], bye[0]] == [sound.SENDER_REPORT, sound.SENDER_REPORT, sound.BYE], "other reports")
    check(struct.unpack(">I12x2I", last[1]) == (ours.SSRC, packets, len(bench.said) // 2), "the report is wrong")
    return "speech heard, reports heard"


def sends_and_is_answered(bench, suite):
    return sends(bench, suite, Answer(bench, suite))


def sends_with_wrong_key(bench, suite):
    tally = hear(bench, suite, ours.Setup(SUITES[suite][0], keys=ours.WRONG_KEYS))
    check(list(tally.rtp) == [ours.FORGED] and tally.rtp[ours.FORGED] > 65536 - ours.FIRST, f"SRTP: {tally.rtp}")
    check(tally.rtcp == {ours.FORGED: 2}, f"SRTCP: {tally.rtcp}")
    sound.check_lost(bench.said, bench.heard)


def receives(bench, suite):
    profile, reports = SUITES[suite]
    media, control = free_ports()
    with ffmpeg_receiver(bench, suite, media) as ffmpeg_:
        ffmpeg_.until("it listened", lambda: is_bound(media, control))
        with bench.sender(ours.Setup(profile), media, control) as sender:
            sender.until("it had sent", sender.lines)
            # A BYE that is taken ends ffmpeg, whatever it has not read by then.
            ffmpeg_.until("it had heard all", lambda: sound.heard_by_now(bench.heard) >= len(bench.said))
            sender.finish_well()
        if reports:
            ffmpeg_.finish_well()
        else:
            ffmpeg_.until("it refused the reports", lambda: ffmpeg_.errors().count(FORGED) == ours.REPORTS)
            check(ffmpeg_.process.poll() is None, "it took the BYE")
        check(reports == (FORGED not in ffmpeg_.errors()), "packets refused")
    sound.check_heard(bench.said, bench.heard)
    return "speech heard, the BYE ends it" if reports else "speech heard, reports refused for their tags of 10 octets"


def receives_with_wrong_key(bench, suite):
    media, control = free_ports()
    with ffmpeg_receiver(bench, suite, media) as ffmpeg_:
        ffmpeg_.until("it listened", lambda: is_bound(media, control))
        with bench.sender(ours.Setup(SUITES[suite][0], keys=ours.WRONG_KEYS), media, control) as sender:
            sender.finish_well()
        ffmpeg_.until("it refused all packets",
                      lambda: ffmpeg_.errors().count(FORGED) == sound.PACKETS + ours.REPORTS)
    sound.check_lost(bench.said, bench.heard)


CASES = {
    "ffmpeg sends": sends,
    "ffmpeg receives": receives,
    "ffmpeg sends, we answer its description": sends_and_is_answered,
    "ffmpeg sends, wrong key: nothing heard": sends_with_wrong_key,
    "ffmpeg receives, wrong key: nothing heard": receives_with_wrong_key,
}


def cases():
    for title, case in CASES.items():
        for suite in SUITES:
            yield title, suite, lambda bench, case=case, suite=suite: case(bench, suite)
