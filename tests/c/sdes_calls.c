/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Offers, answers, and the calls that they make. */

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

/* A source of randomness that can fail, and keeps an account of what it was asked for. */
struct source {
    sipseal_status answer;
    unsigned calls;
    uint32_t state;
};

static sipseal_status draw(void *user, uint8_t *out, size_t out_len)
{
    struct source *source = user;

    source->calls++;
    /* A source that fails may have written already. */
    while (out_len-- > 0) {
        source->state = source->state * 1664525u + 1013904223u;
        *out++ = (uint8_t)(source->state >> 24);
    }
    return source->answer;
}

/* Two phones, and the texts between them in areas of exactly their sizes. */
struct pair {
    struct source source;
    sipseal_sdes alice, bob;
    struct area offer, answer;
    size_t offer_len, answer_len;
    uint32_t of_alice, of_bob;
};

static void call_open(struct pair *call)
{
    static const struct source fresh = { SIPSEAL_OK, 0, 1 };

    memset(call, 0, sizeof *call);
    call->source = fresh;
    CHECK_EQUAL(sipseal_sdes_init(&call->alice), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_sdes_init(&call->bob), SIPSEAL_OK);
    call->offer = area_new(2048);
    call->answer = area_new(512);
}

static void call_close(struct pair *call)
{
    CHECK_EQUAL(sipseal_sdes_wipe(&call->alice), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_sdes_wipe(&call->bob), SIPSEAL_OK);
    CHECK(all_zero(&call->alice, sizeof call->alice) && all_zero(&call->bob, sizeof call->bob));
    area_free(&call->offer);
    area_free(&call->answer);
}

static sipseal_status offer(struct pair *call, const sipseal_sdes_policy *policy)
{
    return sipseal_sdes_offer(&call->alice, policy, draw, &call->source, (char *)call->offer.data,
                              call->offer.len, &call->offer_len);
}

static sipseal_status answer(struct pair *call, const sipseal_sdes_policy *policy)
{
    return sipseal_sdes_answer(&call->bob, policy, (char *)call->offer.data, call->offer_len, draw,
                               &call->source, (char *)call->answer.data, call->answer.len,
                               &call->answer_len, &call->of_bob);
}

static sipseal_status take_answer(struct pair *call, const sipseal_sdes_policy *policy)
{
    return sipseal_sdes_take_answer(&call->alice, policy, (char *)call->answer.data, call->answer_len,
                                    &call->of_alice);
}

static void agree(struct pair *call, const sipseal_sdes_policy *of_alice,
                  const sipseal_sdes_policy *of_bob)
{
    CHECK_EQUAL(offer(call, of_alice), SIPSEAL_OK);
    CHECK_EQUAL(answer(call, of_bob), SIPSEAL_OK);
    CHECK_EQUAL(take_answer(call, of_alice), SIPSEAL_OK);
}

