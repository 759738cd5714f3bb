/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#include <string.h>

#include "kinds.h"
#include "rtp.h"

/* What SRTCP leaves in clear. */
#define RTCP_HEADER_LEN 8
/* The E flag and index of SRTCP. */
#define RTCP_INDEX_LEN 4

static const struct {
    const char *name;
    sipseal_status fate;
} kinds[KINDS] = {
    { "speech, in order", SIPSEAL_OK },
    { "speech, overtaken by the next packet", SIPSEAL_OK },
    { "speech, late: 63 behind", SIPSEAL_OK },
    { "speech, too late: 64 behind", SIPSEAL_TOO_OLD },
    { "replay of the packet just sent", SIPSEAL_REPLAYED },
    { "replay, 63 behind", SIPSEAL_REPLAYED },
    { "replay, 64 behind", SIPSEAL_TOO_OLD },
    { "forged timestamp", SIPSEAL_AUTHENTICATION_FAILED },
    { "forged sequence number, far ahead", SIPSEAL_AUTHENTICATION_FAILED },
    { "forged SSRC", SIPSEAL_STREAM_LIMIT },
    { "forged version", SIPSEAL_PACKET_VERSION },
    { "one bit of speech flipped", SIPSEAL_AUTHENTICATION_FAILED },
    { "one bit of the tag flipped", SIPSEAL_AUTHENTICATION_FAILED },
    { "cut off in the speech", SIPSEAL_AUTHENTICATION_FAILED },
    { "cut off in the header", SIPSEAL_TRUNCATED },
    { "RTCP report", SIPSEAL_OK },
    { "RTCP report, replayed", SIPSEAL_REPLAYED },
    { "RTCP report, one bit flipped", SIPSEAL_AUTHENTICATION_FAILED },
    { "RTCP report, marked as unencrypted", SIPSEAL_AUTHENTICATION_FAILED },
    { "RTCP report, cut off", SIPSEAL_TRUNCATED },
};

const char *kind_name(enum kind kind)
{
    return kinds[kind].name;
}

sipseal_status kind_fate(enum kind kind)
{
    return kinds[kind].fate;
}

/* The E flag is the first bit of the index. AES-GCM has the index behind the tag, AES-CM before it. */
static size_t e_flag_at(uint32_t profile, size_t len)
{
    if (profile == SIPSEAL_SRTP_AEAD_AES_128_GCM || profile == SIPSEAL_SRTP_AEAD_AES_256_GCM)
        return len - RTCP_INDEX_LEN;
    return len - sipseal_srtp_rtcp_trailer_len(profile);
}

size_t kind_forge(enum kind kind, uint32_t profile, const uint8_t *packet, size_t len, uint8_t *out)
{
    memcpy(out, packet, len);
    switch (kind) {
    case FORGED_TIMESTAMP:
        put32(out + 4, get32(out + 4) + 160);
        break;
    case FORGED_SEQUENCE:
        /* Believed, it would push the window past all that is to come. */
        put16(out + 2, (uint16_t)(get16(out + 2) + 1000));
        break;
    case FORGED_SSRC:
        out[11] ^= 1;
        break;
    case FORGED_VERSION:
        out[0] ^= 0x40;
        break;
    case FORGED_PAYLOAD:
    case REPORT_FORGED:
        out[RTP_HEADER_LEN + 4] ^= 0x10;
        break;
    case FORGED_TAG:
        out[len - 1] ^= 0x01;
        break;
    case CUT_PAYLOAD:
        return len - 40;
    case CUT_HEADER:
        return RTP_HEADER_LEN + sipseal_srtp_rtp_trailer_len(profile) - 1;
    case REPORT_IN_CLEAR:
        out[e_flag_at(profile, len)] ^= 0x80;
        break;
    case REPORT_CUT:
        return RTCP_HEADER_LEN + sipseal_srtp_rtcp_trailer_len(profile) - 1;
    default:
        break;
    }
    return len;
}
