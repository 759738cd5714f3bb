/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * sipseal on a bare Cortex-M4: no operating system, no heap, all storage static. After the self-test a phone registers,
 * and a call of each profile goes from a sender to a receiver, with a forged, a replayed and a cut packet in it.
 */

#include <string.h>

#include "registration.h"
#include "semihosting.h"
#include "sipseal.h"
#include "stack.h"

#define WINDOW 64
#define RTP_LEN 172
#define RTP_HEADER_LEN 12
#define REPORT_LEN 40
#define RTP_PACKETS 100
#define REPORT_EVERY 20

#define UNENCRYPTED (SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTP | SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTCP)

/* Those without encryption run only if the program says that this is meant: leave them out of yours. */
static const struct {
    uint32_t profile, flags;
} profiles[] = {
    { SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80, 0 },
    { SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_32, 0 },
    { SIPSEAL_SRTP_AES_192_CM_HMAC_SHA1_80, 0 },
    { SIPSEAL_SRTP_AES_192_CM_HMAC_SHA1_32, 0 },
    { SIPSEAL_SRTP_AES_256_CM_HMAC_SHA1_80, 0 },
    { SIPSEAL_SRTP_AES_256_CM_HMAC_SHA1_32, 0 },
    { SIPSEAL_SRTP_F8_128_HMAC_SHA1_80, 0 },
    { SIPSEAL_SRTP_AEAD_AES_128_GCM, 0 },
    { SIPSEAL_SRTP_AEAD_AES_256_GCM, 0 },
    { SIPSEAL_SRTP_AEAD_AES_128_GCM_8, 0 },
    { SIPSEAL_SRTP_AEAD_AES_256_GCM_8, 0 },
    { SIPSEAL_SRTP_NULL_HMAC_SHA1_80, UNENCRYPTED },
    { SIPSEAL_SRTP_NULL_HMAC_SHA1_32, UNENCRYPTED },
};

#define NAME_LEN 23

/* The profile is agreed on at run time, so the blocks are those of the largest. */
static sipseal_srtp_sender sender;
static uint8_t sender_block[SIPSEAL_SRTP_SENDER_BLOCK_LEN(SIPSEAL_SRTP_LARGEST_PROFILE, 1, 1, WINDOW)];
static sipseal_srtp_receiver receiver;
static uint8_t receiver_block[SIPSEAL_SRTP_RECEIVER_BLOCK_LEN(SIPSEAL_SRTP_LARGEST_PROFILE, 1, 1, WINDOW)];

/* From the linker script. */
extern const char library_start[], library_end[], flash_end[];
extern const char library_data_start[], library_data_end[], library_bss_start[], library_bss_end[];

static int failures;

/* Whether `held`; if not, says what should have. */
static int check(int held, const char *what)
{
    if (!held) {
        semihosting_write("FAILED: ");
        semihosting_write(what);
        semihosting_write("\n");
        failures++;
    }
    return held;
}

/*
 * NOT RANDOM. This board has no generator; on yours, read its peripheral here, wait until it is ready, and
 * return SIPSEAL_RANDOM_FAILED if it reports a fault. A key from a counter like this one protects nothing.
 */
static sipseal_status stand_in_for_random(void *user, uint8_t *out, size_t out_len)
{
    uint32_t *state = user;

    while (out_len-- > 0) {
        *state = *state * 1664525u + 1013904223u;
        *out++ = (uint8_t)(*state >> 24);
    }
    return SIPSEAL_OK;
}

static sipseal_status broken_generator(void *user, uint8_t *out, size_t out_len)
{
    (void)user;
    (void)out;
    (void)out_len;
    return SIPSEAL_RANDOM_FAILED;
}

static uint32_t random_state = 1;

static int make_sender(const sipseal_srtp_layout *layout, const uint8_t *secret, size_t key_len,
                       size_t salt_len)
{
    return check(sipseal_srtp_sender_init(&sender, sender_block, sizeof sender_block, layout, secret,
                                          key_len, secret + key_len, salt_len) >= 0,
                 "sender");
}

static int make_receiver(const sipseal_srtp_layout *layout, const uint8_t *secret, size_t key_len,
                         size_t salt_len)
{
    return check(sipseal_srtp_receiver_init(&receiver, receiver_block, sizeof receiver_block, layout,
                                            secret, key_len, secret + key_len, salt_len) >= 0,
                 "receiver");
}

static int is_zero(const uint8_t *octets, size_t len)
{
    uint8_t any = 0;

    while (len-- > 0)
        any |= *octets++;
    return any == 0;
}

