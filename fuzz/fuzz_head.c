/* SPDX-License-Identifier: MIT */
/* fuzz_head.c - the head of an HTTP answer, whatever its lines. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/http_head.h"
#include "net/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct https_fetch *fetch = talloc_zero(NULL, struct https_fetch);
    struct bytes rest = {(const char *)data, size};
    const char *type;
    bool ended = false;
    int64_t date;

    while (rest.length && !ended) {
        long end = bytes_find_char(rest, '\n');
        size_t length = end < 0 ? rest.length : (size_t)end + 1;

        if (!http_head_line(fetch, rest.data, length, &ended))
            abort();
        rest = bytes_from(rest, length);
    }
    if (fetch->header_count > LIMIT_HTTP_HEADERS)
        abort();
    for (size_t i = 0; i < fetch->header_count; i++)
        if (fetch->headers[i].value.length > LIMIT_HTTP_VALUE)
            abort();
    type = http_head_media_type(fetch);
    if (type && strchr(type, ';'))
        abort();
    (void)http_head_date(fetch, &date);
    talloc_free(fetch);
    return 0;
}
