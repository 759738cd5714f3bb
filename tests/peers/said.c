/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Makes of a recording what survives G.711, as 8 kHz, in whole packets: whoever encodes it again, and decodes
 * that, has the same samples.
 *
 *     said FROM.wav TO.wav
 */

#include <stdio.h>

#include "speech.h"

int main(int argc, char **argv)
{
    struct speech speech = { NULL, 0, 0 };
    int failed;

    if (argc != 3) {
        fprintf(stderr, "said FROM.wav TO.wav\n");
        return 2;
    }
    failed = speech_read(&speech, argv[1]) != 0 || speech_write(&speech, argv[2]) != 0;
    speech_free(&speech);
    return failed;
}
