/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Every result thrown away, one to a line: the compiler must warn of each. Not part of the program. */

#include "sipseal.h"

void throw_away(sipseal_srtp_sender *tx, sipseal_srtp_receiver *rx, uint8_t *data, size_t *len,
                char *line, uint32_t *number, sipseal_srtp_counters *counters);

void throw_away(sipseal_srtp_sender *tx, sipseal_srtp_receiver *rx, uint8_t *data, size_t *len,
                char *line, uint32_t *number, sipseal_srtp_counters *counters)
{
    sipseal_status_str(0);
    sipseal_version();
    sipseal_check_header(0, 0, 0);
    sipseal_self_test();
    sipseal_srtp_profile_name(1);
    sipseal_srtp_profile_from_name(line, 0);
    sipseal_srtp_key_len(1);
    sipseal_srtp_salt_len(1);
    sipseal_srtp_rtp_trailer_len(1);
    sipseal_srtp_rtcp_trailer_len(1);
    sipseal_srtp_sender_block_len(NULL);
    sipseal_srtp_sender_init(tx, data, 0, NULL, data, 0, data, 0);
    sipseal_srtp_sender_protect(tx, data, 0, data, 0, len);
    sipseal_srtp_sender_protect_rtcp(tx, data, 0, data, 0, len);
    sipseal_srtp_receiver_block_len(NULL);
    sipseal_srtp_receiver_init(rx, data, 0, NULL, data, 0, data, 0);
    sipseal_srtp_receiver_unprotect(rx, data, 0, data, 0, len);
    sipseal_srtp_receiver_unprotect_rtcp(rx, data, 0, data, 0, len);
    sipseal_srtp_receiver_counters(rx, counters);
    sipseal_sdes_generate(1, 0, NULL, NULL, data, 0, len, line, 0, len);
    sipseal_sdes_read(line, 0, number, number, data, 0, len);
}
