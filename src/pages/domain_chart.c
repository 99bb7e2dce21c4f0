/* SPDX-License-Identifier: MIT */
/* domain_chart.c - the drawing of what senders report on a domain. */
#include "pages/domain_chart.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"

#define DAYS_MAX  120 /* more are drawn as weeks */
#define WEEK      7
#define ARRIVES   2 /* days within which reports of a day still come */
#define RUN_MARKS 50
#define MX_MARKS  10
#define NEW_MARKS 60 /* certificates: the newest */
#define MARKS     (RUN_MARKS + MX_MARKS + NEW_MARKS)

static void add(int64_t *sum, int64_t more)
{
    *sum = more > INT64_MAX - *sum ? INT64_MAX : *sum + more;
}

/* ---- days ------------------------------------------------------------------------------------ */

/* Where a day belongs; NULL: before the first. */
static struct chart_span *span_of(struct chart_span *spans, const struct chart *chart, int64_t day)
{
    int64_t index = (day - spans[0].begins) / chart->span_seconds;

    return day >= spans[0].begins && index < (int64_t)chart->span_count ? &spans[index] : NULL;
}

static void fill(struct chart_span *spans, const struct chart *chart,
                 const struct report_series *series)
{
    for (size_t i = 0; i < series->sessions.count; i++) {
        const struct series_sessions *one = names_at(&series->sessions, i);
        struct chart_span *span = span_of(spans, chart, one->day);

        if (!span)
            continue;
        span->reported = true;
        add(&span->successful, one->successful);
    }
    for (size_t i = 0; i < series->failures.count; i++) {
        const struct series_failure *one = names_at(&series->failures, i);
        struct chart_span *span = span_of(spans, chart, one->day);

        if (span)
            add(&span->failed[chart_family_of(one->result_type)], one->sessions);
    }
}

/* A day with failures leads to the reports that have them. */
static void link_days(TALLOC_CTX *ctx, const char *domain, struct chart_span *spans,
                      const struct chart *chart)
{
    char date[CLOCK_TEXT_SIZE];

    for (size_t i = 0; i < chart->span_count && chart->span_seconds == ADVISORY_DAY; i++)
        if (chart_failed(&spans[i])) {
            clock_format(spans[i].begins, date);
            spans[i].link = talloc_asprintf(ctx, "d/%s/reports?failed=yes&day=%.10s", domain, date);
        }
}

static enum sts_status add_spans(TALLOC_CTX *ctx, const struct domain_summary *s, int64_t days,
                                 struct chart *chart)
{
    int64_t today = s->now / ADVISORY_DAY, last = s->until / ADVISORY_DAY;
    int64_t length = days > DAYS_MAX ? WEEK : 1;
    size_t count = (size_t)((days + length - 1) / length);
    struct chart_span *spans = talloc_zero_array(ctx, struct chart_span, count);

    if (!spans)
        return STS_E_NOMEM;
    chart->span_seconds = length * ADVISORY_DAY;
    chart->span_count = count;
    for (size_t i = 0; i < count; i++) {
        int64_t first = last + 1 - (int64_t)(count - i) * length;

        spans[i].begins = first * ADVISORY_DAY;
        spans[i].incomplete = first + length - 1 > today - ARRIVES;
    }
    fill(spans, chart, s->series);
    link_days(ctx, s->domain, spans, chart);
    chart->spans = spans;
    return STS_OK;
}

/* ---- the band -------------------------------------------------------------------------------- */

/* The last one is served as long as the checks reach. */
static int64_t end_of(const struct domain_summary *s, const struct served *policy)
{
    return policy->gone_at                     ? policy->gone_at
           : policy->last_seen > s->checked_at ? policy->last_seen
                                               : s->checked_at;
}

static enum sts_status add_policies(TALLOC_CTX *ctx, const struct domain_summary *s,
                                    struct chart *chart)
{
    const struct history *past = s->past;
    struct chart_policy *list =
        talloc_zero_array(ctx, struct chart_policy, (unsigned)past->policy_count + 1);

