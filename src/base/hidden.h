/* SPDX-License-Identifier: MIT */
/* hidden.h - characters that people do not see, or take for plain ones: no-break spaces, marks of
 * zero width, dashes and quotation marks of word processors. */
#ifndef BASE_HIDDEN_H
#define BASE_HIDDEN_H

#include "base/bytes.h"

struct hidden {
    const char *bytes; /* UTF-8, or the one byte of ISO 8859-1 */
    const char *name;  /* of Unicode: "U+00A0 NO-BREAK SPACE" */
    const char *plain; /* what was meant: " ", "-", "" */
};

/* The one that the text begins with; NULL: none. */
const struct hidden *hidden_at(struct bytes text);
/* Where the first one stands; -1: there is none. */
long hidden_find(struct bytes text);

#endif