/* Alice offers, bob answers, and both are this program: it sends as alice and hears as bob. */
static int set_up_over_sdes(const sipseal_srtp_layout *layout)
{
    static sipseal_sdes alice, bob;
    const sipseal_sdes_policy policy = { .profiles = &layout->profile, .profiles_len = 1 };
    char offer[SIPSEAL_SDES_MAX_LINE_LEN], answer[SIPSEAL_SDES_MAX_LINE_LEN];
    size_t offer_len, answer_len;
    uint32_t change;
    int done = check(sipseal_sdes_init(&alice) >= 0 && sipseal_sdes_init(&bob) >= 0, "SDES");

    check(sipseal_sdes_offer(&alice, &policy, broken_generator, NULL, offer, sizeof offer, &offer_len) ==
              SIPSEAL_RANDOM_FAILED,
          "no key without random numbers");
    done = done &&
           check(sipseal_sdes_offer(&alice, &policy, stand_in_for_random, &random_state, offer,
                                    sizeof offer, &offer_len) >= 0,
                 "offer") &&
           check(sipseal_sdes_answer(&bob, &policy, offer, offer_len, stand_in_for_random, &random_state,
                                     answer, sizeof answer, &answer_len, &change) >= 0,
                 "answer") &&
           check(sipseal_sdes_take_answer(&alice, &policy, answer, answer_len, &change) >= 0,
                 "the answer is taken") &&
           check(sipseal_sdes_sender_init(&alice, &sender, sender_block, sizeof sender_block, layout) >= 0,
                 "sender") &&
           check(sipseal_sdes_receiver_init(&bob, &receiver, receiver_block, sizeof receiver_block,
                                            layout) >= 0,
                 "receiver") &&
           check(sipseal_sdes_sender_init(&alice, &sender, sender_block, sizeof sender_block, layout) ==
                     SIPSEAL_KEY_IN_USE,
                 "no second sender with the same key");
    sipseal_wipe(offer, sizeof offer);
    sipseal_wipe(answer, sizeof answer);
    check(sipseal_sdes_wipe(&alice) >= 0 && sipseal_sdes_wipe(&bob) >= 0 &&
              is_zero((const uint8_t *)&alice, sizeof alice) && is_zero((const uint8_t *)&bob, sizeof bob),
          "nothing is left of the negotiation");
    return done;
}

/* SDES has no name for a call without encryption, and no sender is made without its flags. */
static int set_up_unencrypted(const sipseal_srtp_layout *layout)
{
    static sipseal_sdes alice;
    const sipseal_sdes_policy policy = { .profiles = &layout->profile, .profiles_len = 1 };
    const size_t key_len = sipseal_srtp_key_len(layout->profile);
    const size_t salt_len = sipseal_srtp_salt_len(layout->profile);
    sipseal_srtp_layout without_flags = *layout;
    uint8_t secret[SIPSEAL_SRTP_MAX_SECRET_LEN];
    char line[SIPSEAL_SDES_MAX_LINE_LEN];
    size_t line_len;
    int done;

    without_flags.flags = 0;
    check(sipseal_sdes_init(&alice) >= 0 &&
              sipseal_sdes_offer(&alice, &policy, stand_in_for_random, &random_state, line, sizeof line,
                                 &line_len) == SIPSEAL_POLICY,
          "no a=crypto line without encryption");
    done = check(stand_in_for_random(&random_state, secret, key_len + salt_len) >= 0, "new key") &&
           check(sipseal_srtp_sender_init(&sender, sender_block, sizeof sender_block, &without_flags,
                                          secret, key_len, secret + key_len, salt_len) ==
                     SIPSEAL_INSECURE,
                 "no sender without encryption by mistake") &&
           make_sender(layout, secret, key_len, salt_len) &&
           make_receiver(layout, secret, key_len, salt_len);
    sipseal_wipe(secret, sizeof secret);
    return done;
}

static int set_up(const sipseal_srtp_layout *layout)
{
    return layout->flags == 0 ? set_up_over_sdes(layout) : set_up_unencrypted(layout);
}

/* Whether the profile is in this build of the library. */
static int is_supported(const sipseal_srtp_layout *layout)
{
    static const uint8_t zeros[SIPSEAL_SRTP_MAX_KEY_LEN];
    const sipseal_status status =
        sipseal_srtp_sender_init(&sender, sender_block, sizeof sender_block, layout, zeros,
                                 sipseal_srtp_key_len(layout->profile), zeros,
                                 sipseal_srtp_salt_len(layout->profile));

    if (status == SIPSEAL_UNSUPPORTED)
        return 0;
    return check(status >= 0 && sipseal_srtp_sender_wipe(&sender) >= 0, "a sender, and gone again");
}

