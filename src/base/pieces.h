/* SPDX-License-Identifier: MIT */
/* pieces.h - very many small pieces of memory, without what talloc and malloc add to each (some 110
 * bytes): for what a daemon has a hundred thousand of.
 *
 * A piece has no owner but all of them: who takes one gives it back, and says how long it is.  What
 * is given back serves the next of that length; the memory itself is kept until all are freed. */
#ifndef BASE_PIECES_H
#define BASE_PIECES_H

#include <stddef.h>

#include <talloc.h>

struct pieces;

/* NULL: no memory.  Freeing it frees all of them. */
struct pieces *pieces_new(TALLOC_CTX *ctx);
/* Aligned as a pointer, all 0.  NULL: no memory. */
void *pieces_take(struct pieces *pieces, size_t size);
/* piece: may be NULL.  size: as it was taken. */
void pieces_give(struct pieces *pieces, void *piece, size_t size);
/* A text; NULL: no memory. */
char *pieces_text(struct pieces *pieces, const char *text);
void pieces_give_text(struct pieces *pieces, char *text);

#endif
