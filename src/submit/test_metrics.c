/* SPDX-License-Identifier: MIT */
/* test_metrics.c - the whole text, as a scraper reads it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "submit/metrics.h"

static const char *const expected[] = {
    "# HELP mtasts_send_reports_deliveries Reports on the last days, one for each destination,",
    " by state.\n# TYPE mtasts_send_reports_deliveries gauge\n",
    "mtasts_send_reports_deliveries{organization=\"sender.example\",state=\"waiting\"} 1\n",
    "mtasts_send_reports_deliveries{organization=\"sender.example\",state=\"sent\"} 20\n",
    "mtasts_send_reports_deliveries{organization=\"sender.example\",state=\"failed\"} 0\n",
    "mtasts_send_reports_deliveries{organization=\"sender.example\",state=\"expired\"} 0\n",
    "mtasts_send_reports_deliveries{organization=\"sender.example\",state=\"suppressed\"} 0\n",
    "mtasts_send_reports_deliveries{organization=\"sender.example\",state=\"withheld\"} 0\n",
    "mtasts_send_reports_deliveries{organization=\"sender.example\",state=\"unusable\"} 0\n",
    "# HELP mtasts_send_reports_failing_destinations Destinations whose last delivery failed.\n",
    "# TYPE mtasts_send_reports_failing_destinations gauge\n",
    "mtasts_send_reports_failing_destinations{organization=\"sender.example\"} 3\n",
    "# HELP mtasts_send_reports_last_run_timestamp_seconds",
    " When the last run ended that could write to the store.\n",
    "# TYPE mtasts_send_reports_last_run_timestamp_seconds gauge\n",
    "mtasts_send_reports_last_run_timestamp_seconds{organization=\"sender.example\"} 1800000000\n",
};

static void each_state_has_its_number(void **state)
{
    const struct store_outgoing_numbers numbers = {
        .deliveries = {[STORE_OUTGOING_WAITING] = 1, [STORE_OUTGOING_SENT] = 20}, .failing = 3};
    char *text = submit_metrics(NULL, "sender.example", &numbers, 1800000000);
    char *joined = talloc_strdup(text, "");

    (void)state;
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
        joined = talloc_strdup_append(joined, expected[i]);
    assert_string_equal(text, joined);
    talloc_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_state_has_its_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
