/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#ifndef WAV_H
#define WAV_H

#include <stddef.h>
#include <stdint.h>

/* One channel of 16-bit samples. */
struct wav {
    int16_t *samples;
    size_t count;
    uint32_t rate;
};

/* Reads a file of 16-bit PCM; the channels are averaged. On success `samples` is to be freed. Returns 0,
 * or -1 having said on stderr what was wrong. */
int wav_read(const char *path, struct wav *wav);

/* Writes one channel. Returns 0, or -1 having said on stderr what was wrong. */
int wav_write(const char *path, const struct wav *wav);

#endif
