/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A caller that lies about its buffers:  lies NAME
 *
 * Each lie lets the library reach past a buffer, by a single octet where all of it is sure to be used,
 * which AddressSanitizer must report. Without a name, lists the lies; "truth" is the same work without one.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "packets.h"
#include "sipseal.h"

static const sipseal_srtp_layout layout = {
    .profile = SIPSEAL_SRTP_AEAD_AES_128_GCM, .keys = 1, .streams = 1, .window = 64,
};
static const sipseal_srtp_layout with_mki = {
    .profile = SIPSEAL_SRTP_AEAD_AES_128_GCM, .keys = 1, .streams = 1, .window = 64, .mki_len = 8,
};
static const uint8_t secret[28];
static const char line[] = "a=crypto:1 AEAD_AES_128_GCM inline:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==\r\n";

#define TRAILER_LEN 16

static sipseal_status fill(void *user, uint8_t *out, size_t len)
{
    (void)user;
    memset(out, 1, len);
    return SIPSEAL_OK;
}

static void *exactly(size_t len)
{
    void *place = calloc(len, 1);

    if (!place)
        exit(2);
    return place;
}

/* Frees nothing: a lie does not come back, and the truth ends the program. */
static sipseal_status tell(const char *lie)
{
#define IS(name) (strcmp(lie, name) == 0 ? 1 : 0)
    size_t tx_len = sipseal_srtp_sender_block_len(&layout);
    size_t rx_len = sipseal_srtp_receiver_block_len(&layout);
    size_t keyed_len = sipseal_srtp_sender_block_len(&with_mki);
    struct packet packet = packet_speech(SSRC, 1), second = packet_speech(SSRC, 2);
    sipseal_srtp_sender *tx = exactly(sizeof *tx >> IS("short sender"));
    sipseal_srtp_receiver *rx = exactly(sizeof *rx >> IS("short receiver"));
    uint8_t *tx_block = exactly(tx_len >> IS("short sender block"));
    uint8_t *rx_block = exactly(rx_len >> IS("short receiver block"));
    uint8_t *key = exactly(16 - IS("short key"));
    uint8_t *plain = exactly(packet.len - IS("short packet"));
    uint8_t *wire = exactly(packet.len + TRAILER_LEN - IS("short room to protect"));
    uint8_t *arrived = exactly(packet.len + TRAILER_LEN - IS("short protected packet"));
    uint8_t *back = exactly(packet.len - IS("short room to unprotect"));
    char *offer = exactly(sizeof line - 1 - IS("short line"));
    char *answer = exactly(sizeof line - 1 - IS("short room for a line"));
    uint32_t *profiles = exactly(8 - 4 * IS("short list of profiles"));
    sipseal_sdes *sdes = exactly(sizeof *sdes >> IS("short negotiation"));
    sipseal_sdes_policy policy = { .profiles = profiles, .profiles_len = 2 };
    sipseal_srtp_sender *keyed = exactly(sizeof *keyed);
    uint8_t *keyed_block = exactly(keyed_len >> IS("short block for MKIs"));
    uint8_t *mki = exactly(8 - IS("short MKI"));
    uint8_t *used_mki = exactly(8 - IS("short MKI to use"));
    uint8_t *new_key = exactly(16 - IS("short new key"));
    uint8_t *tried = exactly(packet.len - IS("short room to try a ROC"));
    uint32_t *ssrcs = exactly(sizeof *ssrcs - IS("short room for SSRCs"));
    uint32_t change;
    size_t len;
    sipseal_status status;

    memcpy(plain, packet.data, packet.len - IS("short packet"));
    memcpy(offer, line, sizeof line - 1 - IS("short line"));

    profiles[0] = layout.profile;
    if (!IS("short list of profiles"))
        profiles[1] = SIPSEAL_SRTP_AEAD_AES_256_GCM;
    if ((status = sipseal_sdes_init(sdes)) < 0 ||
        (status = sipseal_sdes_answer(sdes, &policy, offer, sizeof line - 1, fill, NULL, answer,
                                      sizeof line - 1, &len, &change)) < 0 ||
        (status = sipseal_srtp_sender_init(tx, tx_block, tx_len, &layout, key, 16, secret, 12)) < 0 ||
        (status = sipseal_srtp_receiver_init(rx, rx_block, rx_len, &layout, key, 16, secret, 12)) < 0)
        return status;
    if ((status = sipseal_srtp_sender_protect(tx, plain, packet.len, wire,
                                              packet.len + TRAILER_LEN, &len)) < 0)
        return status;
    memcpy(arrived, wire, len - IS("short protected packet"));
    if ((status = sipseal_srtp_receiver_unprotect(rx, arrived, len, back, packet.len, &len)) < 0)
        return status;

    if ((status = sipseal_srtp_sender_protect(tx, second.data, second.len, wire,
                                              second.len + TRAILER_LEN, &len)) < 0 ||
        (status = sipseal_srtp_receiver_unprotect_with_roc(rx, 0, wire, len, tried, second.len,
                                                           &len)) < 0 ||
        (status = sipseal_srtp_receiver_streams(rx, ssrcs, 1, &len)) < 0 ||
        (status = sipseal_srtp_receiver_rekey(rx, new_key, 16, secret, 12,
                                              SIPSEAL_SRTP_KEEP_ROC)) < 0 ||
        (status = sipseal_srtp_sender_init(keyed, keyed_block, keyed_len, &with_mki, NULL, 0, NULL,
                                           0)) < 0 ||
        (status = sipseal_srtp_sender_add_key(keyed, key, 16, secret, 12, mki, 8)) < 0)
        return status;
    return sipseal_srtp_sender_use_key(keyed, used_mki, 8);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        puts("short sender\nshort receiver\nshort sender block\nshort receiver block\nshort key\n"
             "short packet\nshort room to protect\nshort protected packet\n"
             "short room to unprotect\nshort line\nshort room for a line\n"
             "short list of profiles\nshort negotiation\nshort block for MKIs\nshort MKI\nshort MKI to use\n"
             "short new key\nshort room to try a ROC\nshort room for SSRCs");
        return 0;
    }
    printf("%s\n", sipseal_status_str(tell(argv[1])));
    return 0;
}
