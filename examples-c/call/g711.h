/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#ifndef G711_H
#define G711_H

#include <stddef.h>
#include <stdint.h>

/* Samples per second, and octets per second. */
#define G711_RATE 8000

/* The octet that decodes to silence. */
#define G711_SILENCE 0xff

/* ITU-T G.711 mu-law: RTP payload type 0, PCMU. */
uint8_t g711_encode(int16_t sample);
int16_t g711_decode(uint8_t octet);

void g711_encode_all(uint8_t *octets, const int16_t *samples, size_t count);
void g711_decode_all(int16_t *samples, const uint8_t *octets, size_t count);

#endif
