/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Every result thrown away, one to a line: the compiler must warn of each. Not part of the program. */

#include "sipseal.h"

void throw_away(sipseal_srtp_sender *tx, sipseal_srtp_receiver *rx, uint8_t *data, size_t *len,
                char *line, uint32_t *number, sipseal_srtp_counters *counters, sipseal_sdes *sdes,
                sipseal_srtp_layout *layout, sipseal_digest_client *client, sipseal_digest_server *server,
                sipseal_digest_verified *verified, sipseal_digest_counters *refused);

void throw_away(sipseal_srtp_sender *tx, sipseal_srtp_receiver *rx, uint8_t *data, size_t *len,
                char *line, uint32_t *number, sipseal_srtp_counters *counters, sipseal_sdes *sdes,
                sipseal_srtp_layout *layout, sipseal_digest_client *client, sipseal_digest_server *server,
                sipseal_digest_verified *verified, sipseal_digest_counters *refused)
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
    sipseal_srtp_receiver_unprotect_with_roc(rx, 0, data, 0, data, 0, len);
    sipseal_srtp_receiver_unprotect_rtcp(rx, data, 0, data, 0, len);
    sipseal_srtp_receiver_counters(rx, counters);
    sipseal_srtp_sender_add_key(tx, data, 0, data, 0, data, 0);
    sipseal_srtp_sender_add_key_from_to(tx, data, 0, data, 0, 0, 0);
    sipseal_srtp_sender_use_key(tx, data, 0);
    sipseal_srtp_sender_remove_key(tx, data, 0);
    sipseal_srtp_sender_remove_key_from(tx, 0);
    sipseal_srtp_sender_rekey(tx, data, 0, data, 0, 0);
    sipseal_srtp_sender_encrypt_element(tx, 1);
    sipseal_srtp_receiver_add_key(rx, data, 0, data, 0, data, 0);
    sipseal_srtp_receiver_add_key_from_to(rx, data, 0, data, 0, 0, 0);
    sipseal_srtp_receiver_remove_key(rx, data, 0);
    sipseal_srtp_receiver_remove_key_from(rx, 0);
    sipseal_srtp_receiver_rekey(rx, data, 0, data, 0, 0);
    sipseal_srtp_receiver_encrypt_element(rx, 1);
    sipseal_srtp_sender_add_stream(tx, 0);
    sipseal_srtp_sender_remove_stream(tx, 0);
    sipseal_srtp_sender_streams(tx, number, 0, len);
    sipseal_srtp_sender_roc(tx, 0, number);
    sipseal_srtp_sender_set_roc(tx, 0, 0);
    sipseal_srtp_receiver_add_stream(rx, 0);
    sipseal_srtp_receiver_add_own_ssrc(rx, 0);
    sipseal_srtp_receiver_remove_stream(rx, 0);
    sipseal_srtp_receiver_streams(rx, number, 0, len);
    sipseal_srtp_receiver_roc(rx, 0, number);
    sipseal_srtp_receiver_set_roc(rx, 0, 0);
    sipseal_srtp_receiver_ignore_carried_roc(rx, 0);
    sipseal_sdes_init(sdes);
    sipseal_sdes_offer(sdes, NULL, NULL, NULL, line, 0, len);
    sipseal_sdes_answer(sdes, NULL, line, 0, NULL, NULL, line, 0, len, number);
    sipseal_sdes_take_answer(sdes, NULL, line, 0, number);
    sipseal_sdes_line_status(sdes, NULL, line, 0, 0, number, len);
    sipseal_sdes_fork(sdes, sdes);
    sipseal_sdes_sender_layout(sdes, layout);
    sipseal_sdes_receiver_layout(sdes, layout);
    sipseal_sdes_window_hint(sdes, number);
    sipseal_sdes_sender_init(sdes, tx, data, 0, NULL);
    sipseal_sdes_receiver_init(sdes, rx, data, 0, NULL);
    sipseal_digest_hash_a1(1, line, 0, line, 0, line, 0, line, 0, len);
    sipseal_digest_user_hash(1, line, 0, line, 0, line, 0, len);
    sipseal_digest_client_init(client, data, 0, NULL);
    sipseal_digest_client_take(client, NULL, line, 0, NULL, 0, NULL, NULL);
    sipseal_digest_client_write(client, NULL, NULL, 0, line, 0, len);
    sipseal_digest_client_forget(client);
    sipseal_digest_copy_credentials(line, 0, line, 0, len);
    sipseal_digest_server_block_len(1, 0);
    sipseal_digest_server_init(server, data, 0, NULL, data, 0, NULL, NULL);
    sipseal_digest_server_challenge(server, 0, 0, data, 0, 0, line, 0, len);
    sipseal_digest_server_verify(server, 0, 0, data, 0, line, 0, NULL, NULL, verified);
    sipseal_digest_server_info(server, verified, line, 0, data, 0, 0, data, 0, 0, line, 0, len);
    sipseal_digest_server_counters(server, refused);
}
