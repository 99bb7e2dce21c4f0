/* SPDX-License-Identifier: MIT */
/* check_changes.c - what is different between two checks of a domain. */
#include "app/check_changes.h"

#include "rollout/changes.h"

enum sts_status check_changes(TALLOC_CTX *ctx, const struct diagnosis *before,
                              const struct diagnosis *after, struct advisory **ret)
{
    struct advisory *advisory =
        advisory_new(ctx, after->facts->domain, NULL, after->facts->observed_at);
    struct state *known = advisory ? state_of(advisory, before) : NULL;
    struct state *seen = known ? state_of(advisory, after) : NULL;
    struct state *merged = seen ? state_merge(advisory, known, seen) : NULL;

    if (merged)
        (void)changes(advisory, known, merged);
    if (!merged || advisory->no_memory || merged->no_memory) {
        talloc_free(advisory);
        return STS_E_NOMEM;
    }
    *ret = advisory;
    return STS_OK;
}
