/* SPDX-License-Identifier: MIT */
/* test_need.c - every row of a route says what it needs, and whoever has less is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "accounts/account.h"
#include "serve/exchange_work.h"
#include "serve/need.h"
#include "serve/service.h"

#define ALL_SCOPES (~0u)

static struct service service = {.origin = "", .host = "", .base_path = "/"};

static void on_ended(void *arg)
{
    struct exchange *exchange = arg;

    exchange->outlet.out = NULL;
}

static void on_broken(void *arg)
{
    (void)arg;
    fail_msg("the exchange is broken");
}

/* What whoever it is gets: 0, the function would be called. */
static unsigned asked_by(const struct route *route, const struct account *account)
{
    struct exchange *exchange = talloc_zero(NULL, struct exchange);
    struct buffer out = {0};
    struct http_request request = {
        .method = route->method, .minor = 1, .path = "/a b", .query = "x=1", .host = "h"};
    unsigned status;

    exchange->service = &service;
    exchange->request = &request;
    exchange->visitor = (struct visitor){.address = "192.0.2.1", .language = "en", .theme = ""};
    exchange->id = talloc_strdup(exchange, "-");
    exchange->match = (struct route_match){.route = route, .kind = route->kind};
    exchange->account = account;
    exchange->outlet = (struct exchange_outlet){
        .out = &out, .ended = on_ended, .broken = on_broken, .arg = exchange};
    status = need_is_met(exchange) ? 0 : exchange->status;
    if (status == 303)
        assert_string_equal(exchange->fields[0].value, "/login?next=%2Fa%20b%3Fx%3D1");
    if (status == 401)
        assert_string_equal(exchange->fields[0].name, "WWW-Authenticate");
    talloc_free(exchange);
    return status;
}

typedef void (*route_fn)(const struct route *route);

static void for_each(route_fn fn)
{
    size_t count = 0;

    for (size_t i = 0; i < route_table_count; i++)
        for (size_t j = 0; j < route_tables[i]->count; j++, count++)
            fn(&route_tables[i]->routes[j]);
    assert_true(count > 30);
}

static void assert_said(const struct route *route)
{
    bool api = route->kind == ROUTE_API;

    if (route->need == NEED_UNSAID)
        fail_msg("%s does not say what it needs", route->pattern);
    if (!api && route->scope)
        fail_msg("%s has a scope and is not of the API", route->pattern);
    if (api && route->need == NEED_ADMINISTRATOR)
        fail_msg("%s can be used by nobody: no token is one of an administrator", route->pattern);
    if (api && route->need > NEED_SIGNED_IN && !route->scope)
        fail_msg("%s has no scope", route->pattern);
    /* Forms are protected on pages only. */
    if (route->kind == ROUTE_PLAIN && route->need != NEED_PUBLIC && route->method != HTTP_GET)
        fail_msg("%s takes a form of a session and is no page", route->pattern);
}

static void each_route_says_what_it_needs(void **state)
{
    (void)state;
    for_each(assert_said);
}

static void assert_refused(const struct route *route)
{
    unsigned expected = route->kind == ROUTE_API ? 401 : route->method == HTTP_GET ? 303 : 403;

    if (asked_by(route, NULL) != (route->need == NEED_PUBLIC ? 0 : expected))
        fail_msg("%s: a stranger gets %u", route->pattern, asked_by(route, NULL));
}

static void strangers_are_refused(void **state)
{
    (void)state;
    for_each(assert_refused);
}

static void assert_scope(const struct route *route)
{
    struct account_role role = {1, "alpha", STORE_ROLE_ADMIN};
    struct account account = {.user = 1, .roles = &role, .role_count = 1};

    if (route->kind != ROUTE_API)
        return;
    account.scopes = ALL_SCOPES & ~route->scope;
    assert_int_equal(asked_by(route, &account), route->scope ? 403 : 0);
    account.scopes = route->scope;
    assert_int_equal(asked_by(route, &account), 0);
}

static void tokens_need_the_scope(void **state)
{
    (void)state;
    for_each(assert_scope);
}

static void roles_are_those_of_any_group(void **state)
{
    static const struct {
        enum route_need need;
        enum store_role role;
        bool administrator;
        unsigned status;
    } cases[] = {
        {NEED_SIGNED_IN, STORE_ROLE_NONE, false, 0},
        {NEED_VIEWER, STORE_ROLE_NONE, false, 403},
        {NEED_VIEWER, STORE_ROLE_VIEWER, false, 0},
        {NEED_EDITOR, STORE_ROLE_VIEWER, false, 403},
        {NEED_EDITOR, STORE_ROLE_EDITOR, false, 0},
        {NEED_ADMIN, STORE_ROLE_EDITOR, false, 403},
        {NEED_ADMIN, STORE_ROLE_ADMIN, false, 0},
        {NEED_ADMIN, STORE_ROLE_NONE, true, 0},
        {NEED_ADMINISTRATOR, STORE_ROLE_ADMIN, false, 404},
        {NEED_ADMINISTRATOR, STORE_ROLE_NONE, true, 0},
        {NEED_UNSAID, STORE_ROLE_ADMIN, true, 404},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct account_role role = {1, "alpha", cases[i].role};
        struct account account = {.user = 1,
                                  .administrator = cases[i].administrator,
                                  .scopes = ALL_SCOPES,
                                  .roles = &role,
                                  .role_count = cases[i].role != STORE_ROLE_NONE};
        struct route route = {
            .method = HTTP_GET, .pattern = "/x", .kind = ROUTE_PAGE, .need = cases[i].need};

        assert_int_equal(asked_by(&route, &account), cases[i].status);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_route_says_what_it_needs),
        cmocka_unit_test(strangers_are_refused),
        cmocka_unit_test(tokens_need_the_scope),
        cmocka_unit_test(roles_are_those_of_any_group),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
