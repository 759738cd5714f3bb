/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Every suite, one per file. */

#ifndef SUITES_H
#define SUITES_H

void test_status(void);
void test_layouts(void);
void test_objects(void);
void test_pointers(void);
void test_overlap(void);
void test_capacities(void);
void test_headers(void);
void test_lengths(void);
void test_replay(void);
void test_streams(void);
void test_in_place(void);
void test_rtcp(void);
void test_flags(void);
void test_keys(void);
void test_rekey(void);
void test_accelerator(void);
void test_stream_control(void);
void test_roc(void);
void test_carried_roc(void);
void test_elements_encrypted(void);
void test_cryptex(void);
void test_digest(void);
void test_digest_misuse(void);
void test_sdes_lines(void);
void test_sdes_calls(void);
void test_digest_server(void);
void test_mutations(void);

/* Rounds of test_mutations. */
extern unsigned long mutations;

#endif
