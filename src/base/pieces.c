/* SPDX-License-Identifier: MIT */
/* pieces.c - cut off blocks, one after the other; a list of what came back for each length. */
#include "base/pieces.h"

#include <string.h>

#define UNIT    sizeof(void *)
#define BLOCK   ((size_t)32 << 10)
#define LENGTHS 64 /* in units; what is longer is rare, and allocated by itself */

struct spare {
    struct spare *next;
};

struct pieces {
    struct spare *spare[LENGTHS + 1];
    char *rest; /* of the newest block */
    size_t left;
};

struct pieces *pieces_new(TALLOC_CTX *ctx)
{
    return talloc_zero(ctx, struct pieces);
}

static size_t units_of(size_t size)
{
    return (size + UNIT - 1) / UNIT;
}

/* What is left of the block before is less than one piece of some length. */
static void *cut(struct pieces *pieces, size_t bytes)
{
    void *piece;

    if (pieces->left < bytes) {
        char *block = talloc_size(pieces, BLOCK);

        if (!block)
            return NULL;
        pieces->rest = block;
        pieces->left = BLOCK;
    }
    piece = pieces->rest;
    pieces->rest += bytes;
    pieces->left -= bytes;
    return piece;
}

void *pieces_take(struct pieces *pieces, size_t size)
{
    size_t units = units_of(size);
    void *piece;

    if (!units || units > LENGTHS)
        return talloc_zero_size(pieces, size);
    piece = pieces->spare[units];
    if (piece)
        pieces->spare[units] = pieces->spare[units]->next;
    else
        piece = cut(pieces, units * UNIT);
    return piece ? memset(piece, 0, units * UNIT) : NULL;
}

void pieces_give(struct pieces *pieces, void *piece, size_t size)
{
    size_t units = units_of(size);
    struct spare *spare = piece;

    if (!piece)
        return;
    if (!units || units > LENGTHS) {
        talloc_free(piece);
        return;
    }
    spare->next = pieces->spare[units];
    pieces->spare[units] = spare;
}

char *pieces_text(struct pieces *pieces, const char *text)
{
    size_t size = strlen(text) + 1;
    char *piece = pieces_take(pieces, size);

    return piece ? memcpy(piece, text, size) : NULL;
}

void pieces_give_text(struct pieces *pieces, char *text)
{
    pieces_give(pieces, text, text ? strlen(text) + 1 : 0);
}
