/* SPDX-License-Identifier: MIT */
/* headline.h - what becomes of mail, in one sentence or two. */
#ifndef RENDER_HEADLINE_H
#define RENDER_HEADLINE_H

#include <talloc.h>

#include "rules/rules.h"

/* Translated; owned by ctx, or static.  NULL: no memory. */
const char *headline(TALLOC_CTX *ctx, const struct diagnosis *diagnosis);

#endif
