/* SPDX-License-Identifier: MIT */
/* buffer.c - one block that doubles; what was taken makes room when it is needed. */
#include "serve/buffer.h"

#include <string.h>

#define ROOM_LEAST 4096

struct bytes buffer_held(const struct buffer *buffer)
{
    return (struct bytes){buffer->data ? buffer->data + buffer->start : "",
                          buffer->end - buffer->start};
}

static bool grow(TALLOC_CTX *ctx, struct buffer *buffer, size_t wanted)
{
    size_t room = buffer->room ? buffer->room : ROOM_LEAST;
    char *data;

    while (room < wanted)
        room *= 2;
    data = talloc_realloc(ctx, buffer->data, char, room);
    if (!data)
        return false;
    buffer->data = data;
    buffer->room = room;
    return true;
}

char *buffer_room(TALLOC_CTX *ctx, struct buffer *buffer, size_t length)
{
    size_t held = buffer->end - buffer->start;

    if (buffer->start && buffer->end + length > buffer->room) {
        memmove(buffer->data, buffer->data + buffer->start, held);
        buffer->start = 0;
        buffer->end = held;
    }
    if (buffer->end + length > buffer->room && !grow(ctx, buffer, buffer->end + length))
        return NULL;
    return buffer->data + buffer->end;
}

void buffer_added(struct buffer *buffer, size_t length)
{
    buffer->end += length;
}

bool buffer_put(TALLOC_CTX *ctx, struct buffer *buffer, struct bytes piece)
{
    char *room = buffer_room(ctx, buffer, piece.length);

    if (!room)
        return false;
    if (piece.length)
        memcpy(room, piece.data, piece.length);
    buffer_added(buffer, piece.length);
    return true;
}

void buffer_take(struct buffer *buffer, size_t length)
{
    buffer->start += length;
    if (buffer->start == buffer->end)
        buffer->start = buffer->end = 0;
}

void buffer_rest(struct buffer *buffer)
{
    if (buffer->end)
        return;
    TALLOC_FREE(buffer->data);
    buffer->room = 0;
}
