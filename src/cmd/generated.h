/* SPDX-License-Identifier: MIT */
/* generated.h - publications on their way out: one domain with all that belongs to it, several with
 * a line or two each and what they share at the end. */
#ifndef CMD_GENERATED_H
#define CMD_GENERATED_H

#include "cmd/options.h"
#include "cmd/show_domains.h"
#include "rollout/publication.h"

struct generated;

/* NULL: no memory.  The options are borrowed. */
struct generated *generated_new(TALLOC_CTX *ctx, const struct options *options);
/* The next domain.  Of the first nothing is shown before it is known whether it is alone. */
STS_MUST_USE enum sts_status generated_add(TALLOC_CTX *ctx, struct generated *generated,
                                           const struct publication *publication,
                                           struct shown *ret);
/* What is left to be shown and written; the exit status. */
int generated_end(struct generated *generated);

#endif
