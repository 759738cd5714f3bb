/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Streams by hand: added, listed, removed, replaced, one's own, and sent again. */

#include <string.h>

#include "check.h"
#include "phone.h"
#include "suites.h"

#define OWN_SSRC 0x0badcafeu

/* Both ends by number, where what they do is the same. */
enum end { TX, RX };

static sipseal_status add(struct phone *phone, enum end end, uint32_t ssrc)
{
    return end == TX ? sipseal_srtp_sender_add_stream(&phone->tx, ssrc)
                     : sipseal_srtp_receiver_add_stream(&phone->rx, ssrc);
}

static sipseal_status take_away(struct phone *phone, enum end end, uint32_t ssrc)
{
    return end == TX ? sipseal_srtp_sender_remove_stream(&phone->tx, ssrc)
                     : sipseal_srtp_receiver_remove_stream(&phone->rx, ssrc);
}

static sipseal_status list(const struct phone *phone, enum end end, uint32_t *ssrcs, size_t cap,
                           size_t *len)
{
    return end == TX ? sipseal_srtp_sender_streams(&phone->tx, ssrcs, cap, len)
                     : sipseal_srtp_receiver_streams(&phone->rx, ssrcs, cap, len);
}

/* Checks the list of streams, which is `count` SSRCs from `first` on in any order, with each capacity. */
static void listed(const struct phone *phone, enum end end, uint32_t first, size_t count)
{
    size_t cap, len, i, j;

    for (cap = 0; cap <= count + 2; cap++) {
        struct area area = area_new(4 * cap);
        uint32_t ssrcs[16];

        len = 99;
        memset(ssrcs, 0x5a, sizeof ssrcs);
        CHECK_EQUAL(list(phone, end, cap > 0 ? ssrcs : NULL, cap, &len),
                    cap < count ? SIPSEAL_BUFFER_TOO_SMALL : SIPSEAL_OK);
        CHECK_EQUAL(len, cap < count ? 0 : count);
        for (i = 0; i < len; i++) {
            for (j = 0; j < len && ssrcs[j] != first + i; j++)
                ;
            CHECK(j < len);
        }
        for (; i < 16; i++)
            CHECK_EQUAL(ssrcs[i], 0x5a5a5a5au);
        /* malloc aligns for words, exactly as long as said. */
        if (memory_exact && cap >= count)
            CHECK_EQUAL(list(phone, end, (uint32_t *)(void *)area.data, cap, &len), SIPSEAL_OK);
        area_free(&area);
    }
}

