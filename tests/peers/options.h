/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#ifndef OPTIONS_H
#define OPTIONS_H

#include "sipseal.h"

#define MAX_KEYS 2

struct master_key {
    /* The master key, followed by the master salt. */
    uint8_t secret[SIPSEAL_SRTP_MAX_SECRET_LEN];
    size_t key_len, salt_len;
    uint8_t mki[SIPSEAL_SRTP_MAX_MKI_LEN];
    size_t mki_len;
};

/* What both programs are told. */
struct options {
    sipseal_srtp_layout layout;
    struct master_key keys[MAX_KEYS];
    uint32_t ssrc;
    /* -1 unless given. */
    int64_t roc;
    uint16_t first_sequence_number;
    uint16_t media_port, control_port;
    /* Packets that are not sent, or not listened to, at the beginning. */
    unsigned long skipped;
    /* The packet from which on the second key is used. */
    unsigned long switched;
    /* A file with the session description of the peer, whose a=crypto line is answered; in place of keys. */
    const char *description;
    /* Files: a sound, and RTCP packets one behind the other. */
    const char *sound, *reports;
};

/* Reads the command line. Returns 0, or -1 having said on stderr what was wrong. */
int options_read(struct options *options, char **arguments);

/* Whether a status is no failure; if it is one, says so on stderr. */
int succeeded(const char *what, sipseal_status status);

#endif
