/* SPDX-License-Identifier: MIT */
/* zip.c - the files of a zip, by libzip, with a ceiling on what comes out. */
#include "intake/unpack.h"

#include <string.h>

#include <zip.h>

#include "base/i18n.h"

const char *unpack_text(enum unpack_outcome outcome)
{
    static const char *const texts[] = {
        [UNPACK_OK] = N_("it was unpacked"),
        [UNPACK_DAMAGED] = N_("the packed data is damaged"),
        [UNPACK_TRUNCATED] = N_("the packed data ends in the middle"),
        [UNPACK_TOO_LARGE] = N_("it unpacks to more than is allowed (64 MiB a report)"),
        [UNPACK_TOO_MANY] = N_("it is packed in too many pieces or unpacks to too much"),
        [UNPACK_ENCRYPTED] = N_("it is encrypted"),
        [UNPACK_NO_MEMORY] = N_("there is not enough memory for it"),
    };

    return texts[outcome];
}

static enum unpack_outcome outcome_of(int code)
{
    switch (code) {
    case ZIP_ER_MEMORY:
        return UNPACK_NO_MEMORY;
    case ZIP_ER_NOPASSWD:
    case ZIP_ER_WRONGPASSWD:
    case ZIP_ER_ENCRNOTSUPP:
        return UNPACK_ENCRYPTED;
    case ZIP_ER_EOF:
    case ZIP_ER_NOZIP: /* it begins like one: the directory at the end is not there */
        return UNPACK_TRUNCATED;
    default:
        return UNPACK_DAMAGED;
    }
}

/* The size a zip states is a stranger's word: it is read in steps, up to the ceiling. */
static enum unpack_outcome read_entry(TALLOC_CTX *ctx, zip_file_t *file, size_t *left,
                                      struct bytes *ret)
{
    size_t max = *left < STS_REPORT_MAX ? *left : STS_REPORT_MAX;
    size_t length = 0, room = 65536;
    char *data = talloc_size(ctx, room);
    zip_int64_t got = 1;

    while (data && got > 0) {
        if (length == room) {
            room *= 2;
            data = talloc_realloc_size(ctx, data, room);
            continue;
        }
        got = zip_fread(file, data + length, room - length);
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
    return got < 0 ? UNPACK_DAMAGED : UNPACK_OK;
}

static void unpack_entry(TALLOC_CTX *ctx, zip_t *zip, zip_uint64_t index, size_t *left,
                         zip_take *take, void *arg)
{
    const char *name = zip_get_name(zip, index, ZIP_FL_ENC_RAW);
    TALLOC_CTX *mine = talloc_new(ctx);
    enum unpack_outcome outcome;
    struct bytes bytes = {"", 0};
    zip_file_t *file;

    name = name ? name : "";
    /* a folder, or what macOS puts beside each file */
    if (!*name || name[strlen(name) - 1] == '/' || strstr(name, "__MACOSX/")) {
        talloc_free(mine);
        return;
    }
    unpack_charge(left, INTAKE_ENTRY_COST);
    file = zip_fopen_index(zip, index, 0);
    if (!file)
        outcome = outcome_of(zip_error_code_zip(zip_get_error(zip)));
    else
        outcome = read_entry(mine, file, left, &bytes);
    if (file)
        zip_fclose(file);
    take(arg, name, outcome, bytes);
    talloc_free(mine);
}

enum unpack_outcome zip_unpack(TALLOC_CTX *ctx, struct bytes packed, size_t *left, zip_take *take,
                               void *arg)
{
    zip_error_t error;
    zip_source_t *source;
    enum unpack_outcome outcome;
    zip_int64_t entries, at;
    zip_t *zip;

    zip_error_init(&error);
    source = zip_source_buffer_create(packed.data, packed.length, 0, &error);
    zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
    if (!zip) {
        outcome = outcome_of(zip_error_code_zip(&error));
        zip_source_free(source);
        zip_error_fini(&error);
        return outcome;
    }
    entries = zip_get_num_entries(zip, 0);
    for (at = 0; at < entries && *left; at++)
        unpack_entry(ctx, zip, (zip_uint64_t)at, left, take, arg);
    zip_discard(zip);
    zip_error_fini(&error);
    return at < entries ? UNPACK_TOO_MANY : UNPACK_OK;
}
