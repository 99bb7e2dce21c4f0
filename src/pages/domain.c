/* SPDX-License-Identifier: MIT */
/* domain.c - one domain, as a page draws it. */
#include "pages/domain.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "pages/domain_chart.h"
#include "pages/domain_parts.h"
#include "render/chain.h"
#include "render/domain_text.h"
#include "render/failure_text.h"
#include "render/headline.h"
#include "render/posture_text.h"

#define CHANGES_SHOWN 10 /* the history has more */
#define HISTORY_SHOWN 500

typedef long long number; /* as printf() has it */

static const char *shown(TALLOC_CTX *ctx, const char *text)
{
    const char *printable = text ? text_printable(ctx, text, strlen(text), 0) : NULL;

    return printable ? printable : "";
}

/* ---- the top --------------------------------------------------------------------------------- */

static void add_words(TALLOC_CTX *ctx, struct domain_page *page, const struct domain_summary *s)
{
    struct domain_words words = domain_words_of(ctx, s);

    page->mark = mark_of_verdict(s->verdict);
    page->sentence = words.sentence;
    page->since = words.since;
    page->reports = words.reports;
    page->next = words.next;
    if (words.next_at && *words.next_at == '#')
        page->next_place = words.next_at;
    else
        page->next_page = words.next_at;
    page->checked_at = s->checked_at;
}

static const char *days_text(TALLOC_CTX *ctx, int64_t seconds)
{
    unsigned long days = (unsigned long)(seconds / ADVISORY_DAY);

    return talloc_asprintf(ctx, ngettext("%lu day", "%lu days", days), days);
}

static void add_protection(TALLOC_CTX *ctx, struct domain_page *page,
                           const struct domain_summary *s)
{
    const struct diagnosis *d = s->check;

    if (!d) {
        page->protection = _("not known");
        return;
    }
    page->protection = _(posture_msgid(d->posture));
    if (d->policy && d->posture != POSTURE_BROKEN)
        page->protection_note =
            talloc_asprintf(ctx, _("for %s"), days_text(ctx, d->policy->max_age));
}

static void add_found(TALLOC_CTX *ctx, struct domain_page *page, const struct domain_summary *s)
{
    size_t count;

    if (!s->check) {
        page->found = _("no check yet");
        return;
    }
    count = headline_count(s->check->findings, s->check->finding_count);
    page->found = count
                      ? talloc_asprintf(ctx, ngettext("%zu finding", "%zu findings", count), count)
                      : _("no problems");
}

/* "1.2 %", in whole tenths; below that "< 0.1 %". */
static const char *share(TALLOC_CTX *ctx, const struct week_sums *sums)
{
    int64_t total = sums->successful + sums->failed;
    int64_t tenths = total ? (int64_t)((double)sums->failed * 1000 / (double)total + .5) : 0;

    if (!total)
        return NULL;
    if (sums->failed && !tenths)
        return talloc_asprintf(ctx, _("< 0.%d%%"), 1);
    return talloc_asprintf(ctx, _("%lld.%lld%%"), (number)(tenths / 10), (number)(tenths % 10));
}

static void add_failed(TALLOC_CTX *ctx, struct domain_page *page, const struct domain_summary *s)
{
    const char *now = share(ctx, &s->week), *before = share(ctx, &s->before);

    page->failed = now ? now : _("no sessions");
    if (before)
        page->failed_note = talloc_asprintf(ctx, _("the week before: %s"), before);
}

static void add_reporters(TALLOC_CTX *ctx, struct domain_page *page, const struct domain_summary *s)
{
    page->senders = talloc_asprintf(ctx, "%zu", s->senders.count - s->senders.silent);
    if (s->senders.silent)
        page->senders_note = talloc_asprintf(
            ctx, ngettext("%zu silent", "%zu silent", s->senders.silent), s->senders.silent);
}

/* ---- the series ------------------------------------------------------------------------------ */

static void draw(TALLOC_CTX *ctx, const struct html *html, struct html_text *ret,
                 const struct chart *chart, void (*write)(struct html *html, const struct chart *))
{
    struct html *made = html_beside(ctx, html);

    if (made)
        write(made, chart);
    *ret = (struct html_text){made};
}

static void add_days(TALLOC_CTX *ctx, struct domain_page *page, const struct chart *chart)
{
    page->days = talloc_array(ctx, struct domain_day, (unsigned)chart->span_count + 1);
    for (size_t i = chart->span_count; page->days && i--;) {
        const struct chart_span *span = &chart->spans[i];
        char date[CLOCK_TEXT_SIZE];

        clock_format(span->begins, date);
        if (span->reported)
            page->days[page->day_count++] =
                (struct domain_day){talloc_strndup(ctx, date, 10), true, span->successful,
                                    chart_failed(span), span->link != NULL};
    }
}

#define RECENT_DAYS 30 /* what a phone shows */

static void add_series(TALLOC_CTX *ctx, const struct html *html, struct domain_page *page,
                       const struct domain_summary *s)
{
    struct chart chart, recent;

    page->cut = s->series->cut;
    page->any_report = s->past->report_count > 0;
    if (!page->any_report || domain_chart(ctx, s, s->days, &chart))
        return;
    draw(ctx, html, &page->chart, &chart, chart_write);
    draw(ctx, html, &page->legend, &chart, chart_legend);
    add_days(ctx, page, &chart);
    page->has_recent = s->days > RECENT_DAYS && !domain_chart(ctx, s, RECENT_DAYS, &recent);
    if (page->has_recent)
        draw(ctx, html, &page->recent, &recent, chart_write);
}

