/* SPDX-License-Identifier: MIT */
/* test_openapi.c - every route of the API is described, and described as it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "serve/openapi.h"

static size_t places_of(const char *pattern)
{
    size_t count = 0;

    for (; (pattern = strchr(pattern, '{')); pattern++)
        count++;
    return count;
}

/* "{word}" for the place "word", in the order of the pattern. */
static void assert_places(const struct route *route)
{
    const struct route_field *place = route->doc->places;
    const char *at = route->pattern;
    size_t count = 0;

    for (; place && place->name; place++, count++) {
        at = strchr(at, '{');
        if (!at || strncmp(at + 1, place->name, strlen(place->name)) ||
            at[1 + strlen(place->name)] != '}')
            fail_msg("%s: place %s", route->pattern, place->name);
        at++;
    }
    assert_int_equal(count, places_of(route->pattern));
}

static void assert_schema(const char *pattern, const char *names)
{
    while (names && *names) {
        size_t length = strcspn(names, "|");
        char *member = talloc_asprintf(NULL, "\"%.*s\":{", (int)length, names);

        if (!strstr(openapi_schemas, member))
            fail_msg("%s: the schema %.*s is nowhere", pattern, (int)length, names);
        talloc_free(member);
        names += length + (names[length] == '|');
    }
}

static void assert_described(const struct route *route)
{
    if (route->kind != ROUTE_API) {
        assert_null(route->doc);
        return;
    }
    if (!route->doc || !route->doc->summary)
        fail_msg("%s is not described: add a struct route_doc", route->pattern);
    assert_places(route);
    assert_schema(route->pattern, route->doc->answer);
    assert_schema(route->pattern, route->doc->body);
    if (!strstr(openapi_schemas, "\"problem\":{"))
        fail_msg("problems have no schema");
}

static void each_route_is_described(void **state)
{
    size_t count = 0;

    (void)state;
    for (size_t i = 0; i < route_table_count; i++)
        for (size_t j = 0; j < route_tables[i]->count; j++, count++)
            assert_described(&route_tables[i]->routes[j]);
    assert_true(count > 5);
}

/* Of one path once, with all its methods. */
static void paths_hold_their_methods(void **state)
{
    static const struct route_doc doc = {.summary = "One."};
    static const struct route first[] = {
        {HTTP_GET, "/a", NULL, ROUTE_API, NEED_PUBLIC, ROUTE_NO_BODY, 0, &doc},
        {HTTP_GET, "/b", NULL, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0}};
    static const struct route other[] = {
        {HTTP_DELETE, "/a", NULL, ROUTE_API, NEED_PUBLIC, ROUTE_NO_BODY, 0, &doc}};
    static const struct route_table one = {first, 2, NULL}, two = {other, 1, NULL};
    const struct route_table *const tables[] = {&one, &two};
    char *text = openapi_document(NULL, tables, 2, "/");

    (void)state;
    assert_non_null(text);
    assert_non_null(strstr(text, "\"paths\":{\"/a\":{\"get\":{"));
    assert_non_null(strstr(text, "\"delete\":{\"summary\":\"One.\""));
    assert_null(strstr(text, "\"/b\""));
    assert_null(strstr(strstr(text, "\"/a\"") + 1, "\"/a\""));
    talloc_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_route_is_described),
        cmocka_unit_test(paths_hold_their_methods),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
