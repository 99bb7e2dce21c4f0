/* SPDX-License-Identifier: MIT */
/* query.c - names and values, decoded once. */
#include "http/query.h"

#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "http/escape.h"
#include "http/limits.h"

static const struct http_fault fine = {0, NULL};
static const struct http_fault undecodable = {400, "a field of the query or form is not encoded"};

static bool decode_all(struct bytes text, char *to)
{
    struct scanner scanner = scanner_begin(text);
    int c;

    for (; (c = scanner_peek(&scanner)) >= 0; to++) {
        if (c == '%') {
            if (!http_escape_take(&scanner, to))
                return false;
            continue;
        }
        if (c == '\0')
            return false;
        *to = (char)(unsigned char)(c == '+' ? ' ' : c);
        scanner.at++;
    }
    *to = '\0';
    return true;
}

/* What is decoded is never longer. */
static struct http_fault decode(TALLOC_CTX *ctx, struct bytes text, const char **ret)
{
    char *to = talloc_size(ctx, text.length + 1);

    if (!to)
        return (struct http_fault){503, "no memory"};
    if (!decode_all(text, to) || !text_is_utf8(to, strlen(to)))
        return undecodable;
    *ret = to;
    return fine;
}

static struct http_fault take_field(struct http_query *query, struct bytes text)
{
    struct scanner scanner = scanner_begin(text);
    struct bytes name = scanner_until(&scanner, '=');
    struct http_field *field;
    struct http_fault fault;

    (void)scanner_try(&scanner, '=');
    if (query->count == LIMIT_QUERY_FIELDS)
        return (struct http_fault){400, "the query or form has too many fields"};
    field = array_grow(query, &query->fields, &query->count, sizeof(*field));
    if (!field)
        return (struct http_fault){503, "no memory"};
    fault = decode(query, name, &field->name);
    return fault.status ? fault : decode(query, bytes_from(text, scanner.at), &field->value);
}

static struct http_fault take_fields(struct http_query *query, struct bytes text)
{
    struct scanner scanner = scanner_begin(text);
    struct http_fault fault = fine;

    while (!fault.status && !scanner_at_end(&scanner)) {
        struct bytes field = scanner_until(&scanner, '&');

        (void)scanner_try(&scanner, '&');
        if (field.length)
            fault = take_field(query, field);
    }
    return fault;
}

struct http_fault http_query_read(TALLOC_CTX *ctx, struct bytes text, struct http_query **ret)
{
    struct http_query *query;
    struct http_fault fault;

    if (text.length > LIMIT_QUERY)
        return (struct http_fault){413, "the form is too long"};
    query = talloc_zero(ctx, struct http_query);
    if (!query)
        return (struct http_fault){503, "no memory"};
    fault = take_fields(query, text);
    if (fault.status)
        talloc_free(query);
    else
        *ret = query;
    return fault;
}

const char *http_query_get(const struct http_query *query, const char *name)
{
    for (size_t i = 0; i < query->count; i++)
        if (strcmp(query->fields[i].name, name) == 0)
            return query->fields[i].value;
    return NULL;
}
