/* SPDX-License-Identifier: MIT */
/* chart.h - sessions day by day as a drawing (SVG).
 *
 * Two panels over one axis of time, since 30 failures in 4,000 sessions would not be seen on top of
 * them: the sessions that succeeded, and below, on a scale of their own, those that failed, by
 * kind. Under the axis a band of the policies that were served, with marks where something changed.
 * A day without a report is hatched and not zero; one that reports may still come for is outlined.
 * Colours are the style sheet's; each day has its figures in words, and the page puts the
 * same numbers into a table. */
#ifndef PAGES_CHART_H
#define PAGES_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pages/html.h"

#define CHART_SPANS_MAX 366

/* Kinds of failure, each with a colour and a place of its own.  X(symbol, colour, msgid) */
#define CHART_FAMILIES(X)                                                                          \
    X(CERTIFICATE, "certificate", N_("Certificate"))                                               \
    X(STARTTLS, "starttls", N_("STARTTLS"))                                                        \
    X(POLICY, "policy", N_("MTA-STS policy"))                                                      \
    X(DANE, "dane", N_("DANE"))                                                                    \
    X(OTHER, "faint", N_("Other"))

enum chart_family {
#define X(symbol, name, text) CHART_##symbol,
    CHART_FAMILIES(X)
#undef X
        CHART_FAMILY_COUNT
};

/* Of a result type of RFC 8460 4.3; what is unknown is OTHER. */
enum chart_family chart_family_of(const char *result_type);
/* A msgid. */
const char *chart_family_name(enum chart_family family);

/* A day or a week. */
struct chart_span {
    int64_t begins;  /* in seconds, UTC */
    bool reported;   /* there is a report of it */
    bool incomplete; /* more may come */
    int64_t successful;
    int64_t failed[CHART_FAMILY_COUNT];
    const char *link; /* to its reports, behind the base; NULL: none */
};

struct chart_policy {
    int64_t from, until;
    const char *mode; /* "enforce", "testing", "none" */
    const char *id;
};

/* What a mark is about, each with a shape of its own.  X(symbol, msgid) */
#define CHART_MARKS(X)                                                                             \
    X(CHANGE, N_("Change"))                                                                        \
    X(CERTIFICATE, N_("New certificate"))

enum chart_mark_kind {
#define X(symbol, text) CHART_MARK_##symbol,
    CHART_MARKS(X)
#undef X
        CHART_MARK_KINDS
};

struct chart_mark {
    int64_t at;
    const char *text; /* translated */
    enum chart_mark_kind kind;
};

struct chart {
    const char *id;    /* a word, for what in the page refers to it */
    const char *title; /* translated, as is the description */
    const char *description;
    const struct chart_span *spans; /* CHART_SPANS_MAX at most; those behind are left out */
    size_t span_count;
    int64_t span_seconds;
    const struct chart_policy *policies; /* by time */
    size_t policy_count;
    const struct chart_mark *marks;
    size_t mark_count;
};

/* All kinds. */
int64_t chart_failed(const struct chart_span *span);
void chart_write(struct html *html, const struct chart *chart);
/* The kinds of failure and of marks that occur, with colour and total, or shape; nothing where none
 * does. */
void chart_legend(struct html *html, const struct chart *chart);

#endif
