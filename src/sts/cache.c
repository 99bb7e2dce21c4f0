/* SPDX-License-Identifier: MIT */
/* cache.c - does the policy held apply, and is it time to fetch?
 *
 * Two questions, in this order.  Age alone decides the first.  For the second, what is due (another
 * id, an age) is held against what forbids it: a fetch that failed a moment ago; and, where no
 * policy is held, that there is no record. */
#include "mtasts/cache.h"

#include <string.h>

#define DAY         86400
#define HOUR        ((int64_t)3600)
#define RETRY_LEAST 300 /* RFC 8461 section 3.3: five minutes or longer */
/* The clocks of two machines that share a cache may differ so much; no step is made of it. */
#define CLOCK_SLACK 300

struct cache_view {
    const struct sts_cache_entry *entry;
    const struct sts_cache_record *record;
    int64_t now;
    int64_t age, max_age; /* in seconds, of the policy held; bounded */
    bool fetched_later;
    int64_t refresh_after, testing_refresh_after, retry_after;
    int64_t latest; /* the age above which it is fetched again in any case */
};

/* ---- arithmetic ------------------------------------------------------------------------------ */

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t later(int64_t time, int64_t seconds)
{
    return time > INT64_MAX - seconds ? INT64_MAX : time + seconds;
}

/* From a to b, at most as far as int64_t goes. */
static int64_t between(int64_t a, int64_t b)
{
    int64_t difference;

    if (__builtin_sub_overflow(b, a, &difference))
        return b > a ? INT64_MAX : INT64_MIN;
    return difference;
}

static int64_t bounded_max_age(int64_t max_age)
{
    return max_age < 0 ? -1 : least(max_age, STS_MAX_AGE_MAX);
}

static int64_t or_default(int64_t seconds, int64_t standard)
{
    return seconds > 0 ? seconds : standard;
}

int64_t sts_cache_expiry(int64_t fetched_at, int64_t max_age)
{
    max_age = bounded_max_age(max_age);
    return max_age < 0 ? fetched_at : later(fetched_at, max_age);
}

/* ---- the policy held ------------------------------------------------------------------------- */

/* Half of max_age leaves as much time again for whoever keeps us from the policy host to give up
 * (section 10.2).  A quarter is for callers who choose a time at random, so that nobody can tell
 * when to begin. */
static int64_t latest_age(int64_t max_age, int64_t chosen)
{
    return chosen > max_age / 2 ? least(chosen, max_age - max_age / 4) : max_age / 2;
}

static struct cache_view look(const struct sts_cache_entry *entry,
                              const struct sts_cache_record *record, int64_t now,
                              const struct sts_cache_tuning *tuning)
{
    static const struct sts_cache_tuning defaults;
    struct cache_view view = {.entry = entry, .record = record, .now = now};

    tuning = tuning ? tuning : &defaults;
    view.age = between(entry->fetched_at, now);
    view.max_age = bounded_max_age(entry->max_age);
    view.fetched_later = view.age < -CLOCK_SLACK;
    view.latest = latest_age(view.max_age, tuning->refresh_after);
    view.refresh_after = or_default(tuning->refresh_after, DAY);
    view.testing_refresh_after = or_default(tuning->testing_refresh_after, 6 * HOUR);
    view.retry_after = tuning->retry_after > RETRY_LEAST ? tuning->retry_after : RETRY_LEAST;
    return view;
}

/* Section 5.1: its age has not exceeded max_age.  How old one is that was fetched later than now
 * nobody knows: it applies where that is no more than max_age ahead, else a clock set to 2100 once
 * would bind us until then. */
static bool applies(const struct cache_view *view)
{
    if (!view->entry->held || view->max_age < 0)
        return false;
    return view->fetched_later ? view->age >= -view->max_age : view->age <= view->max_age;
}

static bool id_differs(const struct cache_view *view)
{
    const char *held = view->entry->id, *seen = view->record->id;

    return view->record->seen == STS_SEEN_RECORD && (!held || !seen || strcmp(held, seen) != 0);
}

/* The age above which it is fetched again though nothing has changed. */
static int64_t refresh_age(const struct cache_view *view)
{
    bool testing = view->entry->mode == STS_MODE_TESTING;

    return least(view->latest, testing ? view->testing_refresh_after : view->refresh_after);
}

