/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Packets to protect. */

#ifndef PACKETS_H
#define PACKETS_H

#include <stddef.h>
#include <stdint.h>

#define SSRC 0xcafebabeu

struct packet {
    const char *name;
    int is_rtcp;
    /* Octets that protection leaves in clear: a shorter packet is truncated. */
    size_t header_len;
    size_t len;
    uint8_t data[128];
};

/* An RTP packet of a stream, with `csrcs` contributing sources; with a header extension of
 * `extension_words`, an element in each, or none if negative. */
struct packet packet_rtp(uint32_t ssrc, uint16_t sequence_number, unsigned csrcs,
                         int extension_words, size_t payload_len);

/* Plain speech: no contributing sources and no header extension. */
struct packet packet_speech(uint32_t ssrc, uint16_t sequence_number);

/* A compound RTCP packet: a sender report and a source description. */
struct packet packet_sender_report(uint32_t ssrc);

/* One of each kind, from PACKET_KINDS, all of SSRC; RTP with this sequence number. */
#define PACKET_KINDS 9
struct packet packet_of_kind(size_t kind, uint16_t sequence_number);

/* Reads the length of an RTP header with all that it announces; 0 if not all of it is there or the
 * version is wrong. Written apart from the library, to be held against it. */
size_t packet_rtp_header_len(const uint8_t *packet, size_t len);

/* Whether the elements of a header extension, if it is one of RFC 8285, end where it does. Likewise. */
int packet_has_elements(const uint8_t *packet, size_t len);

#endif
