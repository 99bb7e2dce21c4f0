/* SPDX-License-Identifier: MIT */
/* test_perfdata.c - the grammar of performance data, and labels that would break it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "render/perfdata.h"

static const struct {
    struct perfdatum datum;
    const char *expect;
} cases[] = {
    {{"time", "0.42", "s", NULL, NULL, "0", "50"}, "time=0.42s;;;0;50"},
    {{"max_age", "604800", "s", NULL, NULL, "0", NULL}, "max_age=604800s;;;0"},
    {{"mx1.example.com_smtp_days", "13", NULL, "14:", "0:", NULL, NULL},
     "mx1.example.com_smtp_days=13;14:;0:"},
    {{"days", "-2", NULL, "@~:7", NULL, NULL, NULL}, "days=-2;@~:7"},
    {{"bare", "1", NULL, NULL, NULL, NULL, NULL}, "bare=1"},
    {{"two words", "1", NULL, NULL, NULL, NULL, NULL}, "'two words'=1"},
    {{"it's", "1", NULL, NULL, NULL, NULL, NULL}, "'it''s'=1"},
    {{"a=b|c\nd", "1", NULL, NULL, NULL, NULL, NULL}, "'a_b_c_d'=1"},
    {{"a;b", "1", NULL, NULL, NULL, NULL, NULL}, "'a;b'=1"},
    {{"", "1", NULL, NULL, NULL, NULL, NULL}, "''=1"},
};

static void texts(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(perfdata_text(ctx, &cases[i].datum), cases[i].expect);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
