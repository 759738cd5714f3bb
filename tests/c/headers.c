/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Header fields that do not fit the packet. */

#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

/* Refused when sent and, with a trailer behind it, when received. */
static void refuse_both(struct phone *phone, const struct packet *packet, sipseal_status expected)
{
    size_t trailer = packet->is_rtcp ? phone->profile->rtcp_trailer_len
                                     : phone->profile->rtp_trailer_len;
    struct area wire = area_of(packet->data, packet->len, packet->len + trailer);

    phone_refuse(phone, packet->is_rtcp ? PROTECT_RTCP : PROTECT, packet->data, packet->len,
                 expected);
    phone_refuse(phone, packet->is_rtcp ? UNPROTECT_RTCP : UNPROTECT, wire.data, wire.len,
                 expected);
    area_free(&wire);
}

static void versions(struct phone *phone)
{
    static const uint8_t wrong[] = { 0, 1, 3 };
    size_t kind, v;

    for (kind = 0; kind < PACKET_KINDS; kind++) {
        for (v = 0; v < sizeof wrong; v++) {
            struct packet packet = packet_of_kind(kind, 1);

            CHECK_ROUND("version: kind, version", kind, wrong[v]);
            packet.data[0] = (uint8_t)((packet.data[0] & 0x3f) | wrong[v] << 6);
            refuse_both(phone, &packet, SIPSEAL_PACKET_VERSION);
        }
    }
}

/* Each count of contributing sources, with its last octet missing and without payload. */
static void contributing_sources(struct phone *phone)
{
    unsigned csrcs;

    for (csrcs = 1; csrcs <= 15; csrcs++) {
        struct packet packet = packet_rtp(SSRC, (uint16_t)(100 + csrcs), csrcs, -1, 0);

        CHECK_ROUND("CSRC", csrcs, 0);
        packet.len--;
        refuse_both(phone, &packet, SIPSEAL_TRUNCATED);
        packet.len = 12;
        refuse_both(phone, &packet, SIPSEAL_TRUNCATED);
        packet.len = packet.header_len;
        phone_pass(phone, &packet);
    }
}

static void extensions(struct phone *phone)
{
    struct packet packet;
    unsigned csrcs, words;
    size_t len;

    for (csrcs = 0; csrcs <= 15; csrcs += 5) {
        /* Cut inside the four octets that say how long the extension is. */
        packet = packet_rtp(SSRC, 200, csrcs, 0, 0);
        for (len = packet.header_len - 4; len < packet.header_len; len++) {
            struct packet cut = packet;

            CHECK_ROUND("extension header: CSRC, length", csrcs, len);
            cut.len = len;
            refuse_both(phone, &cut, SIPSEAL_TRUNCATED);
        }

        /* Announces one word more than there is, then 256, then as many as can be said. */
        for (words = 0; words <= 4; words++) {
            packet = packet_rtp(SSRC, (uint16_t)(210 + 5 * csrcs + words), csrcs, (int)words, 3);
            CHECK_ROUND("extension: CSRC, words", csrcs, words);
            packet.data[packet.header_len - 4 * words - 1]++;
            refuse_both(phone, &packet, SIPSEAL_TRUNCATED);
            packet.data[packet.header_len - 4 * words - 1]--;
            packet.data[packet.header_len - 4 * words - 2] = 1;
            refuse_both(phone, &packet, SIPSEAL_TRUNCATED);
            packet.data[packet.header_len - 4 * words - 2] = 0xff;
            packet.data[packet.header_len - 4 * words - 1] = 0xff;
            refuse_both(phone, &packet, SIPSEAL_TRUNCATED);
            packet.data[packet.header_len - 4 * words - 2] = 0;
            packet.data[packet.header_len - 4 * words - 1] = (uint8_t)words;
            phone_pass(phone, &packet);
        }
    }
}

/* What SRTP does not look at: padding, marker, payload type, and RTCP's count, type and length. */
static void not_looked_at(struct phone *phone)
{
    struct packet packet;
    unsigned bit;

    for (bit = 0; bit < 8; bit++) {
        packet = packet_speech(SSRC, (uint16_t)(400 + bit));
        packet.data[1] ^= (uint8_t)(1u << bit);
        packet.data[0] |= 0x20;
        phone_pass(phone, &packet);

        packet = packet_sender_report(SSRC);
        packet.data[1] ^= (uint8_t)(1u << bit);
        packet.data[0] |= (uint8_t)(1u << bit & 0x3f);
        packet.data[2] = packet.data[3] = 0xff;
        phone_pass(phone, &packet);
    }
}

void test_headers(void)
{
    struct phone phone;
    size_t p;

    for (p = 0; p < ALL_PROFILES; p++) {
        phone_open(&phone, profile_at(p), 1, 1024);
        versions(&phone);
        contributing_sources(&phone);
        extensions(&phone);
        not_looked_at(&phone);
        phone_close(&phone);
    }
}
