/* SPDX-License-Identifier: MIT */
/* policy_log.c - the policies that a domain served. */
#include "history/policy_log.h"

#include <string.h>

#include "history/reading.h"

struct policy_reader {
    struct history_reading reading; /* into the log */
    struct policy_log *log;
    int64_t now;
};

static enum sts_mode mode_of(const char *name)
{
    static const enum sts_mode modes[] = {STS_MODE_ENFORCE, STS_MODE_TESTING, STS_MODE_NONE};

    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        if (strcmp(name, sts_mode_name(modes[i])) == 0)
            return modes[i];
    }
    return STS_MODE_INVALID;
}

static const char *const *copy_list(struct history_reading *reading, const char *const *list,
                                    size_t count)
{
    const char **made = talloc_zero_array(reading->model, const char *, (unsigned)count + 1);

    if (!made)
        reading->no_memory = true;
    for (size_t i = 0; made && i < count; i++)
        made[i] = reading_copy(reading, list[i]);
    return made;
}

static bool add_policy(void *arg, const struct store_policy *policy)
{
    struct policy_reader *reader = arg;
    struct history_reading *reading = &reader->reading;
    struct served *served;

    if (policy->first_seen > reader->now)
        return true; /* of a time after the one that is judged by */
    served = reading_grow(reading, &reader->log->policies, &reader->log->count, sizeof(*served));
    if (!served)
        return false;
    *served = (struct served){.id = reading_copy(reading, policy->id),
                              .mode = mode_of(policy->mode),
                              .max_age = policy->max_age,
                              .mx = copy_list(reading, policy->mx, policy->mx_count),
                              .mx_count = policy->mx_count,
                              .first_seen = policy->first_seen,
                              .last_seen = policy->last_seen > reader->now ? reader->now
                                                                           : policy->last_seen};
    return !reading->no_memory;
}

/* The times of the looks that saw whatever was there, in order. */
struct seeing_looks {
    int64_t *times;
    size_t count;
};

static bool find_looks(TALLOC_CTX *ctx, const struct check_log *checks, size_t until,
                       struct seeing_looks *ret)
{
    ret->count = 0;
    ret->times = talloc_array(ctx, int64_t, (unsigned)until + 1);
    for (size_t i = 0; ret->times && i < until; i++)
        if (strcmp(checks->checks[i].delivery, delivery_name(DELIVERY_UNKNOWN)) != 0)
            ret->times[ret->count++] = checks->checks[i].observed_at;
    return ret->times != NULL;
}

/* The first look after a time; 0: there is none. */
static int64_t look_after(const struct seeing_looks *looks, int64_t at)
{
    size_t low = 0, high = looks->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (looks->times[middle] > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low < looks->count ? looks->times[low] : 0;
}

/* Such a look ends the time of all policies seen last before it. */
static enum sts_status end_policies(struct policy_log *log, const struct check_log *checks,
                                    size_t until)
{
    struct seeing_looks looks;

    if (!find_looks(log, checks, until, &looks))
        return STS_E_NOMEM;
    for (size_t i = 0; i < log->count; i++)
        log->policies[i].gone_at = look_after(&looks, log->policies[i].last_seen);
    talloc_free(looks.times);
    return STS_OK;
}

enum sts_status policy_log_read(TALLOC_CTX *ctx, struct store *store, const char *domain,
                                const struct check_log *checks, int64_t now,
                                struct policy_log **ret)
{
    struct policy_log *log = talloc_zero(ctx, struct policy_log);
    struct policy_reader reader = {.reading = {.model = log}, .log = log, .now = now};
    enum sts_status status = log ? store_policies(store, domain, add_policy, &reader) : STS_E_NOMEM;

    status = reading_status(&reader.reading, status);
    if (!status)
        status = end_policies(log, checks, check_log_until(checks, now));
    if (status)
        talloc_free(log);
    else
        *ret = log;
    return status;
}
