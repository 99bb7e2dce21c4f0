/* SPDX-License-Identifier: MIT */
/* clock.c - the time, and RFC 3339. */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

int64_t clock_now(void)
{
    return (int64_t)time(NULL);
}

int64_t clock_monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void clock_format(int64_t now, char text[CLOCK_TEXT_SIZE])
{
    time_t seconds = (time_t)now;
    struct tm utc;

    if (!gmtime_r(&seconds, &utc) || !strftime(text, CLOCK_TEXT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &utc))
        snprintf(text, CLOCK_TEXT_SIZE, "1970-01-01T00:00:00Z");
}
