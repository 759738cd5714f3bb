/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#include "rtp.h"

void put16(uint8_t *octets, uint16_t value)
{
    octets[0] = (uint8_t)(value >> 8);
    octets[1] = (uint8_t)value;
}

void put32(uint8_t *octets, uint32_t value)
{
    put16(octets, (uint16_t)(value >> 16));
    put16(octets + 2, (uint16_t)value);
}

uint16_t get16(const uint8_t *octets)
{
    return (uint16_t)(octets[0] << 8 | octets[1]);
}

uint32_t get32(const uint8_t *octets)
{
    return (uint32_t)get16(octets) << 16 | get16(octets + 2);
}

/*    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 *   |                           timestamp                           |
 *   |                             SSRC                              |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
void rtp_write(uint8_t *octets, const struct rtp *rtp)
{
    octets[0] = 2 << 6;
    octets[1] = (uint8_t)((rtp->marker ? 0x80 : 0) | rtp->payload_type);
    put16(octets + 2, rtp->sequence_number);
    put32(octets + 4, rtp->timestamp);
    put32(octets + 8, rtp->ssrc);
}

int rtp_read(const uint8_t *octets, size_t len, struct rtp *rtp)
{
    if (len < RTP_HEADER_LEN || octets[0] != 2 << 6)
        return -1;
    rtp->marker = octets[1] >> 7;
    rtp->payload_type = octets[1] & 0x7f;
    rtp->sequence_number = get16(octets + 2);
    rtp->timestamp = get32(octets + 4);
    rtp->ssrc = get32(octets + 8);
    return 0;
}
