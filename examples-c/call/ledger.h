/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#ifndef LEDGER_H
#define LEDGER_H

#include <stddef.h>
#include <stdint.h>

/* One datagram: what it was sent as (a kind) or what the receiver said (a status), and a fingerprint, to
 * find it on the other side. */
struct ledger_entry {
    int32_t what;
    uint64_t fingerprint;
};

/* All datagrams of one socket, in order. Starts as zeros. */
struct ledger {
    struct ledger_entry *entries;
    size_t count, cap;
    size_t octets;
};

/* The fingerprint of a datagram. It tells our own packets apart and keeps nobody from imitating one. */
uint64_t ledger_fingerprint(const uint8_t *octets, size_t len);

/* Returns 0, or -1 having said on stderr what was wrong, as all below. */
int ledger_add(struct ledger *ledger, int32_t what, uint64_t fingerprint, size_t len);

/* Sends a ledger to the other phone, or takes that of the other phone. */
int ledger_send(const struct ledger *ledger, int signalling);
int ledger_receive(struct ledger *ledger, int signalling);

void ledger_free(struct ledger *ledger);

#endif
