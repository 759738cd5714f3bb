/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Pseudo-random packets and lines, the same in every run: whatever comes, a sane answer. */

#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

static uint64_t state;

static uint32_t random_32(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32);
}

static size_t below(size_t limit)
{
    return limit ? random_32() % limit : 0;
}

#define MOST 200
#define ROOM (MOST + SIPSEAL_SRTP_MAX_TRAILER_LEN)

/* Changes a packet or line in some of the ways that a network, a peer or an attacker would. */
static size_t mutate(uint8_t *data, size_t len)
{
    size_t changes = 1 + below(3), i, at;

    while (changes-- > 0) {
        switch (below(8)) {
        case 0: /* Flips a bit. */
            if (len > 0)
                data[below(len)] ^= (uint8_t)(1u << below(8));
            break;
        case 1: /* Sets an octet. */
            if (len > 0)
                data[below(len)] = (uint8_t)random_32();
            break;
        case 2: /* Sets an octet to an extreme. */
            if (len > 0)
                data[below(len)] = below(2) ? 0xff : 0;
            break;
        case 3: /* Cuts. */
            len = below(len + 1);
            break;
        case 4: /* Grows. */
            for (i = below(24); i > 0 && len < MOST; i--)
                data[len++] = (uint8_t)random_32();
            break;
        case 5: /* Repeats a part of itself. */
            if (len > 0)
                for (at = below(len), i = below(24); i > 0 && len < MOST; i--)
                    data[len++] = data[at++];
            break;
        case 6: /* Takes a part out. */
            if (len > 0) {
                at = below(len);
                i = below(len - at);
                memmove(data + at, data + at + i, len - at - i);
                len -= i;
            }
            break;
        default: /* The first octets decide most. */
            if (len > 0)
                data[0] = (uint8_t)((data[0] & 0xc0) | below(64));
            break;
        }
    }
    return len;
}

static int refusal(sipseal_status status)
{
    return status == SIPSEAL_TRUNCATED || status == SIPSEAL_PACKET_VERSION ||
           status == SIPSEAL_EXTENSION || status == SIPSEAL_STREAM_LIMIT ||
           status == SIPSEAL_REPLAYED || status == SIPSEAL_TOO_OLD ||
           status == SIPSEAL_UNKNOWN_KEY || status == SIPSEAL_AUTHENTICATION_FAILED;
}

/* A call in place or out of place, into just enough room. */
static sipseal_status call_with(struct phone *phone, enum call call, const uint8_t *data,
                                size_t len, uint8_t *result, size_t *result_len)
{
    size_t cap = call <= PROTECT_RTCP ? len + SIPSEAL_SRTP_MAX_TRAILER_LEN : len;
    struct area in = area_of(data, len, len), out;
    int in_place = below(2) == 0;
    sipseal_status status;

    out = in_place ? area_of(data, len, cap) : area_new(cap);
    *result_len = 99;
    status = phone_call(phone, call, in_place ? out.data : in.data, len, out.data, cap, result_len);
    CHECK(*result_len <= cap);
    if (status < 0) {
        CHECK_EQUAL(*result_len, 0);
        CHECK(in_place ? area_holds(&out, data, len) : area_untouched(&out));
    } else {
        memcpy(result, out.data, *result_len);
    }
    CHECK(area_holds(&in, data, len));
    area_free(&in);
    area_free(&out);
    return status;
}

