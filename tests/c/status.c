/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Statuses, the version, and the known answers. */

#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

static const sipseal_status statuses[] = {
    SIPSEAL_OK,
    SIPSEAL_NOTICE_KEY_EXPIRING,
    SIPSEAL_NOTICE_SSRC_COLLISION,
    SIPSEAL_NOTICE_SEND_AGAIN,
    SIPSEAL_NOTICE_PROVISIONAL,
    SIPSEAL_NOTICE_SERVER_PROVEN,
    SIPSEAL_NOTICE_SIM_RESYNC,
    SIPSEAL_NULL_POINTER,
    SIPSEAL_INVALID_ARGUMENT,
    SIPSEAL_NOT_INITIALISED,
    SIPSEAL_OVERLAP,
    SIPSEAL_UNKNOWN_PROFILE,
    SIPSEAL_KEY_LENGTH,
    SIPSEAL_UNSUPPORTED,
    SIPSEAL_HEADER_MISMATCH,
    SIPSEAL_INSECURE,
    SIPSEAL_CONTRADICTION,
    SIPSEAL_POLICY,
    SIPSEAL_NOT_OFFERED,
    SIPSEAL_NOT_AGREED,
    SIPSEAL_BUFFER_TOO_SMALL,
    SIPSEAL_BLOCK_TOO_SMALL,
    SIPSEAL_AUTHENTICATION_FAILED,
    SIPSEAL_REPLAYED,
    SIPSEAL_TOO_OLD,
    SIPSEAL_KEY_EXPIRED,
    SIPSEAL_STREAM_LIMIT,
    SIPSEAL_UNKNOWN_STREAM,
    SIPSEAL_UNKNOWN_KEY,
    SIPSEAL_KEY_LIMIT,
    SIPSEAL_WEAK_CHALLENGE,
    SIPSEAL_CREDENTIALS_REJECTED,
    SIPSEAL_NO_ACCOUNT,
    SIPSEAL_SERVER_NOT_AUTHENTIC,
    SIPSEAL_NETWORK_NOT_AUTHENTIC,
    SIPSEAL_REALM_LIMIT,
    SIPSEAL_NO_CREDENTIALS,
    SIPSEAL_STALE,
    SIPSEAL_NONCE_EXHAUSTED,
    SIPSEAL_KEY_IN_USE,
    SIPSEAL_TRUNCATED,
    SIPSEAL_PACKET_VERSION,
    SIPSEAL_TOO_LONG,
    SIPSEAL_SYNTAX,
    SIPSEAL_UNKNOWN_SUITE,
    SIPSEAL_UNSUPPORTED_PARAMETER,
    SIPSEAL_INVALID_KEY,
    SIPSEAL_EXTENSION,
    SIPSEAL_UNKNOWN_CHALLENGE,
    SIPSEAL_SUITE_NOT_ALLOWED,
    SIPSEAL_PARAMETER_NOT_ALLOWED,
    SIPSEAL_INVALID_PARAMETER,
    SIPSEAL_TOO_MANY_KEYS,
    SIPSEAL_KEY_ECHOED,
    SIPSEAL_KEY_REUSED,
    SIPSEAL_OTHER_THAN_OFFERED,
    SIPSEAL_NO_CRYPTO_LINE,
    SIPSEAL_TOO_MANY_LINES,
    SIPSEAL_MEDIA,
    SIPSEAL_MEDIA_REJECTED,
    SIPSEAL_TRANSPORT,
    SIPSEAL_RANDOM_FAILED,
    SIPSEAL_ACCELERATOR_FAILED,
    SIPSEAL_SECRET_UNAVAILABLE,
    SIPSEAL_SELF_TEST_FAILED,
    SIPSEAL_INTERNAL,
};

#define STATUSES (sizeof statuses / sizeof *statuses)

