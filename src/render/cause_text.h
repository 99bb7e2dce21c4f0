/* SPDX-License-Identifier: MIT */
/* cause_text.h - a cause (history/causes.h) in words, translated; all owned by ctx, NULL where
 * memory ran out. */
#ifndef RENDER_CAUSE_TEXT_H
#define RENDER_CAUSE_TEXT_H

#include "history/causes.h"

/* "The MX host's certificate has expired" */
const char *cause_title(const struct cause *cause);
/* "MX host mx1.example.net"; NULL also where it is the finding alone. */
char *cause_subject(TALLOC_CTX *ctx, const struct cause *cause);
/* The first step of the fix, as a check of the domain shows it, maybe with lines to copy
 * (EXPAND_LINE of expand.h); of several domains the first that holds for all of them.  NULL also
 * where there is none: then the general sentence holds. */
char *cause_action(TALLOC_CTX *ctx, const struct cause *cause);
const char *cause_action_general(void);

/* As schema/api/causes.json says, a line without its end; the first `limit` causes. */
char *json_causes(TALLOC_CTX *ctx, const struct causes *causes, size_t limit);

#endif
