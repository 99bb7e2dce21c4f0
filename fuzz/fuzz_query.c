/* SPDX-License-Identifier: MIT */
/* fuzz_query.c - queries and forms, whatever their bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "http/limits.h"
#include "http/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct http_query *query = NULL;
    struct http_fault fault =
        http_query_read(NULL, (struct bytes){(const char *)data, size}, &query);

    if (fault.status) {
        must(fault.status == 400 || fault.status == 413);
        return 0;
    }
    must(query->count <= LIMIT_QUERY_FIELDS);
    for (size_t i = 0; i < query->count; i++) {
        const char *name = query->fields[i].name, *value = query->fields[i].value;

        must(strlen(name) + strlen(value) <= size);
        must(text_is_utf8(name, strlen(name)) && text_is_utf8(value, strlen(value)));
        must(http_query_get(query, name) != NULL);
    }
    talloc_free(query);
    return 0;
}
