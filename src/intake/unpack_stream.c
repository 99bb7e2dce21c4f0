/* SPDX-License-Identifier: MIT */
/* unpack_stream.c - what gzip, bzip2, xz or zstd packed as one, unpacked piece by piece.
 *
 * It keeps none of it: the ends say where the packed bytes come from and where the others go. */
#include "intake/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#define OUT_BYTES  (256u << 10)
#define GZIP_BEGIN "\x1f\x8b"
#define GZIP_ONLY  (16 + MAX_WBITS)

struct unpack {
    const struct unpack_way *way;
    struct bytes first; /* not delivered yet */
};

static struct bytes next_packed(struct unpack *unpack)
{
    struct bytes piece = unpack->first;

    unpack->first = (struct bytes){"", 0};
    return piece.length ? piece : unpack->way->next(unpack->way->arg);
}

static bool put(const struct unpack *unpack, const void *data, size_t length)
{
    return unpack->way->put(unpack->way->arg, (struct bytes){data, length});
}

/* ---- gzip, by zlib: libarchive does not look at its checksums -------------------------------- */

/* false: there are no more. */
static bool has_packed(z_stream *stream, struct unpack *unpack)
{
    if (!stream->avail_in) {
        struct bytes piece = next_packed(unpack);

        stream->next_in = (z_const Bytef *)(uintptr_t)piece.data;
        stream->avail_in = (uInt)piece.length;
    }
    return stream->avail_in;
}

static enum unpack_outcome inflate_member(z_stream *stream, struct unpack *unpack)
{
    static Bytef out[OUT_BYTES];
    int code = Z_OK;

    while (code == Z_OK || (code == Z_BUF_ERROR && !stream->avail_in)) {
        if (!has_packed(stream, unpack))
            return UNPACK_TRUNCATED;
        stream->next_out = out;
        stream->avail_out = sizeof out;
        code = inflate(stream, Z_NO_FLUSH);
        if (!put(unpack, out, sizeof out - stream->avail_out))
            return UNPACK_TOO_MANY;
    }
    if (code == Z_STREAM_END)
        return UNPACK_OK;
    return code == Z_MEM_ERROR ? UNPACK_NO_MEMORY : UNPACK_DAMAGED;
}

/* Another member?  What else stands behind one is noise of the way. */
static bool begins_member(z_stream *stream, struct unpack *unpack)
{
    return has_packed(stream, unpack) && *stream->next_in == GZIP_BEGIN[0] &&
           inflateReset(stream) == Z_OK;
}

/* Such noise too that has but the first byte of a member. */
static bool was_noise(const z_stream *stream, enum unpack_outcome outcome)
{
    return (outcome == UNPACK_DAMAGED && stream->total_in == 2) ||
           (outcome == UNPACK_TRUNCATED && stream->total_in == 1);
}

static enum unpack_outcome inflate_all(struct unpack *unpack)
{
    enum unpack_outcome outcome = UNPACK_OK;
    z_stream stream = {0};

    if (inflateInit2(&stream, GZIP_ONLY) != Z_OK)
        return UNPACK_NO_MEMORY;
    while (outcome == UNPACK_OK && begins_member(&stream, unpack))
        outcome = inflate_member(&stream, unpack);
    if (was_noise(&stream, outcome))
        outcome = UNPACK_OK;
    inflateEnd(&stream);
    return outcome;
}

/* ---- the others, by libarchive --------------------------------------------------------------- */

static la_ssize_t deliver(struct archive *archive, void *arg, const void **ret)
{
    struct bytes piece = next_packed(arg);

    (void)archive;
    *ret = piece.data;
    return (la_ssize_t)piece.length;
}

/* Only what is linked in; a program of its own (ARCHIVE_WARN) is not wanted. */
static bool support(struct archive *archive)
{
    return archive_read_support_format_raw(archive) == ARCHIVE_OK &&
           archive_read_support_filter_bzip2(archive) == ARCHIVE_OK &&
           archive_read_support_filter_xz(archive) == ARCHIVE_OK &&
           archive_read_support_filter_zstd(archive) == ARCHIVE_OK;
}

static enum unpack_outcome pass_on(struct archive *archive, const struct unpack *unpack)
{
    const void *data;
    size_t length;
    la_int64_t offset;
    int code;

    while ((code = archive_read_data_block(archive, &data, &length, &offset)) == ARCHIVE_OK) {
        if (!put(unpack, data, length))
            return UNPACK_TOO_MANY;
    }
    return code == ARCHIVE_EOF ? UNPACK_OK : unpack_fault(archive);
}

static enum unpack_outcome unpack_by(struct archive *archive, struct unpack *unpack)
{
    struct archive_entry *entry;

    if (!archive || !support(archive))
        return UNPACK_NO_MEMORY;
    if (archive_read_open(archive, unpack, NULL, deliver, NULL) != ARCHIVE_OK ||
        archive_read_next_header(archive, &entry) != ARCHIVE_OK)
        return unpack_fault(archive);
    if (archive_filter_count(archive) == 1) /* only its first bytes are those of a packer */
        return UNPACK_DAMAGED;
    return pass_on(archive, unpack);
}

static enum unpack_outcome unpack_others(struct unpack *unpack)
{
    struct archive *archive = archive_read_new();
    enum unpack_outcome outcome = unpack_by(archive, unpack);

    archive_read_free(archive);
    return outcome;
}

enum unpack_outcome unpack_stream(const struct unpack_way *way)
{
    struct unpack unpack = {way, way->next(way->arg)};

    return bytes_begin(unpack.first, GZIP_BEGIN) ? inflate_all(&unpack) : unpack_others(&unpack);
}
