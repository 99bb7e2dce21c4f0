/* SPDX-License-Identifier: MIT */
/* failure_text.c - what a check sees of a reported failure, in words. */
#include "render/failure_text.h"

#include "base/clock.h"
#include "base/i18n.h"

static const char *const texts[FAILURE_STATE_COUNT] = {
    [FAILURE_ONE_SENDER] = N_("cannot be reproduced; only this sender reports it"),
    [FAILURE_NOT_SEEN] = N_("not seen in the check"),
    [FAILURE_UNDECIDED] = N_("a check cannot determine this"),
    [FAILURE_NOT_CHECKED] = N_("not checked"),
};

char *failure_now_text(TALLOC_CTX *ctx, const struct failure_now *now)
{
    char time[CLOCK_TEXT_SIZE];

    if (now->state == FAILURE_PERSISTS)
        return talloc_asprintf(ctx, _("still failing (%s)"), now->codes);
    if (now->state != FAILURE_FIXED)
        return talloc_strdup(ctx, _(texts[now->state]));
    clock_format(now->since, time);
    return talloc_asprintf(ctx, _("fixed since %.10s"), time);
}
