/* SPDX-License-Identifier: MIT */
/* text_scan.c - the summary of a scan for people. */
#include "render/text_scan.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "render/expand.h"
#include "render/finding_text.h"
#include "render/headline.h"
#include "render/text.h"

#define INDENT ((size_t)2)

struct scan_row {
    const char *name;
    int64_t count;
};

static int by_count(const void *left, const void *right)
{
    const struct scan_row *a = left, *b = right;

    return (b->count > a->count) - (b->count < a->count);
}

static void show_row(struct textout *out, const struct scan_row *row)
{
    char *count = talloc_asprintf(out, "%8" PRId64 "  ", row->count);

    if (count)
        textout_wrap(out, INDENT, STYLE_PLAIN, count, STYLE_PLAIN, row->name);
}

static void show_rows(struct textout *out, const char *title, struct scan_row *rows, size_t count)
{
    textout_blank(out);
    textout_line(out, 0, STYLE_BOLD, title);
    qsort(rows, count, sizeof *rows, by_count);
    for (size_t i = 0; i < count && rows[i].count; i++)
        show_row(out, &rows[i]);
}

static void show_verdicts(struct textout *out, const struct totals *totals)
{
    struct scan_row rows[VERDICT_CRITICAL + 1];

    for (int i = 0; i <= VERDICT_CRITICAL; i++)
        rows[i] = (struct scan_row){text_verdict_word((enum verdict)i), totals->verdicts[i]};
    show_rows(out, _("Verdicts:"), rows, VERDICT_CRITICAL + 1);
}

static void show_postures(struct textout *out, const struct totals *totals)
{
    struct scan_row rows[POSTURE_COUNT];

    for (int i = 0; i < POSTURE_COUNT; i++)
        rows[i] = (struct scan_row){posture_name((enum posture)i), totals->postures[i]};
    show_rows(out, _("MTA-STS status:"), rows, POSTURE_COUNT);
}

static void show_deliveries(struct textout *out, const struct totals *totals)
{
    struct scan_row rows[DELIVERY_COUNT];

    for (int i = 0; i < DELIVERY_COUNT; i++)
        rows[i] = (struct scan_row){delivery_name((enum delivery)i), totals->deliveries[i]};
    show_rows(out, _("Delivery:"), rows, DELIVERY_COUNT);
}

/* "The certificate of the MX host has expired [mx-cert-expired]" */
static const char *titled(struct textout *out, enum finding_code code)
{
    const struct finding_info *info = finding_info(code);

    return talloc_asprintf(out, "%s [%s]", _(info->title), info->name);
}

static void show_codes(struct textout *out, const struct totals *totals)
{
    struct scan_row rows[FINDING_COUNT];
    int64_t any = 0;

    for (int i = 0; i < FINDING_COUNT; i++) {
        bool came = totals->codes[i];

        rows[i] =
            (struct scan_row){came ? titled(out, (enum finding_code)i) : NULL, totals->codes[i]};
        any += totals->codes[i];
    }
    if (any)
        show_rows(out, _("Findings, by number of domains:"), rows, FINDING_COUNT);
}

/* ---- the worst domains ----------------------------------------------------------------------- */

/* How to see all that are not ok: a line of either format has its verdict in a place of its own. */
static void show_the_way_to_all(struct textout *out, const struct scan_page *page)
{
    static const char *const commands[2][2] = {
        {"grep -v '\"verdict\":\"ok\"'", "grep -v '\"verdict\":\"ok\"' {results}"},
        {"grep -Ev '^\"[^\"]*\",\"ok\"'", "grep -Ev '^\"[^\"]*\",\"ok\"' {results}"},
    };
    bool like_option = page->results && *page->results == '-';
    const struct param results = {
        "results", like_option ? talloc_asprintf(out, "./%s", page->results) : page->results};

    textout_wrap(out, INDENT, STYLE_PLAIN, "", STYLE_PLAIN,
                 page->results ? _("All domains with problems:")
                               : _("All domains with problems: filter the results with"));
    textout_line(out, 2 * INDENT, STYLE_BOLD,
                 expand_command(out, commands[page->csv][page->results != NULL],
                                (struct expand_params){&results, page->results ? 1 : 0, false}));
}

/* As the first line of a check says it. */
static const char *in_a_line(struct textout *out, const struct worst_domain *domain)
{
    return headline_worst(out, finding_text_title_clause(out, domain->code),
                          finding_info(domain->code)->name, domain->more);
}

static void show_worst(struct textout *out, const struct totals *totals,
                       const struct scan_page *page)
{
    const struct worst *worst = &totals->worst;
    int64_t more = totals->domains - totals->verdicts[VERDICT_OK] - (int64_t)worst->count;

    if (!worst->count)
        return;
    textout_blank(out);
    textout_line(out, 0, STYLE_BOLD, _("Worst domains:"));
    for (size_t i = 0; i < worst->count; i++) {
        const struct worst_domain *domain = &worst->domains[i];

        textout_wrap(out, INDENT, text_mark_style(domain->severity),
                     text_mark(out, domain->severity), STYLE_PLAIN,
                     talloc_asprintf(out, "%s: %s", domain->domain, in_a_line(out, domain)));
    }
    if (more > 0)
        textout_line(
            out, INDENT, STYLE_PLAIN,
            talloc_asprintf(out, ngettext("and %lld more.", "and %lld more.", (unsigned long)more),
                            (long long)more));
    show_the_way_to_all(out, page);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void show_head(struct textout *out, const struct scan_summary *summary)
{
    double seconds = (double)summary->elapsed_ms / 1000;
    char *text = talloc_asprintf(out,
                                 ngettext("%lld domain in %.1f seconds, %.1f per second.",
                                          "%lld domains in %.1f seconds, %.1f per second.",
                                          (unsigned long)summary->totals.domains),
                                 (long long)summary->totals.domains, seconds,
                                 seconds > 0 ? (double)summary->totals.domains / seconds : 0);

    if (text && summary->done_before)
        text =
            talloc_asprintf_append(text,
                                   ngettext(" %lld was already done.", " %lld were already done.",
                                            (unsigned long)summary->done_before),
                                   (long long)summary->done_before);
    if (text && summary->unusable)
        text = talloc_asprintf_append(text,
                                      ngettext(" %lld line contains no domain name.",
                                               " %lld lines contain no domain name.",
                                               (unsigned long)summary->unusable),
                                      (long long)summary->unusable);
    if (text && summary->saves)
        text = talloc_asprintf_append(
            text,
            ngettext(" %lld check stored.", " %lld checks stored.", (unsigned long)summary->saved),
            (long long)summary->saved);
    if (text && summary->interrupted)
        text = talloc_asprintf_append(text, "%s", _(" Interrupted before the end of the list."));
    if (text && summary->brief)
        text = talloc_asprintf_append(
            text, "%s", _(" Not checked: further handshakes and CAA records (use --thorough)."));
    textout_wrap(out, 0, STYLE_PLAIN, "", STYLE_PLAIN, text ? text : "");
}

char *text_scan(TALLOC_CTX *ctx, const struct scan_summary *summary, const struct scan_page *page)
{
    struct textout *out = textout_new(ctx, &page->out);

    if (!out)
        return NULL;
    show_head(out, summary);
    if (summary->totals.domains && !page->out.quiet) {
        show_verdicts(out, &summary->totals);
        show_postures(out, &summary->totals);
        show_deliveries(out, &summary->totals);
        show_codes(out, &summary->totals);
        show_worst(out, &summary->totals, page);
    }
    return textout_end(out);
}
