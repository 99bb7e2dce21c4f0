/* SPDX-License-Identifier: MIT */
/* text_scan.c - the summary of a scan for people. */
#include "render/text_scan.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/i18n.h"

struct scan_row {
    const char *name;
    int64_t count;
};

static int by_count(const void *left, const void *right)
{
    const struct scan_row *a = left, *b = right;

    return (b->count > a->count) - (b->count < a->count);
}

static void show_row(struct textout *out, const char *name, int64_t count)
{
    char *line = talloc_asprintf(out, "%8" PRId64 "  %s", count, name);

    textout_line(out, 2, STYLE_PLAIN, line ? line : "");
    talloc_free(line);
}

static void show_rows(struct textout *out, const char *title, struct scan_row *rows, size_t count)
{
    textout_line(out, 0, STYLE_BOLD, title);
    qsort(rows, count, sizeof *rows, by_count);
    for (size_t i = 0; i < count && rows[i].count; i++)
        show_row(out, rows[i].name, rows[i].count);
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

static void show_codes(struct textout *out, const struct totals *totals)
{
    struct scan_row rows[FINDING_COUNT];
    int64_t any = 0;

    for (int i = 0; i < FINDING_COUNT; i++) {
        rows[i] = (struct scan_row){finding_info((enum finding_code)i)->name, totals->codes[i]};
        any += totals->codes[i];
    }
    if (any)
        show_rows(out, _("Findings, by number of domains:"), rows, FINDING_COUNT);
}

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
    if (text && summary->interrupted)
        text = talloc_asprintf_append(text, "%s", _(" Interrupted before the end of the list."));
    if (text && summary->brief)
        text = talloc_asprintf_append(
            text, "%s", _(" Not checked: further handshakes and CAA records (use --thorough)."));
    textout_wrap(out, 0, STYLE_PLAIN, "", STYLE_PLAIN, text ? text : "");
}

char *text_scan(TALLOC_CTX *ctx, const struct scan_summary *summary,
                const struct textout_options *options)
{
    struct textout *out = textout_new(ctx, options);

    if (!out)
        return NULL;
    show_head(out, summary);
    if (summary->totals.domains && !options->quiet) {
        show_postures(out, &summary->totals);
        show_deliveries(out, &summary->totals);
        show_codes(out, &summary->totals);
    }
    return textout_end(out);
}
