/* SPDX-License-Identifier: MIT */
/* router.c - patterns held against a path, segment by segment. */
#include "serve/router.h"

#include <string.h>

#include "serve/service.h"

/* So much of a segment is the place's, where something stands behind it in the pattern: ":run" in
 * "/{id}:run".  0: that does not stand at the segment's end. */
static size_t length_before(const char *path, const char *behind)
{
    size_t segment = strcspn(path, "/"), rest = strcspn(behind, "/");

    if (rest >= segment || memcmp(path + segment - rest, behind, rest) != 0)
        return 0;
    return segment - rest;
}

/* Matches one pattern; places of `match` are set on the way. */
static bool matches(TALLOC_CTX *ctx, const char *pattern, const char *path,
                    struct route_match *match, bool *ret_memory)
{
    size_t count = 0;

    memset(match->places, 0, sizeof(match->places));
    while (*pattern && *path) {
        size_t name, value;

        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        name = strcspn(pattern + 1, "}");
        value = length_before(path, pattern + name + 2);
        if (!value || count == ROUTE_PLACES)
            return false;
        match->places[count].name = talloc_strndup(ctx, pattern + 1, name);
        match->places[count].value = talloc_strndup(ctx, path, value);
        *ret_memory &= match->places[count].name && match->places[count].value;
        count++;
        pattern += name + 2;
        path += value;
    }
    return !*pattern && !*path;
}

static unsigned methods_of(const struct route *route)
{
    return 1u << route->method | (route->method == HTTP_GET ? 1u << HTTP_HEAD : 0);
}

/* What no route is for gets its answer in the form of its neighbours. */
static enum route_kind kind_of(const char *path)
{
    return strncmp(path, "/api/", 5) == 0 ? ROUTE_API : ROUTE_PAGE;
}

static bool hold_against(TALLOC_CTX *ctx, const struct route *route, enum http_method method,
                         const char *path, struct route_match *ret)
{
    struct route_match found = *ret;
    bool memory = true;

    if (!matches(ctx, route->pattern, path, &found, &memory))
        return memory;
    if (!found.methods)
        found.kind = route->kind;
    found.methods |= methods_of(route);
    if (methods_of(route) & 1u << method) {
        found.route = route;
        found.kind = route->kind;
    }
    *ret = found;
    return memory;
}

static bool is_answered_on(const struct route_table *table, enum route_role role)
{
    return (table->roles ? table->roles : 1u << ROLE_WEB) & 1u << role;
}

bool router_find(TALLOC_CTX *ctx, const struct route_wish *wish, struct route_match *ret)
{
    *ret = (struct route_match){.kind = kind_of(wish->path)};
    for (size_t i = 0; i < wish->service->table_count; i++) {
        const struct route_table *table = wish->service->tables[i];

        if (!is_answered_on(table, wish->role))
            continue;
        for (size_t j = 0; !ret->route && j < table->count; j++)
            if (!hold_against(ctx, &table->routes[j], wish->method, wish->path, ret))
                return false;
        if (ret->route)
            return true;
    }
    return true;
}

char *router_allow(TALLOC_CTX *ctx, unsigned methods)
{
    static const char *const names[] = {
        [HTTP_GET] = "GET", [HTTP_HEAD] = "HEAD",   [HTTP_POST] = "POST",
        [HTTP_PUT] = "PUT", [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE"};
    char *text = talloc_strdup(ctx, "");

    for (size_t i = 0; text && i < sizeof(names) / sizeof(names[0]); i++)
        if (methods & 1u << i)
            text = talloc_asprintf_append_buffer(text, "%s, ", names[i]);
    return text ? talloc_strdup_append_buffer(text, "OPTIONS") : NULL;
}
