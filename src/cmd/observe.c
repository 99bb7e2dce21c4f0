/* SPDX-License-Identifier: MIT */
/* observe.c - print what is seen of a domain, without judgement. */
#include "cmd/cmd.h"
#include "cmd/live.h"
#include "facts/facts_json.h"

static char *show_facts(TALLOC_CTX *ctx, const struct options *options, const struct facts *facts,
                        int *ret_status)
{
    char *line;

    (void)options;
    *ret_status = 0;
    if (facts_write(ctx, facts, &line) != STS_OK)
        return NULL;
    return talloc_strdup_append_buffer(line, "\n");
}

int cmd_observe(TALLOC_CTX *ctx, const struct options *options)
{
    return live_run(ctx, options, show_facts);
}
