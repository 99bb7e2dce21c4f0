/* SPDX-License-Identifier: MIT */
/* failures_now.c - each reported failure beside what a check sees of it now. */
#include "rules/failures_now.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "rules/rule_report.h"

#define DAY 86400

const char *failure_state_name(enum failure_state state)
{
    static const char *const names[] = {
#define X(symbol, name) name,
        FAILURE_STATES(X)
#undef X
    };

    return names[state];
}

static const char *value(const struct finding *finding, const char *name)
{
    const char *text = finding_value(finding, name);

    return text ? text : "";
}

/* ---- what is said of a failure --------------------------------------------------------------- */

bool report_finding_is_failure(const struct finding *finding)
{
    return *value(finding, "fault") != '\0';
}

static bool is_about(const struct finding *finding, const struct finding *failure)
{
    return !strcmp(finding->subject, failure->subject) &&
           !strcmp(value(finding, "domain"), value(failure, "domain")) &&
           !strcmp(value(finding, "result_type"), value(failure, "result_type"));
}

static const struct finding *said(const struct report_view *view, enum finding_code code,
                                  const struct finding *failure)
{
    for (size_t i = 0; i < view->finding_count; i++)
        if (view->findings[i].code == code && is_about(&view->findings[i], failure))
            return &view->findings[i];
    return NULL;
}

const struct finding *report_failure_checked(const struct report_view *view,
                                             const struct finding *failure)
{
    const struct finding *confirmed = said(view, FINDING_REPORT_CONFIRMED, failure);

    return confirmed ? confirmed : said(view, FINDING_REPORT_NOT_CONFIRMED, failure);
}

/* ---- is it over? ----------------------------------------------------------------------------- */

/* The last time that a check found the fault no longer, after it was reported first; 0: none. */
static int64_t gone_since(const struct failures_now_request *request, const struct failure_now *now)
{
    int64_t since = 0;

    for (size_t i = 0; i < request->gone_count; i++) {
        const struct failure_gone *gone = &request->gone[i];
        enum finding_code code = finding_by_name(gone->code);

        if (code != FINDING_COUNT && gone->at > since && gone->at >= now->first &&
            report_type_fits(now->result_type, finding_info(code)) &&
            report_fits_host(now->result_type, gone->subject ? gone->subject : "", now->mx))
            since = gone->at;
    }
    return since;
}

/* The end of the last report with it, where each sender that had it has sent a report of a later
 * day since, without it; 0: not so. */
static int64_t clean_since(const struct report_view *view, const struct failure_now *now)
{
    const struct tally_domain *domain = names_find(&view->tally->domains, now->domain);
    int64_t since = 0;

    for (size_t i = 0; domain && i < view->tally->failures.count; i++) {
        const struct tally_failure *one = names_at(&view->tally->failures, i);
        const struct tally_count *sender;

        if (strcmp(one->domain, now->domain) != 0 || strcasecmp(one->mx, now->mx) != 0 ||
            strcmp(one->result_type, now->result_type) != 0)
            continue;
        sender = names_find(&domain->senders, one->sender);
        if (!one->last || !sender || sender->last < one->last + DAY / 2)
            return 0;
        since = one->last > since ? one->last : since;
    }
    return since;
}

/* The check does not show it. */
static void judge_unseen(const struct failures_now_request *request, struct failure_now *now)
{
    int64_t gone = gone_since(request, now), clean = clean_since(request->view, now);

    now->since = gone > now->last ? gone : clean ? clean : 0;
    if (now->since)
        now->state = FAILURE_FIXED;
    else if (said(request->view, FINDING_REPORT_ONE_SENDER_ONLY, now->failure))
        now->state = FAILURE_ONE_SENDER;
    else
        now->state = FAILURE_NOT_SEEN;
}

static const struct diagnosis *check_of(const struct failures_now_request *request,
                                        const char *domain)
{
    for (size_t i = 0; i < request->check_count; i++)
        if (!strcmp(request->checks[i]->facts->domain, domain))
            return request->checks[i];
    return NULL;
}

static void judge(const struct failures_now_request *request, struct failure_now *now)
{
    const struct diagnosis *check = check_of(request, now->domain);
    const struct finding *seen = report_failure_checked(request->view, now->failure);

    now->state = check ? FAILURE_UNDECIDED : FAILURE_NOT_CHECKED;
    if (!check)
        return;
    now->checked_at = check->facts->observed_at;
    if (seen && seen->code == FINDING_REPORT_CONFIRMED) {
        now->state = FAILURE_PERSISTS;
        now->codes = value(seen, "codes");
    } else if (seen) {
        judge_unseen(request, now);
    }
}

/* ---- all ------------------------------------------------------------------------------------- */

static int64_t midnight(const char *day)
{
    char text[sizeof("2026-11-30T00:00:00Z")] = "";
    int64_t when;

    if (strlen(day) != sizeof("2026-11-30") - 1)
        return 0;
    memcpy(text, day, sizeof("2026-11-30") - 1);
    memcpy(text + sizeof("2026-11-30") - 1, "T00:00:00Z", sizeof("T00:00:00Z"));
    return clock_parse(text, &when) ? when : 0;
}

static struct failure_now failure_of(const struct finding *failure)
{
    const char *type = value(failure, "result_type"), *domain = value(failure, "domain");

    return (struct failure_now){
        .failure = failure,
        .domain = strcmp(domain, "?") != 0 ? domain : "",
        .mx = value(failure, "host"),
        .result_type = strcmp(type, "-") != 0 ? type : "",
        .senders = value(failure, "senders"),
        .sending_ips = value(failure, "sending_ips"),
        .sessions = strtoll(value(failure, "count"), NULL, 10),
        .first = midnight(value(failure, "first")),
        .last = midnight(value(failure, "last")),
    };
}

/* The most sessions first; else as the findings are sorted. */
static int by_sessions(const void *left, const void *right)
{
    const struct failure_now *a = left, *b = right;

    if (a->sessions != b->sessions)
        return a->sessions < b->sessions ? 1 : -1;
    return (a->failure > b->failure) - (a->failure < b->failure);
}

enum sts_status failures_now(TALLOC_CTX *ctx, const struct failures_now_request *request,
                             struct failures_now *ret)
{
    const struct report_view *view = request->view;

    *ret = (struct failures_now){0};
    ret->list = talloc_array(ctx, struct failure_now, (unsigned)view->finding_count + 1);
    if (!ret->list)
        return STS_E_NOMEM;
    for (size_t i = 0; i < view->finding_count; i++) {
        if (!report_finding_is_failure(&view->findings[i]))
            continue;
        ret->list[ret->count] = failure_of(&view->findings[i]);
        judge(request, &ret->list[ret->count++]);
    }
    if (ret->count)
        qsort(ret->list, ret->count, sizeof(*ret->list), by_sessions);
    return STS_OK;
}
