/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#ifndef RTP_H
#define RTP_H

#include <stddef.h>
#include <stdint.h>

/* RTP as this program sends it: no contributing sources, no header extension (RFC 3550 section 5.1). */
#define RTP_HEADER_LEN 12
#define RTP_PCMU 0

struct rtp {
    uint8_t marker, payload_type;
    uint16_t sequence_number;
    uint32_t timestamp, ssrc;
};

/* Writes a header of RTP_HEADER_LEN octets. */
void rtp_write(uint8_t *octets, const struct rtp *rtp);

/* Reads one. Returns 0, or -1 if the packet is not of this shape. */
int rtp_read(const uint8_t *octets, size_t len, struct rtp *rtp);

/* Numbers in packets are big-endian. */
void put16(uint8_t *octets, uint16_t value);
void put32(uint8_t *octets, uint32_t value);
uint16_t get16(const uint8_t *octets);
uint32_t get32(const uint8_t *octets);

#endif