/* A packet from one negotiation to the other, through objects made from both. */
static void speak(sipseal_sdes *from, sipseal_sdes *to, const sipseal_srtp_layout *expected)
{
    static const sipseal_srtp_layout layout = { .streams = 1, .window = 64 };
    sipseal_srtp_layout of_sender = layout, of_receiver = layout;
    struct area tx_block, rx_block, wire = area_new(400);
    struct packet packet = packet_speech(SSRC, 1);
    sipseal_srtp_sender tx;
    sipseal_srtp_receiver rx;
    size_t len;

    CHECK_EQUAL(sipseal_sdes_sender_layout(from, &of_sender), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_sdes_receiver_layout(to, &of_receiver), SIPSEAL_OK);
    CHECK(memcmp(&of_sender, expected, sizeof of_sender) == 0);
    CHECK(memcmp(&of_receiver, expected, sizeof of_receiver) == 0);
    tx_block = area_new(sipseal_srtp_sender_block_len(&of_sender));
    rx_block = area_new(sipseal_srtp_receiver_block_len(&of_receiver));

    CHECK_EQUAL(sipseal_sdes_sender_init(from, &tx, tx_block.data, tx_block.len - 1, &layout),
                SIPSEAL_BLOCK_TOO_SMALL);
    CHECK_EQUAL(sipseal_sdes_sender_init(from, &tx, tx_block.data, tx_block.len, &layout), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_sdes_receiver_init(to, &rx, rx_block.data, rx_block.len - 1, &layout),
                SIPSEAL_BLOCK_TOO_SMALL);
    CHECK_EQUAL(sipseal_sdes_receiver_init(to, &rx, rx_block.data, rx_block.len, &layout), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_sender_protect(&tx, packet.data, packet.len, wire.data, wire.len, &len),
                SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_receiver_unprotect(&rx, wire.data, len, wire.data, wire.len, &len),
                SIPSEAL_OK);
    CHECK(len == packet.len && memcmp(wire.data, packet.data, len) == 0);

    /* One key, one sender; the one that is there stays. */
    CHECK_EQUAL(sipseal_sdes_sender_init(from, &tx, tx_block.data, tx_block.len, &layout),
                SIPSEAL_KEY_IN_USE);
    CHECK_EQUAL(sipseal_srtp_sender_wipe(&tx), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_receiver_wipe(&rx), SIPSEAL_OK);
    area_free(&tx_block);
    area_free(&rx_block);
    area_free(&wire);
}

static void each_profile(void)
{
    size_t i;

    for (i = 0; i < PROFILES; i++) {
        sipseal_srtp_layout expected = { .profile = profiles[i].number, .keys = 1, .streams = 1,
                                         .window = 64 };
        sipseal_sdes_policy policy = { .profiles = &profiles[i].number, .profiles_len = 1 };
        char head[64];
        struct pair call;

        CHECK_ROUND("profile", profiles[i].number, 0);
        call_open(&call);
        if (profiles[i].flags != 0) {
            /* Nobody is to be talked into a call without encryption. */
            CHECK_EQUAL(offer(&call, &policy), SIPSEAL_POLICY);
            CHECK_EQUAL(call.source.calls, 0);
            call_close(&call);
            continue;
        }
        agree(&call, &policy, &policy);
        CHECK_EQUAL(call.source.calls, 2);
        CHECK(call.of_alice == 3 && call.of_bob == 3);
        strcpy(head, "a=crypto:1 ");
        strcat(head, profiles[i].suite);
        strcat(head, " inline:");
        CHECK(memcmp(call.offer.data, head, strlen(head)) == 0);
        CHECK(memcmp(call.answer.data, head, strlen(head)) == 0);
        CHECK_EQUAL(call.offer_len, strlen(head) + (profiles[i].key_len + profiles[i].salt_len + 2) / 3 * 4 + 2);
        CHECK(area_holds(&call.offer, call.offer.data, call.offer_len));
        CHECK(area_holds(&call.answer, call.answer.data, call.answer_len));
        speak(&call.alice, &call.bob, &expected);
        speak(&call.bob, &call.alice, &expected);
        call_close(&call);
    }
}

static const uint32_t cm[] = { SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80,
                               SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_32 };
static const sipseal_sdes_policy plain = { .profiles = cm, .profiles_len = 2 };