static void strings(void)
{
    static const sipseal_status unknown[] = { 7, 100, -11, -99, -102, -199, -218, -299, -309, -329, -342, -403,
                                              -899, -902, INT32_MIN, INT32_MAX };
    const char *text = sipseal_status_str(INT32_MIN);
    size_t i, j;

    for (i = 0; i < STATUSES; i++) {
        CHECK_ROUND("status", i, 0);
        CHECK(sipseal_status_str(statuses[i]) != NULL);
        CHECK(strlen(sipseal_status_str(statuses[i])) > 0);
        CHECK(strcmp(sipseal_status_str(statuses[i]), text) != 0);
        for (j = 0; j < i; j++) {
            CHECK(statuses[i] != statuses[j]);
            CHECK(strcmp(sipseal_status_str(statuses[i]), sipseal_status_str(statuses[j])) != 0);
        }
    }
    CHECK(text != NULL && strlen(text) > 0);
    for (i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        CHECK_ROUND("unknown", i, 0);
        CHECK(sipseal_status_str(unknown[i]) != NULL);
        CHECK(strcmp(sipseal_status_str(unknown[i]), text) == 0);
    }

    /* Zero and above is success, and the values are what programs in the field were compiled with. */
    for (i = 0; i < STATUSES; i++)
        CHECK_EQUAL(statuses[i] < 0, i >= 7);
    CHECK_EQUAL(SIPSEAL_OK, 0);
    CHECK_EQUAL(SIPSEAL_NOTICE_KEY_EXPIRING, 1);
    CHECK_EQUAL(SIPSEAL_NOTICE_SSRC_COLLISION, 2);
    CHECK_EQUAL(-SIPSEAL_NULL_POINTER, 1);
    CHECK_EQUAL(SIPSEAL_HEADER_MISMATCH, -8);
    CHECK_EQUAL(SIPSEAL_INSECURE, -9);
    CHECK_EQUAL(SIPSEAL_CONTRADICTION, -10);
    CHECK_EQUAL(SIPSEAL_BLOCK_TOO_SMALL, -101);
    CHECK_EQUAL(SIPSEAL_STREAM_LIMIT, -204);
    CHECK_EQUAL(SIPSEAL_UNKNOWN_STREAM, -205);
    CHECK_EQUAL(SIPSEAL_UNKNOWN_KEY, -206);
    CHECK_EQUAL(SIPSEAL_KEY_LIMIT, -207);
    CHECK_EQUAL(SIPSEAL_INVALID_KEY, -306);
    CHECK_EQUAL(SIPSEAL_EXTENSION, -307);
    CHECK_EQUAL(SIPSEAL_RANDOM_FAILED, -400);
    CHECK_EQUAL(SIPSEAL_INTERNAL, -901);
}

static void version(void)
{
    size_t tx = sizeof(sipseal_srtp_sender), rx = sizeof(sipseal_srtp_receiver);
    uint32_t number = SIPSEAL_VERSION_NUMBER;

    CHECK_EQUAL(sipseal_version(), number);
    CHECK_EQUAL(SIPSEAL_CHECK_HEADER(), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_check_header(number, tx, rx), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_check_header(number + 1, tx, rx), SIPSEAL_HEADER_MISMATCH);
    CHECK_EQUAL(sipseal_check_header(number - 1, tx, rx), SIPSEAL_HEADER_MISMATCH);
    CHECK_EQUAL(sipseal_check_header(0, tx, rx), SIPSEAL_HEADER_MISMATCH);
    CHECK_EQUAL(sipseal_check_header(UINT32_MAX, tx, rx), SIPSEAL_HEADER_MISMATCH);
    CHECK_EQUAL(sipseal_check_header(number, tx + 8, rx), SIPSEAL_HEADER_MISMATCH);
    CHECK_EQUAL(sipseal_check_header(number, tx - 8, rx), SIPSEAL_HEADER_MISMATCH);
    CHECK_EQUAL(sipseal_check_header(number, 0, rx), SIPSEAL_HEADER_MISMATCH);
    CHECK_EQUAL(sipseal_check_header(number, tx, rx + 8), SIPSEAL_HEADER_MISMATCH);
    CHECK_EQUAL(sipseal_check_header(number, tx, rx - 8), SIPSEAL_HEADER_MISMATCH);
    CHECK_EQUAL(sipseal_check_header(number, tx, 0), SIPSEAL_HEADER_MISMATCH);
}

