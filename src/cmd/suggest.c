/* SPDX-License-Identifier: MIT */
/* suggest.c - what was perhaps meant, on standard error. */
#include "cmd/suggest.h"

#include <talloc.h>

#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/exit_status.h"

/* "did you mean --json?" */
static char *question(TALLOC_CTX *ctx, const struct suggestion *s, const char *prefix)
{
    char *names[SUGGEST_MAX] = {NULL};

    for (size_t i = 0; i < s->count; i++)
        if (!(names[i] = talloc_asprintf(ctx, "%s%s", prefix, s->names[i])))
            return NULL;
    if (s->count == 1)
        return talloc_asprintf(ctx, _("did you mean %s?"), names[0]);
    if (s->count == 2)
        return talloc_asprintf(ctx, _("did you mean %s or %s?"), names[0], names[1]);
    return talloc_asprintf(ctx, _("did you mean %s, %s or %s?"), names[0], names[1], names[2]);
}

int suggest_usage(const struct suggestion *suggestion, const char *prefix, const char *wrong,
                  const char *otherwise)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *hint = suggestion->count && ctx ? question(ctx, suggestion, prefix) : otherwise;

    if (hint)
        console_note("%s; %s", wrong, hint);
    else
        console_note("%s", wrong);
    talloc_free(ctx);
    return EXIT_USAGE;
}
