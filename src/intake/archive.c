/* SPDX-License-Identifier: MIT */
/* archive.c - the files of a zip, a tar, or one packed by xz, zstd or bzip2, by libarchive.
 *
 * An archive is read from its beginning to its end, so the directory at the end of a zip, which may
 * name one member a thousand times, is not looked at.  All that is unpacked is charged, also what
 * is passed over. */
#include "intake/unpack.h"

#include <errno.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

enum unpack_outcome unpack_fault(struct archive *archive)
{
    const char *why = archive_error_string(archive);
    struct bytes text = bytes_of(why ? why : "");

    if (archive_errno(archive) == ENOMEM)
        return UNPACK_NO_MEMORY;
    if (bytes_find_nocase(text, "encrypt") >= 0 || bytes_find_nocase(text, "passphrase") >= 0)
        return UNPACK_ENCRYPTED;
    return bytes_find_nocase(text, "truncated") >= 0 ? UNPACK_TRUNCATED : UNPACK_DAMAGED;
}

/* Reads on without keeping it; that costs the same. */
static void pass_over(struct archive *archive, struct archive_entry *entry, size_t *left)
{
    static const size_t piece = 65536;
    const void *data;
    size_t size;
    la_int64_t offset;

    if (archive_entry_size_is_set(entry) && archive_filter_count(archive) == 1 &&
        (archive_format(archive) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_ZIP)
        return; /* it is skipped without being unpacked */
    while (*left && archive_read_data_block(archive, &data, &size, &offset) == ARCHIVE_OK)
        unpack_charge(left, size > piece ? size : piece);
}

/* The size an archive states is a stranger's word: it is read in steps, up to the ceiling. */
static enum unpack_outcome read_entry(TALLOC_CTX *ctx, struct archive *archive, size_t *left,
                                      struct bytes *ret)
{
    size_t max = *left < STS_REPORT_MAX ? *left : STS_REPORT_MAX;
    size_t length = 0, room = 65536;
    char *data = talloc_size(ctx, room);
    la_ssize_t got = 1;

    while (data && got > 0) {
        if (length == room) {
            room *= 2;
            data = talloc_realloc_size(ctx, data, room);
            continue;
        }
        got = archive_read_data(archive, data + length, room - length);
        if (got > 0) {
            length += (size_t)got;
            unpack_charge(left, (size_t)got);
        }
        if (length > max) {
            talloc_free(data);
            return UNPACK_TOO_LARGE;
        }
    }
    if (!data)
        return UNPACK_NO_MEMORY;
    *ret = (struct bytes){data, length};
    return got < 0 ? unpack_fault(archive) : UNPACK_OK;
}

/* A folder, a link, or what macOS puts beside each file. */
static bool is_no_file(struct archive_entry *entry, const char *name)
{
    return archive_entry_filetype(entry) != AE_IFREG || !*name || name[strlen(name) - 1] == '/' ||
           strstr(name, "__MACOSX/") || archive_entry_hardlink(entry);
}

static void unpack_entry(TALLOC_CTX *ctx, struct archive *archive, struct archive_entry *entry,
                         size_t *left, archive_take *take, void *arg)
{
    const char *name = archive_entry_pathname(entry);
    TALLOC_CTX *mine = talloc_new(ctx);
    struct bytes bytes = {"", 0};
    enum unpack_outcome outcome;

    name = name ? name : "";
    unpack_charge(left, INTAKE_ENTRY_COST);
    if (is_no_file(entry, name)) {
        pass_over(archive, entry, left);
    } else {
        outcome = read_entry(mine, archive, left, &bytes);
        take(arg, name, outcome, bytes);
        if (outcome != UNPACK_OK)
            pass_over(archive, entry, left);
    }
    talloc_free(mine);
}

static bool support(struct archive *archive, bool packed_alone)
{
    /* ARCHIVE_WARN: by a program of its own, which is not wanted */
    int code = archive_read_support_format_zip_streamable(archive) |
               archive_read_support_format_tar(archive);

    if (packed_alone)
        code |= archive_read_support_format_raw(archive) |
                archive_read_support_filter_bzip2(archive) |
                archive_read_support_filter_xz(archive) | archive_read_support_filter_zstd(archive);
    return code == ARCHIVE_OK;
}

static enum unpack_outcome unpack_all(TALLOC_CTX *ctx, struct archive *archive, size_t *left,
                                      archive_take *take, void *arg)
{
    struct archive_entry *entry;
    int code;

    while (*left && ((code = archive_read_next_header(archive, &entry)) == ARCHIVE_OK ||
                     code == ARCHIVE_WARN))
        unpack_entry(ctx, archive, entry, left, take, arg);
    if (!*left)
        return UNPACK_TOO_MANY;
    return code == ARCHIVE_EOF ? UNPACK_OK : unpack_fault(archive);
}

enum unpack_outcome archive_unpack(TALLOC_CTX *ctx, struct bytes packed, size_t *left,
                                   archive_take *take, void *arg)
{
    struct archive *archive = archive_read_new();
    enum unpack_outcome outcome = UNPACK_NO_MEMORY;

    if (archive && support(archive, is_packed_alone(packed)))
        outcome = archive_read_open_memory(archive, packed.data, packed.length) == ARCHIVE_OK
                      ? unpack_all(ctx, archive, left, take, arg)
                      : unpack_fault(archive);
    archive_read_free(archive);
    return outcome;
}
