/* SPDX-License-Identifier: MIT */
/* policyd_account.h - what the daemon says of a domain (mtasts.policyd/1), read and in words. */
#ifndef RENDER_POLICYD_ACCOUNT_H
#define RENDER_POLICYD_ACCOUNT_H

#include <talloc.h>

#include "rules/rules.h"

/* All of ctx; NULL: no memory, or it is no such document. */
const char *policyd_account_domain(TALLOC_CTX *ctx, const char *json);
/* One line, for a list. */
char *policyd_account_line(TALLOC_CTX *ctx, const char *json);
/* All of it, with the findings of a check, which may be NULL. */
char *policyd_account_text(TALLOC_CTX *ctx, const char *json, const struct diagnosis *now);
/* The document with these findings in it. */
char *policyd_account_with(TALLOC_CTX *ctx, const char *json, const struct diagnosis *now);

#endif