    if (!list)
        return STS_E_NOMEM;
    for (size_t i = 0; i < past->policy_count; i++) {
        const struct served *policy = &past->policies[i];

        list[chart->policy_count++] = (struct chart_policy){.from = policy->first_seen,
                                                            .until = end_of(s, policy),
                                                            .mode = sts_mode_name(policy->mode),
                                                            .id = policy->id ? policy->id : ""};
    }
    chart->policies = list;
    return STS_OK;
}

/* Where what a check found differs from the check before. */
static const char *mark_text(TALLOC_CTX *ctx, const struct same_checks *run)
{
    if (run->appeared.count)
        return talloc_asprintf(ctx, _("detected: %s"), run->appeared.list[0].code);
    return run->gone.count ? talloc_asprintf(ctx, _("fixed: %s"), run->gone.list[0].code) : NULL;
}

static bool same_mx(const struct served *a, const struct served *b)
{
    if (a->mx_count != b->mx_count)
        return false;
    for (size_t i = 0; i < a->mx_count; i++)
        if (strcmp(a->mx[i], b->mx[i]) != 0)
            return false;
    return true;
}

/* Not before the axis begins nor behind its end, which may be in the past. */
static bool is_shown(const struct chart *chart, int64_t at)
{
    int64_t begin = chart->spans[0].begins;

    return at >= begin && at < begin + (int64_t)chart->span_count * chart->span_seconds;
}

/* Other mail servers: the band itself shows only modes. */
static void add_mx_marks(const struct domain_summary *s, struct chart *chart,
                         struct chart_mark *list)
{
    for (size_t i = 1; i < s->past->policy_count && chart->mark_count < RUN_MARKS + MX_MARKS; i++) {
        const struct served *policy = &s->past->policies[i];

        if (is_shown(chart, policy->first_seen) && !same_mx(policy - 1, policy))
            list[chart->mark_count++] = (struct chart_mark){
                policy->first_seen, _("mx lines of the policy changed"), CHART_MARK_CHANGE};
    }
}

static void add_certificate_marks(TALLOC_CTX *ctx, const struct domain_summary *s,
                                  struct chart *chart, struct chart_mark *list)
{
    const struct certificate_log *log = &s->certificates;

    for (size_t i = log->count > NEW_MARKS ? log->count - NEW_MARKS : 0; i < log->count; i++) {
        const struct certificate_change *change = &log->changes[i];

        if (is_shown(chart, change->at))
            list[chart->mark_count++] = (struct chart_mark){
                change->at,
                talloc_asprintf(ctx, _("new certificate: %s"),
                                text_printable(ctx, change->host, strlen(change->host), 0)),
                CHART_MARK_CERTIFICATE};
    }
}

static enum sts_status add_marks(TALLOC_CTX *ctx, const struct domain_summary *s,
                                 struct chart *chart)
{
    struct chart_mark *list = talloc_zero_array(ctx, struct chart_mark, MARKS);
    size_t first = s->runs.count > RUN_MARKS ? s->runs.count - RUN_MARKS : 1;

    if (!list)
        return STS_E_NOMEM;
    for (size_t i = first; i < s->runs.count; i++) {
        const struct same_checks *run = &s->runs.list[i];
        const char *text = is_shown(chart, run->first) ? mark_text(ctx, run) : NULL;

        if (text)
            list[chart->mark_count++] = (struct chart_mark){run->first, text, CHART_MARK_CHANGE};
    }
    add_mx_marks(s, chart, list);
    add_certificate_marks(ctx, s, chart, list);
    chart->marks = list;
    return STS_OK;
}

enum sts_status domain_chart(TALLOC_CTX *ctx, const struct domain_summary *summary, int64_t days,
                             struct chart *ret)
{
    enum sts_status status;

    *ret = (struct chart){
        .id = days < summary->days ? "recent" : "sessions",
        .title = days > DAYS_MAX ? _("Sessions by week") : _("Sessions by day"),
        .description =
            _("Two charts on one time axis: successful sessions, and failed ones by "
              "kind. Below the axis: policies, new certificates, and changes found by checks.")};
    status = add_spans(ctx, summary, days, ret);
    if (!status)
        status = add_policies(ctx, summary, ret);
    return status ? status : add_marks(ctx, summary, ret);
}
