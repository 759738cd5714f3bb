/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#ifndef RTCP_H
#define RTCP_H

#include <stddef.h>
#include <stdint.h>

#include "rtp.h"

/* Longest packet that rtcp_write makes. */
#define RTCP_MAX_LEN 120
/* Longer names are cut off. */
#define RTCP_MAX_NAME_LEN 48

/* What a receiver knows of a stream (RFC 3550 appendix A.3). */
struct rtcp_reception {
    int started;
    uint32_t ssrc;
    uint16_t first, highest;
    uint32_t cycles, received;
    uint32_t expected_before, received_before;
};

/* What a report says of its sender. */
struct rtcp_report {
    uint32_t ssrc, timestamp;
    uint32_t packets, octets;
    int bye;
};

/* Counts an authentic packet. */
void rtcp_count(struct rtcp_reception *reception, const struct rtp *rtp);

/* Writes a compound packet: a sender report, with a report block once something was received, the sender's
 * canonical name and, at the end of the call, a BYE. Returns its length, at most RTCP_MAX_LEN. */
size_t rtcp_write(uint8_t *octets, const struct rtcp_report *report, const char *name,
                  struct rtcp_reception *reception);

/* Reads one such packet. Returns 0, or -1 if it is not of this shape. */
int rtcp_read(const uint8_t *octets, size_t len, struct rtcp_report *report);

#endif
