/* SPDX-License-Identifier: MIT */
/* clock.h - the only place that asks what time it is.  Pure code takes the time as an argument. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define CLOCK_TEXT_SIZE 32 /* "2026-11-23T15:00:00Z" and room for far years */

/* Seconds since 1970-01-01 UTC. */
int64_t clock_now(void);
/* How far clock_now() has jumped, in seconds, since `start` was taken by clock_jump_start(). */
int64_t clock_jump(int64_t start);
int64_t clock_jump_start(void);
/* Milliseconds of a clock that never steps; for deadlines and durations. */
int64_t clock_monotonic_ms(void);
/* Nanoseconds of processor time, of the thread that pthread_getcpuclockid() gave it for; -1: it is
 * no more. */
int64_t clock_spent_ns(clockid_t thread);

/* RFC 3339 in UTC, without a fraction. */
void clock_format(int64_t now, char text[CLOCK_TEXT_SIZE]);
/* For people: "2026-11-23 15:00", UTC. */
void clock_format_minute(int64_t now, char text[CLOCK_TEXT_SIZE]);
/* RFC 3339 with any offset; a fraction is dropped.  False where the text is not one. */
bool clock_parse(const char *text, int64_t *ret_now);

#endif
