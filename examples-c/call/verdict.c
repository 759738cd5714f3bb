/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kinds.h"
#include "phone.h"
#include "signalling.h"

/* How often each kind was sent, and how often the receiver said what it should. */
struct tally {
    size_t sent[KINDS], right[KINDS];
};

static const char *fate(sipseal_status status)
{
    return status >= 0 ? "accepted" : sipseal_status_str(status);
}

/* Goes through what the other phone sent and what came of it, datagram by datagram. Fails if they cannot be
 * told apart, and leaves wrong fates to the table. */
static int judge_channel(const struct phone *phone, const struct ledger *sent,
                         const struct ledger *received, struct tally *tally)
{
    size_t i;

    for (i = 0; i < sent->count; i++) {
        const enum kind kind = (enum kind)sent->entries[i].what;
        sipseal_status status;

        if ((int)kind < 0 || kind >= KINDS) {
            fprintf(stderr, "%s: unknown kind of packet\n", phone->name);
            return -1;
        }
        if (i >= received->count ||
            received->entries[i].fingerprint != sent->entries[i].fingerprint) {
            fprintf(stderr,
                    "%s: NO VERDICT: the machine lost or overtook datagram %zu of %zu (%zu arrived)."
                    " It may be overloaded: run again\n",
                    phone->name, i + 1, sent->count, received->count);
            return -1;
        }
        status = received->entries[i].what;
        tally->sent[kind]++;
        if (status == kind_fate(kind))
            tally->right[kind]++;
        else
            fprintf(stderr, "%s: WRONG: %s: %s\n", phone->name, kind_name(kind), fate(status));
    }
    if (received->count > sent->count) {
        fprintf(stderr, "%s: NO VERDICT: datagrams that %s did not send\n", phone->name, phone->peer);
        return -1;
    }
    return 0;
}

static int print_table(const struct phone *phone, const struct tally *tally)
{
    int kind, result = 0;

    printf("\n%s to %s%*s sent   %s's receiver\n", phone->peer, phone->name,
           (int)(36 - strlen(phone->peer) - strlen(phone->name)), "", phone->name);
    for (kind = 0; kind < KINDS; kind++) {
        printf("  %-37s %4zu   ", kind_name((enum kind)kind), tally->sent[kind]);
        if (tally->right[kind] == tally->sent[kind] && tally->sent[kind] > 0) {
            printf("%s\n", fate(kind_fate((enum kind)kind)));
        } else {
            printf("WRONG: %s: %zu only\n", fate(kind_fate((enum kind)kind)), tally->right[kind]);
            result = -1;
        }
    }
    return result;
}

/* The receiver's own counters have to say the same. */
static int check_counters(struct phone *phone)
{
    sipseal_srtp_counters counters;
    uint32_t forged = 0, replayed = 0, malformed = 0;
    size_t octets = 0, i;
    int channel;

    if (!succeeded(phone, "counters", sipseal_srtp_receiver_counters(&phone->receiver, &counters)))
        return -1;
    for (channel = 0; channel < CHANNELS; channel++) {
        const struct ledger *ledger = &phone->received[channel];

        octets += ledger->octets;
        for (i = 0; i < ledger->count; i++) {
            const sipseal_status status = ledger->entries[i].what;

            forged += status == SIPSEAL_AUTHENTICATION_FAILED;
            replayed += status == SIPSEAL_REPLAYED || status == SIPSEAL_TOO_OLD;
            malformed += status == SIPSEAL_TRUNCATED || status == SIPSEAL_PACKET_VERSION ||
                         status == SIPSEAL_STREAM_LIMIT;
        }
    }
    printf("  %zu datagrams, %zu octets; roll-overs of the sequence number: %u\n"
           "  refused: %u forged, %u replayed or too old, %u malformed or of an unknown SSRC\n",
           phone->received[MEDIA].count + phone->received[CONTROL].count, octets,
           (unsigned)phone->reception.cycles, (unsigned)forged, (unsigned)replayed,
           (unsigned)malformed);
    if (counters.authentication_failures != forged || counters.replays != replayed) {
        fprintf(stderr, "%s: WRONG: the receiver counted %u forged and %u replayed\n", phone->name,
                (unsigned)counters.authentication_failures, (unsigned)counters.replays);
        return -1;
    }
    return 0;
}

