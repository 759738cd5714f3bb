/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* a=crypto lines that are read, one by one. */

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

#define CM "AES_CM_128_HMAC_SHA1_80"
/* The key of RFC 4568, and one each of 28, 38, 44 and 46 octets. */
#define KEY_30 "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"
#define OTHER "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR"
#define KEY_28 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGw"
#define KEY_38 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCU"
#define KEY_44 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKis"
#define KEY_46 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLQ"

static const struct line {
    const char *text;
    sipseal_status status;
    uint32_t tag;
} lines[] = {
    { "a=crypto:1 " CM " inline:" KEY_30, SIPSEAL_OK, 1 },
    { "a=crypto:1 " CM " inline:" KEY_30 "\r\n", SIPSEAL_OK, 1 },
    { "a=crypto:1 " CM " inline:" KEY_30 "\n", SIPSEAL_OK, 1 },
    { "a=crypto:0 " CM " inline:" KEY_30, SIPSEAL_OK, 0 },
    { "a=crypto:999999999 " CM " inline:" KEY_30, SIPSEAL_OK, 999999999 },
    { "a=crypto:7 AES_CM_128_HMAC_SHA1_32 inline:" KEY_30, SIPSEAL_OK, 7 },
    { "a=crypto:7 AEAD_AES_128_GCM inline:" KEY_28 "==", SIPSEAL_OK, 7 },
    { "a=crypto:7 AEAD_AES_128_GCM inline:" KEY_28, SIPSEAL_OK, 7 },
    { "a=crypto:7 AEAD_AES_128_GCM inline:" KEY_28 "\r\n", SIPSEAL_OK, 7 },
    { "a=crypto:8 AEAD_AES_256_GCM inline:" KEY_44 "=", SIPSEAL_OK, 8 },
    { "a=crypto:8 AEAD_AES_256_GCM inline:" KEY_44, SIPSEAL_OK, 8 },
    { "a=crypto:3 AES_192_CM_HMAC_SHA1_80 inline:" KEY_38 "=", SIPSEAL_OK, 3 },
    { "a=crypto:4 AES_256_CM_HMAC_SHA1_80 inline:" KEY_46 "==", SIPSEAL_OK, 4 },
    { "a=crypto:4 AES_256_CM_HMAC_SHA1_32 inline:" KEY_46 "\r\n", SIPSEAL_OK, 4 },
    { "a=crypto:5 F8_128_HMAC_SHA1_80 inline:" KEY_30, SIPSEAL_OK, 5 },

    { "", SIPSEAL_NO_CRYPTO_LINE, 0 },
    { "\r\n", SIPSEAL_NO_CRYPTO_LINE, 0 },
    { "a=crypto:", SIPSEAL_SYNTAX, 0 },
    { "a=rtpmap:8 PCMA/8000", SIPSEAL_NO_CRYPTO_LINE, 0 },
    { " a=crypto:1 " CM " inline:" KEY_30, SIPSEAL_NO_CRYPTO_LINE, 0 },
    { "crypto:1 " CM " inline:" KEY_30, SIPSEAL_NO_CRYPTO_LINE, 0 },
    { "a=crypto: 1 " CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0 },
    { "a=crypto:-1 " CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0 },
    { "a=crypto:+1 " CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0 },
    { "a=crypto:1x " CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0 },
    { "a=crypto:0x1 " CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0 },
    { "a=crypto:1000000000 " CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0 },
    { "a=crypto:99999999999999999999 " CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0 },
    { "a=crypto:" CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0 },
    { "a=crypto:1" CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0 },
    { "a=crypto:1  inline:" KEY_30, SIPSEAL_SYNTAX, 0 },
    { "a=crypto:1 " CM "inline:" KEY_30, SIPSEAL_SYNTAX, 0 },
    { "a=crypto:1 " CM, SIPSEAL_SYNTAX, 0 },
    { "a=crypto:1 " CM " ", SIPSEAL_SYNTAX, 0 },
    { "a=crypto:1 " CM " outline:" KEY_30, SIPSEAL_UNSUPPORTED_PARAMETER, 0 },
    { "a=crypto:1 " CM " " KEY_30, SIPSEAL_SYNTAX, 0 },
    { "a=crypto:1 " CM " keyid:77", SIPSEAL_UNSUPPORTED_PARAMETER, 0 },
    { "a=crypto:07 " CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0 },
    { "A=CRYPTO:1 " CM " inline:" KEY_30, SIPSEAL_NO_CRYPTO_LINE, 0 },
    { "a=crypto:1 " CM " inline" KEY_30, SIPSEAL_SYNTAX, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 "\nm=audio", SIPSEAL_MEDIA, 0 },

    { "a=crypto:1 F8_128_HMAC_SHA1_32 inline:" KEY_30, SIPSEAL_UNKNOWN_SUITE, 0 },
    { "a=crypto:1 SEED_CTR_128_HMAC_SHA1_80 inline:" KEY_30, SIPSEAL_UNKNOWN_SUITE, 0 },
    { "a=crypto:1 AEAD_ARIA_128_GCM inline:" KEY_28 "==", SIPSEAL_UNKNOWN_SUITE, 0 },
    { "a=crypto:1 " CM "0 inline:" KEY_30, SIPSEAL_UNKNOWN_SUITE, 0 },
    { "a=crypto:1 AES_CM_128_HMAC_SHA1_8 inline:" KEY_30, SIPSEAL_UNKNOWN_SUITE, 0 },
    { "a=crypto:1 AEAD_AES_128_CCM inline:" KEY_28 "==", SIPSEAL_UNKNOWN_SUITE, 0 },
    /* No crypto-suite, though the name is that of a profile. */
    { "a=crypto:1 NULL_HMAC_SHA1_80 inline:" KEY_30, SIPSEAL_UNKNOWN_SUITE, 0 },
    { "a=crypto:1 NULL_HMAC_SHA1_32 inline:" KEY_30, SIPSEAL_UNKNOWN_SUITE, 0 },
    { "a=crypto:1 null_hmac_sha1_80 inline:" KEY_30, SIPSEAL_UNKNOWN_SUITE, 0 },
    { "a=crypto:1 NULL_HMAC_SHA1_80 inline:" KEY_30 " UNENCRYPTED_SRTP UNENCRYPTED_SRTCP",
      SIPSEAL_UNKNOWN_SUITE, 0 },

    { "a=crypto:1 " CM " inline:", SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 "A", SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 "AAAA", SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 "=", SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 "====", SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:1 " CM " inline:=" KEY_30, SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:1 " CM " inline:" KEY_28 "==", SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:1 " CM " inline:" KEY_44 "=", SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:1 " CM " inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSo=", SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:1 " CM " inline:d0RmdmcmVCspeEc3QGZi=WpVLFJhQX1cfHAwJSoj", SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:1 " CM " inline:d0RmdmcmVCspeEc3QGZi-WpVLFJhQX1cfHAwJSoj", SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:1 " CM " inline:d0RmdmcmVCspeEc3QGZi WpVLFJhQX1cfHAwJSoj", SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:7 AEAD_AES_128_GCM inline:" KEY_28 "=", SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:7 AEAD_AES_128_GCM inline:" KEY_28 "===", SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:7 AEAD_AES_128_GCM inline:" KEY_30, SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:8 AEAD_AES_256_GCM inline:" KEY_44 "==", SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:8 AEAD_AES_256_GCM inline:" KEY_28 "==", SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:3 AES_192_CM_HMAC_SHA1_80 inline:" KEY_30, SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:3 AES_192_CM_HMAC_SHA1_80 inline:" KEY_46 "==", SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:4 AES_256_CM_HMAC_SHA1_80 inline:" KEY_44 "=", SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:4 AES_256_CM_HMAC_SHA1_80 inline:" KEY_46 "=", SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:5 F8_128_HMAC_SHA1_80 inline:" KEY_38 "=", SIPSEAL_INVALID_KEY, 0 },
    /* Bits behind the last octet that are not zero: two ways to write one key. */
    { "a=crypto:7 AEAD_AES_128_GCM inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGx==",
      SIPSEAL_INVALID_KEY, 0 },
    { "a=crypto:8 AEAD_AES_256_GCM "
      "inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKit=", SIPSEAL_INVALID_KEY, 0 },

    { "a=crypto:1 " CM " inline:" KEY_30 "|2^20", SIPSEAL_OK, 1 },
    { "a=crypto:1 " CM " inline:" KEY_30 "|2^31|1:1", SIPSEAL_OK, 1 },
    { "a=crypto:1 " CM " inline:" KEY_30 "|1:128", SIPSEAL_OK, 1 },
    { "a=crypto:1 " CM " inline:" KEY_30 "|1048576|4294967295:4", SIPSEAL_OK, 1 },
    { "a=crypto:1 " CM " inline:" KEY_30 "|1:4;inline:" OTHER "|2:4", SIPSEAL_OK, 1 },
    { "a=crypto:1 " CM " inline:" KEY_30 " KDR=1 WSH=64\r\n", SIPSEAL_OK, 1 },
    { "a=crypto:1 " CM " inline:" KEY_30 " FEC_ORDER=FEC_SRTP -SOMETHING=new", SIPSEAL_OK, 1 },
    { "a=crypto:7 AEAD_AES_128_GCM inline:" KEY_28 "==|2^48 KDR=24", SIPSEAL_OK, 7 },
    { "a=crypto:1 SRTP_AES128_CM_HMAC_SHA1_80 inline:" KEY_30, SIPSEAL_OK, 1 },

    { "a=crypto:1 " CM " inline:" KEY_30 "|2^49", SIPSEAL_INVALID_PARAMETER, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 "|0", SIPSEAL_INVALID_PARAMETER, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 "|1:0", SIPSEAL_INVALID_PARAMETER, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 "|1:129", SIPSEAL_INVALID_PARAMETER, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 "|256:1", SIPSEAL_INVALID_PARAMETER, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 ";inline:" OTHER, SIPSEAL_INVALID_PARAMETER, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 "|1:4;inline:" OTHER "|2:3", SIPSEAL_INVALID_PARAMETER, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 "|1:4;inline:" OTHER "|1:4", SIPSEAL_INVALID_PARAMETER, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 "|1:128;inline:" OTHER "|2:128", SIPSEAL_TOO_MANY_KEYS, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 "|1:4;inline:" KEY_30 "|2:4", SIPSEAL_KEY_REUSED, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 " KDR=0", SIPSEAL_INVALID_PARAMETER, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 " KDR=25", SIPSEAL_INVALID_PARAMETER, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 " WSH=63", SIPSEAL_INVALID_PARAMETER, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 " SOMETHING=new", SIPSEAL_UNSUPPORTED_PARAMETER, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 " UNENCRYPTED_SRTCP", SIPSEAL_PARAMETER_NOT_ALLOWED, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 " UNENCRYPTED_SRTP", SIPSEAL_PARAMETER_NOT_ALLOWED, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 " UNAUTHENTICATED_SRTP", SIPSEAL_PARAMETER_NOT_ALLOWED, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 " FEC_ORDER=SRTP_FEC", SIPSEAL_PARAMETER_NOT_ALLOWED, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 " FEC_KEY=inline:" OTHER, SIPSEAL_PARAMETER_NOT_ALLOWED, 0 },
    { "a=crypto:4 AES_192_CM_HMAC_SHA1_32 inline:" KEY_38 "=", SIPSEAL_SUITE_NOT_ALLOWED, 0 },
};

#define LINES (sizeof lines / sizeof *lines)

/* All but one of the suites, to see that refused. */
static const uint32_t suites[] = {
    SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80, SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_32,
    SIPSEAL_SRTP_AEAD_AES_128_GCM, SIPSEAL_SRTP_AEAD_AES_256_GCM,
    SIPSEAL_SRTP_AES_192_CM_HMAC_SHA1_80, SIPSEAL_SRTP_AES_256_CM_HMAC_SHA1_80,
    SIPSEAL_SRTP_AES_256_CM_HMAC_SHA1_32, SIPSEAL_SRTP_F8_128_HMAC_SHA1_80,
};
static const sipseal_sdes_policy policy = { .profiles = suites,
                                            .profiles_len = sizeof suites / sizeof *suites };

/* What is said of line 0 of a text of exactly this length. Nothing changes in the negotiation. */
static sipseal_status look(const char *text, size_t len, uint32_t *tag, size_t *offset)
{
    struct area area = area_of((const uint8_t *)text, len, len);
    sipseal_status status;
    sipseal_sdes sdes, before;

    memset(&sdes, 0, sizeof sdes);
    CHECK_EQUAL(sipseal_sdes_init(&sdes), SIPSEAL_OK);
    memcpy(&before, &sdes, sizeof sdes);
    *tag = 99;
    *offset = 99;
    status = sipseal_sdes_line_status(&sdes, &policy, (char *)area.data, len, 0, tag, offset);
    CHECK(same_memory(&sdes, &before, sizeof sdes));
    if (status < 0)
        CHECK_EQUAL(*tag, 0);
    else
        CHECK_EQUAL(*offset, 0);
    area_free(&area);
    return status;
}

static void table(void)
{
    size_t i, offset;
    uint32_t tag;

    for (i = 0; i < LINES; i++) {
        CHECK_ROUND("line", i, 0);
        CHECK_EQUAL(look(lines[i].text, strlen(lines[i].text), &tag, &offset), lines[i].status);
        CHECK_EQUAL(tag, lines[i].tag);
    }
}

/* Every beginning of a valid line. */
static void beginnings(void)
{
    size_t i, len, offset;
    uint32_t tag;

    for (i = 0; i < LINES; i++) {
        const char *key = strstr(lines[i].text, "inline:");
        size_t whole;

        if (lines[i].status != SIPSEAL_OK)
            continue;
        whole = (size_t)(key - lines[i].text) + strlen("inline:" KEY_28) - 1;
        for (len = 0; len < whole; len++) {
            CHECK_ROUND("line, length", i, len);
            CHECK(look(lines[i].text, len, &tag, &offset) < 0);
            CHECK(offset <= len);
        }
    }
}

/* A line with an octet that text does not have, and one that does not end. */
static void odd_lines(void)
{
    size_t len = strlen(lines[0].text), at, offset, long_len = 70000;
    uint32_t tag;
    char *text = malloc(long_len);

    if (!text)
        exit(2);
    for (at = 9; at <= len; at++) {
        memcpy(text, lines[0].text, len + 1);
        text[at] = '\0';
        CHECK_ROUND("zero at", at, 0);
        CHECK(look(text, len + 1, &tag, &offset) < 0);
        memcpy(text, lines[0].text, len);
        text[len] = ' ';
        text[at] = (char)0xe4;
        CHECK(look(text, len + 1, &tag, &offset) < 0);
    }
    memset(text, ' ', long_len);
    memcpy(text, lines[0].text, len);
    CHECK_EQUAL(look(text, long_len, &tag, &offset), SIPSEAL_TOO_LONG);
    CHECK_EQUAL(look(text, SIPSEAL_SDES_MAX_READ_LEN + 1, &tag, &offset), SIPSEAL_TOO_LONG);
    CHECK_EQUAL(look(text, SIPSEAL_SDES_MAX_READ_LEN, &tag, &offset), SIPSEAL_OK);
    memset(text + len, 'A', long_len - len);
    CHECK_EQUAL(look(text, long_len, &tag, &offset), SIPSEAL_TOO_LONG);
    free(text);
}

/* Which line, and where in it. */
static void several_lines(void)
{
    static const char text[] = "m=audio 5004 RTP/SAVP 0\r\n"
                               "a=crypto:5 SEED_128_CCM_80 inline:AA\r\n"
                               "a=ptime:20\r\n"
                               "a=crypto:6 " CM " inline:" KEY_30 " NEW\r\n"
                               "a=crypto:7 " CM " inline:" KEY_30 "\r\n";
    static const sipseal_status statuses[] = { SIPSEAL_UNKNOWN_SUITE, SIPSEAL_UNSUPPORTED_PARAMETER,
                                               SIPSEAL_OK, SIPSEAL_NO_CRYPTO_LINE };
    static const size_t offsets[] = { 11, 83, 0, 0 };
    sipseal_sdes sdes;
    uint32_t line, tag;
    size_t offset;

    CHECK_EQUAL(sipseal_sdes_init(&sdes), SIPSEAL_OK);
    for (line = 0; line < 4; line++) {
        CHECK_ROUND("line", line, 0);
        CHECK_EQUAL(sipseal_sdes_line_status(&sdes, &policy, text, sizeof text - 1, line, &tag, &offset),
                    statuses[line]);
        CHECK_EQUAL(tag, line == 2 ? 7 : 0);
        CHECK_EQUAL(offset, offsets[line]);
    }
    CHECK_EQUAL(sipseal_sdes_line_status(&sdes, &policy, text, sizeof text - 1, UINT32_MAX, &tag, &offset),
                SIPSEAL_NO_CRYPTO_LINE);
}

void test_sdes_lines(void)
{
    table();
    beginnings();
    odd_lines();
    several_lines();
}