/* Everything that a policy may say: each end has its own keys and rates, and what was negotiated. */
static void everything(void)
{
    const uint32_t negotiated = SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTP |
                                SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTCP |
                                SIPSEAL_SRTP_INSECURE_UNAUTHENTICATED_SRTP;
    sipseal_sdes_policy of_alice = { .profiles = cm, .profiles_len = 2, .flags = 255, .keys = 2,
                                     .mki_len = 4, .key_derivation_rate = 1 << 24, .lifetime = 100000,
                                     .window_hint = 100 };
    sipseal_sdes_policy of_bob = { .profiles = cm, .profiles_len = 2, .flags = 7 | SIPSEAL_SDES_ALLOW_SRTP_FEC,
                                   .key_derivation_rate = 2 };
    sipseal_srtp_layout from_alice = { .profile = cm[0], .keys = 2, .streams = 1, .window = 64,
                                       .flags = negotiated, .mki_len = 4,
                                       .key_derivation_rate = 1 << 24 };
    sipseal_srtp_layout from_bob = { .profile = cm[0], .keys = 1, .streams = 1, .window = 64,
                                     .flags = negotiated, .key_derivation_rate = 2 };
    struct pair call;
    uint32_t window;

    check.what = NULL;
    call_open(&call);
    CHECK_EQUAL(sipseal_sdes_window_hint(&call.bob, &window), SIPSEAL_NOT_AGREED);
    agree(&call, &of_alice, &of_bob);
    CHECK_EQUAL(call.of_bob, SIPSEAL_SDES_NEW_SENDER | SIPSEAL_SDES_NEW_RECEIVER | SIPSEAL_SDES_PEER_SRTP_FEC);
    CHECK_EQUAL(call.of_alice, SIPSEAL_SDES_NEW_SENDER | SIPSEAL_SDES_NEW_RECEIVER);
    CHECK_EQUAL(sipseal_sdes_window_hint(&call.bob, &window), SIPSEAL_OK);
    CHECK_EQUAL(window, 128);
    CHECK_EQUAL(sipseal_sdes_window_hint(&call.alice, &window), SIPSEAL_OK);
    CHECK_EQUAL(window, 0);
    speak(&call.alice, &call.bob, &from_alice);
    speak(&call.bob, &call.alice, &from_bob);
    call_close(&call);
}

static void policies(void)
{
    static const uint32_t twice[] = { 1, 1 }, unknown[] = { 99 }, nine[9] = { 1 };
    static const struct {
        sipseal_sdes_policy policy;
        sipseal_status status;
    } refused[] = {
        { { .profiles = cm }, SIPSEAL_POLICY },
        { { .profiles = NULL, .profiles_len = 1 }, SIPSEAL_NULL_POINTER },
        { { .profiles = twice, .profiles_len = 2 }, SIPSEAL_POLICY },
        { { .profiles = nine, .profiles_len = 9 }, SIPSEAL_POLICY },
        { { .profiles = cm, .profiles_len = SIZE_MAX }, SIPSEAL_POLICY },
        { { .profiles = unknown, .profiles_len = 1 }, SIPSEAL_UNKNOWN_PROFILE },
        { { .profiles = cm, .profiles_len = 2, .flags = 4096 }, SIPSEAL_INVALID_ARGUMENT },
        { { .profiles = cm, .profiles_len = 2, .flags = SIPSEAL_SDES_INSECURE_OFFER_UNENCRYPTED_SRTP },
          SIPSEAL_POLICY },
        { { .profiles = cm, .profiles_len = 2, .flags = SIPSEAL_SDES_OWN_SRTP_FEC }, SIPSEAL_POLICY },
        { { .profiles = cm, .profiles_len = 2, .keys = 2 }, SIPSEAL_POLICY },
        { { .profiles = cm, .profiles_len = 2, .keys = 5, .mki_len = 1 }, SIPSEAL_POLICY },
        { { .profiles = cm, .profiles_len = 2, .keys = 256, .mki_len = 1 }, SIPSEAL_POLICY },
        { { .profiles = cm, .profiles_len = 2, .mki_len = 129 }, SIPSEAL_POLICY },
        { { .profiles = cm, .profiles_len = 2, .mki_len = 257 }, SIPSEAL_POLICY },
        { { .profiles = cm, .profiles_len = 2, .key_derivation_rate = 1 }, SIPSEAL_POLICY },
        { { .profiles = cm, .profiles_len = 2, .key_derivation_rate = 3 }, SIPSEAL_POLICY },
        { { .profiles = cm, .profiles_len = 2, .key_derivation_rate = 1 << 25 }, SIPSEAL_POLICY },
        { { .profiles = cm, .profiles_len = 2, .lifetime = 1 }, SIPSEAL_POLICY },
        { { .profiles = cm, .profiles_len = 2, .lifetime = (UINT64_C(1) << 48) + 1 }, SIPSEAL_POLICY },
        { { .profiles = cm, .profiles_len = 2, .window_hint = 63 }, SIPSEAL_POLICY },
    };
    struct pair call;
    size_t i;

    call_open(&call);
    CHECK_EQUAL(offer(&call, &plain), SIPSEAL_OK);
    for (i = 0; i < sizeof refused / sizeof *refused; i++) {
        CHECK_ROUND("policy", i, 0);
        CHECK_EQUAL(answer(&call, &refused[i].policy), refused[i].status);
        CHECK(call.answer_len == 0 && call.of_bob == 0);
        CHECK_EQUAL(sipseal_sdes_offer(&call.bob, &refused[i].policy, draw, &call.source,
                                       (char *)call.answer.data, call.answer.len, &call.answer_len),
                    refused[i].status);
    }
    CHECK(area_untouched(&call.answer));
    call_close(&call);
}

