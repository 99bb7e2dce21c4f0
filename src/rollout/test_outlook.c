/* SPDX-License-Identifier: MIT */
/* test_outlook.c - the next step by what a list knows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rollout/outlook.h"

#define DAY  86400
#define WEEK (7 * DAY)

static void the_next_step_follows_from_the_state(void **state)
{
    static const struct {
        struct outlook_facts facts;
        const char *kind;
        enum sts_mode mode;
        int64_t max_age;
    } rows[] = {
        {{0}, "unknown", 0, 0},
        {{"warning", "absent", "unprotected", NULL, 0, "sts-record-missing/medium"},
         "change",
         STS_MODE_TESTING,
         DAY},
        /* an old policy is no policy */
        {{"warning", "absent", "unprotected", "enforce", WEEK, NULL},
         "change",
         STS_MODE_TESTING,
         DAY},
        {{"warning", "nonexistent", "unknown", NULL, 0, NULL}, "repair", 0, 0},
        {{"critical", "broken", "unprotected", NULL, 0, NULL}, "repair", 0, 0},
        {{"critical", "broken", "unprotected", "enforce", WEEK, NULL}, "repair", 0, 0},
        {{"unknown", "broken", "unknown", NULL, 0, NULL}, "unknown", 0, 0},
        {{"ok", "none", "unprotected", "none", DAY, ""}, "change", STS_MODE_TESTING, DAY},
        {{"ok", "testing", "reported", "testing", DAY, ""}, "change", STS_MODE_TESTING, WEEK},
        {{"ok", "testing", "reported", "testing", WEEK, ""}, "change", STS_MODE_ENFORCE, WEEK},
        {{"ok", "enforce", "protected", "enforce", WEEK, ""}, "change", STS_MODE_ENFORCE, 30 * DAY},
        {{"ok", "enforce", "protected", "enforce", 30 * DAY, "tlsrpt-record-missing/low"},
         "complete",
         0,
         0},
        {{"ok", "enforce", "protected", "enforce", 30 * DAY, "of-the-future/critical x/y /"},
         "complete",
         0,
         0},
        {{"critical", "enforce", "refused", "enforce", WEEK, "mx-cert-expired/critical"},
         "rollback",
         0,
         0},
        {{"critical", "enforce", "undeliverable", "enforce", WEEK, "mx-cert-expired/critical"},
         "repair",
         0,
         0},
        {{"warning", "testing", "reported", "testing", WEEK, "mx-cert-expired/medium"},
         "repair",
         0,
         0},
        {{"unknown", "testing", "unknown", "testing", WEEK, "mx-timeout/unknown"}, "unknown", 0, 0},
        {{"ok", "testing", "reported", "testing", WEEK, "mx-null/info"}, "no-mail", 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct outlook outlook = outlook_of(&rows[i].facts);

        assert_string_equal(outlook_name(outlook.kind), rows[i].kind);
        if (outlook.kind == OUTLOOK_CHANGE) {
            assert_int_equal(outlook.mode, rows[i].mode);
            assert_int_equal(outlook.max_age, rows[i].max_age);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_next_step_follows_from_the_state)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
