/* SPDX-License-Identifier: MIT */
/* policy_history.c - the store's memory of one domain, as rollout/ wants it. */
#include "history/policy_history.h"

#include <string.h>

#include "base/grow.h"
#include "rollout/situation.h"

struct reader {
    struct history *history;
    struct served *policies;
    struct reported *reports;
    int64_t now;
    bool no_memory;
};

/* Room for one more in a list of the history; NULL: no memory. */
static void *more(struct reader *reader, void *list, size_t *count, size_t size)
{
    void *place = grow(reader->history, list, count, size);

    if (!place)
        reader->no_memory = true;
    return place;
}

static const char *copy(struct reader *reader, const char *text)
{
    char *made = text ? talloc_strdup(reader->history, text) : NULL;

    if (text && !made)
        reader->no_memory = true;
    return made;
}

/* ---- policies -------------------------------------------------------------------------------- */

static enum sts_mode mode_of(const char *name)
{
    static const enum sts_mode modes[] = {STS_MODE_ENFORCE, STS_MODE_TESTING, STS_MODE_NONE};

    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        if (strcmp(name, sts_mode_name(modes[i])) == 0)
            return modes[i];
    }
    return STS_MODE_INVALID;
}

static const char *const *copy_list(struct reader *reader, const char *const *list, size_t count)
{
    const char **made = talloc_zero_array(reader->history, const char *, (unsigned)count + 1);

    if (!made)
        reader->no_memory = true;
    for (size_t i = 0; made && i < count; i++)
        made[i] = copy(reader, list[i]);
    return made;
}

static bool add_policy(void *arg, const struct store_policy *policy)
{
    struct reader *reader = arg;
    struct served *served;

    if (policy->first_seen > reader->now)
        return true; /* of a time after the one that is judged by */
    served = more(reader, &reader->policies, &reader->history->policy_count, sizeof(*served));
    if (!served)
        return false;
    *served = (struct served){.id = copy(reader, policy->id),
                              .mode = mode_of(policy->mode),
                              .max_age = policy->max_age,
                              .mx = copy_list(reader, policy->mx, policy->mx_count),
                              .mx_count = policy->mx_count,
                              .first_seen = policy->first_seen,
                              .last_seen = policy->last_seen > reader->now ? reader->now
                                                                           : policy->last_seen};
    return !reader->no_memory;
}

/* ---- checks ---------------------------------------------------------------------------------- */

enum check_result { CHECK_CLEAN, CHECK_OPEN, CHECK_BAD };

/* As plan judges a live finding: mail is refused, would be under enforce, or the policy cannot be
 * had.  What could not be seen is neither clean nor bad.  A code of a newer version says nothing.
 */
static enum check_result result_of(const struct store_check *check)
{
    enum check_result result = CHECK_CLEAN;

    for (size_t i = 0; i < check->code_count; i++) {
        struct finding finding = {.code = finding_by_name(check->codes[i].code),
                                  .severity = severity_by_name(check->codes[i].severity)};
        enum hindrance hindrance =
            finding.code == FINDING_COUNT ? HINDERS_NOTHING : finding_hinders(&finding);

        if (hindrance == HINDERS_MAIL || hindrance == HINDERS_POLICY)
            return CHECK_BAD;
        if (hindrance == HINDERS_VIEW)
            result = CHECK_OPEN;
    }
    return result;
}

/* A look that saw whatever stood there ends the time of all policies seen last before it. */
static void end_policies(struct reader *reader, const struct store_check *check)
{
    if (strcmp(check->delivery, delivery_name(DELIVERY_UNKNOWN)) == 0)
        return;
    for (size_t i = 0; i < reader->history->policy_count; i++) {
        struct served *served = &reader->policies[i];

        if (!served->gone_at && served->last_seen < check->observed_at)
            served->gone_at = check->observed_at;
    }
}

static bool add_check(void *arg, const struct store_check *check)
{
    struct reader *reader = arg;
    struct history *history = reader->history;
    enum check_result result = result_of(check);

    if (check->observed_at > reader->now)
        return false;
    end_policies(reader, check);
    history->check_count++;
    history->last_check = check->observed_at;
    if (!history->first_check)
        history->first_check = check->observed_at;
    if (result == CHECK_BAD) {
        history->last_bad = check->observed_at;
        history->clean_since = 0;
    } else if (result == CHECK_CLEAN && !history->clean_since) {
        history->clean_since = check->observed_at;
    }
    return true;
}

/* ---- reports --------------------------------------------------------------------------------- */

static bool add_report(void *arg, const struct store_sessions *sessions)
{
    struct reader *reader = arg;
    struct reported *reported;

    if (sessions->begins > reader->now)
        return true;
    reported = more(reader, &reader->reports, &reader->history->report_count, sizeof(*reported));
    if (!reported)
        return false;
    *reported = (struct reported){.submitter = copy(reader, sessions->submitter),
                                  .begins = sessions->begins,
                                  .ends = sessions->ends,
                                  .received_at = sessions->received_at,
                                  .successful = sessions->successful,
                                  .failed = sessions->failed};
    return !reader->no_memory;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static enum sts_status read_all(struct reader *reader, struct store *store, const char *domain,
                                bool reports)
{
    enum sts_status status = store_policies(store, domain, add_policy, reader);

    if (status == STS_OK)
        status = store_history(store, domain, INT64_MIN, add_check, reader);
    if (status == STS_OK && reports)
        status = store_sessions(store, domain, INT64_MIN, add_report, reader);
    return status == STS_OK && reader->no_memory ? STS_E_NOMEM : status;
}

static enum sts_status read_history(TALLOC_CTX *ctx, struct store *store, const char *domain,
                                    int64_t now, bool reports, struct history **ret)
{
    struct history *history = talloc_zero(ctx, struct history);
    struct reader reader = {.history = history, .now = now};
    enum sts_status status = history ? read_all(&reader, store, domain, reports) : STS_E_NOMEM;

    if (status != STS_OK) {
        talloc_free(history);
        return status;
    }
    history->policies = reader.policies;
    history->reports = reader.reports;
    *ret = history;
    return STS_OK;
}

enum sts_status policy_history_read(TALLOC_CTX *ctx, struct store *store, const char *domain,
                                    int64_t now, struct history **ret)
{
    return read_history(ctx, store, domain, now, true, ret);
}

enum sts_status policy_history_policies(TALLOC_CTX *ctx, struct store *store, const char *domain,
                                        int64_t now, struct history **ret)
{
    return read_history(ctx, store, domain, now, false, ret);
}
