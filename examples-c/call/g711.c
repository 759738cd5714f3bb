/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#include "g711.h"

/* Makes every segment begin at a power of two. */
#define BIAS 0x84

uint8_t g711_encode(int16_t sample)
{
    int sign = sample < 0 ? 0x80 : 0;
    int32_t magnitude = sample < 0 ? -(int32_t)sample : sample;
    int segment = 7;

    if (magnitude > 0x7fff - BIAS)
        magnitude = 0x7fff - BIAS;
    magnitude += BIAS;
    while (segment > 0 && !(magnitude & (0x80 << segment)))
        segment--;
    /* The line carries the complement, which keeps zero bits rare in quiet speech. */
    return (uint8_t)~(sign | segment << 4 | (magnitude >> (segment + 3) & 0x0f));
}

int16_t g711_decode(uint8_t octet)
{
    int code = ~octet & 0xff;
    int magnitude = (((code & 0x0f) << 3) + BIAS) << (code >> 4 & 7);

    magnitude -= BIAS;
    return (int16_t)(code & 0x80 ? -magnitude : magnitude);
}

void g711_encode_all(uint8_t *octets, const int16_t *samples, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        octets[i] = g711_encode(samples[i]);
}

void g711_decode_all(int16_t *samples, const uint8_t *octets, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        samples[i] = g711_decode(octets[i]);
}
