/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#ifndef RESAMPLE_H
#define RESAMPLE_H

#include "wav.h"

/* Brings a recording to `rate`, without the frequencies that the lower of both rates cannot carry. On
 * success the samples of `out` are to be freed. Returns 0, or -1 if memory is out. */
int resample(const struct wav *in, uint32_t rate, struct wav *out);

#endif
