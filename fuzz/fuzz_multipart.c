/* SPDX-License-Identifier: MIT */
/* fuzz_multipart.c - forms with files, whatever their bytes: as a whole and byte by byte they have
 * the same parts, which lie within the body, one behind the other. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "http/limits.h"
#include "http/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check(const struct http_part *parts, size_t count, size_t size)
{
    int64_t at = 0;

    must(count <= LIMIT_PARTS);
    for (size_t i = 0; i < count; i++) {
        must(parts[i].offset > at && parts[i].length >= 0);
        at = parts[i].offset + parts[i].length;
        must(at < (int64_t)size && text_is_utf8(parts[i].name, strlen(parts[i].name)));
        must(!parts[i].file_name || !strchr(parts[i].file_name, '/'));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct http_multipart *whole = http_multipart_new(NULL, "b"), *bytes;
    struct http_fault first = http_multipart_take(whole, (struct bytes){(const char *)data, size});
    struct http_fault second = {0};
    const struct http_part *parts, *again;
    size_t count, count_again;

    bytes = http_multipart_new(NULL, "b");
    for (size_t i = 0; i < size && !second.status; i++)
        second = http_multipart_take(bytes, (struct bytes){(const char *)data + i, 1});
    must(first.status == second.status);
    if (!first.status)
        first = http_multipart_finish(whole, &parts, &count);
    if (!second.status)
        second = http_multipart_finish(bytes, &again, &count_again);
    must(first.status == second.status);
    if (!first.status) {
        check(parts, count, size);
        must(count == count_again);
        for (size_t i = 0; i < count; i++)
            must(parts[i].offset == again[i].offset && parts[i].length == again[i].length);
    }
    talloc_free(whole);
    talloc_free(bytes);
    return 0;
}
