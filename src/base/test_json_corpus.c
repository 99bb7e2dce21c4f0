/* SPDX-License-Identifier: MIT */
/* test_json_corpus.c - the tree of each JSON text of the fuzz corpora. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/test_expected.h"
#include "base/text.h"

#define DEPTH 20

static char *put_bytes(char *to, const char *mark, struct bytes bytes)
{
    char *shown = text_printable(to, bytes.data ? bytes.data : "", bytes.length, 0);

    to = talloc_asprintf_append_buffer(to, "%s%zu:%s", mark, bytes.length, shown);
    return to;
}

static char *put_value(char *to, const struct json *value)
{
    to = put_bytes(to, "\n", value->name);
    to = put_bytes(to, " from ", value->source);
    to = talloc_asprintf_append_buffer(to, " %d ", (int)value->kind);
    switch (value->kind) {
    case JSON_NULL:
        return to;
    case JSON_BOOL:
        return talloc_asprintf_append_buffer(to, "%d", value->boolean);
    case JSON_INTEGER:
        return talloc_asprintf_append_buffer(to, "%" PRId64, value->integer);
    case JSON_DOUBLE:
        return talloc_asprintf_append_buffer(to, "%.12g", value->number);
    case JSON_STRING:
        return put_bytes(to, "", value->text);
    default:
        for (size_t i = 0; i < value->count; i++)
            to = put_value(to, &value->items[i]);
        return talloc_strdup_append_buffer(to, "\n.");
    }
}

static char *dump(char *to, const char *text, size_t length)
{
    for (int lenient = 0; lenient < 2; lenient++) {
        struct json *value;
        size_t at;
        enum json_fault fault =
            json_read(to, (struct bytes){text, length}, lenient, DEPTH, &value, &at);

        to = talloc_asprintf_append_buffer(to, "\n%d at %zu", (int)fault, at);
        if (value)
            to = put_value(to, value);
    }
    return to;
}

static void each_text(void **state)
{
    (void)state;
    expect_sums("base", "fuzz/corpus/json", "", dump);
    expect_sums("base", "fuzz/grown/json", "", dump);
    expect_sums("base", "fuzz/grown/report", "", dump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_text)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
