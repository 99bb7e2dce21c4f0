/* SPDX-License-Identifier: MIT */
/* kb_find.h - which entries of the knowledge base a word means. */
#ifndef RENDER_KB_FIND_H
#define RENDER_KB_FIND_H

#include <talloc.h>

#include <mtasts/status.h>

#include "base/suggest.h"

#define KB_WORD_MAX 64 /* bytes of a word */

struct kb_found {
    size_t *entries; /* numbers of kb_entry_new(); owned by the ctx of kb_find() */
    size_t count;    /* several share a word, such as the forms of a provider; 0: it is unknown */
    /* Where it is unknown: what was perhaps meant.  The names are the knowledge base's. */
    struct suggestion near;
};

/* The entry of that name in whatever spelling, else all that are called so. */
STS_MUST_USE enum sts_status kb_find(TALLOC_CTX *ctx, const char *word, struct kb_found *ret);

#endif
