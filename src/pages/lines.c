/* SPDX-License-Identifier: MIT */
/* lines.c - sentences with lines to copy, in pieces. */
#include "pages/lines.h"

#include <stdbool.h>
#include <string.h>

#include "base/array.h"
#include "render/expand.h"

/* Neighbouring lines to copy are one block. */
static void add(TALLOC_CTX *ctx, struct lines_item *item, char *text, bool copy)
{
    struct lines_piece *last = item->piece_count ? &item->pieces[item->piece_count - 1] : NULL;
    struct lines_piece *more;

    if (copy && last && last->copy) {
        last->copy = talloc_asprintf(ctx, "%s\n%s", last->copy, text);
        return;
    }
    more = array_grow(ctx, &item->pieces, &item->piece_count, sizeof(*more));
    if (more)
        *more = copy ? (struct lines_piece){NULL, text} : (struct lines_piece){text, NULL};
}

static struct lines_item item_of(TALLOC_CTX *ctx, const char *text)
{
    struct lines_item item = {NULL, 0};
    bool copy = false;

    while (text) {
        size_t length = strcspn(text, "\n");
        char *piece = talloc_strndup(ctx, text, length);

        if (piece && (length || copy))
            add(ctx, &item, piece, copy);
        if (!text[length])
            break;
        copy = strncmp(text + length, EXPAND_LINE, strlen(EXPAND_LINE)) == 0;
        text += length + (copy ? strlen(EXPAND_LINE) : 1);
    }
    return item;
}

struct lines lines_of(TALLOC_CTX *ctx, char *const *list)
{
    struct lines lines = {NULL, 0};

    for (; list && *list; list++) {
        struct lines_item *item = array_grow(ctx, &lines.items, &lines.item_count, sizeof(*item));

        if (item)
            *item = item_of(ctx, *list);
    }
    return lines;
}

struct lines lines_of_text(TALLOC_CTX *ctx, const char *text)
{
    char *copy = text && *text ? talloc_strdup(ctx, text) : NULL;

    return lines_of(ctx, (char *const[]){copy, NULL});
}
