/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wav.h"

#define PCM 1
/* The format is then in the first two octets of an extension. */
#define EXTENSIBLE 0xfffe
/* An hour of 48 kHz stereo; more is a broken file. */
#define MAX_DATA_LEN 691200000u

struct format {
    unsigned code, channels, bits;
    uint32_t rate;
};

static uint32_t little(const uint8_t *octets, int count)
{
    uint32_t value = 0;

    while (count-- > 0)
        value = value << 8 | octets[count];
    return value;
}

static void put_little(uint8_t *octets, uint32_t value, int count)
{
    int i;

    for (i = 0; i < count; i++)
        octets[i] = (uint8_t)(value >> (8 * i));
}

/* Moves to the data of the next chunk called `id`. */
static int find_chunk(FILE *file, const char *id, uint32_t *len)
{
    uint8_t head[8];

    while (fread(head, 1, sizeof head, file) == sizeof head) {
        *len = little(head + 4, 4);
        if (memcmp(head, id, 4) == 0)
            return 0;
        /* Chunks are padded to an even length. */
        if (*len > 0x7ffffffe || fseek(file, (long)(*len + (*len & 1)), SEEK_CUR) != 0)
            break;
    }
    return -1;
}

static int read_format(FILE *file, struct format *format)
{
    uint8_t riff[12], chunk[40] = { 0 };
    uint32_t len;

    if (fread(riff, 1, sizeof riff, file) != sizeof riff || memcmp(riff, "RIFF", 4) != 0 ||
        memcmp(riff + 8, "WAVE", 4) != 0)
        return -1;
    if (find_chunk(file, "fmt ", &len) != 0 || len < 16 || len > sizeof chunk ||
        fread(chunk, 1, len, file) != len)
        return -1;
    format->code = little(chunk, 2);
    format->channels = little(chunk + 2, 2);
    format->rate = little(chunk + 4, 4);
    format->bits = little(chunk + 14, 2);
    if (format->code == EXTENSIBLE)
        format->code = little(chunk + 24, 2);
    return 0;
}

static int16_t average(const uint8_t *frame, unsigned channels)
{
    int32_t sum = 0;
    unsigned i;

    for (i = 0; i < channels; i++)
        sum += (int16_t)little(frame + 2 * i, 2);
    return (int16_t)(sum / (int32_t)channels);
}

static const char *read_samples(FILE *file, struct wav *wav)
{
    struct format format;
    uint32_t data_len;
    size_t i, frame_len;
    uint8_t *data;

    if (read_format(file, &format) != 0)
        return "not a WAV file";
    if (format.code != PCM || format.bits != 16 || format.channels < 1 || format.channels > 8 ||
        format.rate < 4000 || format.rate > 192000)
        return "not 16-bit PCM of 4 to 192 kHz";
    if (find_chunk(file, "data", &data_len) != 0 || data_len > MAX_DATA_LEN)
        return "no audio data";
    frame_len = 2 * format.channels;
    data = malloc(data_len + 1);
    wav->samples = malloc((data_len / frame_len + 1) * sizeof *wav->samples);
    if (data == NULL || wav->samples == NULL) {
        free(data);
        return "out of memory";
    }
    /* A recording that was cut off says more than it has. */
    wav->count = fread(data, 1, data_len, file) / frame_len;
    wav->rate = format.rate;
    for (i = 0; i < wav->count; i++)
        wav->samples[i] = average(data + i * frame_len, format.channels);
    free(data);
    return NULL;
}

int wav_read(const char *path, struct wav *wav)
{
    const char *wrong;
    FILE *file = fopen(path, "rb");

    wav->samples = NULL;
    if (file == NULL) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return -1;
    }
    wrong = read_samples(file, wav);
    fclose(file);
    if (wrong != NULL) {
        fprintf(stderr, "%s: %s\n", path, wrong);
        free(wav->samples);
        wav->samples = NULL;
        return -1;
    }
    return 0;
}

static int write_samples(FILE *file, const struct wav *wav)
{
    uint8_t head[44], sample[2];
    uint32_t data_len = (uint32_t)(2 * wav->count);
    size_t i;

    memcpy(head, "RIFF....WAVEfmt ", 16);
    put_little(head + 4, 36 + data_len, 4);
    put_little(head + 16, 16, 4);
    put_little(head + 20, PCM, 2);
    put_little(head + 22, 1, 2);
    put_little(head + 24, wav->rate, 4);
    put_little(head + 28, 2 * wav->rate, 4);
    put_little(head + 32, 2, 2);
    put_little(head + 34, 16, 2);
    memcpy(head + 36, "data", 4);
    put_little(head + 40, data_len, 4);
    if (fwrite(head, 1, sizeof head, file) != sizeof head)
        return -1;
    for (i = 0; i < wav->count; i++) {
        put_little(sample, (uint16_t)wav->samples[i], 2);
        if (fwrite(sample, 1, sizeof sample, file) != sizeof sample)
            return -1;
    }
    return 0;
}

int wav_write(const char *path, const struct wav *wav)
{
    FILE *file = fopen(path, "wb");
    int failed;

    if (file == NULL) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return -1;
    }
    failed = write_samples(file, wav);
    if (fclose(file) != 0 || failed) {
        fprintf(stderr, "%s: cannot be written\n", path);
        return -1;
    }
    return 0;
}