/* 20 ms of G.711. */
static void make_rtp(uint8_t *packet, uint32_t n)
{
    /* Shortly before the sequence number wraps. */
    const uint32_t sequence_number = 65500 + n, timestamp = 160 * n;
    static const uint8_t ssrc[4] = { 0xca, 0xfe, 0xba, 0xbe };
    size_t i;

    packet[0] = 2 << 6;
    packet[1] = 0;
    packet[2] = (uint8_t)(sequence_number >> 8);
    packet[3] = (uint8_t)sequence_number;
    for (i = 0; i < 4; i++)
        packet[4 + i] = (uint8_t)(timestamp >> (24 - 8 * i));
    memcpy(packet + 8, ssrc, 4);
    for (i = RTP_HEADER_LEN; i < RTP_LEN; i++)
        packet[i] = (uint8_t)(n + i);
}

/* A sender report and a canonical name. */
static const uint8_t report[REPORT_LEN] = {
    0x80, 200, 0, 6, 0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 160,
    0, 0, 0, 1, 0, 0, 0, 160,
    0x81, 202, 0, 2, 0xca, 0xfe, 0xba, 0xbe, 1, 1, 'a', 0,
};

typedef sipseal_status unprotect(sipseal_srtp_receiver *, const uint8_t *, size_t, uint8_t *, size_t,
                                 size_t *);

/* A forged and a cut copy come first, then the packet itself, then a replay. All stay in their place. */
static void attack(unprotect *unprotect, const uint8_t *packet, size_t len, size_t trailer_len)
{
    static uint8_t copy[RTP_LEN + SIPSEAL_SRTP_MAX_TRAILER_LEN], before[sizeof copy];
    size_t out_len;

    memcpy(copy, packet, len);
    copy[len / 2] ^= 0x04;
    memcpy(before, copy, len);
    check(unprotect(&receiver, copy, len, copy, sizeof copy, &out_len) ==
              SIPSEAL_AUTHENTICATION_FAILED && out_len == 0,
          "a forged packet is refused");
    check(memcmp(copy, before, len) == 0, "a forged packet stays as it arrived");

    memcpy(copy, packet, len);
    check(unprotect(&receiver, copy, trailer_len + 4, copy, sizeof copy, &out_len) ==
              SIPSEAL_TRUNCATED && out_len == 0,
          "a cut packet is refused");

    check(unprotect(&receiver, copy, len, copy, sizeof copy, &out_len) >= 0 &&
              out_len == len - trailer_len,
          "the packet itself is accepted");

    memcpy(copy, packet, len);
    check(unprotect(&receiver, copy, len, copy, sizeof copy, &out_len) == SIPSEAL_REPLAYED &&
              out_len == 0,
          "a replayed packet is refused");
}

static void send_rtp(uint32_t n, int encrypted)
{
    static uint8_t packet[RTP_LEN + SIPSEAL_SRTP_MAX_TRAILER_LEN], plain[RTP_LEN];
    size_t len;

    make_rtp(packet, n);
    memcpy(plain, packet, RTP_LEN);
    if (!check(sipseal_srtp_sender_protect(&sender, packet, RTP_LEN, packet, sizeof packet, &len) >= 0,
               "protect RTP"))
        return;
    check((memcmp(packet + RTP_HEADER_LEN, plain + RTP_HEADER_LEN, RTP_LEN - RTP_HEADER_LEN) != 0) ==
              encrypted,
          "speech is encrypted, but for profiles that do not");
    if (n == RTP_PACKETS / 2) {
        attack(sipseal_srtp_receiver_unprotect, packet, len, len - RTP_LEN);
        return;
    }
    check(sipseal_srtp_receiver_unprotect(&receiver, packet, len, packet, sizeof packet, &len) >= 0 &&
              len == RTP_LEN && memcmp(packet, plain, RTP_LEN) == 0,
          "RTP comes out as it went in");
}

static void send_report(uint32_t n)
{
    static uint8_t packet[REPORT_LEN + SIPSEAL_SRTP_MAX_TRAILER_LEN];
    size_t len;

    if (!check(sipseal_srtp_sender_protect_rtcp(&sender, report, REPORT_LEN, packet, sizeof packet,
                                                &len) >= 0,
               "protect RTCP"))
        return;
    if (n == RTP_PACKETS / 2) {
        attack(sipseal_srtp_receiver_unprotect_rtcp, packet, len, len - REPORT_LEN);
        return;
    }
    check(sipseal_srtp_receiver_unprotect_rtcp(&receiver, packet, len, packet, sizeof packet, &len) >=
                  0 &&
              len == REPORT_LEN && memcmp(packet, report, REPORT_LEN) == 0,
          "RTCP comes out as it went in");
}

