/* SPDX-License-Identifier: MIT */
/* Paths held against patterns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "serve/router.h"
#include "serve/service.h"

static const struct route routes[] = {
    {HTTP_GET, "/", NULL, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/things/new", NULL, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/things/{id}", NULL, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_POST, "/things/{id}", NULL, ROUTE_PAGE, NEED_PUBLIC, ROUTE_FORM, 0},
    {HTTP_POST, "/api/v1/things/{id}:run", NULL, ROUTE_API, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/things/{id}/parts/{part}", NULL, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
};
static const struct route inner[] = {
    {HTTP_GET, "/inner", NULL, ROUTE_PLAIN, NEED_PUBLIC, ROUTE_NO_BODY, 0}};
static const struct route_table outside = {routes, sizeof(routes) / sizeof(routes[0]), NULL, 0};
static const struct route_table inside = {inner, 1, NULL, 1u << ROLE_METRICS};
static const struct route_table *const tables[] = {&outside, &inside};
static const struct service service = {.tables = tables, .table_count = 2};

static struct route_match find(TALLOC_CTX *ctx, enum http_method method, const char *path)
{
    struct route_match match;

    assert_true(router_find(ctx, &(struct route_wish){&service, method, path, ROLE_WEB}, &match));
    return match;
}

static void finds_routes(void **state)
{
    static const struct {
        enum http_method method;
        const char *path;
        int route; /* -1: none */
        const char *first, *second;
    } cases[] = {
        {HTTP_GET, "/", 0, NULL, NULL},
        {HTTP_HEAD, "/", 0, NULL, NULL},
        {HTTP_POST, "/", -1, NULL, NULL},
        {HTTP_GET, "/things/new", 1, NULL, NULL},
        {HTTP_GET, "/things/newer", 2, "newer", NULL},
        {HTTP_POST, "/things/new", 3, "new", NULL},
        {HTTP_GET, "/things/", -1, NULL, NULL},
        {HTTP_GET, "/things", -1, NULL, NULL},
        {HTTP_GET, "/things/a/", -1, NULL, NULL},
        {HTTP_GET, "/things/a/parts/b:c", 5, "a", "b:c"},
        {HTTP_GET, "/things/a/parts", -1, NULL, NULL},
        {HTTP_POST, "/api/v1/things/a:b:run", 4, "a:b", NULL},
        {HTTP_POST, "/api/v1/things/:run", -1, NULL, NULL},
        {HTTP_POST, "/api/v1/things/a:running", -1, NULL, NULL},
        {HTTP_GET, "/inner", -1, NULL, NULL},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct route_match match = find(ctx, cases[i].method, cases[i].path);

        if (match.route != (cases[i].route < 0 ? NULL : &routes[cases[i].route]))
            fail_msg("%s", cases[i].path);
        if (cases[i].first)
            assert_string_equal(match.places[0].value, cases[i].first);
        if (cases[i].second)
            assert_string_equal(match.places[1].value, cases[i].second);
    }
    talloc_free(ctx);
}

static void knows_what_is_allowed(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct route_match match = find(ctx, HTTP_DELETE, "/things/a");

    (void)state;
    assert_null(match.route);
    assert_string_equal(router_allow(ctx, match.methods), "GET, HEAD, POST, OPTIONS");
    match = find(ctx, HTTP_GET, "/nothing");
    assert_int_equal(match.methods, 0);
    assert_int_equal(match.kind, ROUTE_PAGE);
    assert_int_equal(find(ctx, HTTP_GET, "/api/v1/nothing").kind, ROUTE_API);
    talloc_free(ctx);
}

static void separates_roles(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct route_match match;

    (void)state;
    assert_true(
        router_find(ctx, &(struct route_wish){&service, HTTP_GET, "/inner", ROLE_METRICS}, &match));
    assert_ptr_equal(match.route, &inner[0]);
    assert_true(
        router_find(ctx, &(struct route_wish){&service, HTTP_GET, "/", ROLE_METRICS}, &match));
    assert_null(match.route);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_routes),
        cmocka_unit_test(knows_what_is_allowed),
        cmocka_unit_test(separates_roles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