/* Room for the lines, octet by octet, and random sources that fail. */
static void rooms(void)
{
    struct source stuck = { SIPSEAL_OK, 0, 0 };
    struct pair call;
    size_t needed, cap, len;
    uint32_t change;

    call_open(&call);
    CHECK_EQUAL(offer(&call, &plain), SIPSEAL_OK);
    CHECK_EQUAL(answer(&call, &plain), SIPSEAL_OK);
    needed = call.answer_len;
    CHECK_EQUAL(sipseal_sdes_wipe(&call.bob), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_sdes_init(&call.bob), SIPSEAL_OK);
    for (cap = 0; cap <= needed; cap++) {
        struct area out = area_new(cap);

        CHECK_ROUND("room", cap, 0);
        len = change = 99;
        CHECK_EQUAL(sipseal_sdes_answer(&call.bob, &plain, (char *)call.offer.data, call.offer_len, draw,
                                        &call.source, (char *)out.data, cap, &len, &change),
                    cap < needed ? SIPSEAL_BUFFER_TOO_SMALL : SIPSEAL_OK);
        CHECK(cap == needed || (len == 0 && change == 0 && area_untouched(&out)));
        area_free(&out);
    }
    needed = call.offer_len;
    for (cap = 0; cap <= needed; cap++) {
        struct area out = area_new(cap);

        CHECK_ROUND("room", cap, 1);
        CHECK_EQUAL(sipseal_sdes_offer(&call.alice, &plain, draw, &call.source, (char *)out.data, cap, &len),
                    cap < needed ? SIPSEAL_BUFFER_TOO_SMALL : SIPSEAL_OK);
        CHECK(cap == needed || (len == 0 && area_untouched(&out)));
        area_free(&out);
    }
    /* The same key for both lines. */
    stuck.answer = SIPSEAL_INTERNAL;
    CHECK_EQUAL(sipseal_sdes_offer(&call.alice, &plain, draw, &stuck, (char *)call.answer.data,
                                   call.answer.len, &len), SIPSEAL_RANDOM_FAILED);
    CHECK_EQUAL(len, 0);
    call_close(&call);
}

