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

extern "C" sipseal_status zeros(void *, uint8_t *out, size_t len)
{
    std::memset(out, 0, len);
    return SIPSEAL_OK;
}

bool speak()
{
    sipseal_srtp_layout layout = sipseal_srtp_layout();
    uint8_t packet[64] = { 0x80, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4, 'h', 'e', 'y' };
    uint8_t secret[SIPSEAL_SRTP_MAX_SECRET_LEN];
    char line[SIPSEAL_SDES_MAX_LINE_LEN];
    size_t len = 15, secret_len, line_len;

    layout.profile = SIPSEAL_SRTP_AEAD_AES_128_GCM;
    layout.keys = layout.streams = 1;
    layout.window = 64;
    return SIPSEAL_CHECK_HEADER() == SIPSEAL_OK &&
           sipseal_sdes_generate(layout.profile, 1, zeros, nullptr, secret, sizeof secret,
                                 &secret_len, line, sizeof line, &line_len) == SIPSEAL_OK &&
           sipseal_srtp_sender_init(&tx, tx_block, sizeof tx_block, &layout, secret, 16,
                                    secret + 16, 12) == SIPSEAL_OK &&
           sipseal_srtp_receiver_init(&rx, rx_block, sizeof rx_block, &layout, secret, 16,
                                      secret + 16, 12) == SIPSEAL_OK &&
           sipseal_srtp_sender_protect(&tx, packet, len, packet, sizeof packet, &len) >= 0 &&
           sipseal_srtp_receiver_unprotect(&rx, packet, len, packet, sizeof packet, &len) >= 0 &&
           len == 15 && std::memcmp(packet + 12, "hey", 3) == 0 &&
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
