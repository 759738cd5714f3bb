/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Checks: each is counted, and one that fails says where and goes on. */

#ifndef CHECK_H
#define CHECK_H

struct check {
    unsigned long done;
    unsigned long failed;
    /* What a loop is at, printed with a failure. */
    const char *what;
    unsigned long at[2];
    /* Where a test called a function that checks. */
    const char *caller;
    int caller_line;
};
extern struct check check;

void check_equal(long long actual, long long expected, const char *text, const char *file, int line);

#define CHECK(condition) check_equal(!(condition), 0, #condition, __FILE__, __LINE__)
#define CHECK_EQUAL(actual, expected) \
    check_equal((long long)(actual), (long long)(expected), #actual, __FILE__, __LINE__)

/* Names the round of a loop: CHECK_ROUND("profile, length", profile, length). */
#define CHECK_ROUND(what_, a, b) \
    (check.what = (what_), check.at[0] = (unsigned long)(a), check.at[1] = (unsigned long)(b))

/* For the name of a function that checks: says in its failures where it was called. */
#define CHECK_CALL(call) (check.caller = __FILE__, check.caller_line = __LINE__, (call))

#endif
