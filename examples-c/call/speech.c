/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "g711.h"
#include "resample.h"
#include "speech.h"
#include "wav.h"

static int out_of_memory(void)
{
    fprintf(stderr, "out of memory\n");
    return -1;
}

/* Makes room; what is new is silent. */
static int grow(struct speech *speech, size_t packets)
{
    if (packets > speech->cap) {
        size_t cap = packets < 2 * speech->cap ? 2 * speech->cap : packets;
        uint8_t *octets = realloc(speech->octets, cap * SPEECH_PACKET_LEN);

        if (octets == NULL)
            return out_of_memory();
        speech->octets = octets;
        speech->cap = cap;
    }
    if (packets > speech->packets) {
        memset(speech->octets + speech->packets * SPEECH_PACKET_LEN, G711_SILENCE,
               (packets - speech->packets) * SPEECH_PACKET_LEN);
        speech->packets = packets;
    }
    return 0;
}

int speech_read(struct speech *speech, const char *path)
{
    struct wav recording, narrow;
    size_t packets;
    int failed;

    if (wav_read(path, &recording) != 0)
        return -1;
    failed = resample(&recording, G711_RATE, &narrow);
    free(recording.samples);
    if (failed)
        return out_of_memory();
    packets = SPEECH_LEAD_IN + (narrow.count + SPEECH_PACKET_LEN - 1) / SPEECH_PACKET_LEN;
    if (packets > SPEECH_MAX_PACKETS) {
        fprintf(stderr, "%s: longer than an hour\n", path);
        free(narrow.samples);
        return -1;
    }
    failed = grow(speech, packets < SPEECH_MIN_PACKETS ? SPEECH_MIN_PACKETS : packets);
    if (!failed)
        g711_encode_all(speech->octets + SPEECH_LEAD_IN * SPEECH_PACKET_LEN, narrow.samples,
                        narrow.count);
    free(narrow.samples);
    return failed;
}

int speech_write(const struct speech *speech, const char *path)
{
    struct wav wav;
    int failed;

    wav.rate = G711_RATE;
    wav.count = speech->packets * SPEECH_PACKET_LEN;
    wav.samples = malloc((wav.count + 1) * sizeof *wav.samples);
    if (wav.samples == NULL)
        return out_of_memory();
    g711_decode_all(wav.samples, speech->octets, wav.count);
    failed = wav_write(path, &wav);
    free(wav.samples);
    return failed;
}

int speech_put(struct speech *speech, size_t packet, const uint8_t octets[SPEECH_PACKET_LEN])
{
    if (grow(speech, packet + 1) != 0)
        return -1;
    memcpy(speech->octets + packet * SPEECH_PACKET_LEN, octets, SPEECH_PACKET_LEN);
    return 0;
}

double speech_correlation(const struct speech *a, const struct speech *b)
{
    size_t packets = a->packets < b->packets ? a->packets : b->packets;
    size_t count = packets * SPEECH_PACKET_LEN, i;
    double sum_a = 0, sum_b = 0, sum_aa = 0, sum_bb = 0, sum_ab = 0, spread;

    for (i = 0; i < count; i++) {
        double x = g711_decode(a->octets[i]), y = g711_decode(b->octets[i]);

        sum_a += x;
        sum_b += y;
        sum_aa += x * x;
        sum_bb += y * y;
        sum_ab += x * y;
    }
    if (count == 0)
        return 0;
    spread = (sum_aa - sum_a * sum_a / (double)count) * (sum_bb - sum_b * sum_b / (double)count);
    return spread > 0 ? (sum_ab - sum_a * sum_b / (double)count) / sqrt(spread) : 0;
}

void speech_free(struct speech *speech)
{
    free(speech->octets);
    memset(speech, 0, sizeof *speech);
}
