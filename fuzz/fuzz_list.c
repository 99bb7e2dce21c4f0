/* SPDX-License-Identifier: MIT */
/* fuzz_list.c - a list of names, plain or CSV: in pieces as in one.  The first byte chooses the
 * column, the second how large the pieces are. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scan/list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All names of a list with their lines, as one number. */
struct names {
    uint64_t hash;
    int64_t line;
};

static bool take(void *arg, int64_t line, const char *given)
{
    struct names *names = arg;

    if (line < names->line || line < 1 || strlen(given) > LIST_FIELD_MAX)
        abort();
    names->line = line;
    names->hash = (names->hash ^ (uint64_t)line) * UINT64_C(1099511628211);
    for (; *given; given++)
        names->hash = (names->hash ^ (unsigned char)*given) * UINT64_C(1099511628211);
    return true;
}

static struct names read_list(const char *column, const char *text, size_t size, size_t piece)
{
    struct names names = {0};
    struct list *list;
    bool more = true;

    if (list_new(NULL, column, take, &names, &list) != STS_OK)
        abort();
    for (size_t at = 0; more && at < size; at += piece)
        more = list_feed(list, text + at, size - at < piece ? size - at : piece);
    if (more)
        more = list_end(list);
    if (!more && !list_lacks_column(list))
        abort();
    talloc_free(list);
    return names;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const columns[] = {NULL, "1", "3", "domain"};
    const char *column, *text = (const char *)data + 2;
    struct names whole, pieces;

    if (size < 2)
        return 0;
    column = columns[data[0] % (sizeof(columns) / sizeof(*columns))];
    whole = read_list(column, text, size - 2, size);
    pieces = read_list(column, text, size - 2, (size_t)data[1] % 16 + 1);
    if (whole.hash != pieces.hash || whole.line != pieces.line)
        abort();
    return 0;
}
