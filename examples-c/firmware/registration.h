/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#ifndef REGISTRATION_H
#define REGISTRATION_H

enum registration { REGISTRATION_FAILED, REGISTRATION_DONE, REGISTRATION_NOT_BUILT };

/* Registers with each hash that digest authentication has. */
enum registration registration_run(void);

#endif