static void profile_names(void)
{
    static const char *const unknown[] = { "F8_128_HMAC_SHA1_32", "AES_CM_128_HMAC_SHA1_8",
                                           "AES_CM_128_HMAC_SHA1_80 ", "AEAD_AES_128_GCM_4",
                                           "AES_CM_192_HMAC_SHA1_80", "NULL_NULL", "" };
    char name[64];
    size_t i, j;

    for (i = 0; i < PROFILES; i++) {
        const char *suite = profiles[i].suite;
        struct area exact = area_of((const uint8_t *)suite, strlen(suite), strlen(suite));

        CHECK_ROUND("profile", profiles[i].number, 0);
        CHECK(sipseal_srtp_profile_name(profiles[i].number) != NULL);
        CHECK(strcmp(sipseal_srtp_profile_name(profiles[i].number), suite) == 0);
        CHECK_EQUAL(sipseal_srtp_profile_from_name((char *)exact.data, exact.len),
                    profiles[i].number);
        area_free(&exact);

        for (j = 0; suite[j]; j++)
            name[j] = (char)(suite[j] | (suite[j] >= 'A' && suite[j] <= 'Z' ? 0x20 : 0));
        CHECK_EQUAL(sipseal_srtp_profile_from_name(name, j), profiles[i].number);
        name[j] = '\0';
        CHECK_EQUAL(sipseal_srtp_profile_from_name(name, j + 1), 0);
        /* The names with _8 begin with the names without. */
        for (j = 0; j < strlen(suite); j++)
            CHECK_EQUAL(sipseal_srtp_profile_from_name(suite, j),
                        strcmp(suite + j, "_8") == 0 ? profiles[i].number - 999 : 0);
    }
    for (i = 0; i < sizeof unknown / sizeof *unknown; i++)
        CHECK_EQUAL(sipseal_srtp_profile_from_name(unknown[i], strlen(unknown[i])), 0);
    CHECK_EQUAL(sipseal_srtp_profile_from_name(NULL, 0), 0);
    CHECK_EQUAL(sipseal_srtp_profile_from_name(NULL, 16), 0);
    CHECK(sipseal_srtp_profile_name(0) == NULL);
    CHECK(sipseal_srtp_profile_name(3) == NULL);
    CHECK(sipseal_srtp_profile_name(UINT32_MAX) == NULL);
}

static void profile_lengths(void)
{
    static const uint32_t unknown[] = { 0, 3, 4, 9, 10, 255, 257, 1000, 1008, UINT32_MAX };
    size_t i;

    CHECK_EQUAL(SIPSEAL_SRTP_MAX_SECRET_LEN, 46);
    for (i = 0; i < PROFILES; i++) {
        const struct profile *profile = &profiles[i];

        CHECK_ROUND("profile", profile->number, 0);
        CHECK_EQUAL(sipseal_srtp_key_len(profile->number), profile->key_len);
        CHECK_EQUAL(sipseal_srtp_salt_len(profile->number), profile->salt_len);
        CHECK_EQUAL(sipseal_srtp_rtp_trailer_len(profile->number), profile->rtp_trailer_len);
        CHECK_EQUAL(sipseal_srtp_rtcp_trailer_len(profile->number), profile->rtcp_trailer_len);
        CHECK(profile->key_len <= SIPSEAL_SRTP_MAX_KEY_LEN);
        CHECK(profile->salt_len <= SIPSEAL_SRTP_MAX_SALT_LEN);
        CHECK(profile->key_len + profile->salt_len <= SIPSEAL_SRTP_MAX_SECRET_LEN);
        CHECK(profile->rtp_trailer_len <= SIPSEAL_SRTP_MAX_TRAILER_LEN);
        CHECK(profile->rtcp_trailer_len <= SIPSEAL_SRTP_MAX_TRAILER_LEN);
    }
    for (i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        CHECK_ROUND("unknown profile", unknown[i], 0);
        CHECK_EQUAL(sipseal_srtp_key_len(unknown[i]), 0);
        CHECK_EQUAL(sipseal_srtp_salt_len(unknown[i]), 0);
        CHECK_EQUAL(sipseal_srtp_rtp_trailer_len(unknown[i]), 0);
        CHECK_EQUAL(sipseal_srtp_rtcp_trailer_len(unknown[i]), 0);
    }
}

void test_status(void)
{
    strings();
    version();
    profile_names();
    profile_lengths();
    check.what = NULL;
    CHECK_EQUAL(sipseal_self_test(), SIPSEAL_OK);
}
