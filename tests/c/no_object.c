/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#include "no_object.h"

#include "phone.h"

/* What senders and receivers have in common. */
#define MANAGE(kind, object)                                                                       \
    do {                                                                                           \
        uint32_t ssrcs[2] = { 1, 1 }, roc = 99;                                                    \
        size_t len = 99;                                                                           \
                                                                                                   \
        CHECK_EQUAL(sipseal_srtp_##kind##_add_key(object, test_key, 16, test_salt, 14, test_mki,   \
                                                  4),                                              \
                    expected);                                                                     \
        CHECK_EQUAL(sipseal_srtp_##kind##_add_key_from_to(object, test_key, 16, test_salt, 14, 0,  \
                                                          9),                                      \
                    expected);                                                                     \
        CHECK_EQUAL(sipseal_srtp_##kind##_remove_key(object, test_mki, 4), expected);              \
        CHECK_EQUAL(sipseal_srtp_##kind##_remove_key_from(object, 0), expected);                   \
        CHECK_EQUAL(sipseal_srtp_##kind##_rekey(object, test_key, 16, test_salt, 14,               \
                                                SIPSEAL_SRTP_RESET_ROC),                           \
                    expected);                                                                     \
        CHECK_EQUAL(sipseal_srtp_##kind##_encrypt_element(object, 1), expected);                   \
        CHECK_EQUAL(sipseal_srtp_##kind##_add_stream(object, SSRC), expected);                     \
        CHECK_EQUAL(sipseal_srtp_##kind##_remove_stream(object, SSRC), expected);                  \
        CHECK_EQUAL(sipseal_srtp_##kind##_streams(object, ssrcs, 2, &len), expected);              \
        CHECK(len == 0 && ssrcs[0] == 1 && ssrcs[1] == 1);                                         \
        CHECK_EQUAL(sipseal_srtp_##kind##_roc(object, SSRC, &roc), expected);                      \
        CHECK_EQUAL(roc, 0);                                                                       \
        CHECK_EQUAL(sipseal_srtp_##kind##_set_roc(object, SSRC, 1), expected);                     \
    } while (0)

void (manage_no_sender)(sipseal_srtp_sender *tx, sipseal_status expected)
{
    MANAGE(sender, tx);
    CHECK_EQUAL(sipseal_srtp_sender_use_key(tx, test_mki, 4), expected);
}

void (manage_no_receiver)(sipseal_srtp_receiver *rx, sipseal_status expected)
{
    struct packet packet = packet_speech(SSRC, 1);
    struct area out = area_new(64);
    size_t len = 99;

    MANAGE(receiver, rx);
    CHECK_EQUAL(sipseal_srtp_receiver_add_own_ssrc(rx, SSRC), expected);
    CHECK_EQUAL(sipseal_srtp_receiver_ignore_carried_roc(rx, 1), expected);
    CHECK_EQUAL(sipseal_srtp_receiver_unprotect_with_roc(rx, 0, packet.data, packet.len, out.data,
                                                         out.len, &len),
                expected);
    CHECK_EQUAL(len, 0);
    CHECK(area_untouched(&out));
    area_free(&out);
}
