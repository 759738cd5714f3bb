/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* a=crypto lines that are written, and read again. */

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

/* A source of randomness that can fail, and keeps an account of what it was asked for. */
struct source {
    sipseal_status answer;
    unsigned calls;
    size_t asked;
    uint8_t first;
};

static sipseal_status draw(void *user, uint8_t *out, size_t out_len)
{
    struct source *source = user;
    size_t i;

    source->calls++;
    source->asked = out_len;
    /* A source that fails may have written already. */
    for (i = 0; i < out_len; i++)
        out[i] = (uint8_t)(source->first + 41 * i);
    return source->answer;
}

/* One call, into areas of exactly these sizes. */
struct result {
    sipseal_status status;
    struct area secret, line;
    size_t secret_len, line_len;
};

static struct result generate(uint32_t profile, uint32_t tag, struct source *source,
                              size_t secret_cap, size_t line_cap)
{
    struct result result;

    result.secret = area_new(secret_cap);
    result.line = area_new(line_cap);
    result.secret_len = result.line_len = 99;
    result.status = sipseal_sdes_generate(profile, tag, draw, source, result.secret.data,
                                          secret_cap, &result.secret_len,
                                          (char *)result.line.data, line_cap, &result.line_len);
    if (result.status < 0) {
        CHECK_EQUAL(result.secret_len, 0);
        CHECK_EQUAL(result.line_len, 0);
        CHECK(area_untouched(&result.secret));
        CHECK(area_untouched(&result.line));
    } else {
        CHECK(area_holds(&result.secret, result.secret.data, result.secret_len));
        CHECK(area_holds(&result.line, result.line.data, result.line_len));
    }
    return result;
}

static void give_back(struct result *result)
{
    area_free(&result->secret);
    area_free(&result->line);
}

static void round_trips(const struct profile *profile)
{
    static const uint32_t tags[] = { 0, 1, 9, 10, 4096, 99999999, 100000000, 999999999 };
    size_t secret_len = profile->key_len + profile->salt_len, i;
    char head[64];

    for (i = 0; i < sizeof tags / sizeof *tags; i++) {
        struct source source = { SIPSEAL_OK, 0, 0, (uint8_t)(i + 100) };
        uint32_t tag = 99, number = 99;
        uint8_t secret[SIPSEAL_SRTP_MAX_SECRET_LEN];
        size_t read_len = 99, j;
        struct result written;

        CHECK_ROUND("profile, tag", profile->number, tags[i]);
        written = generate(profile->number, tags[i], &source, SIPSEAL_SRTP_MAX_SECRET_LEN,
                           SIPSEAL_SDES_MAX_LINE_LEN);
        CHECK_EQUAL(written.status, SIPSEAL_OK);
        CHECK_EQUAL(source.calls, 1);
        CHECK_EQUAL(source.asked, secret_len);
        CHECK_EQUAL(written.secret_len, secret_len);
        for (j = 0; j < secret_len; j++)
            CHECK_EQUAL(written.secret.data[j], (uint8_t)(source.first + 41 * j));

        sprintf(head, "a=crypto:%lu %s inline:", (unsigned long)tags[i], profile->suite);
        CHECK_EQUAL(written.line_len, strlen(head) + (secret_len + 2) / 3 * 4);
        CHECK(memcmp(written.line.data, head, strlen(head)) == 0);

        CHECK_EQUAL(sipseal_sdes_read((char *)written.line.data, written.line_len, &tag, &number,
                                      secret, sizeof secret, &read_len),
                    SIPSEAL_OK);
        CHECK_EQUAL(tag, tags[i]);
        CHECK_EQUAL(number, profile->number);
        CHECK_EQUAL(read_len, secret_len);
        CHECK(memcmp(secret, written.secret.data, secret_len) == 0);
        give_back(&written);
    }
}

