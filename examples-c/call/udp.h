/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#ifndef UDP_H
#define UDP_H

#include <stddef.h>
#include <stdint.h>

/* Opens a socket on a free port of 127.0.0.1. Reading from it does not wait. Returns it, or -1. */
int udp_open(uint16_t *port);

/* From now on the socket talks with this port of 127.0.0.1 alone. Returns 0 or -1. */
int udp_connect(int udp, uint16_t port);

/* Sends one datagram. Returns 0 or -1. */
int udp_send(int udp, const uint8_t *octets, size_t len);

/* Takes one datagram. Returns 1, 0 if there is none, or -1. */
int udp_receive(int udp, uint8_t *octets, size_t cap, size_t *len);

#endif
