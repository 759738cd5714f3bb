/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Runs the suites:  sipseal-tests [-n MUTATIONS] [-x] [SUITE...]
 *
 * -x  buffers exactly as long as they are said to be, for tools that see every octet outside of them;
 *     without it, patterns around each buffer are checked.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "memory.h"
#include "sipseal.h"
#include "suites.h"

struct check check;
unsigned long mutations = 250000;

#define MAX_PRINTED 20

void check_equal(long long actual, long long expected, const char *text, const char *file, int line)
{
    check.done++;
    if (actual == expected)
        return;
    if (++check.failed > MAX_PRINTED)
        return;
    printf("%s:%d: %s", file, line, text);
    if (expected != 0 || actual != 1)
        printf(" is %lld, not %lld", actual, expected);
    if (check.caller && strcmp(check.caller, file) != 0)
        printf(", called at %s:%d", check.caller, check.caller_line);
    if (check.what)
        printf(" (%s: %lu, %lu)", check.what, check.at[0], check.at[1]);
    printf("\n");
}

static const struct {
    const char *name;
    void (*run)(void);
} suites[] = {
    { "status", test_status },
    { "layouts", test_layouts },
    { "objects", test_objects },
    { "pointers", test_pointers },
    { "overlap", test_overlap },
    { "capacities", test_capacities },
    { "headers", test_headers },
    { "lengths", test_lengths },
    { "replay", test_replay },
    { "streams", test_streams },
    { "in_place", test_in_place },
    { "rtcp", test_rtcp },
    { "flags", test_flags },
    { "keys", test_keys },
    { "rekey", test_rekey },
    { "stream_control", test_stream_control },
    { "roc", test_roc },
    { "carried_roc", test_carried_roc },
    { "elements", test_elements_encrypted },
    { "cryptex", test_cryptex },
    { "accelerator", test_accelerator },
    { "digest", test_digest },
    { "digest_misuse", test_digest_misuse },
    { "sdes_lines", test_sdes_lines },
    { "sdes_calls", test_sdes_calls },
    { "digest_server", test_digest_server },
    { "mutations", test_mutations },
};

#define SUITES (sizeof suites / sizeof *suites)

static int wanted(const char *name, int count, char **names)
{
    int i;

    for (i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return 1;
    return count == 0;
}

int main(int argc, char **argv)
{
    int first = 1, passed = 0, failed = 0;
    size_t i;

    for (; first < argc && argv[first][0] == '-'; first++) {
        if (strcmp(argv[first], "-x") == 0)
            memory_exact = 1;
        else if (strcmp(argv[first], "-n") == 0 && first + 1 < argc)
            mutations = strtoul(argv[++first], NULL, 10);
        else
            return fprintf(stderr, "sipseal-tests [-n MUTATIONS] [-x] [SUITE...]\n"), 2;
    }

    for (i = 0; i < SUITES; i++) {
        if (!wanted(suites[i].name, argc - first, argv + first))
            continue;
        memset(&check, 0, sizeof check);
        suites[i].run();
        printf("%-14s %8lu checks, %lu failed\n", suites[i].name, check.done, check.failed);
        fflush(stdout);
        if (check.failed || check.done == 0)
            failed++;
        else
            passed++;
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed || !passed;
}
