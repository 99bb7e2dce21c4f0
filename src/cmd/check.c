/* SPDX-License-Identifier: MIT */
/* check.c - diagnose domains, observed now or earlier. */
#include "cmd/cmd.h"

#include "base/i18n.h"
#include "cmd/live.h"
#include "cmd/say.h"
#include "cmd/stored.h"
#include "render/json.h"
#include "render/text.h"

/* What was seen is judged by the time it was seen, unless --now names another. */
static char *show_diagnosis(TALLOC_CTX *ctx, const struct options *options,
                            const struct facts *facts, int *ret_status)
{
    struct page_options page = say_page_options(options);
    TALLOC_CTX *scratch = talloc_new(ctx);
    struct diagnosis *diagnosis;
    char *text = NULL;

    if (scratch &&
        diagnose(scratch, facts, options->now == NOW_UNSET ? facts->observed_at : options->now,
                 &diagnosis) == STS_OK) {
        *ret_status =
            judge_findings(diagnosis->findings, diagnosis->finding_count, options->fail_on);
        text = options->json ? json_check(ctx, diagnosis) : text_check(ctx, diagnosis, &page);
        /* A line end behind JSON, a blank line between domains. */
        if (text && (options->json || !options->quiet))
            text = talloc_strdup_append_buffer(text, "\n");
    }
    talloc_free(scratch);
    return text;
}

int cmd_check(TALLOC_CTX *ctx, const struct options *options)
{
    if (!options->from)
        return live_run(ctx, options, show_diagnosis);
    if (options->operand_count)
        return say_usage(_("--from and a domain (%s) exclude each other"), options->operands[0]);
    return stored_run(ctx, options, show_diagnosis);
}
