/* SPDX-License-Identifier: MIT */
/* fuzz_json.c - JSON from anyone: what is JSON is read leniently to the same kind, and every part
 * lies within the text. */
#include <stdint.h>
#include <stdlib.h>

#include "base/json.h"

#define DEPTH 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct json *value, struct bytes text, int depth)
{
    if (depth > DEPTH || value->source.data < text.data ||
        value->source.data + value->source.length > text.data + text.length)
        abort();
    if (value->kind == JSON_STRING && value->text.data[value->text.length])
        abort();
    if (value->kind != JSON_ARRAY && value->kind != JSON_OBJECT)
        return;
    for (size_t i = 0; i < value->count; i++) {
        if (value->kind == JSON_OBJECT && value->items[i].name.data[value->items[i].name.length])
            abort();
        check(&value->items[i], text, depth + 1);
    }
}

static bool read_one(TALLOC_CTX *ctx, struct bytes text, bool lenient, struct json **ret)
{
    size_t at;
    enum json_fault fault = json_read(ctx, text, lenient, DEPTH, ret, &at);

    if (fault == JSON_NO_MEMORY || at > text.length || (fault == JSON_OK) != (*ret != NULL))
        abort();
    if (*ret)
        check(*ret, text, 0);
    return *ret;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *copy = talloc_memdup(ctx, data, size);
    struct bytes text = {copy, copy ? size : 0};
    struct json *strict, *lenient;

    if (read_one(ctx, text, false, &strict) &&
        (!read_one(ctx, text, true, &lenient) || lenient->kind != strict->kind))
        abort();
    if (!strict)
        read_one(ctx, text, true, &lenient);
    talloc_free(ctx);
    return 0;
}