/* Refresh, re-keying, forks, and what must not be. */
static void later_on(void)
{
    sipseal_sdes_policy fresh = plain, moved = plain;
    struct pair call;
    sipseal_sdes branch;
    uint32_t tag, change;
    size_t offset;

    check.what = NULL;
    fresh.flags = SIPSEAL_SDES_FRESH_KEYS;
    moved.flags = SIPSEAL_SDES_PEER_MOVED;
    call_open(&call);
    CHECK_EQUAL(take_answer(&call, &plain), SIPSEAL_NOT_OFFERED);
    CHECK_EQUAL(sipseal_sdes_init(&branch), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_sdes_fork(&call.alice, &branch), SIPSEAL_NOT_OFFERED);
    agree(&call, &plain, &plain);
    CHECK_EQUAL(take_answer(&call, &plain), SIPSEAL_OK);
    CHECK_EQUAL(call.of_alice, 0);
    agree(&call, &plain, &plain);
    CHECK(call.of_alice == 0 && call.of_bob == 0);
    CHECK_EQUAL(sipseal_sdes_line_status(&call.bob, &moved, (char *)call.offer.data, call.offer_len, 0,
                                         &tag, &offset), SIPSEAL_KEY_REUSED);
    CHECK_EQUAL(sipseal_sdes_line_status(&call.alice, &plain, (char *)call.offer.data, call.offer_len, 0,
                                         &tag, &offset), SIPSEAL_KEY_ECHOED);
    agree(&call, &fresh, &plain);
    CHECK_EQUAL(call.of_alice, SIPSEAL_SDES_NEW_SENDER);
    CHECK_EQUAL(call.of_bob, SIPSEAL_SDES_NEW_RECEIVER);

    CHECK_EQUAL(sipseal_sdes_fork(&call.alice, &branch), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_sdes_take_answer(&branch, &plain, (char *)call.answer.data, call.answer_len, &change),
                SIPSEAL_OK);
    CHECK_EQUAL(sipseal_sdes_sender_init(&branch, NULL, NULL, 0, NULL), SIPSEAL_KEY_IN_USE);
    CHECK_EQUAL(sipseal_sdes_fork(&call.alice, &call.alice), SIPSEAL_OVERLAP);
    CHECK_EQUAL(sipseal_sdes_wipe(&branch), SIPSEAL_OK);

    /* Of an answer, what was not offered. */
    CHECK_EQUAL(offer(&call, &fresh), SIPSEAL_OK);
    CHECK_EQUAL(answer(&call, &fresh), SIPSEAL_OK);
    call.answer.data[9] = '7';
    CHECK_EQUAL(take_answer(&call, &plain), SIPSEAL_OTHER_THAN_OFFERED);
    CHECK_EQUAL(call.of_alice, 0);
    call.answer.data[9] = '1';
    CHECK_EQUAL(take_answer(&call, &plain), SIPSEAL_OK);
    call_close(&call);
}

