/* SPDX-License-Identifier: MIT */
/* kb_search.h - entries of the knowledge base by words that occur in them. */
#ifndef RENDER_KB_SEARCH_H
#define RENDER_KB_SEARCH_H

#include <stddef.h>

#include <talloc.h>

struct kb_index;

/* In the language of the thread, which whoever searches it has to have as well.  It holds the texts
 * of all entries, about 1 MB, and takes some milliseconds to make: worth keeping.  NULL: no memory.
 */
struct kb_index *kb_index_new(TALLOC_CTX *ctx);

/* The entries in which each word of the query occurs, by number: names and titles before texts.
 * found: room for kb_entry_count().  How many there are; 0 of a query without words. */
size_t kb_search(const struct kb_index *index, const char *query, size_t *found);

#endif
