/* SPDX-License-Identifier: MIT */
/* policy_text.h - policies out of other places than a policy host: a store, another daemon's cache.
 * Each is judged as one that was fetched. */
#ifndef POLICYD_POLICY_TEXT_H
#define POLICYD_POLICY_TEXT_H

#include <talloc.h>

#include <mtasts/status.h>

#include "base/bytes.h"
#include "verdict/view.h"

/* In one piece of memory, since there may be very many.  NULL: no memory. */
struct live_policy *policy_copy(TALLOC_CTX *ctx, const struct live_policy *policy);
/* As a policy host would serve it, owned by ctx.  NULL: no memory. */
char *policy_text(TALLOC_CTX *ctx, const struct live_policy *policy);
/* *ret is owned by ctx, NULL: no sender would use the text.  id may be NULL. */
STS_MUST_USE enum sts_status policy_text_read(TALLOC_CTX *ctx, struct bytes text, const char *id,
                                              struct live_policy **ret);

#endif
