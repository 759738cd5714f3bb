/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The four functions that libsrtp wants of a sockets header, which newlib has not. */

#ifndef NETINET_IN_H
#define NETINET_IN_H

#include <stdint.h>

#define htonl(x) __builtin_bswap32(x)
#define ntohl(x) __builtin_bswap32(x)
#define htons(x) __builtin_bswap16(x)
#define ntohs(x) __builtin_bswap16(x)

#endif