/* ---- is it time to fetch? -------------------------------------------------------------------- */

/* CURRENT: no. */
static enum sts_cache_reason due(const struct cache_view *view)
{
    if (id_differs(view))
        return STS_CACHE_REASON_ID_CHANGED;
    if (view->fetched_later)
        return STS_CACHE_REASON_CLOCK_SET_BACK;
    if (view->age > view->latest)
        return STS_CACHE_REASON_EXPIRING_SOON;
    if (view->age <= refresh_age(view))
        return STS_CACHE_REASON_CURRENT;
    return view->entry->mode == STS_MODE_TESTING && view->age <= view->refresh_after
               ? STS_CACHE_REASON_TESTING
               : STS_CACHE_REASON_REFRESH_DUE;
}

/* Section 3.3: after a failed fetch, five minutes or more for each id. */
static bool is_paused(const struct cache_view *view)
{
    const struct sts_cache_entry *entry = view->entry;
    int64_t since = between(entry->failed_at, view->now);

    if (!entry->failed_at || since < 0 || since >= view->retry_after)
        return false;
    return view->record->seen != STS_SEEN_RECORD || !view->record->id || !entry->failed_id ||
           !strcmp(entry->failed_id, view->record->id);
}

static int64_t pause_end(const struct cache_view *view)
{
    return later(view->entry->failed_at, view->retry_after);
}

static struct sts_cache_decision decide_with(const struct cache_view *view)
{
    int64_t expiry = sts_cache_expiry(view->entry->fetched_at, view->max_age);
    struct sts_cache_decision decision = {
        .action = STS_CACHE_USE, .reason = due(view), .expires_at = expiry};

    if (decision.reason == STS_CACHE_REASON_CURRENT) {
        if (view->record->seen == STS_SEEN_NONE)
            decision.reason = STS_CACHE_REASON_RECORD_GONE;
        decision.next_at = later(view->entry->fetched_at, refresh_age(view) + 1);
    } else if (is_paused(view)) {
        decision.reason = STS_CACHE_REASON_PAUSED;
        decision.next_at = least(pause_end(view), later(expiry, 1));
    } else {
        decision.action = STS_CACHE_REFETCH;
    }
    return decision;
}

static struct sts_cache_decision decide_without(const struct cache_view *view)
{
    struct sts_cache_decision decision = {.action = STS_CACHE_NONE};

    if (view->record->seen != STS_SEEN_RECORD) {
        decision.reason = view->record->seen == STS_SEEN_NONE ? STS_CACHE_REASON_NO_RECORD
                                                              : STS_CACHE_REASON_LOOKUP_FAILED;
    } else if (is_paused(view)) {
        decision.reason = STS_CACHE_REASON_PAUSED;
        decision.next_at = pause_end(view);
    } else {
        decision.action = STS_CACHE_FETCH;
        decision.reason = !view->entry->held    ? STS_CACHE_REASON_NOT_HELD
                          : view->fetched_later ? STS_CACHE_REASON_CLOCK_SET_BACK
                                                : STS_CACHE_REASON_EXPIRED;
    }
    return decision;
}

struct sts_cache_decision sts_cache_decide(const struct sts_cache_entry *entry,
                                           const struct sts_cache_record *record, int64_t now,
                                           const struct sts_cache_tuning *tuning)
{
    struct cache_view view = look(entry, record, now, tuning);

    return applies(&view) ? decide_with(&view) : decide_without(&view);
}

/* ---- names ----------------------------------------------------------------------------------- */

const char *sts_cache_action_name(enum sts_cache_action action)
{
    static const char *const names[STS_CACHE_ACTION_COUNT] = {[STS_CACHE_USE] = "use",
                                                              [STS_CACHE_REFETCH] = "refetch",
                                                              [STS_CACHE_FETCH] = "fetch",
                                                              [STS_CACHE_NONE] = "none"};

    return (unsigned)action < STS_CACHE_ACTION_COUNT ? names[action] : "unknown";
}

const char *sts_cache_reason_name(enum sts_cache_reason reason)
{
    static const char *const names[] = {
#define X(symbol, name) [STS_CACHE_REASON_##symbol] = (name),
        STS_CACHE_REASONS(X)
#undef X
    };

    return (unsigned)reason < STS_CACHE_REASON_COUNT ? names[reason] : "unknown";
}
