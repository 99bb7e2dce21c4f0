/* SPDX-License-Identifier: MIT */
/* check.c - a check as pages draw it. */
#include "pages/check.h"

#include <string.h>

#include "base/text.h"

struct check_row check_row_of(const struct look_row *row)
{
    const char *text = row->text ? row->text : "";
    const char *host = row->text ? row->text : row->label;

    return (struct check_row){
        .slot = row->host ? "mx-host" : row->name,
        .step = {.mark = row->number ? mark_of_severity(row->severity) : mark_of_waiting(),
                 .label = row->host ? host : row->label,
                 .text = row->host ? "" : text,
                 .host = row->host != NULL},
        .hosts = !row->host && strcmp(row->name, "mx") == 0,
    };
}

void check_page_chain(TALLOC_CTX *ctx, struct check_page *page, const struct look_view *look)
{
    size_t count = look ? look->row_count : 0;

    page->rows = talloc_array(ctx, struct check_row, (unsigned)count + 1);
    page->row_count = 0;
    for (size_t i = 0; page->rows && i < count; i++)
        page->rows[page->row_count++] = check_row_of(&look->rows[i]);
}

void check_page_result(TALLOC_CTX *ctx, struct check_page *page, const struct diagnosis *diagnosis)
{
    page->verdict = verdict_page_of(ctx, diagnosis);
    page->findings = findings_page_of(ctx, diagnosis->findings, diagnosis->finding_count);
    page->next_count = next_commands(ctx, diagnosis, page->nexts);
    if (page->next_count && page->nexts[page->next_count - 1].explains)
        page->next_count--;
    else if (page->next_count > 1 && page->nexts[0].explains)
        page->nexts[0] = page->nexts[--page->next_count];
    page->transcript = text_transcript_alone(ctx, diagnosis->facts);
}

void check_page_changes(TALLOC_CTX *ctx, struct check_page *page, const struct advisory *advisory,
                        int64_t compared_at)
{
    page->compared_at = compared_at;
    page->changes = talloc_array(ctx, struct check_change, (unsigned)advisory->note_count + 1);
    page->change_count = 0;
    for (size_t i = 0; page->changes && i < advisory->note_count; i++)
        page->changes[page->change_count++] =
            (struct check_change){mark_of_severity(advisory->notes[i].severity),
                                  advisory_note_text(ctx, &advisory->notes[i])};
}
