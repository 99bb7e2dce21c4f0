/* SPDX-License-Identifier: MIT */
/* domain_tag.h - words by which people sort their domains. */
#ifndef APP_DOMAIN_TAG_H
#define APP_DOMAIN_TAG_H

#include <stdbool.h>

#include <talloc.h>

#include "base/bytes.h"

#define DOMAIN_TAG_MAX  40 /* bytes of one */
#define DOMAIN_TAGS_MAX 20 /* of a domain */

/* Letters and digits of any language, and within them - _ . : /, the ASCII letters small.  NULL: it
 * is none, or no memory. */
char *domain_tag(TALLOC_CTX *ctx, struct bytes typed);
/* Those between blanks, commas and semicolons, each once, with a blank between.  NULL: one of them
 * is none, or there are too many, or no memory. */
char *domain_tags(TALLOC_CTX *ctx, struct bytes typed);

#endif
