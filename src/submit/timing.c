/* SPDX-License-Identifier: MIT */
/* timing.c - the spread, the back-off, and when a destination is given up. */
#include "submit/timing.h"

#include <string.h>

#include "base/table.h"
#include "submit/limits.h"

#define DAY_S   ((int64_t)86400)
#define GRACE_S 60 /* so that collectors have stored what they had at midnight */

int64_t timing_due(const char *organization, const char *domain, int64_t day)
{
    uint64_t seed = table_hash(0, organization, strlen(organization) + 1);

    seed = table_hash(seed, domain, strlen(domain) + 1);
    seed = table_hash(seed, &day, sizeof(day));
    return (day + 1) * DAY_S + GRACE_S + (int64_t)(seed % LIMIT_SPREAD);
}

int64_t timing_again(int64_t first, int64_t now, int64_t failures)
{
    int64_t wait = LIMIT_RETRY_FIRST;

    while (--failures > 0 && wait < LIMIT_RETRY_MOST)
        wait *= 2;
    if (wait > LIMIT_RETRY_MOST)
        wait = LIMIT_RETRY_MOST;
    return now + wait <= first + LIMIT_RETRY_ALL ? now + wait : 0;
}

bool timing_suppressed(int64_t failing_since, int64_t tried, int64_t now)
{
    return failing_since && now - failing_since >= LIMIT_FAILS_FOR &&
           now - tried < LIMIT_ASKED_AGAIN;
}
