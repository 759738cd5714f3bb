/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The header from C++: the types, the macros and a call each way. */

#include <cstdio>
#include <cstring>

#include "sipseal.h"

namespace {

sipseal_srtp_sender tx;
sipseal_srtp_receiver rx;
uint8_t tx_block[SIPSEAL_SRTP_SENDER_BLOCK_LEN(SIPSEAL_SRTP_AEAD_AES_128_GCM, 1, 1, 64)];
uint8_t rx_block[SIPSEAL_SRTP_RECEIVER_BLOCK_LEN(SIPSEAL_SRTP_AEAD_AES_128_GCM, 1, 1, 64)];

static_assert(sizeof(tx) == 8 * SIPSEAL_SRTP_SENDER_WORDS, "plain words");

uint8_t seed;
sipseal_sdes alice, bob;

extern "C" sipseal_status fill(void *user, uint8_t *out, size_t len)
{
    std::memset(out, ++*static_cast<uint8_t *>(user), len);
    return SIPSEAL_OK;
}

bool speak()
{
    sipseal_srtp_layout layout = sipseal_srtp_layout();
    uint8_t packet[64] = { 0x80, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4, 'h', 'e', 'y' };
    char offer[SIPSEAL_SDES_MAX_LINE_LEN], answer[SIPSEAL_SDES_MAX_LINE_LEN];
    sipseal_sdes_policy policy = sipseal_sdes_policy();
    size_t len = 15, offer_len, answer_len;
    uint32_t change;

    layout.profile = SIPSEAL_SRTP_AEAD_AES_128_GCM;
    layout.keys = layout.streams = 1;
    policy.profiles = &layout.profile;
    policy.profiles_len = 1;
    layout.window = 64;
    return SIPSEAL_CHECK_HEADER() == SIPSEAL_OK &&
           sipseal_sdes_init(&alice) == SIPSEAL_OK && sipseal_sdes_init(&bob) == SIPSEAL_OK &&
           sipseal_sdes_offer(&alice, &policy, fill, &seed, offer, sizeof offer, &offer_len) == SIPSEAL_OK &&
           sipseal_sdes_answer(&bob, &policy, offer, offer_len, fill, &seed, answer, sizeof answer,
                               &answer_len, &change) == SIPSEAL_OK &&
           sipseal_sdes_take_answer(&alice, &policy, answer, answer_len, &change) == SIPSEAL_OK &&
           sipseal_sdes_sender_init(&alice, &tx, tx_block, sizeof tx_block, &layout) == SIPSEAL_OK &&
           sipseal_sdes_receiver_init(&bob, &rx, rx_block, sizeof rx_block, &layout) == SIPSEAL_OK &&
           sipseal_srtp_sender_protect(&tx, packet, len, packet, sizeof packet, &len) >= 0 &&
           sipseal_srtp_receiver_unprotect(&rx, packet, len, packet, sizeof packet, &len) >= 0 &&
           len == 15 && std::memcmp(packet + 12, "hey", 3) == 0 &&
           sipseal_sdes_wipe(&alice) == SIPSEAL_OK && sipseal_sdes_wipe(&bob) == SIPSEAL_OK &&
           sipseal_srtp_sender_wipe(&tx) == SIPSEAL_OK &&
           sipseal_srtp_receiver_wipe(&rx) == SIPSEAL_OK;
}

} // namespace

int main()
{
    if (speak())
        return 0;
    std::fprintf(stderr, "C++: failed\n");
    return 1;
}
