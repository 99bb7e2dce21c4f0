/* SPDX-License-Identifier: MIT */
/* selftest.c - what can be seen from here, and what not. */
#include "render/selftest.h"

#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/live.h"
#include "cmd/say.h"

static char *show(TALLOC_CTX *ctx, const struct options *options, const struct facts *facts,
                  int *ret_status)
{
    struct page_options page = say_page_options(options);
    struct vantage_view views[VANTAGE_COUNT];
    char *text;

    vantage_views(facts, views);
    for (size_t i = 0; i < VANTAGE_COUNT; i++)
        *ret_status = judge_worse(*ret_status, severity_exit(views[i].severity));
    text = options->json ? json_selftest(ctx, views) : text_selftest(ctx, views, &page);
    return text && options->json ? talloc_strdup_append_buffer(text, "\n") : text;
}

int cmd_selftest(TALLOC_CTX *ctx, const struct options *options)
{
    if (options->operand_count)
        return say_usage(_("%s: selftest takes no domain"), options->operands[0]);
    return live_place(ctx, options, show);
}
