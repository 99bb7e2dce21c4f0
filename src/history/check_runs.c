/* SPDX-License-Identifier: MIT */
/* check_runs.c - checks in a row that found the same. */
#include "history/check_runs.h"

#include <string.h>

#include "history/reading.h"

/* Those of `from` that are not in `other`. */
static void list_missing(struct history_reading *reading, const struct logged_codes *from,
                         const struct logged_codes *other, struct logged_codes *ret)
{
    for (size_t i = 0; i < from->count; i++) {
        struct logged_code *one;

        if (logged_code_is_among(&from->list[i], other))
            continue;
        one = reading_grow(reading, &ret->list, &ret->count, sizeof(*one));
        if (one)
            *one = from->list[i];
    }
}

/* Most checks share the list of the check before. */
static void compare(struct history_reading *reading, const struct logged_codes *before,
                    struct same_checks *run)
{
    if (before->list == run->found.list)
        return;
    list_missing(reading, &run->found, before, &run->appeared);
    list_missing(reading, before, &run->found, &run->gone);
}

static bool goes_on(const struct same_checks *before, const struct same_checks *run)
{
    return !run->appeared.count && !run->gone.count && strcmp(before->verdict, run->verdict) == 0 &&
           strcmp(before->posture, run->posture) == 0 &&
           strcmp(before->delivery, run->delivery) == 0;
}

static struct same_checks run_of(const struct logged_check *check)
{
    return (struct same_checks){.first = check->observed_at,
                                .last = check->observed_at,
                                .checks = 1,
                                .verdict = check->verdict,
                                .posture = check->posture,
                                .delivery = check->delivery,
                                .found = check->found};
}

enum sts_status check_runs_of(TALLOC_CTX *ctx, const struct logged_check *checks, size_t count,
                              bool each, struct check_runs *ret)
{
    static const struct logged_codes none;
    struct history_reading reading = {.model = ctx};

    *ret = (struct check_runs){NULL, 0};
    for (size_t i = 0; i < count && !reading.no_memory; i++) {
        struct same_checks run = run_of(&checks[i]), *place;
        struct same_checks *before = ret->count ? &ret->list[ret->count - 1] : NULL;

        compare(&reading, before ? &before->found : &none, &run);
        if (before && !each && goes_on(before, &run)) {
            before->last = run.last;
            before->checks++;
            continue;
        }
        place = reading_grow(&reading, &ret->list, &ret->count, sizeof(*place));
        if (place)
            *place = run;
    }
    return reading_status(&reading, STS_OK);
}
