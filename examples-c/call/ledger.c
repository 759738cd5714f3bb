/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger.h"
#include "signalling.h"

/* FNV-1a. */
uint64_t ledger_fingerprint(const uint8_t *octets, size_t len)
{
    uint64_t hash = 0xcbf29ce484222325u;

    while (len-- > 0)
        hash = (hash ^ *octets++) * 0x100000001b3u;
    return hash;
}

int ledger_add(struct ledger *ledger, int32_t what, uint64_t fingerprint, size_t len)
{
    if (ledger->count == ledger->cap) {
        size_t cap = ledger->cap == 0 ? 256 : 2 * ledger->cap;
        struct ledger_entry *entries = realloc(ledger->entries, cap * sizeof *entries);

        if (entries == NULL) {
            fprintf(stderr, "out of memory\n");
            return -1;
        }
        ledger->entries = entries;
        ledger->cap = cap;
    }
    ledger->entries[ledger->count].what = what;
    ledger->entries[ledger->count].fingerprint = fingerprint;
    ledger->count++;
    ledger->octets += len;
    return 0;
}

int ledger_send(const struct ledger *ledger, int signalling)
{
    char line[SIGNALLING_CAP];
    size_t i;

    for (i = 0; i < ledger->count; i++) {
        const struct ledger_entry *entry = &ledger->entries[i];

        snprintf(line, sizeof line, "%" PRId32 " %" PRIx64, entry->what, entry->fingerprint);
        if (signalling_send(signalling, line, strlen(line)) != 0)
            return -1;
    }
    return signalling_send(signalling, "end", 3);
}

int ledger_receive(struct ledger *ledger, int signalling)
{
    char line[SIGNALLING_CAP];
    size_t len;
    int32_t what;
    uint64_t fingerprint;

    for (;;) {
        if (signalling_receive(signalling, line, &len) != 0)
            return -1;
        if (strcmp(line, "end") == 0)
            return 0;
        if (sscanf(line, "%" SCNd32 " %" SCNx64, &what, &fingerprint) != 2) {
            fprintf(stderr, "signalling: not a ledger line\n");
            return -1;
        }
        if (ledger_add(ledger, what, fingerprint, 0) != 0)
            return -1;
    }
}

void ledger_free(struct ledger *ledger)
{
    free(ledger->entries);
    memset(ledger, 0, sizeof *ledger);
}
