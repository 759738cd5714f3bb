# SPDX-License-Identifier: MIT OR Apache-2.0
"""GStreamer's srtpenc and srtpdec, which work with libsrtp."""

from typing import NamedTuple

import ours
import sound
from wire import Program

CIPHERS = ("null", "aes-128-icm", "aes-256-icm", "aes-128-gcm", "aes-256-gcm")
AUTHS = ("null", "hmac-sha1-32", "hmac-sha1-80")

# Octets of master key and salt.
SECRETS = {"null": 0, "aes-128-icm": 30, "aes-256-icm": 46, "aes-128-gcm": 28, "aes-256-gcm": 44}

PROFILES = {
    "aes-128-icm": "AES_CM_128_HMAC_SHA1_", "aes-256-icm": "AES_256_CM_HMAC_SHA1_",
    "aes-128-gcm": "AEAD_AES_128_GCM", "aes-256-gcm": "AEAD_AES_256_GCM",
}


class Crypto(NamedTuple):
    """What srtpenc and srtpdec are told."""

    rtp_cipher: str
    rtp_auth: str
    rtcp_cipher: str
    rtcp_auth: str

    def __str__(self):
        short = (word.removeprefix("hmac-sha1-").removeprefix("aes-") for word in self)
        return "{}/{}+{}/{}".format(*short)

    def secret(self, secret=ours.SECRET):
        # Two null ciphers take no key, but want to be given one.
        return secret[:max(SECRETS[self.rtp_cipher], SECRETS[self.rtcp_cipher]) or 30].hex()

    def setup(self, keys=((ours.SECRET, b""),)):
        """The nearest that sipseal has."""
        profile = PROFILES.get(self.rtp_cipher) or PROFILES.get(self.rtcp_cipher, PROFILES["aes-128-icm"])
        flags = []
        if not is_gcm(self.rtp_cipher) and self.rtp_auth == "null":
            flags.append("--unauthenticated-srtp")
        if self.rtp_cipher == "null":
            flags.append("--unencrypted-srtp")
        if self.rtcp_cipher == "null":
            flags.append("--unencrypted-srtcp")
        if profile.endswith("_"):
            profile += "32" if self.rtp_auth == "hmac-sha1-32" else "80"
        return ours.Setup(profile, tuple(flags), keys)


def is_gcm(cipher):
    return cipher.endswith("gcm")


def is_icm(cipher):
    return cipher.endswith("icm")


def launch(bench, *words):
    return Program(bench.folder, "gst-launch", ["gst-launch-1.0", "-q", *" ".join(map(str, words)).split()], {
        "GST_REGISTRY": bench.programs / "gst-registry", "GST_DEBUG": "srtp*:2,udpsrc:6", "GST_DEBUG_NO_COLOR": "1"})


def sender(bench, crypto, media, control, *encoder):
    """Sends speech as fast as it can, and reports that were written here."""
    for i, octets in enumerate(reports()):
        (bench.folder / f"report-{i}").write_bytes(octets)
    return launch(
        bench, *_encoder(crypto, *encoder), *_speech(bench), "! e.rtp_sink_0 e.rtp_src_0 !",
        f"udpsink host=127.0.0.1 port={media} sync=false",
        f"multifilesrc location={bench.folder}/report-%d stop-index={ours.REPORTS - 1} caps=application/x-rtcp",
        f"! e.rtcp_sink_0 e.rtcp_src_0 ! udpsink host=127.0.0.1 port={control} sync=false")


def reports():
    return [sound.report(ours.SSRC, i) for i in range(ours.REPORTS)]


def session(bench, crypto, media, control):
    """Sends speech in its time, and reports of its own."""
    return launch(
        bench, *_encoder(crypto), "rtpsession name=s rtcp-min-interval=100000000", *_speech(bench),
        "! s.send_rtp_sink s.send_rtp_src ! e.rtp_sink_0 e.rtp_src_0 !",
        f"udpsink host=127.0.0.1 port={media}",
        "s.send_rtcp_src ! e.rtcp_sink_0 e.rtcp_src_0 !",
        f"udpsink host=127.0.0.1 port={control} sync=false async=false")


def _encoder(crypto, *more):
    return (f"srtpenc name=e key={crypto.secret()} rtp-cipher={crypto.rtp_cipher} rtp-auth={crypto.rtp_auth}",
            f"rtcp-cipher={crypto.rtcp_cipher} rtcp-auth={crypto.rtcp_auth}", *more)


def _speech(bench):
    return (f"filesrc location={bench.said_path} ! wavparse ! mulawenc ! rtppcmupay ssrc={ours.SSRC}",
            f"seqnum-offset={ours.FIRST} timestamp-offset=0 min-ptime=20000000 max-ptime=20000000")


def receiver(bench, crypto, media, control, *more, packets=sound.PACKETS):
    """Ends by itself when so many packets and all reports have arrived.

    Only one pad is told the keys: told both, srtpdec may make the stream twice at the same time, and crash."""
    caps = ",".join([
        "application/x-srtp", "media=audio", "clock-rate=8000", "encoding-name=PCMU", "payload=0",
        f"ssrc=(uint){ours.SSRC}", f"srtp-key=(buffer){crypto.secret()}",
        f"srtp-cipher=(string){crypto.rtp_cipher}", f"srtp-auth=(string){crypto.rtp_auth}",
        f"srtcp-cipher=(string){crypto.rtcp_cipher}", f"srtcp-auth=(string){crypto.rtcp_auth}", *more])
    return launch(
        bench, f"udpsrc name=media address=127.0.0.1 port={media} num-buffers={packets} caps={caps}",
        f"! srtpdec name=d ! rtppcmudepay ! mulawdec ! wavenc ! filesink location={bench.heard}",
        f"udpsrc name=control address=127.0.0.1 port={control} num-buffers={ours.REPORTS} caps=application/x-srtcp",
        f"! d.rtcp_sink d.rtcp_src ! filesink async=false location={bench.heard_reports}")


def wait_until_ready(program):
    """Until a receiver waits for packets, which it does once it has made the stream."""
    program.until("it was ready", lambda: all(
        f"<{source}> doing select" in program.errors() for source in ("media", "control")))
