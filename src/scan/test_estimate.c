/* SPDX-License-Identifier: MIT */
/* test_estimate.c - the end of a scan, foreseen in simulated ones. */
#include "scan/estimate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define TIMEOUT 60000
#define STEP    50  /* ms of the simulated clock ... */
#define FINE    10  /* ... where looks are shorter */
#define SHOWN   500 /* ms between two estimates */
#define MOST    5000

/* A list, and how its domains behave: so many in a hundred hang until the time-out or a while of
 * their own, the others take between `quick` and three times that. */
struct course {
    const char *name;
    int jobs, count, hang_percent;
    int64_t quick, hang;
    int64_t said_by; /* ms: from then on there is an estimate */
    double off;      /* by so large a factor it may be wrong, never by more */
};

static const struct course courses[] = {
    {"fast and healthy", 1000, 20000, 0, 300, 0, 2000, 1.5},
    {"as lists are", 1000, 20000, 10, 1000, TIMEOUT, 12000, 2},
    {"few hang", 1000, 20000, 1, 1000, TIMEOUT, 12000, 2},
    {"half of it hangs", 1000, 5000, 50, 1000, TIMEOUT, 12000, 2},
    {"they hang for less than the time-out", 1000, 10000, 10, 500, 20000, 12000, 3.5},
    {"all hang", 100, 400, 100, 0, TIMEOUT, 16000, 1.6},
    {"all at once", 1000, 500, 5, 1000, TIMEOUT, 12000, 2},
    {"all at once, healthy", 1000, 500, 0, 300, 0, 2000, 2},
    {"one at a time", 1, 40, 10, 500, TIMEOUT, TIMEOUT, 6},
    {"eight at a time", 8, 400, 5, 800, TIMEOUT, 20000, 3},
    {"slow", 200, 4000, 0, 8000, 0, 30000, 2},
    /* One that hangs, unseen, would take longer than all that were seen. */
    {"as fast as an answer out of a cache", 10, 20000, 0, 4, 0, 2000, 8},
};

struct look {
    int64_t began, ends;
};

struct simulation {
    const struct course *course;
    struct estimate *estimate;
    struct look *looks;
    int begun, under_way;
    unsigned random;
    struct {
        int64_t at, left;
    } said[MOST];
    int said_count;
};

/* The same in each run: the high bits of a linear congruence. */
static int any_below(struct simulation *s, int bound)
{
    s->random = s->random * 1664525u + 1013904223u;
    return (int)((s->random >> 8) % (unsigned)bound);
}

static int64_t duration(struct simulation *s)
{
    const struct course *course = s->course;

    if (any_below(s, 100) < course->hang_percent)
        return course->hang;
    return course->quick + any_below(s, (int)(2 * course->quick) + 1);
}

static void step(struct simulation *s, int64_t now)
{
    for (int i = 0; i < s->course->jobs; i++) {
        struct look *look = &s->looks[i];

        if (look->ends && look->ends <= now) {
            estimate_end(s->estimate, look->began, now);
            *look = (struct look){0, 0};
            s->under_way--;
        }
        if (!look->ends && s->begun < s->course->count) {
            *look = (struct look){now, now + duration(s)};
            estimate_begin(s->estimate, now);
            s->begun++;
            s->under_way++;
        }
    }
}

/* To the end of the list; how long it took. */
static int64_t run(struct simulation *s)
{
    int64_t now = 0;

    for (;; now += s->course->quick && s->course->quick < STEP ? FINE : STEP) {
        step(s, now);
        if (!s->under_way)
            return now;
        if (now % SHOWN || s->said_count == MOST)
            continue;
        s->said[s->said_count].at = now;
        s->said[s->said_count++].left =
            estimate_left(s->estimate, now, s->course->count - s->begun);
    }
}

/* Whether one of the last hangs nobody can know. */
static bool is_near(const struct course *course, int64_t left, int64_t truth)
{
    double off = left > truth ? (double)left / (double)truth : (double)truth / (double)(left + 1);

    return off <= course->off || llabs(left - truth) <= 1000 + course->hang / 4;
}

static void check(const struct course *course)
{
    struct simulation *s = talloc_zero(NULL, struct simulation);
    int64_t took;

    s->course = course;
    s->looks = talloc_zero_array(s, struct look, (unsigned)course->jobs);
    s->random = 8461;
    assert_int_equal(estimate_new(s, TIMEOUT, &s->estimate), STS_OK);
    took = run(s);
    for (int i = 0; i < s->said_count; i++) {
        int64_t at = s->said[i].at, left = s->said[i].left, truth = took - at;
        bool known = left != ESTIMATE_UNKNOWN;

        if ((known && is_near(course, left, truth)) || (!known && at < course->said_by))
            continue;
        print_error("%s: at %lld: %lld left, %lld in truth\n", course->name, (long long)at,
                    (long long)left, (long long)truth);
        fail();
    }
    talloc_free(s);
}

static void the_end_is_foreseen(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof courses / sizeof courses[0]; i++)
        check(&courses[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_end_is_foreseen)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