/* Keys made this way carry a call. */
static void a_call(const struct profile *profile)
{
    sipseal_srtp_layout layout = layout_of(profile, 1, 64);
    struct source source = { SIPSEAL_OK, 0, 0, 200 };
    struct packet packet = packet_speech(SSRC, 1);
    uint8_t secret[SIPSEAL_SRTP_MAX_SECRET_LEN];
    uint32_t tag, number;
    size_t secret_len;
    struct result offer;
    struct phone phone;

    offer = generate(profile->number, 1, &source, SIPSEAL_SRTP_MAX_SECRET_LEN,
                     SIPSEAL_SDES_MAX_LINE_LEN);
    CHECK_EQUAL(sipseal_sdes_read((char *)offer.line.data, offer.line_len, &tag, &number, secret,
                                  sizeof secret, &secret_len),
                SIPSEAL_OK);
    phone_open(&phone, profile, 1, 64);
    CHECK_EQUAL(sipseal_srtp_sender_wipe(&phone.tx), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_sender_init(&phone.tx, phone.tx_block.data, phone.tx_block.len,
                                         &layout, offer.secret.data, profile->key_len,
                                         offer.secret.data + profile->key_len, profile->salt_len),
                SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_receiver_wipe(&phone.rx), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_receiver_init(&phone.rx, phone.rx_block.data, phone.rx_block.len,
                                           &layout, secret, profile->key_len,
                                           secret + profile->key_len, profile->salt_len),
                SIPSEAL_OK);
    phone_pass(&phone, &packet);
    phone_close(&phone);
    give_back(&offer);
}

static void capacities(const struct profile *profile)
{
    size_t secret_len = profile->key_len + profile->salt_len, cap;
    struct source source = { SIPSEAL_OK, 0, 0, 0 };
    struct result result;
    size_t line_len;

    result = generate(profile->number, 999999999, &source, secret_len, SIPSEAL_SDES_MAX_LINE_LEN);
    CHECK_EQUAL(result.status, SIPSEAL_OK);
    line_len = result.line_len;
    CHECK(line_len <= SIPSEAL_SDES_MAX_LINE_LEN);
    give_back(&result);

    result = generate(profile->number, 999999999, &source, secret_len, line_len);
    CHECK_EQUAL(result.status, SIPSEAL_OK);
    CHECK_EQUAL(result.line_len, line_len);
    give_back(&result);
    for (cap = 0; cap < line_len; cap++) {
        CHECK_ROUND("profile, line", profile->number, cap);
        result = generate(profile->number, 999999999, &source, secret_len, cap);
        CHECK_EQUAL(result.status, SIPSEAL_BUFFER_TOO_SMALL);
        give_back(&result);
    }
    for (cap = 0; cap < secret_len; cap++) {
        CHECK_ROUND("profile, secret", profile->number, cap);
        result = generate(profile->number, 999999999, &source, cap, line_len);
        CHECK_EQUAL(result.status, SIPSEAL_BUFFER_TOO_SMALL);
        give_back(&result);
    }
}

static void refused_arguments(void)
{
    static const sipseal_status answers[] = { -1, SIPSEAL_RANDOM_FAILED, 1, SIPSEAL_INTERNAL,
                                              INT32_MIN, INT32_MAX };
    static const uint32_t tags[] = { 1000000000, 1000000001, 0x80000000u, UINT32_MAX };
    static const uint32_t unknown[] = { 0, 3, 4, 9, 1000, 1008, UINT32_MAX };
    struct source source = { SIPSEAL_OK, 0, 0, 0 };
    struct result result;
    size_t i;

    for (i = 0; i < sizeof answers / sizeof *answers; i++) {
        CHECK_ROUND("answer of the source", i, 0);
        source.answer = answers[i];
        source.calls = 0;
        result = generate(1, 1, &source, 44, 128);
        CHECK_EQUAL(result.status, SIPSEAL_RANDOM_FAILED);
        CHECK_EQUAL(source.calls, 1);
        give_back(&result);
    }
    source.answer = SIPSEAL_OK;
    for (i = 0; i < sizeof tags / sizeof *tags; i++) {
        CHECK_ROUND("tag", tags[i], 0);
        result = generate(1, tags[i], &source, 44, 128);
        CHECK_EQUAL(result.status, SIPSEAL_INVALID_ARGUMENT);
        give_back(&result);
    }
    for (i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        CHECK_ROUND("profile", unknown[i], 0);
        result = generate(unknown[i], 1, &source, 44, 128);
        CHECK_EQUAL(result.status, SIPSEAL_UNKNOWN_PROFILE);
        give_back(&result);
    }
    /* Nobody is to be talked into a call without encryption. */
    source.calls = 0;
    for (i = 0; i < PROFILES; i++) {
        if (profiles[i].flags == 0)
            continue;
        CHECK_ROUND("profile without encryption", profiles[i].number, 0);
        result = generate(profiles[i].number, 1, &source, 46, 128);
        CHECK_EQUAL(result.status, SIPSEAL_UNKNOWN_SUITE);
        CHECK_EQUAL(source.calls, 0);
        give_back(&result);
    }
}

