/* SPDX-License-Identifier: MIT */
/* policy_history.c - what the store knows of one domain, as a roll-out is planned by. */
#include "history/policy_history.h"

#include "history/check_log.h"
#include "history/policy_log.h"
#include "history/session_log.h"
#include "rollout/situation.h"

/* ---- checks ---------------------------------------------------------------------------------- */

enum check_result { CHECK_CLEAN, CHECK_OPEN, CHECK_BAD };

/* As plan judges a live finding: mail is refused, would be under enforce, or the policy cannot be
 * had.  What could not be seen is neither clean nor bad.  A code of a newer version says nothing.
 */
static enum check_result result_of(const struct logged_check *check)
{
    enum check_result result = CHECK_CLEAN;

    for (size_t i = 0; i < check->found.count; i++) {
        const struct logged_code *code = &check->found.list[i];
        struct finding finding = {.code = finding_by_name(code->code),
                                  .severity = severity_by_name(code->severity)};
        enum blocks blocks =
            finding.code == FINDING_COUNT ? BLOCKS_NOTHING : finding_blocks(&finding);

        if (blocks == BLOCKS_MAIL || blocks == BLOCKS_POLICY)
            return CHECK_BAD;
        if (blocks == BLOCKS_VIEW)
            result = CHECK_OPEN;
    }
    return result;
}

static void add_check(struct history *history, const struct logged_check *check)
{
    enum check_result result = result_of(check);

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
}

static void add_checks(struct history *history, const struct check_log *log, int64_t now)
{
    size_t until = check_log_until(log, now);

    for (size_t i = 0; i < until; i++)
        add_check(history, &log->checks[i]);
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* The lists are those of the logs, which the history owns. */
static enum sts_status read_logs(struct history *history, struct store *store, const char *domain,
                                 int64_t now, bool by_day)
{
    struct check_log *checks = NULL;
    struct policy_log *policies = NULL;
    struct session_log *sessions = NULL;
    enum sts_status status = check_log_read(history, store, domain, INT64_MIN, &checks);

    if (!status)
        status = policy_log_read(history, store, domain, checks, now, &policies);
    if (!status)
        status = by_day ? session_log_read_days(history, store, domain, &sessions)
                        : session_log_read(history, store, domain, INT64_MIN, &sessions);
    if (status)
        return status;
    add_checks(history, checks, now);
    talloc_free(checks);
    history->policies = policies->policies;
    history->policy_count = policies->count;
    history->reports = sessions->reports;
    history->report_count = session_log_until(sessions, now);
    return STS_OK;
}

static enum sts_status read_history(TALLOC_CTX *ctx, struct store *store, const char *domain,
                                    int64_t now, bool by_day, struct history **ret)
{
    struct history *history = talloc_zero(ctx, struct history);
    enum sts_status status = history ? read_logs(history, store, domain, now, by_day) : STS_E_NOMEM;

    if (status)
        talloc_free(history);
    else
        *ret = history;
    return status;
}

enum sts_status policy_history_read(TALLOC_CTX *ctx, struct store *store, const char *domain,
                                    int64_t now, struct history **ret)
{
    return read_history(ctx, store, domain, now, false, ret);
}

enum sts_status policy_history_read_days(TALLOC_CTX *ctx, struct store *store, const char *domain,
                                         int64_t now, struct history **ret)
{
    return read_history(ctx, store, domain, now, true, ret);
}
