/* SPDX-License-Identifier: MIT */
/* fuzz_archive.c - a zip or tar whose frame is sound, so that what is inside is reached: the input
 * is the entries.  Of each entry the first byte chooses how it is framed, the second its length. */
#include "intake_any.h"

#include <stdio.h>
#include <string.h>

#include <zlib.h>

#define ENTRIES_MAX 16

struct out {
    unsigned char *data;
    size_t length;
};

static void put(struct out *out, const void *data, size_t length)
{
    memcpy(out->data + out->length, data, length);
    out->length += length;
}

static void put_number(struct out *out, uint32_t number, int bytes)
{
    for (; bytes; bytes--, number >>= 8)
        out->data[out->length++] = number & 0xff;
}

/* method 8 says deflate of what is none: that is for the reader to find out. */
static void zip_head(struct out *out, bool central, unsigned method, struct bytes entry,
                     uint32_t at)
{
    put(out, central ? "PK\1\2" : "PK\3\4", 4);
    if (central)
        put_number(out, 20, 2);
    put_number(out, 20, 2);
    put_number(out, 0, 2);
    put_number(out, method, 2);
    put_number(out, 0, 4);
    put_number(out, (uint32_t)crc32(0, (const Bytef *)entry.data, (uInt)entry.length), 4);
    put_number(out, (uint32_t)entry.length, 4);
    put_number(out, (uint32_t)entry.length, 4);
    put_number(out, 6, 2);
    put_number(out, 0, 2);
    if (central) {
        put_number(out, 0, 6);
        put_number(out, 0, 4);
        put_number(out, at, 4);
    }
    put(out, "r.json", 6);
}

static void zip(struct out *out, const struct bytes *entries, const unsigned *kinds, size_t count)
{
    uint32_t at[ENTRIES_MAX], directory;

    for (size_t i = 0; i < count; i++) {
        at[i] = (uint32_t)out->length;
        zip_head(out, false, kinds[i] % 4 == 3 ? 8 : 0, entries[i], 0);
        put(out, entries[i].data, entries[i].length);
    }
    directory = (uint32_t)out->length;
    for (size_t i = 0; i < count; i++)
        zip_head(out, true, kinds[i] % 4 == 3 ? 8 : 0, entries[i], at[i]);
    put(out, "PK\5\6\0\0\0", 8);
    put_number(out, (uint32_t)count, 2);
    put_number(out, (uint32_t)count, 2);
    put_number(out, (uint32_t)out->length - 12 - directory, 4);
    put_number(out, directory, 4);
    put_number(out, 0, 2);
}

static void tar(struct out *out, const struct bytes *entries, const unsigned *kinds, size_t count)
{
    static const char types[] = "0125gxLK";

    for (size_t i = 0; i < count; i++) {
        char head[512] = "r.json";
        unsigned sum = 0;

        snprintf(head + 100, 8, "0000644");
        snprintf(head + 124, 12, "%011o", (unsigned)entries[i].length);
        memset(head + 148, ' ', 8);
        head[156] = kinds[i] < 200 ? '0' : types[kinds[i] % 8];
        memcpy(head + 257, "ustar\00000", 8);
        for (size_t j = 0; j < sizeof(head); j++)
            sum += (unsigned char)head[j];
        snprintf(head + 148, 8, "%06o", sum);
        put(out, head, sizeof(head));
        put(out, entries[i].data, entries[i].length);
        while (out->length % 512)
            put_number(out, 0, 1);
    }
    for (int i = 0; i < 1024; i++)
        put_number(out, 0, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes entries[ENTRIES_MAX];
    unsigned kinds[ENTRIES_MAX];
    size_t count = 0;
    struct out out = {malloc(size + ENTRIES_MAX * 2048), 0};

    for (size_t at = 1; out.data && at + 2 <= size && count < ENTRIES_MAX; count++) {
        size_t length = (size_t)data[at + 1] * 16;

        kinds[count] = data[at];
        at += 2;
        length = length < size - at ? length : size - at;
        entries[count] = (struct bytes){(const char *)data + at, length};
        at += length;
    }
    if (count) {
        (data[0] & 1 ? tar : zip)(&out, entries, kinds, count);
        fuzz_intake((struct bytes){(const char *)out.data, out.length});
    }
    free(out.data);
    return 0;
}
