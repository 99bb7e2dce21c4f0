/* SPDX-License-Identifier: MIT */
/* test_exit_status.c - from severities and --fail-on to the exit status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cmd/cmd.h"

#define ONE(severity)                                                                              \
    {                                                                                              \
        SEVERITY_##severity                                                                        \
    }

static const struct {
    const char *name;
    enum severity found[3]; /* up to NONE */
    enum severity fail_on;  /* NONE: not given */
    int status;
} cases[] = {
    {"nothing", {0}, SEVERITY_NONE, 0},
    {"info", ONE(INFO), SEVERITY_NONE, 0},
    {"low", ONE(LOW), SEVERITY_NONE, 0},
    {"medium", ONE(MEDIUM), SEVERITY_NONE, 1},
    {"high", ONE(HIGH), SEVERITY_NONE, 2},
    {"critical", ONE(CRITICAL), SEVERITY_NONE, 2},
    {"unknown", ONE(UNKNOWN), SEVERITY_NONE, 3},
    {"low counts from low on", ONE(LOW), SEVERITY_LOW, 1},
    {"info never does", ONE(INFO), SEVERITY_LOW, 0},
    {"medium counts from low on", ONE(MEDIUM), SEVERITY_LOW, 1},
    {"medium at medium", ONE(MEDIUM), SEVERITY_MEDIUM, 1},
    {"medium below high", ONE(MEDIUM), SEVERITY_HIGH, 0},
    {"high at high", ONE(HIGH), SEVERITY_HIGH, 2},
    {"high below critical", ONE(HIGH), SEVERITY_CRITICAL, 0},
    {"critical at critical", ONE(CRITICAL), SEVERITY_CRITICAL, 2},
    {"unknown is no matter of degree", ONE(UNKNOWN), SEVERITY_CRITICAL, 3},
    {"the worse of two", {SEVERITY_MEDIUM, SEVERITY_HIGH}, SEVERITY_NONE, 2},
    {"in any order", {SEVERITY_HIGH, SEVERITY_MEDIUM}, SEVERITY_NONE, 2},
    {"what is unknown beats a warning", {SEVERITY_MEDIUM, SEVERITY_UNKNOWN}, SEVERITY_NONE, 3},
    {"and not a fault", {SEVERITY_UNKNOWN, SEVERITY_CRITICAL}, SEVERITY_NONE, 2},
    {"two below the line", {SEVERITY_MEDIUM, SEVERITY_HIGH}, SEVERITY_CRITICAL, 0},
};

static void of_findings(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct finding findings[3] = {0};
        size_t count = 0;
        int status;

        while (count < 3 && cases[i].found[count]) {
            findings[count].severity = cases[i].found[count];
            count++;
        }
        status = exit_status_of(findings, count, cases[i].fail_on);
        if (status != cases[i].status)
            fail_msg("%s: %d, not %d", cases[i].name, status, cases[i].status);
    }
}

static void worse(void **state)
{
    static const int order[] = {0, 1, EXIT_UNKNOWN, 2, EXIT_USAGE, EXIT_LATER, EXIT_INTERNAL};
    size_t count = sizeof(order) / sizeof(order[0]);

    (void)state;
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < count; b++)
            assert_int_equal(exit_status_worse(order[a], order[b]), order[a > b ? a : b]);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_findings),
        cmocka_unit_test(worse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
