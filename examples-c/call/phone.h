/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#ifndef PHONE_H
#define PHONE_H

#include "ledger.h"
#include "rtcp.h"
#include "sipseal.h"
#include "speech.h"

/* RTP and RTCP have a port each. */
enum { MEDIA, CONTROL, CHANNELS };

/* Room for any packet of this program, protected. Reports are shorter than speech. */
#define PACKET_CAP (RTP_HEADER_LEN + SPEECH_PACKET_LEN + SIPSEAL_SRTP_MAX_TRAILER_LEN)

/* One end of the call. It holds a sender and a receiver, so it must not be moved. */
struct phone {
    const char *name, *peer;
    int caller;
    int signalling;
    int sockets[CHANNELS];

    sipseal_sdes keys;
    uint32_t profile;
    sipseal_srtp_sender sender;
    sipseal_srtp_receiver receiver;
    uint8_t *sender_block, *receiver_block;

    /* What went out and as what, what came in and what the receiver said. */
    struct ledger sent[CHANNELS], received[CHANNELS];

    /* What the receiver let through, and what the same packets were before. */
    struct speech heard, overheard;
    uint32_t first_timestamp;
    struct rtcp_reception reception;
    struct rtcp_report report;
};

/* Whether a status is no failure; if it is one, says so on stderr. */
int succeeded(const struct phone *phone, const char *what, sipseal_status status);

/* All of these return 0, or -1 having said on stderr what was wrong. */

/* setup.c: agrees on ports and keys, and prints the a=crypto lines that it sends, without their keys. */
int phone_call(struct phone *phone, uint32_t profile);
int phone_answer(struct phone *phone);

/* talk.c: sends speech as packets of 20 ms, a packet per `interval_ms`, with forgeries and replays among
 * them, and hears the other phone, until both are done. */
int phone_talk(struct phone *phone, const struct speech *speech, int interval_ms);

/* listen.c: takes all datagrams that have arrived. */
int phone_listen(struct phone *phone);

/* verdict.c: learns what the other phone sent and prints what became of it. Fails if anything had another
 * fate than it should. The files are what was said, to compare, and what was heard, to write. */
int phone_verdict(struct phone *phone, const char *said, const char *heard, const char *overheard);

/* setup.c: wipes the keys and gives everything back. */
int phone_close(struct phone *phone);

#endif
