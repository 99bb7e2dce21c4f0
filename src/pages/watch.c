/* SPDX-License-Identifier: MIT */
/* watch.c - rows of the page about scheduled checks. */
#include "pages/watch.h"

#include "render/selftest.h"

/* The worst first. */
static const enum verdict by_harm[] = {VERDICT_CRITICAL, VERDICT_WARNING, VERDICT_UNKNOWN,
                                       VERDICT_OK};
#define VERDICTS (sizeof(by_harm) / sizeof(by_harm[0]))

void watch_page_verdicts(TALLOC_CTX *ctx, const int64_t *domains, struct watch_page *page)
{
    struct watch_verdict_row *rows = talloc_zero_array(ctx, struct watch_verdict_row, VERDICTS);

    for (size_t i = 0; rows && i < VERDICTS; i++) {
        struct mark_page mark = mark_of_verdict(by_harm[i]);

        if (domains[by_harm[i]])
            rows[page->verdict_count++] =
                (struct watch_verdict_row){{mark.kind, NULL}, mark.word, domains[by_harm[i]]};
    }
    page->verdicts = rows;
}

void watch_page_places(TALLOC_CTX *ctx, const struct facts *place, struct watch_page *page)
{
    struct watch_place_row *rows = talloc_zero_array(ctx, struct watch_place_row, VANTAGE_COUNT);
    struct vantage_view views[VANTAGE_COUNT];

    vantage_views(place, views);
    for (size_t i = 0; rows && i < VANTAGE_COUNT; i++)
        if (views[i].state != VANTAGE_STATE_UNKNOWN)
            rows[page->place_count++] = (struct watch_place_row){
                selftest_sentence(ctx, &views[i]), views[i].severity != SEVERITY_NONE};
    page->places = rows;
}
