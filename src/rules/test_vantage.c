/* SPDX-License-Identifier: MIT */
/* test_vantage.c - what selftest makes of each point. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules/vantage.h"

static struct vantage_view look(enum vantage_name name, const struct vantage_point *points,
                                size_t count)
{
    struct vantage vantage = {.points = (struct vantage_point *)(uintptr_t)points,
                              .point_count = count};
    struct facts facts = {.vantage = &vantage};
    struct vantage_view views[VANTAGE_COUNT];

    vantage_views(&facts, views);
    return views[name];
}

static void test_each_point_has_a_sentence(void **state)
{
    (void)state;
    for (int name = 0; name < VANTAGE_COUNT; name++) {
        for (int s = 0; s < VANTAGE_STATE_COUNT; s++) {
            const struct vantage_point plain = {name, s, NULL}, detailed = {name, s, "x"};
            struct vantage_view view = look((enum vantage_name)name, &plain, 1);

            assert_non_null(view.sentence);
            assert_null(strstr(view.sentence, "{detail}"));
            view = look((enum vantage_name)name, &detailed, 1);
            assert_true(!strstr(view.sentence, "{detail}") || view.param_count == 1);
            assert_int_equal(view.severity == SEVERITY_NONE, s == VANTAGE_STATE_OK);
        }
    }
}

/* A machine with one family has all it needs; with none it has nothing. */
static void test_one_family_is_enough(void **state)
{
    const struct vantage_point one[] = {{VANTAGE_IPV4, VANTAGE_STATE_OK, NULL},
                                        {VANTAGE_IPV6, VANTAGE_STATE_CLOSED, NULL}};
    const struct vantage_point none[] = {{VANTAGE_IPV4, VANTAGE_STATE_CLOSED, NULL},
                                         {VANTAGE_IPV6, VANTAGE_STATE_CLOSED, NULL}};

    (void)state;
    assert_int_equal(look(VANTAGE_IPV6, one, 2).severity, SEVERITY_LOW);
    assert_int_equal(look(VANTAGE_IPV6, none, 2).severity, SEVERITY_UNKNOWN);
    assert_int_equal(look(VANTAGE_IPV4, none, 2).severity, SEVERITY_UNKNOWN);
}

static void test_nothing_known(void **state)
{
    const struct facts old = {.vantage = NULL};
    struct vantage_view views[VANTAGE_COUNT];

    (void)state;
    vantage_views(&old, views);
    for (int i = 0; i < VANTAGE_COUNT; i++)
        assert_int_equal(views[i].state, VANTAGE_STATE_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_point_has_a_sentence),
        cmocka_unit_test(test_one_family_is_enough),
        cmocka_unit_test(test_nothing_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
