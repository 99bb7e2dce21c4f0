/* SPDX-License-Identifier: MIT */
/* gzip.c - gzip streams of one member or several, with a ceiling on what comes out. */
#include "intake/unpack.h"

#include <limits.h>

#include <zlib.h>

#include "base/ascii.h"

#define FIRST_ROOM 65536u
#define GZIP_ONLY  (16 + MAX_WBITS)

struct output {
    char *data;
    size_t length, room, max;
};

static bool make_room(TALLOC_CTX *ctx, struct output *out)
{
    size_t room = out->room ? out->room * 2 : FIRST_ROOM;
    char *data;

    /* One byte more than the ceiling: to see that there is more. */
    if (room > out->max + 1)
        room = out->max + 1;
    data = talloc_realloc_size(ctx, out->data, room);
    if (!data)
        return false;
    out->data = data;
    out->room = room;
    return true;
}

static enum unpack_outcome outcome_of(int code, const z_stream *stream)
{
    switch (code) {
    case Z_OK:
    case Z_STREAM_END:
        return UNPACK_OK;
    case Z_BUF_ERROR:
        return stream->avail_in ? UNPACK_DAMAGED : UNPACK_TRUNCATED;
    case Z_MEM_ERROR:
        return UNPACK_NO_MEMORY;
    default:
        return UNPACK_DAMAGED;
    }
}

/* One member; the stream's next_in moves behind it. */
static enum unpack_outcome unpack_member(TALLOC_CTX *ctx, z_stream *stream, struct output *out)
{
    int code = Z_OK;

    while (code == Z_OK) {
        size_t room;

        if (out->length == out->room && !make_room(ctx, out))
            return UNPACK_NO_MEMORY;
        room = out->room - out->length;
        stream->next_out = (Bytef *)out->data + out->length;
        stream->avail_out = (uInt)room;
        code = inflate(stream, Z_NO_FLUSH);
        out->length += room - stream->avail_out;
        if (out->length > out->max)
            return UNPACK_TOO_LARGE;
    }
    return outcome_of(code, stream);
}

static bool is_member(const z_stream *stream)
{
    return stream->avail_in >= 2 && stream->next_in[0] == 0x1f && stream->next_in[1] == 0x8b;
}

/* Line ends and NULs behind a stream are noise of the way, other bytes are worth a note too. */
static enum unpack_outcome unpack_all(TALLOC_CTX *ctx, z_stream *stream, struct output *out,
                                      unsigned *deviations)
{
    enum unpack_outcome outcome = UNPACK_OK;
    size_t members = 0;

    while (outcome == UNPACK_OK && is_member(stream)) {
        if (members++ == INTAKE_MEMBERS_MAX)
            return UNPACK_TOO_MANY;
        if (members > 1 && inflateReset(stream) != Z_OK)
            return UNPACK_DAMAGED;
        outcome = unpack_member(ctx, stream, out);
    }
    if (members > 1)
        *deviations |= 1u << INTAKE_GZIP_MEMBERS;
    if (stream->avail_in)
        *deviations |= 1u << INTAKE_GZIP_TRAILING;
    return outcome;
}

enum unpack_outcome gzip_unpack(TALLOC_CTX *ctx, struct bytes packed, size_t *left,
                                unsigned *deviations, struct bytes *ret)
{
    z_stream stream = {0};
    struct output out = {.max = *left < STS_REPORT_MAX ? *left : STS_REPORT_MAX};
    enum unpack_outcome outcome;

    if (packed.length > UINT_MAX || !*left)
        return UNPACK_TOO_LARGE;
    if (inflateInit2(&stream, GZIP_ONLY) != Z_OK)
        return UNPACK_NO_MEMORY;
    stream.next_in = (z_const Bytef *)(uintptr_t)packed.data;
    stream.avail_in = (uInt)packed.length;
    outcome = unpack_all(ctx, &stream, &out, deviations);
    inflateEnd(&stream);
    unpack_charge(left, out.length + INTAKE_ENTRY_COST);
    if (outcome == UNPACK_OK)
        *ret = (struct bytes){out.data, out.length};
    else
        talloc_free(out.data);
    return outcome;
}