static void by_hand(const struct profile *profile)
{
    struct packet packet, report = packet_sender_report(SSRC + 1);
    struct snapshot before;
    struct phone phone;
    uint32_t i, roc;
    enum end end;

    CHECK_ROUND("by hand: profile", profile->number, 0);
    phone_open(&phone, profile, 3, 64);
    for (end = TX; end <= RX; end++) {
        before = phone_snapshot(&phone);
        listed(&phone, end, SSRC, 0);
        CHECK_EQUAL(take_away(&phone, end, SSRC), SIPSEAL_UNKNOWN_STREAM);
        CHECK_EQUAL(take_away(&phone, end, 0), SIPSEAL_UNKNOWN_STREAM);
        phone_unchanged(&phone, &before, 0);
        for (i = 0; i < 3; i++) {
            CHECK_EQUAL(add(&phone, end, SSRC + i), SIPSEAL_OK);
            CHECK_EQUAL(add(&phone, end, SSRC + i), SIPSEAL_OK);
            listed(&phone, end, SSRC, i + 1);
        }
        REFUSED(&phone, add(&phone, end, SSRC + 3), SIPSEAL_STREAM_LIMIT);
        REFUSED(&phone, add(&phone, end, 0), SIPSEAL_STREAM_LIMIT);
    }
    REFUSED(&phone, sipseal_srtp_receiver_add_own_ssrc(&phone.rx, SSRC + 3), SIPSEAL_STREAM_LIMIT);
    for (i = 0; i < 3; i++) {
        packet = packet_speech(SSRC + i, 5);
        phone_pass(&phone, &packet);
    }
    phone_pass(&phone, &report);
    phone_pass(&phone, &report);

    /* To add what is there does not start it over. */
    for (end = TX; end <= RX; end++)
        CHECK_EQUAL(add(&phone, end, SSRC), SIPSEAL_OK);
    packet = packet_speech(SSRC, 5);
    phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_REPLAYED);

    /* A stream that was removed is free for another, which starts at nothing. */
    for (end = TX; end <= RX; end++) {
        CHECK_EQUAL(take_away(&phone, end, SSRC + 1), SIPSEAL_OK);
        REFUSED(&phone, take_away(&phone, end, SSRC + 1), SIPSEAL_UNKNOWN_STREAM);
    }
    CHECK_EQUAL(sipseal_srtp_receiver_roc(&phone.rx, SSRC + 1, &roc), SIPSEAL_UNKNOWN_STREAM);
    CHECK_EQUAL(roc, 0);
    packet = packet_speech(SSRC + 7, 5);
    phone_pass(&phone, &packet);
    packet = packet_speech(SSRC + 7, 4);
    phone_pass(&phone, &packet);
    report = packet_sender_report(SSRC + 7);
    phone_pass(&phone, &report);
    packet = packet_speech(SSRC + 1, 6);
    phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_STREAM_LIMIT);
    packet = packet_speech(SSRC + 2, 6);
    phone_pass(&phone, &packet);
    phone_close(&phone);
}

/* A receiver that hears only those on its list; its sender is not concerned. */
static void listed_only(const struct profile *profile)
{
    struct profile strict = profile_with(profile, SIPSEAL_SRTP_LISTED_STREAMS_ONLY);
    struct packet packet = packet_speech(SSRC, 1), report = packet_sender_report(SSRC);
    struct area wire, wire_report;
    struct phone phone;

    CHECK_ROUND("listed only: profile", profile->number, 0);
    phone_open(&phone, &strict, 2, 64);
    wire = phone_protect(&phone, &packet);
    wire_report = phone_protect(&phone, &report);
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_STREAM_LIMIT);
    phone_refuse(&phone, UNPROTECT_RTCP, wire_report.data, wire_report.len, SIPSEAL_STREAM_LIMIT);
    CHECK_EQUAL(add(&phone, RX, SSRC + 1), SIPSEAL_OK);
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_STREAM_LIMIT);
    CHECK_EQUAL(add(&phone, RX, SSRC), SIPSEAL_OK);
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
    CHECK_EQUAL(phone_unprotect(&phone, &wire_report, &report), SIPSEAL_OK);
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_REPLAYED);
    CHECK_EQUAL(take_away(&phone, RX, SSRC), SIPSEAL_OK);
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_STREAM_LIMIT);
    area_free(&wire);
    area_free(&wire_report);
    phone_close(&phone);
}

static sipseal_status hear(struct phone *phone, struct phone *from, uint32_t ssrc, uint16_t number)
{
    struct packet packet = packet_speech(ssrc, number);
    struct area wire = phone_protect(from, &packet);
    sipseal_status status = phone_unprotect(phone, &wire, &packet);

    area_free(&wire);
    return status;
}

