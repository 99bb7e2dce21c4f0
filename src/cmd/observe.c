/* SPDX-License-Identifier: MIT */
/* observe.c - print what is seen of a domain, without judgement. */
#include "cmd/cmd.h"
#include "cmd/show_domains.h"
#include "facts/facts_json.h"

static enum sts_status show_facts(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                                  struct shown *ret)
{
    char *line;

    (void)arg;
    if (facts_write(ctx, facts, &line) != STS_OK)
        return STS_E_NOMEM;
    ret->text = talloc_strdup_append_buffer(line, "\n");
    return ret->text ? STS_OK : STS_E_NOMEM;
}

int cmd_observe(TALLOC_CTX *ctx, const struct options *options)
{
    return show_domains(ctx, options, show_facts, NULL);
}
