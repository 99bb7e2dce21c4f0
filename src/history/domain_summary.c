/* SPDX-License-Identifier: MIT */
/* domain_summary.c - how one domain is, read out of the store. */
#include "history/domain_summary.h"

#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "facts/facts_json.h"
#include "history/domain_state.h"
#include "history/policy_history.h"
#include "rollout/plan.h"
#include "store/rollups.h"

#define WEEK (7 * ADVISORY_DAY)

/* ---- the newest check ------------------------------------------------------------------------ */

/* One that this version cannot read is none. */
static enum sts_status read_check(struct domain_summary *s, struct store *store)
{
    struct store_check *check = NULL;
    struct diagnosis *diagnosis;
    struct facts *facts;
    char *why;
    enum sts_status status = store_last_check(store, s, s->domain, s->now, &check);

    if (status || !check)
        return status;
    status = facts_read(s, check->facts.data, check->facts.length, &facts, &why);
    if (status)
        return status == STS_E_NOMEM ? status : STS_OK;
    status = diagnose(s, facts, facts->observed_at, &diagnosis);
    if (status)
        return status;
    s->check = diagnosis;
    s->checked_at = check->observed_at;
    s->stale = s->now - check->observed_at > SUMMARY_STALE_S;
    return STS_OK;
}

/* Has the run found the worst of what the check finds? */
static bool has_worst(const struct same_checks *run, const struct finding *worst)
{
    const char *code = finding_info(worst->code)->name;

    for (size_t i = 0; i < run->found.count; i++)
        if (!strcmp(run->found.list[i].code, code))
            return true;
    return false;
}

/* As lists of domains say it, whose roll-up outlives checks that are pruned. */
static enum sts_status read_since(struct domain_summary *s, struct store *store)
{
    struct store_state *state = NULL;
    enum sts_status status = store_state(store, s, s->domain, &state);

    if (!status && state && state->code && state->observed_at == s->checked_at &&
        !strcmp(state->code, finding_info(s->check->findings[0].code)->name))
        s->since = state->since;
    return status;
}

static enum sts_status read_runs(struct domain_summary *s, struct store *store)
{
    struct check_log *log;
    enum sts_status status = check_log_read(s, store, s->domain, INT64_MIN, &log);

    if (!status)
        status = check_runs_of(s, log->checks, check_log_until(log, s->now), false, &s->runs);
    if (status || !s->check || !s->check->finding_count)
        return status;
    status = read_since(s, store);
    if (status || s->since)
        return status;
    for (size_t i = s->runs.count; i-- && has_worst(&s->runs.list[i], &s->check->findings[0]);)
        s->since = s->runs.list[i].first;
    return STS_OK;
}

/* ---- sessions -------------------------------------------------------------------------------- */

static void add(int64_t *sum, int64_t more)
{
    *sum = more > INT64_MAX - *sum ? INT64_MAX : *sum + more;
}

/* Reports come a day late, so the week is that which ends with the last one, unless that is long
 * ago. */
static void sum_weeks(struct domain_summary *s)
{
    const struct history *past = s->past;
    int64_t end;

    for (size_t i = 0; i < past->report_count; i++)
        if (past->reports[i].ends > s->last_report)
            s->last_report = past->reports[i].ends;
    end = s->last_report > s->now - 3 * ADVISORY_DAY ? s->last_report : s->now;
    for (size_t i = 0; i < past->report_count; i++) {
        const struct reported *report = &past->reports[i];
        struct week_sums *sums = report->ends > end - WEEK ? &s->week : &s->before;

        if (report->ends <= end - 2 * WEEK || report->ends > end)
            continue;
        add(&sums->successful, report->successful);
        add(&sums->failed, report->failed);
    }
}

static enum sts_status read_past(struct domain_summary *s, struct store *store)
{
    struct history *past;
    enum sts_status status = policy_history_read_days(s, store, s->domain, s->now, &past);
    struct session_log log;

    if (status)
        return status;
    s->past = past;
    sum_weeks(s);
    log = (struct session_log){.count = past->report_count};
    log.reports = talloc_memdup(s, past->reports, past->report_count * sizeof(*log.reports));
    return log.reports || !log.count ? sender_log_of(s, &log, s->now, &s->senders) : STS_E_NOMEM;
}

static enum sts_status read_series(struct domain_summary *s, struct store *store,
                                   const struct domain_summary_request *asked)
{
    const struct report_series_request request = {.domain = s->domain,
                                                  .since = (s->until / ADVISORY_DAY - s->days + 1) *
                                                           ADVISORY_DAY,
                                                  .until = s->until,
                                                  .pick = asked->pick};
    struct report_series *series;
    enum sts_status status = report_series_read(s, store, &request, &series);

    if (!status)
        s->series = series;
    return status;
}

