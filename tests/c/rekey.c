/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A new master key in the place of the old one, while packets flow. */

#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

static uint8_t new_key[SIPSEAL_SRTP_MAX_KEY_LEN + 1], new_salt[SIPSEAL_SRTP_MAX_SALT_LEN + 1];

/* Differs from the test key in one octet of the key, or in one of the salt. */
static void choose(const struct profile *profile, int in_salt)
{
    memcpy(new_key, test_key, sizeof test_key);
    memcpy(new_salt, test_salt, sizeof test_salt);
    if (in_salt)
        new_salt[profile->salt_len - 1] ^= 1;
    else
        new_key[profile->key_len - 1] ^= 1;
}

static sipseal_status rekey_tx(struct phone *phone, uint32_t roc)
{
    return sipseal_srtp_sender_rekey(&phone->tx, new_key, phone->profile->key_len, new_salt,
                                     phone->profile->salt_len, roc);
}

static sipseal_status rekey_rx(struct phone *phone, uint32_t roc)
{
    return sipseal_srtp_receiver_rekey(&phone->rx, new_key, phone->profile->key_len, new_salt,
                                       phone->profile->salt_len, roc);
}

static uint32_t roc_of(struct phone *phone, int is_rx)
{
    uint32_t roc = 99;

    CHECK_EQUAL(is_rx ? sipseal_srtp_receiver_roc(&phone->rx, SSRC, &roc)
                      : sipseal_srtp_sender_roc(&phone->tx, SSRC, &roc),
                SIPSEAL_OK);
    return roc;
}

/* A phone that had the new key from the start, one that was given it with ROCs kept, and one that was not. */
static void kept_and_reset(const struct profile *profile, int in_salt, uint32_t roc)
{
    struct packet packet = packet_speech(SSRC, 2), report = packet_sender_report(SSRC), again;
    int reset = roc == SIPSEAL_SRTP_RESET_ROC;
    /* Reports that the fresh phone has not sent: one, and the four of phone_advance. */
    int i, gone_by = reset ? 5 : 1;
    struct area old, old_report, wire, wire_report, fresh_wire, fresh_report;
    struct phone phone, fresh;

    CHECK_ROUND("profile, reset", profile->number, roc);
    choose(profile, in_salt);
    phone_open(&phone, profile, 2, 64);
    phone_open(&fresh, profile, 2, 64);
    CHECK_EQUAL(rekey_tx(&fresh, SIPSEAL_SRTP_KEEP_ROC), SIPSEAL_OK);
    CHECK_EQUAL(rekey_rx(&fresh, SIPSEAL_SRTP_KEEP_ROC), SIPSEAL_OK);
    phone_advance(&phone);
    if (!reset)
        phone_advance(&fresh);
    old = phone_protect(&phone, &packet);
    old_report = phone_protect(&phone, &report);

    CHECK_EQUAL(rekey_tx(&phone, roc), SIPSEAL_OK);
    CHECK_EQUAL(rekey_rx(&phone, roc), SIPSEAL_OK);
    CHECK_EQUAL(roc_of(&phone, 0), reset ? 0 : 1);
    CHECK_EQUAL(roc_of(&phone, 1), reset ? 0 : 1);
    phone_refuse(&phone, UNPROTECT, old.data, old.len, SIPSEAL_AUTHENTICATION_FAILED);
    phone_refuse(&phone, UNPROTECT_RTCP, old_report.data, old_report.len,
                 SIPSEAL_AUTHENTICATION_FAILED);

    /* An index that was used under the old key is used again only after a reset. */
    if (!reset)
        phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_REPLAYED);
    again = packet_speech(SSRC, 3);
    wire = phone_protect(&phone, &again);
    fresh_wire = phone_protect(&fresh, &again);
    CHECK(area_holds(&wire, fresh_wire.data, fresh_wire.len));
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &again), SIPSEAL_OK);
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_REPLAYED);
    /* The index of reports goes on in any case (RFC 3711 section 3.4): those that went with the old key count. */
    fresh_report = phone_protect(&fresh, &report);
    for (i = 0; i < gone_by; i++) {
        area_free(&fresh_report);
        fresh_report = phone_protect(&fresh, &report);
    }
    wire_report = phone_protect(&phone, &report);
    CHECK(area_holds(&wire_report, fresh_report.data, fresh_report.len));
    CHECK_EQUAL(phone_unprotect(&phone, &wire_report, &report), SIPSEAL_OK);
    phone_refuse(&phone, UNPROTECT_RTCP, wire_report.data, wire_report.len, SIPSEAL_REPLAYED);

    area_free(&old);
    area_free(&old_report);
    area_free(&wire);
    area_free(&wire_report);
    area_free(&fresh_wire);
    area_free(&fresh_report);
    phone_close(&phone);
    phone_close(&fresh);
}

