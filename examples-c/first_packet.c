/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * The examples at the head of sipseal.h at work: the Makefile takes their text out of the header as it is
 * printed there. The one sends a packet, the other, keyed by an SDES line, hears it.
 */

#include <stdio.h>
#include <string.h>

#include "sipseal.h"

/* Here a phone would have its network. */
static uint8_t wire[256];
static size_t wire_len;

static void send_to_network(const uint8_t *packet, size_t len)
{
    if (len <= sizeof wire) {
        memcpy(wire, packet, len);
        wire_len = len;
    }
}

#include "examples_from_header.h"

/* Counts where a phone would ask its generator, so that the program says the same at each run. */
static sipseal_status count(void *user, uint8_t *out, size_t out_len)
{
    uint8_t *next = user;

    while (out_len-- > 0)
        *out++ = (*next)++;
    return SIPSEAL_OK;
}

int main(void)
{
    static const char rtp[] = "\x80\x00\x00\x01" "\x00\x00\x00\xa0" "\xca\xfe\xba\xbe" "a first packet";
    const size_t rtp_len = sizeof rtp - 1;
    uint8_t seed = 1, secret[SIPSEAL_SRTP_MAX_SECRET_LEN];
    char line[SIPSEAL_SDES_MAX_LINE_LEN];
    size_t secret_len, line_len;
    uint8_t packet[sizeof rtp + SIPSEAL_SRTP_MAX_TRAILER_LEN];
    size_t len;

    memcpy(packet, rtp, rtp_len);
    if (sipseal_sdes_generate(SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80, 1, count, &seed,
                              secret, sizeof secret, &secret_len,
                              line, sizeof line, &line_len) < 0 ||
        start(secret, secret + 16) < 0 || hear(line, line_len) < 0 ||
        send_rtp(packet, rtp_len, sizeof packet) < 0) {
        fprintf(stderr, "the examples in sipseal.h do not run\n");
        return 1;
    }
    if (wire_len != rtp_len + 10 || memcmp(wire + 12, rtp + 12, rtp_len - 12) == 0) {
        fprintf(stderr, "the packet is not protected\n");
        return 1;
    }
    if (sipseal_srtp_receiver_unprotect(&rx, wire, wire_len, wire, sizeof wire, &len) < 0 ||
        len != rtp_len || memcmp(wire, rtp, rtp_len) != 0) {
        fprintf(stderr, "the packet does not come out as it went in\n");
        return 1;
    }
    sipseal_srtp_sender_wipe(&tx);
    sipseal_srtp_receiver_wipe(&rx);
    sipseal_wipe(secret, sizeof secret);
    printf("heard: %.*s\n", (int)(len - 12), (const char *)wire + 12);
    return 0;
}