/* What the sender made of a mutated packet, the receiver takes back; what was mutated on the way, not. */
static void packet_round(struct phone *phone, uint16_t sequence_number)
{
    struct packet packet = packet_of_kind(below(PACKET_KINDS), sequence_number);
    enum call protect = packet.is_rtcp ? PROTECT_RTCP : PROTECT;
    enum call unprotect = packet.is_rtcp ? UNPROTECT_RTCP : UNPROTECT;
    uint8_t plain[ROOM], wire[ROOM], changed[ROOM], back[ROOM];
    size_t plain_len = packet.len, wire_len, changed_len, back_len;
    sipseal_status status;

    memcpy(plain, packet.data, plain_len);
    if (below(3) == 0)
        plain_len = mutate(plain, plain_len);
    status = call_with(phone, protect, plain, plain_len, wire, &wire_len);
    if (status < 0) {
        CHECK(refusal(status) && status != SIPSEAL_AUTHENTICATION_FAILED);
        memcpy(wire, plain, plain_len);
        wire_len = plain_len;
    }

    memcpy(changed, wire, wire_len);
    changed_len = mutate(changed, wire_len);
    if (changed_len != wire_len || memcmp(changed, wire, wire_len) != 0) {
        sipseal_status answer = call_with(phone, unprotect, changed, changed_len, back, &back_len);

        CHECK(refusal(answer));
        answer = call_with(phone, unprotect == UNPROTECT ? UNPROTECT_RTCP : UNPROTECT, changed,
                           changed_len, back, &back_len);
        CHECK(refusal(answer));
        /* In place of a ROC that the packet carries: then all of it that counts may still be right. */
        if (phone->profile->roc_mode == 0) {
            back_len = 99;
            answer = sipseal_srtp_receiver_unprotect_with_roc(&phone->rx, (uint32_t)below(3),
                                                              changed, changed_len, back,
                                                              sizeof back, &back_len);
            CHECK(refusal(answer) && back_len == 0);
        }
    }

    if (status >= 0) {
        /* Contributing sources bring an empty extension with them. */
        int gains = unprotect == UNPROTECT && phone->profile->flags & SIPSEAL_SRTP_CRYPTEX &&
                    plain[0] & 0x0f && !(plain[0] & 0x10);

        CHECK_EQUAL(status, SIPSEAL_OK);
        CHECK_EQUAL(call_with(phone, unprotect, wire, wire_len, back, &back_len), SIPSEAL_OK);
        CHECK_EQUAL(back_len, plain_len + (gains ? 4 : 0));
        if (!gains)
            CHECK(memcmp(back, plain, plain_len) == 0);
    }
}

/* To who authenticates nothing, most is a packet: heard as long as it came, but for a ROC, or refused. */
static void lax_round(struct phone *phone, uint16_t sequence_number)
{
    struct packet packet = packet_of_kind(below(PACKET_KINDS), sequence_number);
    uint8_t data[ROOM], back[ROOM];
    uint32_t roc_mode = phone->profile->roc_mode;
    size_t len = packet.len, back_len;
    sipseal_status status;

    memcpy(data, packet.data, len);
    len = mutate(data, len);
    status = call_with(phone, UNPROTECT, data, len, back, &back_len);
    if (status >= 0 && roc_mode != 0 && (data[3] & 1) == 0)
        back_len += 4;
    /* The last ROC is near the end of the key. */
    CHECK(status >= 0 ? back_len == len && status <= (roc_mode ? SIPSEAL_NOTICE_KEY_EXPIRING : 0)
                      : refusal(status));
    CHECK(status != SIPSEAL_AUTHENTICATION_FAILED);
    status = call_with(phone, UNPROTECT_RTCP, data, len, back, &back_len);
    CHECK(refusal(status));
}

/* Nothing but noise, mostly with the version that gets past the first check. */
static void noise_round(struct phone *phone)
{
    uint8_t data[ROOM], back[ROOM];
    size_t len = below(MOST), back_len, i;

    for (i = 0; i < len; i++)
        data[i] = (uint8_t)random_32();
    if (len > 0 && below(8) > 0)
        data[0] = (uint8_t)(0x80 | (data[0] & 0x3f));
    CHECK(refusal(call_with(phone, UNPROTECT, data, len, back, &back_len)));
    CHECK(refusal(call_with(phone, UNPROTECT_RTCP, data, len, back, &back_len)));
}

#define KEY_38 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCU"
#define KEY_44 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKis"
#define KEY_46 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLQ"

static sipseal_status sevens(void *user, uint8_t *out, size_t out_len)
{
    (void)user;
    memset(out, 7, out_len);
    return SIPSEAL_OK;
}