/* What the last report says of the other phone's packets has to be true. */
static int check_report(const struct phone *phone)
{
    if (phone->report.bye && phone->report.packets == phone->heard.packets &&
        phone->report.octets == phone->heard.packets * SPEECH_PACKET_LEN &&
        phone->report.ssrc == phone->reception.ssrc)
        return 0;
    fprintf(stderr, "%s: WRONG: the last report does not fit what was heard\n", phone->name);
    return -1;
}

/* Returns 0 if both files have the same octets. */
static int compare_files(const char *a_path, const char *b_path)
{
    FILE *a = fopen(a_path, "rb"), *b = fopen(b_path, "rb");
    int x = 0, y = 1;

    if (a != NULL && b != NULL) {
        do {
            x = getc(a);
            y = getc(b);
        } while (x == y && x != EOF);
        if (ferror(a) || ferror(b))
            y = x + 1;
    }
    if (a != NULL)
        fclose(a);
    if (b != NULL)
        fclose(b);
    return x == y ? 0 : -1;
}

static int check_sound(const struct phone *phone, const char *said, const char *heard,
                       const char *overheard)
{
    const double samples = (double)(phone->heard.packets * SPEECH_PACKET_LEN);
    const double correlation = speech_correlation(&phone->heard, &phone->overheard);
    /* Noise as long as this exceeds it once in hundreds of millions of calls. */
    const double limit = 6 / sqrt(samples);

    if (speech_write(&phone->heard, heard) != 0 || speech_write(&phone->overheard, overheard) != 0)
        return -1;
    printf("  speech heard as it was said, octet by octet: %s\n",
           compare_files(said, heard) == 0 ? "yes" : "NO");
    printf("  correlation of the speech with the ciphertext: %+.4f (noise stays within %.4f)\n", correlation,
           limit);
    if (compare_files(said, heard) != 0) {
        fprintf(stderr, "%s: WRONG: %s and %s differ\n", phone->name, said, heard);
        return -1;
    }
    if (!(fabs(correlation) < limit)) {
        fprintf(stderr, "%s: WRONG: the ciphertext sounds like the speech\n", phone->name);
        return -1;
    }
    return 0;
}

static int judge(struct phone *phone, const struct ledger others[CHANNELS], const char *said,
                 const char *heard, const char *overheard)
{
    struct tally tally;
    int channel, result = 0;

    memset(&tally, 0, sizeof tally);
    for (channel = 0; channel < CHANNELS; channel++)
        if (judge_channel(phone, &others[channel], &phone->received[channel], &tally) != 0)
            return -1;
    result |= print_table(phone, &tally);
    result |= check_counters(phone);
    result |= check_report(phone);
    result |= check_sound(phone, said, heard, overheard);
    fflush(stdout);
    return result;
}

static int give_ledgers(const struct phone *phone)
{
    if (ledger_send(&phone->sent[MEDIA], phone->signalling) != 0)
        return -1;
    return ledger_send(&phone->sent[CONTROL], phone->signalling);
}

static int take_ledgers(const struct phone *phone, struct ledger others[CHANNELS])
{
    if (ledger_receive(&others[MEDIA], phone->signalling) != 0)
        return -1;
    return ledger_receive(&others[CONTROL], phone->signalling);
}

int phone_verdict(struct phone *phone, const char *said, const char *heard, const char *overheard)
{
    struct ledger others[CHANNELS];
    char line[SIGNALLING_CAP];
    size_t len;
    int result;

    /* In turns: were both to send first, two full sockets would wait for each other. So do the tables
     * share the screen. */
    memset(others, 0, sizeof others);
    if (phone->caller) {
        result = give_ledgers(phone);
        if (result == 0)
            result = take_ledgers(phone, others);
        if (result == 0)
            result = signalling_receive(phone->signalling, line, &len);
        if (result == 0)
            result = judge(phone, others, said, heard, overheard);
    } else {
        result = take_ledgers(phone, others);
        if (result == 0)
            result = give_ledgers(phone);
        if (result == 0) {
            result = judge(phone, others, said, heard, overheard);
            if (signalling_send(phone->signalling, "judged", 6) != 0)
                result = -1;
        }
    }
    ledger_free(&others[MEDIA]);
    ledger_free(&others[CONTROL]);
    return result;
}
