/* SPDX-License-Identifier: MIT */
/* test_domain_list.c - places and orders of the list of domains; test/serve_domains.py has the
 * rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "history/domain_list.h"

static void a_place_comes_back(void **state)
{
    static const struct {
        const char *text;
        int64_t key;
        const char *name;
    } rows[] = {
        {"0.example.com", 0, "example.com"},
        {"-311.example.com", -311, "example.com"},
        {"1790000000.a.b.example", 1790000000, "a.b.example"},
        {"", 0, NULL},
        {"example.com", 0, NULL},
        {"1.", 0, NULL},
        {"1.exa mple.com", 0, NULL},
        {"--1.example.com", 0, NULL},
        {"9999999999999999999.example.com", 0, NULL},
        {"1,example.com", 0, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct store_list_place place = {0};

        assert_int_equal(domain_list_place_read(ctx, rows[i].text, &place), rows[i].name != NULL);
        if (rows[i].name) {
            assert_int_equal(place.key, rows[i].key);
            assert_string_equal(place.name, rows[i].name);
        }
        talloc_free(ctx);
    }
}

static void an_order_comes_back(void **state)
{
    static const char *const names[] = {"name",        "-name",   "verdict",   "posture",
                                        "certificate", "changed", "-failures", "-verdict"};
    struct store_list_order order;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *text;

        assert_true(domain_list_order_read(names[i], &order));
        text = domain_list_order_text(NULL, order);
        assert_string_equal(text, names[i]);
        talloc_free(text);
    }
    assert_true(domain_list_order_read(NULL, &order));
    assert_int_equal(order.sort, STORE_BY_HARM);
    assert_false(domain_list_order_read("", &order));
    assert_false(domain_list_order_read("--name", &order));
    assert_int_equal(order.sort, STORE_BY_HARM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_comes_back),
        cmocka_unit_test(an_order_comes_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
