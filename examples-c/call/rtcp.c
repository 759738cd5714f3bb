/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#include <string.h>
#include <time.h>

#include "rtcp.h"

#define SENDER_REPORT 200
#define DESCRIPTION 202
#define BYE 203

#define SENDER_REPORT_LEN 28
#define BLOCK_LEN 24
#define CNAME 1

/* From 1900, where NTP begins, to 1970. */
#define NTP_EPOCH 2208988800u

void rtcp_count(struct rtcp_reception *reception, const struct rtp *rtp)
{
    uint16_t ahead = (uint16_t)(rtp->sequence_number - reception->highest);

    if (!reception->started) {
        reception->started = 1;
        reception->ssrc = rtp->ssrc;
        reception->first = reception->highest = rtp->sequence_number;
    } else if (ahead < 0x8000) {
        if (rtp->sequence_number < reception->highest)
            reception->cycles++;
        reception->highest = rtp->sequence_number;
    }
    reception->received++;
}

static void put_header(uint8_t *octets, unsigned count, uint8_t type, size_t len)
{
    octets[0] = (uint8_t)(2 << 6 | count);
    octets[1] = type;
    put16(octets + 2, (uint16_t)(len / 4 - 1));
}

/* RFC 3550 section 6.4.1 and appendix A.3. */
static void put_block(uint8_t *octets, struct rtcp_reception *reception)
{
    uint32_t highest = reception->cycles << 16 | reception->highest;
    uint32_t expected = highest - reception->first + 1;
    uint32_t newly_expected = expected - reception->expected_before;
    uint32_t newly_received = reception->received - reception->received_before;
    uint32_t lost = expected > reception->received ? expected - reception->received : 0;
    uint32_t fraction = 0;

    if (newly_expected > newly_received)
        fraction = ((newly_expected - newly_received) << 8) / newly_expected;
    reception->expected_before = expected;
    reception->received_before = reception->received;

    memset(octets, 0, BLOCK_LEN);
    put32(octets, reception->ssrc);
    put32(octets + 4, fraction << 24 | (lost & 0xffffff));
    put32(octets + 8, highest);
    /* Jitter and round trip stay zero: the call may run faster than the clock of the codec. */
}

size_t rtcp_write(uint8_t *octets, const struct rtcp_report *report, const char *name,
                  struct rtcp_reception *reception)
{
    size_t block_len = reception->started ? BLOCK_LEN : 0;
    size_t name_len = strlen(name);
    size_t len = SENDER_REPORT_LEN + block_len, description_len;

    if (name_len > RTCP_MAX_NAME_LEN)
        name_len = RTCP_MAX_NAME_LEN;
    put_header(octets, reception->started ? 1 : 0, SENDER_REPORT, len);
    put32(octets + 4, report->ssrc);
    put32(octets + 8, (uint32_t)time(NULL) + NTP_EPOCH);
    put32(octets + 12, 0);
    put32(octets + 16, report->timestamp);
    put32(octets + 20, report->packets);
    put32(octets + 24, report->octets);
    if (reception->started)
        put_block(octets + SENDER_REPORT_LEN, reception);

    /* One to four zeros end the list of items and fill the last word. */
    description_len = (4 + 4 + 2 + name_len + 4) / 4 * 4;
    memset(octets + len, 0, description_len);
    put_header(octets + len, 1, DESCRIPTION, description_len);
    put32(octets + len + 4, report->ssrc);
    octets[len + 8] = CNAME;
    octets[len + 9] = (uint8_t)name_len;
    memcpy(octets + len + 10, name, name_len);
    len += description_len;

    if (report->bye) {
        put_header(octets + len, 1, BYE, 8);
        put32(octets + len + 4, report->ssrc);
        len += 8;
    }
    return len;
}

int rtcp_read(const uint8_t *octets, size_t len, struct rtcp_report *report)
{
    int named = 0, first = 1;

    memset(report, 0, sizeof *report);
    while (len > 0) {
        size_t part_len;

        if (len < 8 || octets[0] >> 6 != 2)
            return -1;
        part_len = 4 * ((size_t)get16(octets + 2) + 1);
        if (part_len < 8 || part_len > len || first != (octets[1] == SENDER_REPORT))
            return -1;
        if (first) {
            if (part_len < SENDER_REPORT_LEN)
                return -1;
            report->ssrc = get32(octets + 4);
            report->timestamp = get32(octets + 16);
            report->packets = get32(octets + 20);
            report->octets = get32(octets + 24);
            first = 0;
        }
        named |= octets[1] == DESCRIPTION;
        report->bye |= octets[1] == BYE;
        octets += part_len;
        len -= part_len;
    }
    return named ? 0 : -1;
}