static void pointers(void)
{
    struct source source = { SIPSEAL_OK, 0, 0, 0 };
    struct area secret = area_new(44), line = area_new(128);
    char *text = (char *)line.data;
    uint64_t words[2] = { 0, 0 };
    size_t secret_len, line_len, offset;

    check.what = NULL;
#define AGAIN() (secret_len = line_len = 99)
    AGAIN();
    CHECK_EQUAL(sipseal_sdes_generate(1, 1, NULL, &source, secret.data, 44, &secret_len, text, 128,
                                      &line_len),
                SIPSEAL_NULL_POINTER);
    CHECK(secret_len == 0 && line_len == 0);
    AGAIN();
    CHECK_EQUAL(sipseal_sdes_generate(1, 1, draw, &source, NULL, 44, &secret_len, text, 128,
                                      &line_len),
                SIPSEAL_NULL_POINTER);
    CHECK(secret_len == 0 && line_len == 0);
    AGAIN();
    CHECK_EQUAL(sipseal_sdes_generate(1, 1, draw, &source, NULL, 0, &secret_len, text, 128,
                                      &line_len),
                SIPSEAL_BUFFER_TOO_SMALL);
    CHECK(secret_len == 0 && line_len == 0);
    AGAIN();
    CHECK_EQUAL(sipseal_sdes_generate(1, 1, draw, &source, secret.data, 44, &secret_len, NULL, 128,
                                      &line_len),
                SIPSEAL_NULL_POINTER);
    CHECK(secret_len == 0 && line_len == 0);
    AGAIN();
    CHECK_EQUAL(sipseal_sdes_generate(1, 1, draw, &source, secret.data, 44, &secret_len, NULL, 0,
                                      &line_len),
                SIPSEAL_BUFFER_TOO_SMALL);
    CHECK(secret_len == 0 && line_len == 0);
    AGAIN();
    CHECK_EQUAL(sipseal_sdes_generate(1, 1, draw, &source, secret.data, 44, NULL, text, 128,
                                      &line_len),
                SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(line_len, 0);
    CHECK_EQUAL(sipseal_sdes_generate(1, 1, draw, &source, secret.data, 44, &secret_len, text, 128,
                                      NULL),
                SIPSEAL_NULL_POINTER);
    CHECK_EQUAL(secret_len, 0);
    for (offset = 1; offset < sizeof(size_t); offset++) {
        void *off = (uint8_t *)words + offset;

        CHECK_ROUND("misaligned", offset, 0);
        CHECK_EQUAL(sipseal_sdes_generate(1, 1, draw, &source, secret.data, 44, off, text, 128,
                                          &line_len),
                    SIPSEAL_INVALID_ARGUMENT);
        CHECK_EQUAL(sipseal_sdes_generate(1, 1, draw, &source, secret.data, 44, &secret_len, text,
                                          128, off),
                    SIPSEAL_INVALID_ARGUMENT);
    }
#undef AGAIN
    CHECK(area_untouched(&secret));
    CHECK(area_untouched(&line));
    CHECK(words[0] == 0 && words[1] == 0);
    area_free(&secret);
    area_free(&line);
}

void test_sdes_generate(void)
{
    size_t p;

    for (p = 0; p < PROFILES; p++) {
        if (profiles[p].flags != 0)
            continue;
        round_trips(&profiles[p]);
        a_call(&profiles[p]);
        capacities(&profiles[p]);
    }
    refused_arguments();
    pointers();
}
