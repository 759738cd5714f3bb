/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What libsrtp's configure would find for an ARM core. */

#include <inttypes.h>

#define CPU_RISC 1
#define HAVE_INTTYPES_H 1
#define HAVE_NETINET_IN_H 1
#define HAVE_STDINT_H 1
#define HAVE_STDLIB_H 1
#define HAVE_SYS_TYPES_H 1
#define HAVE_INT32_T 1
#define HAVE_UINT8_T 1
#define HAVE_UINT16_T 1
#define HAVE_UINT32_T 1
#define HAVE_UINT64_T 1
#define PACKAGE_STRING "libsrtp"
#define PACKAGE_VERSION ""
#define SIZEOF_UNSIGNED_LONG __SIZEOF_LONG__
#define SIZEOF_UNSIGNED_LONG_LONG 8

/* newlib has it where it takes 64-bit integers for defined. */
#ifndef PRIx64
#define PRIx64 "llx"
#endif
