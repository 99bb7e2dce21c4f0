/* SPDX-License-Identifier: MIT */
/* domain_history.c - what the store knows of one domain, to be shown. */
#include "history/domain_history.h"

bool domain_history_is_empty(const struct domain_history *history)
{
    return !history->runs.count && !history->policy_count && !history->days.count;
}

/* From the last check up to `since` on: what held when that time began. */
static enum sts_status add_checks(struct domain_history *history, const struct check_log *log,
                                  bool each)
{
    size_t until = check_log_until(log, history->now);
    size_t before = history->since_known ? check_log_until(log, history->since) : 0, from = before;

    /* ... with all of its second */
    while (from && log->checks[from - 1].observed_at == log->checks[before - 1].observed_at)
        from--;
    history->checks = until > from ? until - from : 0;
    return check_runs_of(history, log->count ? &log->checks[from] : NULL, history->checks, each,
                         &history->runs);
}

/* Those that a sender may have held since that time began. */
static void add_policies(struct domain_history *history, struct policy_log *log)
{
    history->policies = log->policies;
    for (size_t i = 0; i < log->count; i++)
        if (copies_expire(&log->policies[i], history->now) >= history->since)
            history->policies[history->policy_count++] = log->policies[i];
}

static enum sts_status add_sessions(struct domain_history *history, const struct session_log *log)
{
    history->reports = session_log_until(log, history->now);
    return session_log_by_day(history, log, history->reports, &history->days);
}

static enum sts_status read_logs(struct domain_history *history, struct store *store, bool each)
{
    /* what ends with the first second of that time was before it */
    int64_t since = history->since_known ? history->since + 1 : history->since;
    struct check_log *checks = NULL;
    struct policy_log *policies = NULL;
    struct session_log *sessions = NULL;
    enum sts_status status = check_log_read(history, store, history->domain, INT64_MIN, &checks);

    if (!status)
        status = add_checks(history, checks, each);
    if (!status)
        status = policy_log_read(history, store, history->domain, checks, history->now, &policies);
    if (!status)
        add_policies(history, policies);
    if (!status)
        status = session_log_read(history, store, history->domain, since, &sessions);
    if (!status)
        status = session_log_name_senders(sessions, store, history->domain);
    return status ? status : add_sessions(history, sessions);
}

enum sts_status domain_history_read(TALLOC_CTX *ctx, struct store *store,
                                    const struct domain_history_request *request,
                                    struct domain_history **ret)
{
    struct domain_history *history = talloc_zero(ctx, struct domain_history);
    enum sts_status status = STS_OK;

    if (!history)
        return STS_E_NOMEM;
    history->domain = request->domain;
    history->now = request->now;
    history->since_known = request->since_known;
    history->since = request->since;
    names_begin(&history->days, history, sizeof(struct session_sums));
    if (store)
        status = read_logs(history, store, request->each);
    if (status)
        talloc_free(history);
    else
        *ret = history;
    return status;
}
