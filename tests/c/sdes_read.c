/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* a=crypto lines that are read. */

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

#define CM "AES_CM_128_HMAC_SHA1_80"
/* The key of RFC 4568, and one each of 28, 38, 44 and 46 octets. */
#define KEY_30 "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"
#define KEY_28 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGw"
#define KEY_38 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCU"
#define KEY_44 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKis"
#define KEY_46 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLQ"

static const struct line {
    const char *text;
    sipseal_status status;
    uint32_t tag, profile;
} lines[] = {
    { "a=crypto:1 " CM " inline:" KEY_30, SIPSEAL_OK, 1, 1 },
    { "a=crypto:1 " CM " inline:" KEY_30 "\r\n", SIPSEAL_OK, 1, 1 },
    { "a=crypto:1 " CM " inline:" KEY_30 "\n", SIPSEAL_OK, 1, 1 },
    { "a=crypto:0 " CM " inline:" KEY_30, SIPSEAL_OK, 0, 1 },
    { "a=crypto:999999999 " CM " inline:" KEY_30, SIPSEAL_OK, 999999999, 1 },
    { "a=crypto:7 AES_CM_128_HMAC_SHA1_32 inline:" KEY_30, SIPSEAL_OK, 7, 2 },
    { "a=crypto:7 AEAD_AES_128_GCM inline:" KEY_28 "==", SIPSEAL_OK, 7, 7 },
    { "a=crypto:7 AEAD_AES_128_GCM inline:" KEY_28, SIPSEAL_OK, 7, 7 },
    { "a=crypto:7 AEAD_AES_128_GCM inline:" KEY_28 "\r\n", SIPSEAL_OK, 7, 7 },
    { "a=crypto:8 AEAD_AES_256_GCM inline:" KEY_44 "=", SIPSEAL_OK, 8, 8 },
    { "a=crypto:8 AEAD_AES_256_GCM inline:" KEY_44, SIPSEAL_OK, 8, 8 },
    { "a=crypto:3 AES_192_CM_HMAC_SHA1_80 inline:" KEY_38 "=", SIPSEAL_OK, 3, 1001 },
    { "a=crypto:3 AES_192_CM_HMAC_SHA1_32 inline:" KEY_38, SIPSEAL_OK, 3, 1002 },
    { "a=crypto:4 AES_256_CM_HMAC_SHA1_80 inline:" KEY_46 "==", SIPSEAL_OK, 4, 1003 },
    { "a=crypto:4 AES_256_CM_HMAC_SHA1_32 inline:" KEY_46 "\r\n", SIPSEAL_OK, 4, 1004 },
    { "a=crypto:5 F8_128_HMAC_SHA1_80 inline:" KEY_30, SIPSEAL_OK, 5, 1005 },

    { "", SIPSEAL_SYNTAX, 0, 0 },
    { "\r\n", SIPSEAL_SYNTAX, 0, 0 },
    { "a=crypto:", SIPSEAL_SYNTAX, 0, 0 },
    { "a=rtpmap:8 PCMA/8000", SIPSEAL_SYNTAX, 0, 0 },
    { " a=crypto:1 " CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0, 0 },
    { "crypto:1 " CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0, 0 },
    { "a=crypto: 1 " CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0, 0 },
    { "a=crypto:-1 " CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0, 0 },
    { "a=crypto:+1 " CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0, 0 },
    { "a=crypto:1x " CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0, 0 },
    { "a=crypto:0x1 " CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0, 0 },
    { "a=crypto:1000000000 " CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0, 0 },
    { "a=crypto:99999999999999999999 " CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0, 0 },
    { "a=crypto:" CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0, 0 },
    { "a=crypto:1" CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0, 0 },
    { "a=crypto:1  inline:" KEY_30, SIPSEAL_SYNTAX, 0, 0 },
    { "a=crypto:1 " CM "inline:" KEY_30, SIPSEAL_SYNTAX, 0, 0 },
    { "a=crypto:1 " CM, SIPSEAL_SYNTAX, 0, 0 },
    { "a=crypto:1 " CM " ", SIPSEAL_SYNTAX, 0, 0 },
    { "a=crypto:1 " CM " outline:" KEY_30, SIPSEAL_UNSUPPORTED_PARAMETER, 0, 0 },
    { "a=crypto:1 " CM " " KEY_30, SIPSEAL_SYNTAX, 0, 0 },
    { "a=crypto:1 " CM " keyid:77", SIPSEAL_UNSUPPORTED_PARAMETER, 0, 0 },
    { "a=crypto:07 " CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0, 0 },
    { "A=CRYPTO:1 " CM " inline:" KEY_30, SIPSEAL_SYNTAX, 0, 0 },
    { "a=crypto:1 " CM " inline" KEY_30, SIPSEAL_SYNTAX, 0, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 "\nm=audio", SIPSEAL_SYNTAX, 0, 0 },

    { "a=crypto:1 F8_128_HMAC_SHA1_32 inline:" KEY_30, SIPSEAL_UNKNOWN_SUITE, 0, 0 },
    { "a=crypto:1 AES_CM_192_HMAC_SHA1_80 inline:" KEY_38 "=", SIPSEAL_UNKNOWN_SUITE, 0, 0 },
    { "a=crypto:1 " CM "0 inline:" KEY_30, SIPSEAL_UNKNOWN_SUITE, 0, 0 },
    { "a=crypto:1 AES_CM_128_HMAC_SHA1_8 inline:" KEY_30, SIPSEAL_UNKNOWN_SUITE, 0, 0 },
    { "a=crypto:1 AEAD_AES_128_CCM inline:" KEY_28 "==", SIPSEAL_UNKNOWN_SUITE, 0, 0 },
    /* No crypto-suite, though the name is that of a profile. */
    { "a=crypto:1 NULL_HMAC_SHA1_80 inline:" KEY_30, SIPSEAL_UNKNOWN_SUITE, 0, 0 },
    { "a=crypto:1 NULL_HMAC_SHA1_32 inline:" KEY_30, SIPSEAL_UNKNOWN_SUITE, 0, 0 },
    { "a=crypto:1 null_hmac_sha1_80 inline:" KEY_30, SIPSEAL_UNKNOWN_SUITE, 0, 0 },
    { "a=crypto:1 NULL_HMAC_SHA1_80 inline:" KEY_30 " UNENCRYPTED_SRTP UNENCRYPTED_SRTCP",
      SIPSEAL_UNKNOWN_SUITE, 0, 0 },

    { "a=crypto:1 " CM " inline:", SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 "A", SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 "AAAA", SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 "=", SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 "====", SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:1 " CM " inline:=" KEY_30, SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:1 " CM " inline:" KEY_28 "==", SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:1 " CM " inline:" KEY_44 "=", SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:1 " CM " inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSo=", SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:1 " CM " inline:d0RmdmcmVCspeEc3QGZi=WpVLFJhQX1cfHAwJSoj", SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:1 " CM " inline:d0RmdmcmVCspeEc3QGZi-WpVLFJhQX1cfHAwJSoj", SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:1 " CM " inline:d0RmdmcmVCspeEc3QGZi WpVLFJhQX1cfHAwJSoj", SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:7 AEAD_AES_128_GCM inline:" KEY_28 "=", SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:7 AEAD_AES_128_GCM inline:" KEY_28 "===", SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:7 AEAD_AES_128_GCM inline:" KEY_30, SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:8 AEAD_AES_256_GCM inline:" KEY_44 "==", SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:8 AEAD_AES_256_GCM inline:" KEY_28 "==", SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:3 AES_192_CM_HMAC_SHA1_80 inline:" KEY_30, SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:3 AES_192_CM_HMAC_SHA1_80 inline:" KEY_46 "==", SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:4 AES_256_CM_HMAC_SHA1_80 inline:" KEY_44 "=", SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:4 AES_256_CM_HMAC_SHA1_80 inline:" KEY_46 "=", SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:5 F8_128_HMAC_SHA1_80 inline:" KEY_38 "=", SIPSEAL_INVALID_KEY, 0, 0 },
    /* Bits behind the last octet that are not zero: two ways to write one key. */
    { "a=crypto:7 AEAD_AES_128_GCM inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGx==",
      SIPSEAL_INVALID_KEY, 0, 0 },
    { "a=crypto:8 AEAD_AES_256_GCM "
      "inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKit=", SIPSEAL_INVALID_KEY, 0, 0 },

    { "a=crypto:1 " CM " inline:" KEY_30 "|2^20", SIPSEAL_UNSUPPORTED_PARAMETER, 0, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 "|2^31|1:1", SIPSEAL_UNSUPPORTED_PARAMETER, 0, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 "|1:4", SIPSEAL_UNSUPPORTED_PARAMETER, 0, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 ";inline:" KEY_30, SIPSEAL_UNSUPPORTED_PARAMETER, 0, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 " UNENCRYPTED_SRTCP", SIPSEAL_UNSUPPORTED_PARAMETER, 0, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 " UNENCRYPTED_SRTP", SIPSEAL_UNSUPPORTED_PARAMETER, 0, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 " UNAUTHENTICATED_SRTP", SIPSEAL_UNSUPPORTED_PARAMETER, 0, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 " KDR=1 WSH=64\r\n", SIPSEAL_UNSUPPORTED_PARAMETER, 0, 0 },
    { "a=crypto:1 " CM " inline:" KEY_30 " FEC_ORDER=FEC_SRTP", SIPSEAL_UNSUPPORTED_PARAMETER, 0, 0 },
    { "a=crypto:7 AEAD_AES_128_GCM inline:" KEY_28 "==|2^48", SIPSEAL_UNSUPPORTED_PARAMETER, 0, 0 },
};

#define LINES (sizeof lines / sizeof *lines)

/* One call, into a secret of this capacity. A failed call leaves nothing behind. */
static sipseal_status read(const char *text, size_t len, size_t secret_cap, uint32_t *tag,
                           uint32_t *profile, struct area *secret, size_t *secret_len)
{
    struct area line = area_of((const uint8_t *)text, len, len);
    sipseal_status status;

    *secret = area_new(secret_cap);
    *tag = *profile = 99;
    *secret_len = 99;
    status = sipseal_sdes_read((char *)line.data, len, tag, profile, secret->data, secret_cap,
                               secret_len);
    if (status < 0) {
        CHECK(*tag == 0 && *profile == 0);
        CHECK_EQUAL(*secret_len, 0);
        CHECK(area_untouched(secret));
    } else {
        CHECK_EQUAL(*secret_len,
                    sipseal_srtp_key_len(*profile) + sipseal_srtp_salt_len(*profile));
        CHECK(area_holds(secret, secret->data, *secret_len));
    }
    CHECK(area_holds(&line, (const uint8_t *)text, len));
    area_free(&line);
    return status;
}

static void table(void)
{
    uint32_t tag, profile;
    struct area secret;
    size_t i, secret_len;

    for (i = 0; i < LINES; i++) {
        CHECK_ROUND("line", i, 0);
        CHECK_EQUAL(read(lines[i].text, strlen(lines[i].text), SIPSEAL_SRTP_MAX_SECRET_LEN, &tag,
                         &profile, &secret, &secret_len),
                    lines[i].status);
        CHECK_EQUAL(tag, lines[i].tag);
        CHECK_EQUAL(profile, lines[i].profile);
        area_free(&secret);
    }
}

static void secrets(void)
{
    uint32_t tag, profile;
    struct area secret;
    size_t i, secret_len;
    uint8_t count[SIPSEAL_SRTP_MAX_SECRET_LEN];

    for (i = 0; i < sizeof count; i++)
        count[i] = (uint8_t)i;
    for (i = 0; i < LINES && lines[i].status == SIPSEAL_OK; i++) {
        CHECK_ROUND("secret of line", i, 0);
        CHECK_EQUAL(read(lines[i].text, strlen(lines[i].text), SIPSEAL_SRTP_MAX_SECRET_LEN, &tag,
                         &profile, &secret, &secret_len),
                    SIPSEAL_OK);
        if (secret_len == 30)
            CHECK(memcmp(secret.data, "wDfvg&T+)xG7@fb5jU,RaA}\\|p0%*#", 30) == 0);
        else
            CHECK(memcmp(secret.data, count, secret_len) == 0);
        area_free(&secret);
    }
}

/* Every beginning of a valid line. Only padding may be missing. */
static void beginnings(void)
{
    uint32_t tag, profile;
    struct area secret;
    size_t i, len, secret_len;

    for (i = 0; i < LINES && lines[i].status == SIPSEAL_OK; i++) {
        size_t whole = strlen(lines[i].text);

        while (strchr("\r\n=", lines[i].text[whole - 1]))
            whole--;
        for (len = 0; len < whole; len++) {
            sipseal_status status = read(lines[i].text, len, SIPSEAL_SRTP_MAX_SECRET_LEN, &tag,
                                         &profile, &secret, &secret_len);

            CHECK_ROUND("line, length", i, len);
            CHECK(status == SIPSEAL_SYNTAX || status == SIPSEAL_INVALID_KEY ||
                  status == SIPSEAL_UNKNOWN_SUITE);
            area_free(&secret);
        }
        CHECK_EQUAL(read(lines[i].text, whole, SIPSEAL_SRTP_MAX_SECRET_LEN, &tag, &profile, &secret,
                         &secret_len),
                    SIPSEAL_OK);
        area_free(&secret);
    }
}

static void capacities(void)
{
    uint32_t tag, profile;
    struct area secret;
    size_t i, cap, secret_len;

    for (i = 0; i < LINES && lines[i].status == SIPSEAL_OK; i++) {
        size_t len = strlen(lines[i].text), needed;

        CHECK_EQUAL(read(lines[i].text, len, SIPSEAL_SRTP_MAX_SECRET_LEN, &tag, &profile, &secret,
                         &needed),
                    SIPSEAL_OK);
        area_free(&secret);
        for (cap = 0; cap < needed; cap++) {
            CHECK_ROUND("line, secret", i, cap);
            CHECK_EQUAL(read(lines[i].text, len, cap, &tag, &profile, &secret, &secret_len),
                        SIPSEAL_BUFFER_TOO_SMALL);
            area_free(&secret);
        }
        CHECK_EQUAL(read(lines[i].text, len, needed, &tag, &profile, &secret, &secret_len),
                    SIPSEAL_OK);
        area_free(&secret);
    }
}

/* A line with an octet that text does not have, and one that does not end. */
static void odd_lines(void)
{
    size_t len = strlen(lines[0].text), at, secret_len, long_len = 70000;
    uint32_t tag, profile;
    struct area secret;
    char *text = malloc(long_len);

    if (!text)
        exit(2);
    for (at = 0; at <= len; at++) {
        memcpy(text, lines[0].text, len + 1);
        text[at] = '\0';
        CHECK_ROUND("zero at", at, 0);
        CHECK(read(text, len + 1, 44, &tag, &profile, &secret, &secret_len) < 0);
        area_free(&secret);
        memcpy(text, lines[0].text, len);
        text[len] = ' ';
        text[at] = (char)0xe4;
        CHECK(read(text, len + 1, 44, &tag, &profile, &secret, &secret_len) < 0);
        area_free(&secret);
    }

    memset(text, ' ', long_len);
    memcpy(text, lines[0].text, len);
    CHECK_EQUAL(read(text, long_len, 44, &tag, &profile, &secret, &secret_len), SIPSEAL_TOO_LONG);
    area_free(&secret);
    CHECK_EQUAL(read(text, SIPSEAL_SDES_MAX_READ_LEN + 1, 44, &tag, &profile, &secret, &secret_len),
                SIPSEAL_TOO_LONG);
    area_free(&secret);
    CHECK_EQUAL(read(text, SIPSEAL_SDES_MAX_READ_LEN, 44, &tag, &profile, &secret, &secret_len),
                SIPSEAL_OK);
    area_free(&secret);
    memset(text + len, 'A', long_len - len);
    CHECK_EQUAL(read(text, long_len, 44, &tag, &profile, &secret, &secret_len), SIPSEAL_TOO_LONG);
    area_free(&secret);
    free(text);
}

static void pointers(void)
{
    const char *text = lines[0].text;
    size_t len = strlen(text), secret_len, offset;
    struct area secret = area_new(44);
    uint64_t words[2] = { 0, 0 };
    uint32_t tag, profile;

    check.what = NULL;
#define AGAIN() (tag = profile = 99, secret_len = 99)
    AGAIN();
    CHECK_EQUAL(sipseal_sdes_read(NULL, len, &tag, &profile, secret.data, 44, &secret_len),
                SIPSEAL_NULL_POINTER);
    CHECK(tag == 0 && profile == 0 && secret_len == 0);
    AGAIN();
    CHECK_EQUAL(sipseal_sdes_read(NULL, 0, &tag, &profile, secret.data, 44, &secret_len),
                SIPSEAL_SYNTAX);
    CHECK(tag == 0 && profile == 0 && secret_len == 0);
    AGAIN();
    CHECK_EQUAL(sipseal_sdes_read(text, len, NULL, &profile, secret.data, 44, &secret_len),
                SIPSEAL_NULL_POINTER);
    CHECK(profile == 0 && secret_len == 0);
    AGAIN();
    CHECK_EQUAL(sipseal_sdes_read(text, len, &tag, NULL, secret.data, 44, &secret_len),
                SIPSEAL_NULL_POINTER);
    CHECK(tag == 0 && secret_len == 0);
    AGAIN();
    CHECK_EQUAL(sipseal_sdes_read(text, len, &tag, &profile, NULL, 44, &secret_len),
                SIPSEAL_NULL_POINTER);
    CHECK(tag == 0 && profile == 0 && secret_len == 0);
    AGAIN();
    CHECK_EQUAL(sipseal_sdes_read(text, len, &tag, &profile, NULL, 0, &secret_len),
                SIPSEAL_BUFFER_TOO_SMALL);
    CHECK(tag == 0 && profile == 0 && secret_len == 0);
    AGAIN();
    CHECK_EQUAL(sipseal_sdes_read(text, len, &tag, &profile, secret.data, 44, NULL),
                SIPSEAL_NULL_POINTER);
    CHECK(tag == 0 && profile == 0);
    for (offset = 1; offset < 4; offset++) {
        void *off = (uint8_t *)words + offset;

        CHECK_ROUND("misaligned", offset, 0);
        CHECK_EQUAL(sipseal_sdes_read(text, len, off, &profile, secret.data, 44, &secret_len),
                    SIPSEAL_INVALID_ARGUMENT);
        CHECK_EQUAL(sipseal_sdes_read(text, len, &tag, off, secret.data, 44, &secret_len),
                    SIPSEAL_INVALID_ARGUMENT);
        CHECK_EQUAL(sipseal_sdes_read(text, len, &tag, &profile, secret.data, 44, off),
                    SIPSEAL_INVALID_ARGUMENT);
    }
#undef AGAIN
    CHECK(area_untouched(&secret));
    CHECK(words[0] == 0 && words[1] == 0);
    area_free(&secret);
}

void test_sdes_read(void)
{
    table();
    secrets();
    beginnings();
    capacities();
    odd_lines();
    pointers();
}
