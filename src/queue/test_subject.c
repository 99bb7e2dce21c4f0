/* SPDX-License-Identifier: MIT */
/* test_subject.c - a shard's subject is read as it is written, and no other is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "queue/subject.h"

static void what_is_written_is_read(void **state)
{
    char subject[SUBJECT_SIZE];
    int64_t scan, shard;

    (void)state;
    subject_write(subject, 7, 123456789);
    assert_string_equal(subject, "mtasts.scan.7.123456789");
    assert_true(subject_read(subject, &scan, &shard));
    assert_int_equal(scan, 7);
    assert_int_equal(shard, 123456789);
}

static void others_are_none(void **state)
{
    static const char *const cases[] = {
        "",
        "mtasts.scan.",
        "mtasts.scan.7",
        "mtasts.scan.7.",
        "mtasts.scan.7.1.2",
        "mtasts.scan.7.1x",
        "mtasts.scan.-7.1",
        "mtasts.scan.9999999999999999999.1",
        "mtasts.scam.7.1",
    };
    int64_t scan, shard;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_false(subject_read(cases[i], &scan, &shard));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(others_are_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