/* ---- what failed, and what it is now --------------------------------------------------------- */

/* What checks found no longer. */
static enum sts_status list_gone(struct domain_summary *s, struct failures_now_request *request)
{
    struct failure_gone *list = NULL;

    for (size_t i = 1; i < s->runs.count; i++) {
        const struct same_checks *run = &s->runs.list[i];

        for (size_t j = 0; j < run->gone.count; j++) {
            struct failure_gone *gone = array_grow(s, &list, &request->gone_count, sizeof(*gone));

            if (!gone)
                return STS_E_NOMEM;
            *gone = (struct failure_gone){run->gone.list[j].code, run->gone.list[j].subject,
                                          run->first};
        }
    }
    request->gone = list;
    return STS_OK;
}

static enum sts_status judge_failures(struct domain_summary *s)
{
    struct failures_now_request request = {.checks = &s->check, .check_count = s->check ? 1 : 0};
    struct report_view *view;
    enum sts_status status =
        judge_reports(s, s->series->tally, request.checks, request.check_count, s->now, &view);

    if (status)
        return status;
    s->reports = request.view = view;
    status = list_gone(s, &request);
    return status ? status : failures_now(s, &request, &s->failures);
}

/* ---- what comes next ------------------------------------------------------------------------- */

static const struct member *member_of(const struct advisory *a, const char *name)
{
    for (size_t i = 0; i < a->member_count; i++)
        if (!strcmp(a->members[i].name, name))
            return &a->members[i];
    return NULL;
}

static struct advisory *advise(TALLOC_CTX *ctx, const struct domain_summary *s,
                               enum domain_advice which, struct situation *situation)
{
    static const struct plan_wish wish = {0};
    struct advisory *a = advisory_new(ctx, s->domain, s->check->facts, s->now);

    if (!a)
        return NULL;
    situation_read(situation, s->check, s->past, 0, s->now);
    if (which == DOMAIN_PLAN)
        plan_next(a, situation, &wish);
    else
        plan_rollback(a, situation, &wish);
    return a->no_memory ? NULL : a;
}

struct advisory *domain_advice(TALLOC_CTX *ctx, const struct domain_summary *summary,
                               enum domain_advice which)
{
    struct situation situation;

    return summary->check ? advise(ctx, summary, which, &situation) : NULL;
}

/* Is enforce the next step, and due? */
static enum sts_status judge_phase(struct domain_summary *s)
{
    struct situation situation;
    const struct member *mode, *at;
    struct advisory *a;

    if (!s->check)
        return STS_OK;
    a = advise(s, s, DOMAIN_PLAN, &situation);
    if (!a)
        return STS_E_NOMEM;
    mode = member_of(a, "next_mode");
    at = member_of(a, "next_at");
    s->enforce_now = mode && mode->text && at && !strcmp(mode->text, "enforce") &&
                     situation.stage < STAGE_ENFORCE_DAY && situation.last_report &&
                     at->number <= s->now;
    s->phase_since = situation.since;
    s->phase_sessions = situation.successful;
    return STS_OK;
}

/* ---- all ------------------------------------------------------------------------------------- */

const char *domain_sender_name(const struct domain_summary *summary, const char *key)
{
    const struct names *senders = &summary->series->all.senders;

    for (size_t i = 0; i < senders->count; i++) {
        const struct tally_count *sender = names_at(senders, i);

        if (!strcasecmp(sender->name, key))
            return sender->name;
    }
    return key;
}

/* What the reports of these days say. */
static enum sts_status read_reports(struct domain_summary *s, struct store *store,
                                    const struct domain_summary_request *request)
{
    enum sts_status status = read_series(s, store, request);

    if (!status)
        status = judge_failures(s);
    if (!status)
        status = judge_phase(s);
    if (!status)
        domain_state_judge(s);
    return status;
}

enum sts_status domain_summary_read(TALLOC_CTX *ctx, struct store *store,
                                    const struct domain_summary_request *request,
                                    struct domain_summary **ret)
{
    struct domain_summary *s = talloc_zero(ctx, struct domain_summary);
    enum sts_status status;

    if (!s)
        return STS_E_NOMEM;
    s->domain = request->domain;
    s->now = request->now;
    s->days = request->days;
    s->until = request->until ? request->until : s->now;
    status = read_check(s, store);
    if (!status)
        status = read_runs(s, store);
    if (!status)
        status = read_past(s, store);
    if (!status)
        status = certificate_log_read(s, store, s->domain, s->now, &s->certificates);
    if (!status && !request->brief)
        status = read_reports(s, store, request);
    if (status)
        talloc_free(s);
    else
        *ret = s;
    return status;
}
