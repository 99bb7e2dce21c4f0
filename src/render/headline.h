/* SPDX-License-Identifier: MIT */
/* headline.h - the first line: the worst finding in words, how many more, what becomes of mail. */
#ifndef RENDER_HEADLINE_H
#define RENDER_HEADLINE_H

#include <stddef.h>

#include <talloc.h>

#include "rules/rules.h"

/* "the certificate of mx1.example.com has expired (mx-cert-expired) and 2 more. Mail is refused:
 * ...", translated; without domain and verdict.  Owned by ctx; NULL: no memory. */
char *headline(TALLOC_CTX *ctx, const struct diagnosis *diagnosis);

/* How many findings it counts: those above a note, of which the first is named. */
size_t headline_count(const struct diagnosis *diagnosis);

#endif
