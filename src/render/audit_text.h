/* SPDX-License-Identifier: MIT */
/* audit_text.h - what an audit of the logs of Postfix found, in words. */
#ifndef RENDER_AUDIT_TEXT_H
#define RENDER_AUDIT_TEXT_H

#include <talloc.h>

#include "collect/audit.h"

/* now: since 1970; what is not due by then is said to be early.  NULL: no memory. */
char *audit_text(TALLOC_CTX *ctx, struct audit *audit, int64_t now);

#endif
