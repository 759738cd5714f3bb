/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#include <stdio.h>
#include <string.h>

#include "phone.h"
#include "udp.h"

/* An authentic packet: its place is where its timestamp says, whenever it came. */
static int hear(struct phone *phone, const uint8_t *packet, size_t len, const uint8_t *as_received)
{
    struct rtp rtp;
    uint32_t place;

    if (rtp_read(packet, len, &rtp) != 0 || rtp.payload_type != RTP_PCMU ||
        len != RTP_HEADER_LEN + SPEECH_PACKET_LEN)
        return 0;
    if (!phone->reception.started)
        phone->first_timestamp = rtp.timestamp;
    rtcp_count(&phone->reception, &rtp);
    place = (rtp.timestamp - phone->first_timestamp) / SPEECH_PACKET_LEN;
    if (place >= SPEECH_MAX_PACKETS)
        return 0;
    if (speech_put(&phone->heard, place, packet + RTP_HEADER_LEN) != 0)
        return -1;
    return speech_put(&phone->overheard, place, as_received + RTP_HEADER_LEN);
}

static int take(struct phone *phone, int channel, uint8_t *packet, size_t len)
{
    const uint64_t fingerprint = ledger_fingerprint(packet, len);
    uint8_t as_received[PACKET_CAP];
    size_t plain_len;
    sipseal_status status;

    memcpy(as_received, packet, len);
    if (channel == MEDIA)
        status = sipseal_srtp_receiver_unprotect(&phone->receiver, packet, len, packet, PACKET_CAP,
                                                 &plain_len);
    else
        status = sipseal_srtp_receiver_unprotect_rtcp(&phone->receiver, packet, len, packet,
                                                      PACKET_CAP, &plain_len);
    if (ledger_add(&phone->received[channel], status, fingerprint, len) != 0)
        return -1;
    /* A phone drops it and goes on. The ledger says why. */
    if (status < 0)
        return 0;
    if (channel == MEDIA)
        return hear(phone, packet, plain_len, as_received);
    if (rtcp_read(packet, plain_len, &phone->report) != 0) {
        fprintf(stderr, "%s: not a report\n", phone->name);
        return -1;
    }
    return 0;
}

int phone_listen(struct phone *phone)
{
    uint8_t packet[PACKET_CAP];
    size_t len;
    int channel, got;

    for (channel = 0; channel < CHANNELS; channel++) {
        while ((got = udp_receive(phone->sockets[channel], packet, sizeof packet, &len)) > 0)
            if (take(phone, channel, packet, len) != 0)
                return -1;
        if (got < 0) {
            fprintf(stderr, "%s: cannot receive\n", phone->name);
            return -1;
        }
    }
    return 0;
}