/* Objects that are none, pointers that are NULL, texts that lie in what is written. */
static void arguments(void)
{
    static const sipseal_srtp_layout layout = { .streams = 1, .window = 64 };
    sipseal_srtp_layout agreed = layout;
    struct area tx_block = area_new(2000);
    struct pair call;
    sipseal_sdes none, moved;
    sipseal_srtp_sender tx;
    sipseal_srtp_receiver rx;
    uint32_t number;
    size_t len;
    char *text;

    memset(&none, 0, sizeof none);
    call_open(&call);
    agree(&call, &plain, &plain);
    memcpy(&moved, &call.alice, sizeof moved);
    text = (char *)call.offer.data;
#define NO_OBJECT(object)                                                                                  \
    CHECK_EQUAL(sipseal_sdes_offer(object, &plain, draw, &call.source, text, 512, &len),                   \
                SIPSEAL_NOT_INITIALISED);                                                                  \
    CHECK_EQUAL(sipseal_sdes_answer(object, &plain, text, 9, draw, &call.source, text + 9, 500, &len,      \
                                    &number), SIPSEAL_NOT_INITIALISED);                                    \
    CHECK_EQUAL(sipseal_sdes_take_answer(object, &plain, text, 9, &number), SIPSEAL_NOT_INITIALISED);      \
    CHECK_EQUAL(sipseal_sdes_line_status(object, &plain, text, 9, 0, &number, &len),                       \
                SIPSEAL_NOT_INITIALISED);                                                                  \
    CHECK_EQUAL(sipseal_sdes_fork(object, &call.bob), SIPSEAL_NOT_INITIALISED);                            \
    CHECK_EQUAL(sipseal_sdes_fork(&call.alice, object), SIPSEAL_NOT_INITIALISED);                          \
    CHECK_EQUAL(sipseal_sdes_sender_layout(object, &agreed), SIPSEAL_NOT_INITIALISED);                     \
    CHECK_EQUAL(sipseal_sdes_receiver_layout(object, &agreed), SIPSEAL_NOT_INITIALISED);                   \
    CHECK_EQUAL(sipseal_sdes_window_hint(object, &number), SIPSEAL_NOT_INITIALISED);                       \
    CHECK_EQUAL(sipseal_sdes_sender_init(object, &tx, tx_block.data, tx_block.len, &layout),               \
                SIPSEAL_NOT_INITIALISED);                                                                  \
    CHECK_EQUAL(sipseal_sdes_receiver_init(object, &rx, tx_block.data, tx_block.len, &layout),             \
                SIPSEAL_NOT_INITIALISED);                                                                  \
    CHECK_EQUAL(sipseal_sdes_wipe(object), SIPSEAL_NOT_INITIALISED)
    NO_OBJECT(&none);
    NO_OBJECT(&moved);
#undef NO_OBJECT
    CHECK_EQUAL(sipseal_sdes_init(NULL), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_sdes_wipe(NULL), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_sdes_init((sipseal_sdes *)((uint8_t *)&none + 1)), SIPSEAL_INVALID_ARGUMENT);
    CHECK_EQUAL(sipseal_sdes_offer(&call.alice, &plain, NULL, NULL, text, 512, &len), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_sdes_offer(&call.alice, NULL, draw, &call.source, text, 512, &len),
                SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_sdes_offer(&call.alice, &plain, draw, &call.source, NULL, 512, &len),
                SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_sdes_offer(&call.alice, &plain, draw, &call.source, text, 512, NULL),
                SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_sdes_offer(&call.alice, &plain, draw, &call.source, (char *)&call.alice + 8, 512,
                                   &len), SIPSEAL_OVERLAP);
    CHECK_EQUAL(sipseal_sdes_take_answer(&call.alice, &plain, (char *)&call.alice + 8, 512, &number),
                SIPSEAL_OVERLAP);
    CHECK_EQUAL(sipseal_sdes_take_answer(&call.alice, &plain, NULL, 512, &number), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_sdes_take_answer(&call.alice, &plain, text, 512, NULL), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_sdes_answer(&call.bob, &plain, text, 100, draw, &call.source, text + 99, 400, &len,
                                    &number), SIPSEAL_OVERLAP);
    CHECK_EQUAL(sipseal_sdes_answer(&call.bob, &plain, text, 100, draw, &call.source, text + 100, 400, NULL,
                                    &number), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_sdes_sender_layout(&call.alice, NULL), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_sdes_window_hint(&call.alice, NULL), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_sdes_sender_init(&call.alice, NULL, tx_block.data, tx_block.len, &layout),
                SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_sdes_sender_init(&call.alice, &tx, NULL, 0, &layout), SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_sdes_sender_init(&call.alice, &tx, tx_block.data, tx_block.len, NULL),
                SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(sipseal_sdes_sender_init(&call.alice, &tx, (uint8_t *)&call.alice, sizeof call.alice,
                                         &layout), SIPSEAL_OVERLAP);
    CHECK_EQUAL(sipseal_sdes_sender_init(&call.alice, &tx, (uint8_t *)&tx, 2000, &layout), SIPSEAL_OVERLAP);
    CHECK_EQUAL(sipseal_sdes_sender_init(&call.alice, &tx, tx_block.data, tx_block.len, &layout), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_sender_wipe(&tx), SIPSEAL_OK);
    area_free(&tx_block);
    call_close(&call);
}

void test_sdes_calls(void)
{
    each_profile();
    everything();
    policies();
    rooms();
    later_on();
    check.what = NULL;
    arguments();
}
