/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#ifndef SPEECH_H
#define SPEECH_H

#include <stddef.h>
#include <stdint.h>

/* Octets and samples of one packet: 20 ms. */
#define SPEECH_PACKET_LEN 160

/* Packets of silence before the recording. */
#define SPEECH_LEAD_IN 5

/* A shorter call would be over before the late packets arrive. */
#define SPEECH_MIN_PACKETS 100

/* An hour. Whoever has the key could name any later time, and we would make room for it. */
#define SPEECH_MAX_PACKETS 180000u

/* Speech as it travels: mu-law. Starts as zeros. */
struct speech {
    uint8_t *octets;
    size_t packets, cap;
};

/* Makes a call's worth of packets from a WAV file. Returns 0, or -1 having said on stderr what was
 * wrong, as all below. */
int speech_read(struct speech *speech, const char *path);

/* Writes a WAV file. */
int speech_write(const struct speech *speech, const char *path);

/* Puts a packet into its place. What is not heard stays silent. */
int speech_put(struct speech *speech, size_t packet, const uint8_t octets[SPEECH_PACKET_LEN]);

/* How alike two sounds are, from 0 for "not at all" to 1 for "the same" (or -1: upside down), over the
 * length of the shorter: Pearson's correlation. */
double speech_correlation(const struct speech *a, const struct speech *b);

void speech_free(struct speech *speech);

#endif
