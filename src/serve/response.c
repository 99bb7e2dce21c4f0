/* SPDX-License-Identifier: MIT */
/* response.c - what protects a page stands in a table. */
#include "serve/response.h"

#include <string.h>
#include <strings.h>

#include "base/array.h"

static const struct {
    const char *name, *value;
    unsigned kinds; /* of routes, a bit each */
} protections[] = {
    {"Content-Security-Policy",
     "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
     "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
     1u << ROUTE_PAGE},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox",
     1u << ROUTE_API | 1u << ROUTE_PLAIN},
    {"X-Content-Type-Options", "nosniff", ~0u},
    {"Referrer-Policy", "same-origin", ~0u},
    {"Cross-Origin-Opener-Policy", "same-origin", 1u << ROUTE_PAGE},
    {"Cross-Origin-Resource-Policy", "same-origin", 1u << ROUTE_PAGE | 1u << ROUTE_PLAIN},
};

static bool has_field(const struct response *response, const char *name)
{
    for (size_t i = 0; i < response->field_count; i++)
        if (strcasecmp(response->fields[i].name, name) == 0)
            return true;
    return false;
}

struct list {
    struct http_field *fields;
    size_t count;
    bool no_memory;
};

static void add(TALLOC_CTX *ctx, struct list *list, const char *name, const char *value)
{
    struct http_field *field = array_grow(ctx, &list->fields, &list->count, sizeof(*field));

    if (field)
        *field = (struct http_field){name, value};
    list->no_memory |= !field;
}

static void add_protections(TALLOC_CTX *ctx, struct list *list, const struct response *response)
{
    for (size_t i = 0; i < sizeof(protections) / sizeof(protections[0]); i++)
        if (protections[i].kinds & 1u << response->kind &&
            !has_field(response, protections[i].name))
            add(ctx, list, protections[i].name, protections[i].value);
    if (!has_field(response, "Cache-Control"))
        add(ctx, list, "Cache-Control", "no-store");
    if (response->strict)
        add(ctx, list, "Strict-Transport-Security", "max-age=31536000");
}

struct http_field *response_fields(TALLOC_CTX *ctx, const struct response *response,
                                   size_t *ret_count)
{
    struct list list = {0};

    if (response->type)
        add(ctx, &list, "Content-Type", response->type);
    for (size_t i = 0; i < response->field_count; i++)
        add(ctx, &list, response->fields[i].name, response->fields[i].value);
    if (response->packed) {
        add(ctx, &list, "Content-Encoding", "gzip");
        add(ctx, &list, "Vary", "Accept-Encoding");
    }
    add_protections(ctx, &list, response);
    *ret_count = list.count;
    return list.no_memory ? NULL : list.fields;
}
