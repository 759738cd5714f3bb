/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#include "packets.h"

#include <string.h>

static void put_16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put_32(uint8_t *at, uint32_t value)
{
    put_16(at, (unsigned)(value >> 16));
    put_16(at + 2, (unsigned)(value & 0xffff));
}

/* Appends octets that differ from each other and between packets. */
static void fill(struct packet *packet, size_t len, unsigned seed)
{
    size_t i;

    for (i = 0; i < len; i++)
        packet->data[packet->len++] = (uint8_t)(seed + 37 * i);
}

struct packet packet_rtp(uint32_t ssrc, uint16_t sequence_number, unsigned csrcs,
                         int extension_words, size_t payload_len)
{
    struct packet packet;
    int i;

    memset(&packet, 0, sizeof packet);
    packet.name = "RTP";
    packet.data[0] = (uint8_t)(0x80 | csrcs | (extension_words < 0 ? 0 : 0x10));
    packet.data[1] = 8;
    put_16(packet.data + 2, sequence_number);
    put_32(packet.data + 4, 160 * (uint32_t)sequence_number);
    put_32(packet.data + 8, ssrc);
    packet.len = 12;
    fill(&packet, 4 * (size_t)csrcs, 0x11);
    if (extension_words >= 0) {
        put_16(packet.data + packet.len, 0xbede);
        put_16(packet.data + packet.len + 2, (unsigned)extension_words);
        packet.len += 4;
        for (i = 0; i < extension_words; i++) {
            /* IDs 1, 2 and so on, each with three octets. */
            packet.data[packet.len++] = (uint8_t)((i % 14 + 1) << 4 | 2);
            fill(&packet, 3, 0x22 + (unsigned)i);
        }
    }
    packet.header_len = packet.len;
    fill(&packet, payload_len, sequence_number + ssrc);
    return packet;
}

struct packet packet_speech(uint32_t ssrc, uint16_t sequence_number)
{
    return packet_rtp(ssrc, sequence_number, 0, -1, 20);
}

/* A first RTCP header and `words` further ones. */
static struct packet rtcp(uint32_t ssrc, unsigned count, unsigned type, size_t words)
{
    struct packet packet;

    memset(&packet, 0, sizeof packet);
    packet.name = "RTCP";
    packet.is_rtcp = 1;
    packet.data[0] = (uint8_t)(0x80 | count);
    packet.data[1] = (uint8_t)type;
    put_16(packet.data + 2, (unsigned)(1 + words));
    put_32(packet.data + 4, ssrc);
    packet.header_len = packet.len = 8;
    fill(&packet, 4 * words, 0x33);
    return packet;
}

struct packet packet_sender_report(uint32_t ssrc)
{
    static const uint8_t source[] = { 0x81, 202, 0, 3, 0, 0, 0, 0, 1, 3, 'a', '@', 'b', 0, 0, 0 };
    struct packet packet = rtcp(ssrc, 0, 200, 5);

    memcpy(packet.data + packet.len, source, sizeof source);
    put_32(packet.data + packet.len + 4, ssrc);
    packet.len += sizeof source;
    return packet;
}

struct packet packet_of_kind(size_t kind, uint16_t sequence_number)
{
    switch (kind) {
    case 0: return packet_speech(SSRC, sequence_number);
    case 1: return packet_rtp(SSRC, sequence_number, 0, -1, 0);
    case 2: return packet_rtp(SSRC, sequence_number, 3, -1, 17);
    case 3: return packet_rtp(SSRC, sequence_number, 0, 2, 16);
    case 4: return packet_rtp(SSRC, sequence_number, 15, 0, 1);
    case 5: return packet_rtp(SSRC, sequence_number, 1, 3, 33);
    case 6: return packet_sender_report(SSRC);
    /* Reduced-size: a picture loss indication, and a report without blocks. */
    case 7: return rtcp(SSRC, 1, 206, 1);
    default: return rtcp(SSRC, 0, 201, 0);
    }
}

size_t packet_rtp_header_len(const uint8_t *packet, size_t len)
{
    size_t header_len = 12;

    if (len < 12 || (packet[0] & 0xc0) != 0x80)
        return 0;
    header_len += 4 * (size_t)(packet[0] & 0x0f);
    if (packet[0] & 0x10) {
        if (len < header_len + 4)
            return 0;
        header_len += 4 + 4 * (((size_t)packet[header_len + 2] << 8) + packet[header_len + 3]);
    }
    return len < header_len ? 0 : header_len;
}

int packet_has_elements(const uint8_t *packet, size_t len)
{
    size_t end = packet_rtp_header_len(packet, len), at = 12 + 4 * (size_t)(packet[0] & 0x0f);
    unsigned form;

    if (end == 0 || !(packet[0] & 0x10))
        return 1;
    form = (unsigned)packet[at] << 8 | packet[at + 1];
    at += 4;
    if (form != 0xbede && form >> 4 != 0x100)
        return 1;
    while (at < end) {
        if (packet[at] == 0) {
            at++;
        } else if (form == 0xbede) {
            if (packet[at] >> 4 == 0 || packet[at] >> 4 == 15)
                return 1;
            at += 2 + (size_t)(packet[at] & 0x0f);
        } else {
            if (at + 1 == end)
                return 0;
            at += 2 + (size_t)packet[at + 1];
        }
    }
    return at == end;
}