/* The one that was silent longest gives way, and none that was added. */
static void replaced(const struct profile *profile)
{
    struct profile lax = profile_with(profile, SIPSEAL_SRTP_REPLACE_OLDEST_STREAM);
    struct packet packet = packet_speech(SSRC + 9, 1);
    struct phone phone, from;
    struct area forged;

    CHECK_ROUND("replaced: profile", profile->number, 0);
    phone_open(&phone, &lax, 3, 64);
    phone_open(&from, &lax, 20, 64);
    CHECK_EQUAL(add(&phone, RX, SSRC), SIPSEAL_OK);
    CHECK_EQUAL(hear(&phone, &from, SSRC + 1, 1), SIPSEAL_OK);
    CHECK_EQUAL(hear(&phone, &from, SSRC + 2, 1), SIPSEAL_OK);
    CHECK_EQUAL(hear(&phone, &from, SSRC + 1, 2), SIPSEAL_OK);
    listed(&phone, RX, SSRC, 3);

    /* A forged packet takes nobody's place. */
    forged = phone_protect(&from, &packet);
    forged.data[9] ^= 1;
    phone_refuse(&phone, UNPROTECT, forged.data, forged.len, SIPSEAL_AUTHENTICATION_FAILED);
    area_free(&forged);

    /* 2 was silent longest; then 1. Which of its packets were seen is not known of one who is back. */
    CHECK_EQUAL(hear(&phone, &from, SSRC + 3, 1), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_receiver_remove_stream(&phone.rx, SSRC + 2), SIPSEAL_UNKNOWN_STREAM);
    CHECK_EQUAL(hear(&phone, &from, SSRC + 1, 3), SIPSEAL_OK);
    CHECK_EQUAL(hear(&phone, &from, SSRC + 2, 2), SIPSEAL_OK);
    CHECK_EQUAL(sipseal_srtp_receiver_remove_stream(&phone.rx, SSRC + 3), SIPSEAL_UNKNOWN_STREAM);
    listed(&phone, RX, SSRC, 3);
    CHECK_EQUAL(hear(&phone, &from, SSRC, 1), SIPSEAL_OK);

    /* With all of them added there is no place; a sender never gives one up. */
    CHECK_EQUAL(add(&phone, RX, SSRC + 1), SIPSEAL_OK);
    CHECK_EQUAL(add(&phone, RX, SSRC + 2), SIPSEAL_OK);
    CHECK_EQUAL(hear(&phone, &from, SSRC + 4, 1), SIPSEAL_STREAM_LIMIT);
    CHECK_EQUAL(add(&phone, RX, SSRC + 4), SIPSEAL_STREAM_LIMIT);
    CHECK_EQUAL(add(&phone, TX, SSRC), SIPSEAL_OK);
    CHECK_EQUAL(add(&phone, TX, SSRC + 1), SIPSEAL_OK);
    CHECK_EQUAL(add(&phone, TX, SSRC + 2), SIPSEAL_OK);
    phone_refuse(&phone, PROTECT, packet.data, packet.len, SIPSEAL_STREAM_LIMIT);
    phone_close(&phone);
    phone_close(&from);
}

/* The one who takes another's place has windows and an SRTCP index of its own. */
static void replaced_windows(const struct profile *profile)
{
    struct profile lax = profile_with(profile, SIPSEAL_SRTP_REPLACE_OLDEST_STREAM);
    struct packet report = packet_sender_report(SSRC + 1), packet;
    struct phone phone, from;
    struct area wire;
    uint16_t i;

    CHECK_ROUND("windows: profile", profile->number, 0);
    phone_open(&phone, &lax, 1, 64);
    phone_open(&from, &lax, 2, 64);
    for (i = 0; i < 70; i++) {
        packet = packet_sender_report(SSRC);
        wire = phone_protect(&from, &packet);
        CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_OK);
        area_free(&wire);
        CHECK_EQUAL(hear(&phone, &from, SSRC, (uint16_t)(65500 + i)), SIPSEAL_OK);
    }
    for (i = 0; i < 70; i++) {
        CHECK_EQUAL(hear(&phone, &from, SSRC + 1, i), SIPSEAL_OK);
        wire = phone_protect(&from, &report);
        CHECK_EQUAL(phone_unprotect(&phone, &wire, &report), SIPSEAL_OK);
        phone_refuse(&phone, UNPROTECT_RTCP, wire.data, wire.len, SIPSEAL_REPLAYED);
        area_free(&wire);
    }
    phone_close(&phone);
    phone_close(&from);
}