static void line_round(void)
{
    static const char *const lines[] = {
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n",
        "a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20|1:4",
        "a=crypto:33 AEAD_AES_128_GCM inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGw==|1:2 KDR=3",
        "a=crypto:4 AEAD_AES_256_GCM inline:" KEY_44 "= WSH=64 -X FEC_ORDER=FEC_SRTP",
        "m=audio 5004 RTP/SAVP 0\na=crypto:6 AES_256_CM_HMAC_SHA1_32 inline:" KEY_46 "==",
        "a=crypto:7 F8_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|7:1;"
        "inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR|8:1 UNENCRYPTED_SRTCP",
        "a=crypto:8 NULL_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj",
        "a=crypto:5 AES_192_CM_HMAC_SHA1_80 inline:" KEY_38 "= UNENCRYPTED_SRTP UNAUTHENTICATED_SRTP",
    };
    static const uint32_t suites[] = { 1, 2, 7, 8, 1001, 1004, 1005 };
    static const sipseal_sdes_policy policy = { .profiles = suites, .profiles_len = 7, .flags = 7 };
    const char *line = lines[below(sizeof lines / sizeof *lines)];
    uint8_t text[ROOM];
    size_t len = strlen(line), offset = 99, out_len = 99;
    uint32_t tag = 99, change = 99;
    struct area in, out = area_new(SIPSEAL_SDES_MAX_LINE_LEN);
    sipseal_status status, answered;
    sipseal_sdes sdes;

    memcpy(text, line, len);
    len = mutate(text, len);
    in = area_of(text, len, len);
    CHECK_EQUAL(sipseal_sdes_init(&sdes), SIPSEAL_OK);
    status = sipseal_sdes_line_status(&sdes, &policy, (char *)in.data, len, 0, &tag, &offset);
    answered = sipseal_sdes_answer(&sdes, &policy, (char *)in.data, len, sevens, NULL, (char *)out.data,
                                   out.len, &out_len, &change);
    CHECK(offset <= len);
    if (status < 0) {
        /* A parsing status. */
        CHECK(status <= SIPSEAL_TRUNCATED && status > SIPSEAL_RANDOM_FAILED);
        CHECK(tag == 0);
    } else {
        CHECK_EQUAL(status, SIPSEAL_OK);
        CHECK(tag <= 999999999);
        CHECK_EQUAL(answered, SIPSEAL_OK);
    }
    if (answered < 0) {
        CHECK(out_len == 0 && change == 0);
        CHECK(area_untouched(&out));
    } else {
        CHECK(area_holds(&out, out.data, out_len));
        CHECK(memcmp(out.data, "a=crypto:", 9) == 0 && out.data[out_len - 1] == '\n');
    }
    CHECK_EQUAL(sipseal_sdes_wipe(&sdes), SIPSEAL_OK);
    area_free(&in);
    area_free(&out);
}

void test_mutations(void)
{
    struct profile lax = profile_with(&profiles[0], SIPSEAL_SRTP_INSECURE_UNAUTHENTICATED_SRTP);
    struct profile roc_only = lax;
    struct phone phones[ALL_PROFILES], lax_phone, roc_phone;
    unsigned long round;
    size_t p;

    roc_only.roc_mode = 3;
    roc_only.roc_rate = 2;
    state = 0x9e3779b97f4a7c15u;
    for (p = 0; p < ALL_PROFILES; p++)
        phone_open(&phones[p], profile_at(p), 3, 64);
    phone_open(&roc_phone, &roc_only, 3, 64);
    phone_open(&lax_phone, &lax, 3, 64);
    for (round = 0; round < mutations; round++) {
        p = below(ALL_PROFILES);
        CHECK_ROUND("round, profile", round, p);
        switch (below(6)) {
        case 0: noise_round(&phones[p]); break;
        case 1: line_round(); break;
        case 2: lax_round(below(2) ? &lax_phone : &roc_phone, (uint16_t)(round / 3)); break;
        default: packet_round(&phones[p], (uint16_t)(round / 3)); break;
        }
        /* Streams that mutated SSRCs have taken are free again. */
        if (round % 64 == 63) {
            phone_close(&phones[p]);
            phone_open(&phones[p], profile_at(p), 3, 64);
            phone_close(&lax_phone);
            phone_open(&lax_phone, &lax, 3, 64);
            phone_close(&roc_phone);
            phone_open(&roc_phone, &roc_only, 3, 64);
        }
    }
    for (p = 0; p < ALL_PROFILES; p++)
        phone_close(&phones[p]);
    phone_close(&lax_phone);
    phone_close(&roc_phone);
}
