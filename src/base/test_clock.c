/* SPDX-License-Identifier: MIT */
/* test_clock.c - RFC 3339, both ways, and times as people give them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/time_span.h"

static void test_parse(void **state)
{
    static const struct {
        const char *text;
        int64_t now;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1969-12-31T23:59:59Z", -1},
        {"2000-02-29T12:00:00Z", 951825600},
        {"2026-11-23T15:00:00Z", 1795446000},
        {"2026-11-23T15:00:00.987654321Z", 1795446000},
        {"2026-11-23t15:00:00z", 1795446000},
        {"2026-11-23 15:00:00Z", 1795446000},
        {"2026-11-23T16:30:00+01:30", 1795446000},
        {"2026-11-23T10:00:00-05:00", 1795446000},
        {"2026-11-23T15:00:00-00:00", 1795446000},
        {"2016-12-31T23:59:60Z", 1483228800},
        {"9999-12-31T23:59:59Z", 253402300799},
        {"0000-01-01T00:00:00Z", -62167219200},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t now = 42;

        if (!clock_parse(cases[i].text, &now) || now != cases[i].now)
            fail_msg("%s: %lld", cases[i].text, (long long)now);
    }
}

static void test_refused(void **state)
{
    static const char *const cases[] = {
        "",
        "now",
        "2026-11-23",
        "2026-11-23T15:00:00",
        "2026-11-23T15:00Z",
        "2026-11-31T15:00:00Z",
        "2025-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-01-00T00:00:00Z",
        "2026-11-23T24:00:00Z",
        "2026-11-23T15:60:00Z",
        "2026-11-23T15:00:61Z",
        "2026-11-23T15:00:00.Z",
        "2026-11-23T15:00:00+0100",
        "2026-11-23T15:00:00+24:00",
        "2026-11-23T15:00:00Z ",
        " 2026-11-23T15:00:00Z",
        "2026-1-23T15:00:00Z",
        "+2026-11-23T15:00:00Z",
        "2026-11-23T15:00:00ZZ",
        "12026-11-23T15:00:00Z",
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t now = 42;

        if (clock_parse(cases[i], &now) || now != 42)
            fail_msg("taken: %s", cases[i]);
    }
}

/* Every day of several centuries survives the way out and back. */
static void test_round_trip(void **state)
{
    char text[CLOCK_TEXT_SIZE];

    for (int64_t now = -62135596800; now < 16725225600; now += 86400 * 3 + 12345) {
        int64_t back = 0;

        clock_format(now, text);
        assert_true(clock_parse(text, &back));
        assert_int_equal(back, now);
    }
}

static void test_when(void **state)
{
    static const struct {
        const char *text;
        int64_t begin, end;
    } cases[] = {
        {"2026-11-23T15:00:00Z", 1795446000, 1795446000},
        {"2026-11-23", 1795392000, 1795478400},
        {"24h", 1000000000 - 86400, 1000000000 - 86400},
        {"7d", 1000000000 - 604800, 1000000000 - 604800},
        {"2w", 1000000000 - 1209600, 1000000000 - 1209600},
        {"0d", 1000000000, 1000000000},
        {"999999w", 1000000000 - 604799395200, 1000000000 - 604799395200},
    };
    static const char *const refused[] = {"",    "7",    "d",    "7 d",  "-7d",        "7dd",
                                          "7d ", "1.5d", "7m",   "now",  "2026-11-31", "1000000d",
                                          "7D",  "0x1d", "26-1", "7d7h", "2026-11-2Z"};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t begin = 42, end = 42;

        if (!time_span_begin(cases[i].text, 1000000000, &begin) || begin != cases[i].begin ||
            !time_span_end(cases[i].text, 1000000000, &end) || end != cases[i].end)
            fail_msg("%s: %lld, %lld", cases[i].text, (long long)begin, (long long)end);
    }
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        int64_t begin = 42;

        if (time_span_begin(refused[i], 1000000000, &begin) || begin != 42)
            fail_msg("taken: %s", refused[i]);
    }
}

static void test_minute(void **state)
{
    char text[CLOCK_TEXT_SIZE];

    (void)state;
    clock_format_minute(INT64_C(1795445999), text);
    assert_string_equal(text, "2026-11-23 14:59");
    clock_format_minute(0, text);
    assert_string_equal(text, "1970-01-01 00:00");
    clock_format_minute(INT64_C(400000000000), text); /* a year of five digits */
    assert_string_equal(text, "14645-06-30 15:06");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),      cmocka_unit_test(test_refused),
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_when),
        cmocka_unit_test(test_minute),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
