/* SPDX-License-Identifier: MIT */
/* overview.c - the model of the overview, out of the causes. */
#include "pages/overview.h"

#include "render/cause_text.h"

static struct overview_cause cause_of(TALLOC_CTX *ctx, const struct cause *cause)
{
    return (struct overview_cause){.key = cause->key,
                                   .title = cause_title(cause),
                                   .subject = cause_subject(ctx, cause),
                                   .action = lines_of_text(ctx, cause_action(ctx, cause)),
                                   .code = finding_info(cause->code)->name,
                                   .mark = mark_of_severity(cause->severity),
                                   .domains = cause->domains,
                                   .sharing = cause->sharing > cause->domains ? cause->sharing : 0,
                                   .example = cause->domains == 1 ? cause->example : NULL,
                                   .since = cause->since,
                                   .lost = cause->lost};
}

static void fill_causes(TALLOC_CTX *ctx, struct overview_page *page, const struct causes *causes)
{
    size_t count = causes->count < OVERVIEW_CAUSES ? causes->count : OVERVIEW_CAUSES;
    struct overview_cause *rows =
        talloc_zero_array(ctx, struct overview_cause, (unsigned)count + 1);

    if (!rows)
        return;
    for (size_t i = 0; i < count; i++)
        rows[i] = cause_of(ctx, &causes->list[i]);
    page->causes = rows;
    page->cause_count = count;
    page->more = causes->count - count;
}

void overview_fill(TALLOC_CTX *ctx, struct overview_page *page, const struct causes *causes,
                   int64_t now)
{
    page->domains = causes->domains > 0;
    page->critical = causes->critical;
    page->warning = causes->warning;
    page->unknown = causes->unknown;
    page->ok = causes->ok;
    page->unchecked = causes->unchecked;
    page->fine = causes->count == 0 && causes->ok > 0;
    page->newest = causes->newest;
    page->oldest = causes->oldest;
    page->filling = causes->filling;
    page->stale = causes->newest && now - causes->newest > CAUSES_STALE_S;
    if (page->stale)
        page->stale_hours = (now - causes->newest) / 3600;
    page->lost = causes->lost;
    fill_causes(ctx, page, causes);
}
