/* SPDX-License-Identifier: MIT */
/* text_selftest.c - what can be seen from here, a line a point. */
#include <string.h>

#include "base/i18n.h"
#include "render/expand.h"
#include "render/selftest.h"
#include "render/text.h"

#define NAME_COLUMNS  10
#define STATE_COLUMNS 9

char *selftest_sentence(TALLOC_CTX *ctx, const struct vantage_view *view)
{
    const struct expand_params params = {.params = view->params, .count = view->param_count};

    return expand_text(ctx, _(view->sentence), params);
}

/* The names and states are those of the JSON, in every language. */
void text_vantage(struct page *page, const struct vantage_view views[VANTAGE_COUNT])
{
    for (int i = 0; i < VANTAGE_COUNT; i++) {
        const struct vantage_view *view = &views[i];
        char *first = talloc_asprintf(page, "%s%-*s%-*s", text_mark(page, view->severity),
                                      NAME_COLUMNS, vantage_point_name((int)view->name),
                                      STATE_COLUMNS, vantage_state_name((int)view->state));
        char *sentence = selftest_sentence(page, view);

        if (first && sentence)
            page_wrap(page, 0, text_mark_style(view->severity), first, STYLE_PLAIN, sentence);
    }
}

char *text_selftest(TALLOC_CTX *ctx, const struct vantage_view views[VANTAGE_COUNT],
                    const struct page_options *options)
{
    struct page *page = page_new(ctx, options);

    if (!page)
        return NULL;
    if (!options->quiet)
        text_vantage(page, views);
    return page_end(page);
}
