/* SPDX-License-Identifier: MIT */
/* value_names.h - the short words of the facts ("refused", "not-yet-valid") in the reader's
 * language. */
#ifndef RENDER_VALUE_NAMES_H
#define RENDER_VALUE_NAMES_H

#include <talloc.h>

/* The value of the parameter `name` as it stands in a sentence: known words translated, all else as
 * it is.  Only parameters that the rules fill with such words are looked at.  NULL: no memory. */
char *value_name_translated(TALLOC_CTX *ctx, const char *name, const char *value);

#endif
