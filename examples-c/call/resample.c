/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#include <math.h>
#include <stdlib.h>

#include "resample.h"

#define PI 3.14159265358979323846
/* Zero crossings of the filter on each side: enough for speech. */
#define CROSSINGS 16
/* Leaves the filter room to fall before half the rate. */
#define PASS 0.9

/* A low-pass filter: the ideal one, faded out by a Hann window. `x` counts its zero crossings. */
static double filter(double x)
{
    if (fabs(x) >= CROSSINGS)
        return 0;
    if (fabs(x) < 1e-9)
        return 1;
    return sin(PI * x) / (PI * x) * (0.5 + 0.5 * cos(PI * x / CROSSINGS));
}

/* The signal at a moment between two samples. `cutoff` is in zero crossings per sample. */
static int16_t sample_at(const struct wav *in, double moment, double cutoff)
{
    double reach = CROSSINGS / cutoff, sum = 0, weights = 0;
    long first = (long)ceil(moment - reach), last = (long)floor(moment + reach), i;

    for (i = first; i <= last; i++) {
        double weight = filter((moment - (double)i) * cutoff);

        weights += weight;
        if (i >= 0 && (size_t)i < in->count)
            sum += weight * in->samples[i];
    }
    sum = floor(sum / weights + 0.5);
    return (int16_t)(sum > 32767 ? 32767 : sum < -32768 ? -32768 : sum);
}

int resample(const struct wav *in, uint32_t rate, struct wav *out)
{
    double step = (double)in->rate / rate;
    double cutoff = PASS * (step > 1 ? 1 / step : 1);
    size_t i;

    out->rate = rate;
    out->count = (size_t)((double)in->count / step);
    out->samples = malloc((out->count + 1) * sizeof *out->samples);
    if (out->samples == NULL)
        return -1;
    for (i = 0; i < out->count; i++)
        out->samples[i] = in->rate == rate ? in->samples[i] : sample_at(in, (double)i * step, cutoff);
    return 0;
}
