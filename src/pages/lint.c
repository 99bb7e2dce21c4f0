/* SPDX-License-Identifier: MIT */
/* lint.c - the lines of a text, and what is wrong with them, at which columns.
 *
 * Findings are put in the order of the text once.  A line is then cut where the extent of one
 * begins or ends: what several share is one mark with several reasons. */
#include "pages/lint.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/i18n.h"
#include "render/value_names.h"

/* ---- findings in the order of the text ------------------------------------------------------- */

struct flaw {
    const struct finding *finding;
    size_t number; /* among the findings as they are shown, from 1 */
};

struct flaws {
    struct flaw *list;
    size_t count, next; /* those before `next` are in lines that were read */
};

static int compare(const void *left, const void *right)
{
    const struct flaw *a = left, *b = right;

    if (a->finding->line != b->finding->line)
        return a->finding->line < b->finding->line ? -1 : 1;
    if (a->finding->column != b->finding->column)
        return a->finding->column < b->finding->column ? -1 : 1;
    return a->number < b->number ? -1 : 1;
}

static struct flaws flaws_of(TALLOC_CTX *ctx, const struct lint *lint)
{
    struct flaws flaws = {talloc_array(ctx, struct flaw, (unsigned)lint->finding_count + 1), 0, 0};

    for (size_t i = 0; flaws.list && i < lint->finding_count; i++)
        if (lint->findings[i].line > 0)
            flaws.list[flaws.count++] = (struct flaw){&lint->findings[i], i + 1};
    if (flaws.count)
        qsort(flaws.list, flaws.count, sizeof(*flaws.list), compare);
    return flaws;
}

/* ---- a line ---------------------------------------------------------------------------------- */

struct line {
    const char *text;
    size_t length, shown; /* bytes; so many are in pieces */
};

/* A character is not cut: the extent of a flaw may begin in the middle of one. */
static size_t whole(const struct line *line, int64_t at)
{
    size_t end = at > 0 && (uint64_t)at < line->length ? (size_t)at : at > 0 ? line->length : 0;

    while (end < line->length && ((unsigned char)line->text[end] & 0xc0) == 0x80)
        end++;
    return end;
}

static struct lint_piece *add_piece(TALLOC_CTX *ctx, struct lint_row *row, struct line *line,
                                    size_t end)
{
    struct lint_piece *piece = array_grow(ctx, &row->pieces, &row->piece_count, sizeof(*piece));

    if (!piece)
        return NULL;
    *piece = (struct lint_piece){talloc_strndup(ctx, line->text + line->shown, end - line->shown),
                                 NULL, 0, end == line->shown};
    line->shown = end;
    return piece;
}

/* One that lies in what is marked already adds its reason there. */
static void mark(TALLOC_CTX *ctx, struct lint_row *row, struct line *line, const struct flaw *flaw)
{
    struct lint_piece *last = row->piece_count ? &row->pieces[row->piece_count - 1] : NULL;
    size_t begin = whole(line, flaw->finding->column - 1);
    size_t end = whole(line, flaw->finding->column - 1 + flaw->finding->length);

    if (begin > line->shown) {
        add_piece(ctx, row, line, begin);
        last = NULL;
    }
    if (last && last->reasons && end <= line->shown) {
        last->reasons = talloc_asprintf(ctx, "%s why-%zu", last->reasons, flaw->number);
        return;
    }
    last = add_piece(ctx, row, line, end > line->shown ? end : line->shown);
    if (last) {
        last->reasons = talloc_asprintf(ctx, "why-%zu", flaw->number);
        last->finding = flaw->number;
    }
}

static void add_reason(TALLOC_CTX *ctx, struct lint_row *row, const struct flaw *flaw,
                       const struct findings_page *findings)
{
    struct lint_reason *reason =
        array_grow(ctx, &row->reasons, &row->reason_count, sizeof(*reason));

    if (reason && flaw->number <= findings->finding_count)
        *reason = (struct lint_reason){flaw->number, flaw->finding->column,
                                       findings->findings[flaw->number - 1].title};
    else if (reason)
        row->reason_count--;
}

static void fill_row(TALLOC_CTX *ctx, struct lint_row *row, struct line *line, struct flaws *flaws,
                     const struct findings_page *findings)
{
    for (; flaws->next < flaws->count; flaws->next++) {
        const struct flaw *flaw = &flaws->list[flaws->next];

        if (flaw->finding->line > (int64_t)row->number)
            break;
        if (flaw->finding->line < (int64_t)row->number)
            continue;
        if (flaw->finding->column > 0)
            mark(ctx, row, line, flaw);
        add_reason(ctx, row, flaw, findings);
    }
    if (line->shown < line->length)
        add_piece(ctx, row, line, line->length);
}

static void add_rows(TALLOC_CTX *ctx, struct lint_page *page, const struct lint *lint)
{
    struct flaws flaws = flaws_of(ctx, lint);
    const char *at = page->text;

    while (at && *at && page->row_count < LINT_ROWS_MAX) {
        size_t length = strcspn(at, "\n");
        struct line line = {at, length, 0};
        struct lint_row *row = array_grow(ctx, &page->rows, &page->row_count, sizeof(*row));

        if (!row)
            return;
        if (length && at[length - 1] == '\r')
            line.length--;
        *row = (struct lint_row){.number = page->row_count};
        fill_row(ctx, row, &line, &flaws, &page->findings);
        at += length + (at[length] == '\n');
    }
    page->cut = at && *at;
}

/* ---- how it is read -------------------------------------------------------------------------- */

static const char *behaviour_of(TALLOC_CTX *ctx, const struct lint_sender *sender)
{
    const char *why = sender->why ? _(sender->why) : _("it tolerates what the standard does not");

    if (sender->rejects)
        return talloc_asprintf(ctx, _("rejects the policy: %s"), why);
    if (sender->differs)
        return talloc_asprintf(ctx, _("reads mode %s, max_age %lld: %s"), sender->reads_as,
                               (long long)sender->max_age, why);
    return talloc_asprintf(ctx, _("reads mode %s, max_age %lld"), sender->reads_as,
                           (long long)sender->max_age);
}

static void add_readings(TALLOC_CTX *ctx, struct lint_page *page, const struct lint *lint)
{
    for (size_t i = 0; i < lint->sender_count; i++) {
        const struct lint_sender *sender = &lint->senders[i];
        char *name = talloc_asprintf(ctx, "%s %s", sender->name, sender->version);
        struct lint_reading *reading =
            array_grow(ctx, &page->readings, &page->reading_count, sizeof(*reading));

        if (reading)
            *reading = (struct lint_reading){value_name_translated(ctx, "senders", name),
                                             behaviour_of(ctx, sender)};
    }
}

static const char *verdict_of(const struct lint *lint)
{
    if (!lint->valid)
        return _("This text does not comply with the standard.");
    for (size_t i = 0; i < lint->mx_count; i++)
        if (!lint->mx[i].covered)
            return _("This text complies with the standard, but does not cover every MX host.");
    return _("This text complies with the standard.");
}

void lint_page_fill(TALLOC_CTX *ctx, struct lint_page *page, const struct lint *lint)
{
    page->lint = lint;
    page->verdict = verdict_of(lint);
    page->findings = findings_page_of(ctx, lint->findings, lint->finding_count);
    for (size_t i = 0; i < page->findings.finding_count; i++)
        page->findings.findings[i].number = i + 1;
    add_rows(ctx, page, lint);
    add_readings(ctx, page, lint);
}