/* What a call needs of the stack. */
struct stack_use {
    uint32_t set_up, packets;
};

static void run_call(const sipseal_srtp_layout *layout, struct stack_use *use)
{
    sipseal_srtp_counters counters;
    uint32_t n;

    stack_paint();
    if (!set_up(layout))
        return;
    use->set_up = stack_peak();
    stack_paint();
    for (n = 0; n < RTP_PACKETS; n++) {
        send_rtp(n, layout->flags == 0);
        if (n % REPORT_EVERY == REPORT_EVERY / 2)
            send_report(n);
    }
    use->packets = stack_peak();
    check(sipseal_srtp_receiver_counters(&receiver, &counters) >= 0 &&
              counters.authentication_failures == 2 && counters.replays == 2,
          "the receiver counts what it refused");
    check(sipseal_srtp_sender_wipe(&sender) >= 0 && is_zero(sender_block, sizeof sender_block),
          "nothing is left of the sender");
    check(sipseal_srtp_receiver_wipe(&receiver) >= 0 && is_zero(receiver_block, sizeof receiver_block),
          "nothing is left of the receiver");
}

static void write_version(void)
{
    semihosting_write("sipseal ");
    semihosting_write_number(sipseal_version() >> 16 & 0xff, 0);
    semihosting_write(".");
    semihosting_write_number(sipseal_version() >> 8 & 0xff, 0);
    semihosting_write(".");
    semihosting_write_number(sipseal_version() & 0xff, 0);
    semihosting_write(" on a Cortex-M4\n\n");
}

static void write_line(const char *what, uint32_t octets)
{
    semihosting_write(what);
    semihosting_write_number(octets, 8);
    semihosting_write("\n");
}

/* In a column of its own, so short names are filled up. */
static void write_name(const char *name)
{
    size_t len = strlen(name);

    semihosting_write(name);
    for (; len < NAME_LEN; len++)
        semihosting_write(" ");
}

static void run_calls(void)
{
    size_t i;

    semihosting_write("octets of                    RAM       RAM     stack     stack\n"
                      "                          sender  receiver    set-up   packets\n");
    for (i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
        const sipseal_srtp_layout layout = { .profile = profiles[i].profile,
                                             .keys = 1,
                                             .streams = 1,
                                             .window = WINDOW,
                                             .flags = profiles[i].flags };
        struct stack_use use = { 0, 0 };

        write_name(sipseal_srtp_profile_name(layout.profile));
        if (!is_supported(&layout)) {
            semihosting_write("  not in this build\n");
            continue;
        }
        run_call(&layout, &use);
        semihosting_write_number(sizeof sender + sipseal_srtp_sender_block_len(&layout), 9);
        semihosting_write_number(sizeof receiver + sipseal_srtp_receiver_block_len(&layout), 10);
        semihosting_write_number(use.set_up, 10);
        semihosting_write_number(use.packets, 10);
        semihosting_write("\n");
    }
}

static void run_registration(void)
{
    enum registration registration;

    stack_paint();
    registration = registration_run();
    if (registration == REGISTRATION_NOT_BUILT)
        semihosting_write("registration: not in this build\n");
    else if (check(registration == REGISTRATION_DONE, "registration"))
        write_line("registered; octets of stack:            ", stack_peak());
}

int main(void)
{
    const uint32_t library_ram = (uint32_t)(library_data_end - library_data_start) +
                                 (uint32_t)(library_bss_end - library_bss_start);

    if (!check(SIPSEAL_CHECK_HEADER() >= 0, "header and library match"))
        return 1;
    write_version();
    stack_paint();
    if (!check(sipseal_self_test() >= 0, "self-test"))
        return 1;
    write_line("self-test passed; octets of stack:      ", stack_peak());
    run_registration();
    semihosting_write("\n");
    run_calls();
    semihosting_write("\n");
    write_line("octets of flash, library:               ", (uint32_t)(library_end - library_start));
    write_line("octets of flash, this program with it:  ", (uint32_t)flash_end);
    write_line("octets of RAM that the library keeps:   ", library_ram);
    check(library_ram == 0, "the library keeps nothing");
    check(stack_was_enough(), "the stack is large enough");
    semihosting_write(failures == 0 ? "\nall passed\n" : "\nFAILED\n");
    return failures == 0 ? 0 : 1;
}
