/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#ifndef SIGNALLING_H
#define SIGNALLING_H

#include <stddef.h>

/*
 * Lines between the two phones, over a socket that stands in for SIP. Keys travel here, so a real phone
 * has TLS below it. For the same reason there is no buffer but the caller's, who can wipe it.
 */

/* Longest line. */
#define SIGNALLING_CAP 256

/* Sends a line, adding its end. Returns 0, or -1 having said on stderr what was wrong. */
int signalling_send(int socket, const char *line, size_t len);

/* Waits for a line and takes its end off. A zero follows it. Returns 0 or -1, as above. */
int signalling_receive(int socket, char line[SIGNALLING_CAP], size_t *len);

#endif