/* Who hears its own SSRC from someone else is told, and hears it. */
static void collision(const struct profile *profile)
{
    struct packet packet = packet_speech(OWN_SSRC, 1), report = packet_sender_report(OWN_SSRC);
    struct packet other = packet_speech(SSRC, 1);
    struct area wire, wire_report;
    struct phone phone;

    CHECK_ROUND("collision: profile", profile->number, 0);
    phone_open(&phone, profile, 2, 64);
    CHECK_EQUAL(sipseal_srtp_receiver_add_own_ssrc(&phone.rx, OWN_SSRC), SIPSEAL_OK);
    listed(&phone, RX, OWN_SSRC, 1);
    wire = phone_protect(&phone, &packet);
    wire_report = phone_protect(&phone, &report);
    wire.data[wire.len - 1] ^= 1;
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_AUTHENTICATION_FAILED);
    wire.data[wire.len - 1] ^= 1;
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &packet), SIPSEAL_NOTICE_SSRC_COLLISION);
    CHECK_EQUAL(phone_unprotect(&phone, &wire_report, &report), SIPSEAL_NOTICE_SSRC_COLLISION);
    phone_refuse(&phone, UNPROTECT, wire.data, wire.len, SIPSEAL_REPLAYED);
    phone_pass(&phone, &other);
    area_free(&wire);

    /* Also of one that others were heard from before, and no longer once it is another's. */
    CHECK_EQUAL(sipseal_srtp_receiver_add_own_ssrc(&phone.rx, SSRC), SIPSEAL_OK);
    other = packet_speech(SSRC, 2);
    wire = phone_protect(&phone, &other);
    CHECK_EQUAL(phone_unprotect(&phone, &wire, &other), SIPSEAL_NOTICE_SSRC_COLLISION);
    CHECK_EQUAL(take_away(&phone, RX, OWN_SSRC), SIPSEAL_OK);
    CHECK_EQUAL(phone_unprotect(&phone, &wire_report, &report), SIPSEAL_OK);
    area_free(&wire);
    area_free(&wire_report);
    phone_close(&phone);
}

/* The same packet again is the same on the wire, within the window; to hear it again is a replay. */
static void sent_again(const struct profile *profile)
{
    struct profile again = profile_with(profile, SIPSEAL_SRTP_ALLOW_RETRANSMISSION);
    struct packet packets[80];
    struct area wires[80], wire;
    struct phone phone;
    size_t i;

    CHECK_ROUND("again: profile", profile->number, 0);
    phone_open(&phone, &again, 1, 64);
    for (i = 0; i < 80; i++) {
        packets[i] = packet_speech(SSRC, (uint16_t)(65500 + i));
        wires[i] = phone_protect(&phone, &packets[i]);
        if (i != 70)
            CHECK_EQUAL(phone_unprotect(&phone, &wires[i], &packets[i]), SIPSEAL_OK);
    }
    for (i = 0; i < 80; i++) {
        CHECK_ROUND("again: packet", i, 0);
        if (i < 16) {
            phone_refuse(&phone, PROTECT, packets[i].data, packets[i].len, SIPSEAL_TOO_OLD);
            continue;
        }
        wire = phone_protect(&phone, &packets[i]);
        CHECK(area_holds(&wire, wires[i].data, wires[i].len));
        CHECK_EQUAL(phone_unprotect(&phone, &wire, &packets[i]),
                    i == 70 ? SIPSEAL_OK : SIPSEAL_REPLAYED);
        area_free(&wire);
    }
    for (i = 0; i < 80; i++)
        area_free(&wires[i]);
    phone_close(&phone);
}

void test_stream_control(void)
{
    size_t p;

    for (p = 0; p < PROFILES; p++) {
        by_hand(&profiles[p]);
        listed_only(&profiles[p]);
        replaced(&profiles[p]);
        replaced_windows(&profiles[p]);
        collision(&profiles[p]);
        sent_again(&profiles[p]);
    }
}
