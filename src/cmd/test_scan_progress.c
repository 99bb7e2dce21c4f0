/* SPDX-License-Identifier: MIT */
/* test_scan_progress.c - how far a scan has come, in as many columns as there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/scan_progress.h"
#include "render/textout.h"

#define ABOUT_A_MINUTE 59600
#define HOURS          (2 * 3600000 + 65000)

static const struct {
    struct scan_progress progress;
    size_t columns;
    const char *text;
} cases[] = {
    {{.done = 12, .failed = 3, .running = 500, .listed = 20000, .left_ms = ABOUT_A_MINUTE},
     100,
     "12 of 20000 done, about 1:00 left, 3 critical, 500 in progress, 0 per second"},
    {{.done = 12, .failed = 3, .running = 500, .listed = 20000, .left_ms = ABOUT_A_MINUTE},
     60,
     "12 of 20000 done, about 1:00 left, 3 critical, 0 per second"},
    {{.done = 12, .failed = 3, .running = 500, .listed = 20000, .left_ms = ABOUT_A_MINUTE},
     33,
     "12 of 20000 done, about 1:00 left"},
    {{.done = 12, .failed = 3, .running = 500, .listed = 20000, .left_ms = ABOUT_A_MINUTE},
     32,
     "12 of 20000 done, 3 critical"},
    {{.done = 12, .running = 5, .listed = 12345678, .listed_is_guess = true, .left_ms = HOURS},
     60,
     "12 of about 12345678 done, about 2 h 01 min left, 0 critical"},
    {{.done = 12, .listed = 10, .listed_is_guess = true, .left_ms = ESTIMATE_UNKNOWN},
     24,
     "12 of about 12 done"},
    {{.done = 12, .running = 5, .listed = -1, .left_ms = ESTIMATE_UNKNOWN},
     40,
     "12 done, 0 critical, 5 in progress"},
    {{.done = 12, .unusable = 2, .done_before = 6, .listed = 20, .left_ms = ESTIMATE_UNKNOWN},
     20,
     "20 of 20 done"},
    {{.done = 12, .running = 5, .listed = 17, .left_ms = 100, .draining = true},
     60,
     "12 of 17 done, stopping; interrupt again to abort"},
    {{.done = 1000, .running = 5, .listed = -1, .left_ms = -1, .elapsed_ms = 4000},
     60,
     "1000 done, 0 critical, 5 in progress, 250 per second"},
};

static void what_fits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct scan_pace pace = {0};
        char *text = scan_progress_text(ctx, &pace, &cases[i].progress, cases[i].columns);

        assert_string_equal(text, cases[i].text);
        assert_true(textout_columns(text, strlen(text)) <= cases[i].columns);
        talloc_free(ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_fits)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
