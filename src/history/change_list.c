/* SPDX-License-Identifier: MIT */
/* change_list.c - a page of changes: rows of the store as notes again. */
#include "history/change_list.h"

#include <inttypes.h>
#include <string.h>

#include "base/array.h"
#include "base/json.h"
#include "base/scanner.h"
#include "history/limits.h"

#define DIGITS 18 /* no time and no number has more */

/* ---- places ---------------------------------------------------------------------------------- */

char *change_list_place(TALLOC_CTX *ctx, const struct change_list *list)
{
    const struct store_change_place *last = &list->rows[list->row_count - 1].place;

    return talloc_asprintf(ctx, "%" PRId64 ".%" PRId64 ".%" PRId64, last->at, last->check,
                           last->row);
}

bool change_list_place_read(const char *text, struct store_change_place *ret)
{
    struct scanner scanner = scanner_begin(bytes_of(text));

    ret->at = scanner_number(&scanner, 1, DIGITS);
    scanner_expect(&scanner, '.');
    ret->check = scanner_number(&scanner, 1, DIGITS);
    scanner_expect(&scanner, '.');
    ret->row = scanner_number(&scanner, 1, DIGITS);
    return !scanner.failed && scanner_at_end(&scanner);
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* A value that is no text is none of ours. */
static size_t take_values(TALLOC_CTX *ctx, const char *text, struct param **ret)
{
    struct json *json;
    size_t at, count = 0;

    *ret = NULL;
    if (json_read(ctx, bytes_of(text), false, LIMIT_CHANGE_DEPTH, &json, &at) != JSON_OK ||
        !json_is(json, JSON_OBJECT))
        return 0;
    *ret = talloc_array(ctx, struct param, (unsigned)json->count + 1);
    for (size_t i = 0; *ret && i < json->count; i++)
        if (json_is(&json->items[i], JSON_STRING))
            (*ret)[count++] = (struct param){json->items[i].name.data, json->items[i].text.data};
    return count;
}

static const struct advisory *note_of(TALLOC_CTX *ctx, const struct store_listed_change *row)
{
    struct advisory *a = advisory_new(ctx, row->domain, NULL, row->place.at);
    const char *code = a ? talloc_strdup(a, row->change.code) : NULL;
    const char *sentence = a ? talloc_strdup(a, row->change.sentence) : NULL;
    const char *values = a ? talloc_strdup(a, row->change.values) : NULL;
    struct param *params;
    size_t count;

    if (!code || !sentence || !values)
        return NULL;
    count = take_values(a, values, &params);
    a->note_limit = 1;
    advisory_note_params(a, severity_by_name(row->change.severity), code, sentence, params, count);
    return a->no_memory || !params ? NULL : a;
}

static bool take_row(void *arg, const struct store_listed_change *row)
{
    struct change_list *list = arg;
    struct listed_change *place;

    if (list->row_count == list->limit) {
        list->more = true;
        return false;
    }
    place = array_grow(list, &list->rows, &list->row_count, sizeof *place);
    if (place)
        *place = (struct listed_change){row->place, note_of(list, row)};
    list->no_memory = !place || !place->advisory;
    return !list->no_memory;
}

enum sts_status change_list_read(struct store *store, void *data)
{
    struct change_list *list = data;
    enum sts_status status =
        store_changes(store, &list->filter, list->after, list->limit + 1, take_row, list);

    return !status && list->no_memory ? STS_E_NOMEM : status;
}
