/* SPDX-License-Identifier: MIT */
/* domains.c - verdicts and causes of a list. */
#include "pages/domains.h"

#include <string.h>

#include "base/i18n.h"

struct mark_page domains_mark(const char *verdict)
{
    struct mark_page mark = mark_of_waiting();

    for (int i = VERDICT_OK; verdict && i <= VERDICT_CRITICAL; i++)
        if (strcmp(verdict_name((enum verdict)i), verdict) == 0)
            mark = mark_of_verdict((enum verdict)i);
    mark.word = NULL;
    return mark;
}

/* A code that a newer mtasts stored is shown as it is. */
const char *domains_cause(TALLOC_CTX *ctx, const char *code, const char *subject)
{
    enum finding_code known = code ? finding_by_name(code) : FINDING_COUNT;
    const char *title = known == FINDING_COUNT ? code : _(finding_info(known)->title);

    if (title && subject && *subject)
        return talloc_asprintf(ctx, "%s: %s", title, subject);
    return title ? talloc_strdup(ctx, title) : NULL;
}
