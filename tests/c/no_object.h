/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The calls that manage keys and streams, on what is no object. */

#ifndef NO_OBJECT_H
#define NO_OBJECT_H

#include "check.h"
#include "sipseal.h"

/* Checks that each fails with `expected` and that results are zero. */
void manage_no_sender(sipseal_srtp_sender *tx, sipseal_status expected);
void manage_no_receiver(sipseal_srtp_receiver *rx, sipseal_status expected);

#define manage_no_sender(...) CHECK_CALL((manage_no_sender)(__VA_ARGS__))
#define manage_no_receiver(...) CHECK_CALL((manage_no_receiver)(__VA_ARGS__))

#endif
