/* SPDX-License-Identifier: MIT */
/* headline.h - the first line: the worst finding in words, how many more, what becomes of mail. */
#ifndef RENDER_HEADLINE_H
#define RENDER_HEADLINE_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include "rules/rules.h"

/* "the certificate of mx1.example.com has expired (mx-cert-expired) and 2 more. Mail is refused:
 * ...", translated; without domain and verdict.  Owned by ctx; NULL: no memory. */
char *headline(TALLOC_CTX *ctx, const struct diagnosis *diagnosis);

/* The findings above a note. */
size_t headline_count(const struct finding *findings, size_t count);
/* The part about findings: the worst of these is named, the others are counted; or there are none.
 */
char *headline_findings(TALLOC_CTX *ctx, const struct finding *findings, size_t count);

/* "the policy is empty (policy-empty) and 1 more".  NULL: no memory, or `title` is NULL. */
char *headline_worst(TALLOC_CTX *ctx, const char *title, const char *code, size_t more);
/* With " and 1 more" behind it; as it is where there are no more, and NULL of NULL.  The text
 * moves. NULL: no memory. */
char *headline_more(char *text, size_t more);

/* The part about mail, translated; it begins in lower case wherever the language lets it.  NULL: no
 * memory. */
const char *headline_mail(TALLOC_CTX *ctx, const struct diagnosis *d);

/* Do senders refuse mail servers because of the policy?  Only then does it help to take it back. */
bool headline_policy_refuses(const struct diagnosis *d);

/* With a capital letter, as a sentence of its own. */
char *headline_sentence(TALLOC_CTX *ctx, const char *text);

#endif
