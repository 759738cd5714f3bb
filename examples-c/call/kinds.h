/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#ifndef KINDS_H
#define KINDS_H

#include <stddef.h>
#include <stdint.h>

#include "sipseal.h"

/* What a phone puts on the wire, honestly or not. */
enum kind {
    SPEECH,
    SPEECH_SWAPPED,
    SPEECH_LATE,
    SPEECH_TOO_LATE,
    REPLAY_OF_LAST,
    REPLAY_IN_WINDOW,
    REPLAY_BELOW_WINDOW,
    FORGED_TIMESTAMP,
    FORGED_SEQUENCE,
    FORGED_SSRC,
    FORGED_VERSION,
    FORGED_PAYLOAD,
    FORGED_TAG,
    CUT_PAYLOAD,
    CUT_HEADER,
    REPORT,
    REPORT_REPLAY,
    REPORT_FORGED,
    REPORT_IN_CLEAR,
    REPORT_CUT,
    KINDS
};

/* Packets in the replay windows of this call. */
#define WINDOW 64

/* What to call it in the table. */
const char *kind_name(enum kind kind);

/* What the receiver has to answer to it. */
sipseal_status kind_fate(enum kind kind);

/* Makes a forged or cut copy of a protected packet at `out`, which has room for as much, and returns its
 * length. */
size_t kind_forge(enum kind kind, uint32_t profile, const uint8_t *packet, size_t len, uint8_t *out);

#endif
