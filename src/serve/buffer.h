/* SPDX-License-Identifier: MIT */
/* buffer.h - bytes on their way in or out: put in at the end, taken from the beginning; private to
 * serve/. */
#ifndef SERVE_BUFFER_H
#define SERVE_BUFFER_H

#include <stdbool.h>

#include <talloc.h>

#include "base/bytes.h"

/* All zero: empty. */
struct buffer {
    char *data;
    size_t start, end, room;
};

struct bytes buffer_held(const struct buffer *buffer);
/* Room for so many more bytes at the end, NULL: no memory.  What was put there is told to
 * buffer_added(). */
char *buffer_room(TALLOC_CTX *ctx, struct buffer *buffer, size_t length);
void buffer_added(struct buffer *buffer, size_t length);
bool buffer_put(TALLOC_CTX *ctx, struct buffer *buffer, struct bytes piece);
void buffer_take(struct buffer *buffer, size_t length);
/* An empty one gives up its memory. */
void buffer_rest(struct buffer *buffer);

#endif
