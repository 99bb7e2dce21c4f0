/* SPDX-License-Identifier: MIT */
/* fuzz_unpack.c - a stream that gzip, bzip2, xz or zstd packed, wherever its pieces are cut: what
 * comes out, and how it ends, is the same.  One that is packed here comes out as it was.
 *
 * The first byte of the input chooses the packer, the second the size of the pieces. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "intake/unpack.h"

#define OUT_MAX   (1u << 20) /* a bomb is given up here */
#define FIRST_MIN 16u        /* tells the packer */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
    struct bytes packed; /* not delivered yet */
    size_t piece;
    char *out;
    size_t length;
    enum unpack_outcome outcome;
};

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static struct bytes next(void *arg)
{
    struct run *run = arg;
    size_t length = run->packed.length < run->piece ? run->packed.length : run->piece;
    struct bytes piece = {run->packed.data, length};

    run->packed = bytes_from(run->packed, length);
    return piece;
}

static bool put(void *arg, struct bytes bytes)
{
    struct run *run = arg;

    if (bytes.length > OUT_MAX - run->length)
        return false;
    if (bytes.length)
        memcpy(run->out + run->length, bytes.data, bytes.length);
    run->length += bytes.length;
    return true;
}

static struct run unpack_in(struct bytes packed, size_t piece)
{
    struct run run = {.packed = packed, .piece = piece, .out = malloc(OUT_MAX)};

    demand(run.out != NULL);
    run.outcome = unpack_stream(&(struct unpack_way){next, put, &run});
    demand(unpack_text(run.outcome) != NULL);
    return run;
}

/* Where libarchive gives up in the middle depends on its blocks. */
static void check_same(const struct run *whole, const struct run *cut, bool gzip)
{
    if (gzip || whole->outcome == UNPACK_OK)
        demand(whole->outcome == cut->outcome);
    if (whole->outcome == UNPACK_OK)
        demand(whole->length == cut->length && !memcmp(whole->out, cut->out, cut->length));
}

static void check_stream(struct bytes packed, size_t piece)
{
    struct run whole = unpack_in(packed, SIZE_MAX);
    struct run cut = unpack_in(packed, piece);

    check_same(&whole, &cut, bytes_begin(packed, "\x1f\x8b"));
    free(whole.out);
    free(cut.out);
}

static struct bytes behind(const char *head, size_t length, struct bytes bytes, char **ret)
{
    *ret = malloc(length + bytes.length + 1);
    demand(*ret != NULL);
    memcpy(*ret, head, length);
    if (bytes.length)
        memcpy(*ret + length, bytes.data, bytes.length);
    return (struct bytes){*ret, length + bytes.length};
}

/* Packed as a member behind those that are there. */
static size_t pack_member(struct bytes plain, int level, char *room, size_t size)
{
    z_stream stream = {.next_in = (z_const Bytef *)(uintptr_t)plain.data,
                       .avail_in = (uInt)plain.length,
                       .next_out = (Bytef *)room,
                       .avail_out = (uInt)size};

    demand(deflateInit2(&stream, level, Z_DEFLATED, 16 + MAX_WBITS, 9, 0) == Z_OK);
    demand(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    deflateEnd(&stream);
    return size - stream.avail_out;
}

/* Two members of it come out as it was; where the second is cut, what was before the cut does. */
static void check_packed(struct bytes plain, size_t piece)
{
    size_t room = 2 * (size_t)compressBound(plain.length) + 128, half = plain.length / 2;
    char *packed = malloc(room);
    size_t first, length;
    struct run run;

    demand(packed != NULL);
    first = pack_member((struct bytes){plain.data, half}, (int)(piece % 10), packed, room);
    length = first + pack_member(bytes_from(plain, half), 9, packed + first, room - first);
    run = unpack_in((struct bytes){packed, length}, piece);
    demand(run.outcome == UNPACK_OK && run.length == plain.length &&
           (!plain.length || !memcmp(run.out, plain.data, plain.length)));
    free(run.out);
    run = unpack_in((struct bytes){packed, length - 1 - piece % (length - first - 2)}, piece);
    demand(run.outcome == UNPACK_TRUNCATED && run.length >= half && run.length <= plain.length &&
           (!run.length || !memcmp(run.out, plain.data, run.length)));
    free(run.out);
    free(packed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct {
        const char *head;
        size_t length;
    } kinds[] = {{"\x1f\x8b\x08\0\0\0\0\0\0\x03", 10},
                 {"\x1f\x8b", 2},
                 {"BZh", 3},
                 {"\xfd"
                  "7zXZ",
                  5},
                 {"\x28\xb5\x2f\xfd", 4}};
    size_t kind, piece;
    struct bytes rest, all;
    char *made;

    if (size < 2 || size > OUT_MAX)
        return 0;
    kind = data[0] % 6;
    piece = FIRST_MIN + data[1];
    rest = (struct bytes){(const char *)data + 2, size - 2};
    if (kind == 5) {
        check_packed(rest, piece);
        return 0;
    }
    all = behind(kinds[kind].head, kinds[kind].length, rest, &made);
    check_stream(all, piece);
    free(made);
    return 0;
}