/* The record as it is seen now, for whoever waits for reports. */
static void add_record(TALLOC_CTX *ctx, struct domain_page *page, const struct domain_summary *s)
{
    const struct dns_answer *answer = s->check ? s->check->facts->tlsrpt_txt : NULL;

    page->tlsrpt_name = talloc_asprintf(ctx, "_smtp._tls.%s", s->domain);
    if (answer && answer->record_count)
        page->tlsrpt_text =
            text_printable(ctx, answer->records[0].text.data, answer->records[0].text.length, 500);
}

/* ---- what failed ----------------------------------------------------------------------------- */

static struct mark_page mark_of_state(enum failure_state state)
{
    static const enum severity severities[FAILURE_STATE_COUNT] = {
        [FAILURE_PERSISTS] = SEVERITY_HIGH,      [FAILURE_FIXED] = SEVERITY_NONE,
        [FAILURE_ONE_SENDER] = SEVERITY_UNKNOWN, [FAILURE_NOT_SEEN] = SEVERITY_UNKNOWN,
        [FAILURE_UNDECIDED] = SEVERITY_UNKNOWN,  [FAILURE_NOT_CHECKED] = SEVERITY_UNKNOWN,
    };
    struct mark_page mark = mark_of_severity(severities[state]);

    mark.word = NULL; /* it is said beside it */
    return mark;
}

const char *domain_address(TALLOC_CTX *ctx, const struct domain_names *names, const char *address)
{
    const char *name = names ? names->of(names->arg, address) : NULL;

    return name ? talloc_asprintf(ctx, "%s (%s)", shown(ctx, address), shown(ctx, name))
                : shown(ctx, address);
}

/* Of "192.0.2.1, 192.0.2.2", each; how many more there are may stand behind. */
static const char *addresses_of(TALLOC_CTX *ctx, const struct domain_names *names, const char *list)
{
    char *text = talloc_strdup(ctx, "");

    for (size_t length; text && *list; list += length) {
        char *one = talloc_strndup(ctx, list, length = strcspn(list, ","));

        if (*list == ' ')
            one++;
        text = talloc_asprintf_append_buffer(text, "%s%s", *text ? ", " : "",
                                             domain_address(ctx, names, one));
        length += list[length] == ',';
    }
    return text;
}

struct domain_failure domain_failure_of(TALLOC_CTX *ctx, const struct failure_now *from,
                                        const struct domain_names *names)
{
    char last[CLOCK_TEXT_SIZE] = "";

    if (from->last)
        clock_format(from->last, last);
    return (struct domain_failure){
        .mark = mark_of_state(from->state),
        .where = *from->mx ? shown(ctx, from->mx) : _("policy host"),
        .addresses = addresses_of(ctx, names, from->sending_ips),
        .code = finding_info(from->failure->code)->name,
        .result_type = *from->result_type ? shown(ctx, from->result_type) : _("without details"),
        .senders = shown(ctx, from->senders),
        .sessions = from->sessions,
        .last = talloc_strndup(ctx, last, 10),
        .now = failure_now_text(ctx, from),
    };
}

static void add_failures(TALLOC_CTX *ctx, struct domain_page *page, const struct domain_summary *s,
                         const struct domain_names *names)
{
    page->failures = talloc_array(ctx, struct domain_failure, (unsigned)s->failures.count + 1);
    for (size_t i = 0; page->failures && i < s->failures.count; i++)
        page->failures[page->failure_count++] = domain_failure_of(ctx, &s->failures.list[i], names);
}

/* ---- the newest check ------------------------------------------------------------------------ */

static void add_check(TALLOC_CTX *ctx, struct domain_page *page, const struct domain_summary *s)
{
    const struct chain *chain = s->check ? chain_new(ctx, s->check) : NULL;

    if (!chain)
        return;
    page->findings = findings_page_of(ctx, s->check->findings, s->check->finding_count);
    page->steps = talloc_array(ctx, struct step_page, LOOK_STEPS + (unsigned)chain->host_count);
    for (size_t i = 0; page->steps && i < LOOK_STEPS; i++) {
        const struct chain_link *link = &chain->steps[i];

        page->steps[page->step_count++] =
            (struct step_page){mark_of_severity(link->severity), link->label, link->text, false};
        for (size_t j = 0; i == LOOK_MX && j < chain->host_count; j++)
            page->steps[page->step_count++] =
                (struct step_page){mark_of_severity(chain->hosts[j].severity),
                                   shown(ctx, chain->hosts[j].text), NULL, true};
    }
}

/* ---- all ------------------------------------------------------------------------------------- */

struct domain_page domain_page_of(TALLOC_CTX *ctx, const struct html *html,
                                  const struct domain_summary *summary,
                                  const struct report_pick *pick, const struct domain_names *names)
{
    struct domain_page page = {.domain = shown(ctx, summary->domain)};

    add_words(ctx, &page, summary);
    add_protection(ctx, &page, summary);
    add_found(ctx, &page, summary);
    add_failed(ctx, &page, summary);
    add_reporters(ctx, &page, summary);
    domain_filters(ctx, &page, summary, pick, names);
    add_series(ctx, html, &page, summary);
    add_record(ctx, &page, summary);
    add_failures(ctx, &page, summary, names);
    domain_senders(ctx, &page, summary);
    add_check(ctx, &page, summary);
    domain_changes(ctx, &page, summary, CHANGES_SHOWN);
    domain_certificates(ctx, &page, summary, CHANGES_SHOWN);
    domain_policies(ctx, &page, summary);
    return page;
}

struct domain_page domain_history_page_of(TALLOC_CTX *ctx, const struct domain_summary *summary)
{
    struct domain_page page = {.domain = shown(ctx, summary->domain)};

    domain_changes(ctx, &page, summary, HISTORY_SHOWN);
    domain_certificates(ctx, &page, summary, HISTORY_SHOWN);
    domain_policies(ctx, &page, summary);
    return page;
}