/* The key that is there already: nothing changes, and its indices do not start over. */
static void same_key(const struct profile *profile)
{
    struct packet packet = packet_speech(SSRC, 2), report = packet_sender_report(SSRC);
    struct phone phone;

    CHECK_ROUND("same key: profile, rate", profile->number, profile->key_derivation_rate);
    memcpy(new_key, test_key, sizeof test_key);
    memcpy(new_salt, test_salt, sizeof test_salt);
    phone_open(&phone, profile, 2, 64);
    phone_advance(&phone);
    REFUSED(&phone, rekey_tx(&phone, SIPSEAL_SRTP_KEEP_ROC), SIPSEAL_OK);
    REFUSED(&phone, rekey_rx(&phone, SIPSEAL_SRTP_KEEP_ROC), SIPSEAL_OK);
    REFUSED(&phone, rekey_tx(&phone, SIPSEAL_SRTP_RESET_ROC), SIPSEAL_CONTRADICTION);
    REFUSED(&phone, rekey_rx(&phone, SIPSEAL_SRTP_RESET_ROC), SIPSEAL_CONTRADICTION);
    phone_pass(&phone, &packet);
    phone_pass(&phone, &report);
    phone_close(&phone);
}

#define REFUSED_KEYS(kind, object)                                                                 \
    do {                                                                                           \
        for (k = 0; k <= 33; k++)                                                                  \
            for (s = 0; s <= 15; s++)                                                              \
                if (k != profile->key_len || s != profile->salt_len)                               \
                    CHECK_EQUAL(sipseal_srtp_##kind##_rekey(object, new_key, k, new_salt, s, 0),   \
                                SIPSEAL_KEY_LENGTH);                                               \
        k = profile->key_len;                                                                      \
        s = profile->salt_len;                                                                     \
        CHECK_EQUAL(sipseal_srtp_##kind##_rekey(object, NULL, k, new_salt, s, 0),                  \
                    SIPSEAL_NULL_POINTER);                                                         \
        CHECK_EQUAL(sipseal_srtp_##kind##_rekey(object, new_key, k, NULL, s, 0),                   \
                    SIPSEAL_NULL_POINTER);                                                         \
        CHECK_EQUAL(sipseal_srtp_##kind##_rekey(object, NULL, 0, NULL, 0, 1), SIPSEAL_KEY_LENGTH); \
        CHECK_EQUAL(sipseal_srtp_##kind##_rekey(object, new_key, k, new_salt, s, 2),               \
                    SIPSEAL_INVALID_ARGUMENT);                                                     \
        CHECK_EQUAL(sipseal_srtp_##kind##_rekey(object, new_key, k, new_salt, s, UINT32_MAX),      \
                    SIPSEAL_INVALID_ARGUMENT);                                                     \
    } while (0)

/* Whatever is wrong with the new key, the old one still works. */
static void refused(const struct profile *profile)
{
    struct packet packet = packet_speech(SSRC, 2), report = packet_sender_report(SSRC);
    struct snapshot before;
    struct phone phone;
    size_t k, s;

    CHECK_ROUND("refused: profile, rate", profile->number, profile->key_derivation_rate);
    choose(profile, 0);
    phone_open(&phone, profile, 2, 64);
    phone_advance(&phone);
    before = phone_snapshot(&phone);
    REFUSED_KEYS(sender, &phone.tx);
    REFUSED_KEYS(receiver, &phone.rx);
    phone_unchanged(&phone, &before, 0);
    phone_pass(&phone, &packet);
    phone_pass(&phone, &report);
    phone_close(&phone);
}

/* Session keys that are derived anew: the first period is as without, the next is not, and packets of both
 * are heard in any order. SRTCP goes by its own index. */
static void periods(const struct profile *profile, uint32_t rate)
{
    struct profile derived = *profile;
    struct phone phone, plain;
    struct packet packets[24];
    struct area wires[24], reports[24], wire;
    struct packet report = packet_sender_report(SSRC);
    size_t i, n = 24;

    derived.key_derivation_rate = rate;
    phone_open(&phone, &derived, 1, 64);
    phone_open(&plain, profile, 1, 64);
    for (i = 0; i < n; i++) {
        int is_first = i < rate;

        CHECK_ROUND("periods: rate, index", rate, i);
        packets[i] = packet_rtp(SSRC, (uint16_t)i, 1, 1, 40);
        wires[i] = phone_protect(&phone, &packets[i]);
        wire = phone_protect(&plain, &packets[i]);
        CHECK_EQUAL(memcmp(wire.data, wires[i].data, wire.len) == 0, is_first);
        area_free(&wire);
        reports[i] = phone_protect(&phone, &report);
        wire = phone_protect(&plain, &report);
        CHECK_EQUAL(memcmp(wire.data, reports[i].data, wire.len) == 0, is_first);
        area_free(&wire);
    }
    for (i = 0; i < n; i++) {
        /* Steps of 5 meet each of 24 once. */
        size_t at = i * 5 % n;

        CHECK_ROUND("heard: rate, index", rate, at);
        CHECK_EQUAL(phone_unprotect(&phone, &wires[at], &packets[at]), SIPSEAL_OK);
        CHECK_EQUAL(phone_unprotect(&phone, &reports[at], &report), SIPSEAL_OK);
        wires[at].data[wires[at].len - 1] ^= 1;
        CHECK_EQUAL(phone_unprotect(&phone, &wires[at], &packets[at]), SIPSEAL_REPLAYED);
    }
    for (i = 0; i < n; i++) {
        area_free(&wires[i]);
        area_free(&reports[i]);
    }
    phone_close(&plain);

    /* A forged packet from another period leaves nothing behind that would be heard or sent wrong. */
    packets[0] = packet_rtp(SSRC, 25, 0, -1, 40);
    wire = phone_protect(&phone, &packets[0]);
    packets[1] = packet_rtp(SSRC, 20000, 0, -1, 40);
    wires[1] = area_of(packets[1].data, packets[1].len, wire.len);
    CHECK_EQUAL(phone_unprotect(&phone, &wires[1], &packets[1]), SIPSEAL_AUTHENTICATION_FAILED);
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packets[0]), SIPSEAL_OK);
    area_free(&wires[1]);
    area_free(&wire);

    /* A new key while the old one is in a later period. */
    choose(profile, 0);
    CHECK_EQUAL(rekey_tx(&phone, SIPSEAL_SRTP_KEEP_ROC), SIPSEAL_OK);
    CHECK_EQUAL(rekey_rx(&phone, SIPSEAL_SRTP_KEEP_ROC), SIPSEAL_OK);
    for (i = 0; i < 3; i++) {
        packets[0] = packet_rtp(SSRC, (uint16_t)(26 + i * rate), 0, -1, 40);
        phone_pass(&phone, &packets[0]);
        phone_pass(&phone, &report);
    }
    phone_close(&phone);
}

void test_rekey(void)
{
    size_t p;

    for (p = 0; p < PROFILES; p++) {
        struct profile derived = profiles[p];

        derived.key_derivation_rate = 1 << 24;
        kept_and_reset(&profiles[p], 0, SIPSEAL_SRTP_KEEP_ROC);
        kept_and_reset(&profiles[p], 0, SIPSEAL_SRTP_RESET_ROC);
        kept_and_reset(&profiles[p], 1, SIPSEAL_SRTP_KEEP_ROC);
        kept_and_reset(&profiles[p], 1, SIPSEAL_SRTP_RESET_ROC);
        kept_and_reset(&derived, 0, SIPSEAL_SRTP_KEEP_ROC);
        kept_and_reset(&derived, 1, SIPSEAL_SRTP_RESET_ROC);
        same_key(&profiles[p]);
        same_key(&derived);
        refused(&profiles[p]);
        refused(&derived);
        periods(&profiles[p], 1);
        periods(&profiles[p], 8);
    }
}
