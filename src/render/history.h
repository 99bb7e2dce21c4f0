/* SPDX-License-Identifier: MIT */
/* history.h - what the store knows of a domain: for people and for programs (mtasts.history/1). */
#ifndef RENDER_HISTORY_H
#define RENDER_HISTORY_H

#include <talloc.h>

#include "history/domain_history.h"
#include "render/textout.h"

/* Both: owned by ctx; NULL: no memory. */
char *json_history(TALLOC_CTX *ctx, const struct domain_history *from);
char *text_history(TALLOC_CTX *ctx, const struct domain_history *from,
                   const struct textout_options *options);
/* By day, or by sender; owned by ctx. */
const struct session_sums **history_sorted(TALLOC_CTX *ctx, const struct names *sessions);

#endif
