/* SPDX-License-Identifier: MIT */
/* test_text_scan.c - the summary of a scan: titles, the worst domains, the way to all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "render/text_scan.h"

static const struct scan_summary few = {
    .totals = {.domains = 14,
               .verdicts = {[VERDICT_OK] = 2, [VERDICT_WARNING] = 11, [VERDICT_CRITICAL] = 1},
               .postures = {[POSTURE_ENFORCE] = 3, [POSTURE_ABSENT] = 11},
               .deliveries = {[DELIVERY_UNPROTECTED] = 11, [DELIVERY_PROTECTED] = 3},
               .codes = {[FINDING_STS_RECORD_MISSING] = 11, [FINDING_MX_CERT_EXPIRED] = 1},
               .worst = {.domains = {{"bad.example", VERDICT_CRITICAL, SEVERITY_CRITICAL,
                                      FINDING_MX_CERT_EXPIRED, 2},
                                     {"a.example", VERDICT_WARNING, SEVERITY_MEDIUM,
                                      FINDING_STS_RECORD_MISSING, 0}},
                         .count = 2}},
    .elapsed_ms = 2000,
};

static char *shown(TALLOC_CTX *ctx, const char *results, bool csv)
{
    const struct scan_page page = {
        .out = {.width = 60, .utf8 = true}, .results = results, .csv = csv};

    return text_scan(ctx, &few, &page);
}

static void the_whole(void **state)
{
    char *text = shown(NULL, "out.json", false);

    (void)state;
    assert_string_equal(text, "14 domains in 2.0 seconds, 7.0 per second.\n"
                              "\n"
                              "Verdicts:\n"
                              "        11  WARNING\n"
                              "         2  OK\n"
                              "         1  CRITICAL\n"
                              "\n"
                              "MTA-STS status:\n"
                              "        11  absent\n"
                              "         3  enforce\n"
                              "\n"
                              "Delivery:\n"
                              "        11  unprotected\n"
                              "         3  protected\n"
                              "\n"
                              "Findings, by number of domains:\n"
                              "        11  No MTA-STS record is published\n"
                              "            [sts-record-missing]\n"
                              "         1  The MX host's certificate has expired\n"
                              "            [mx-cert-expired]\n"
                              "\n"
                              "Worst domains:\n"
                              "  ✗ bad.example: the MX host's certificate has expired\n"
                              "    (mx-cert-expired) and 2 more\n"
                              "  ! a.example: no MTA-STS record is published\n"
                              "    (sts-record-missing)\n"
                              "  and 10 more.\n"
                              "  All domains with problems:\n"
                              "    grep -v '\"verdict\":\"ok\"' out.json\n");
    talloc_free(text);
}

/* What is pasted into a shell finds the lines of either format, whatever the file is called. */
static void the_way_to_all(void **state)
{
    static const struct {
        const char *results;
        bool csv;
        const char *end;
    } cases[] = {
        {"my results", false, "grep -v '\"verdict\":\"ok\"' 'my results'\n"},
        {"-v", false, "grep -v '\"verdict\":\"ok\"' ./-v\n"},
        {"r.csv", true, "grep -Ev '^\"[^\"]*\",\"ok\"' r.csv\n"},
        {NULL, false, "filter the results with\n    grep -v '\"verdict\":\"ok\"'\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = shown(NULL, cases[i].results, cases[i].csv);

        assert_string_equal(text + strlen(text) - strlen(cases[i].end), cases[i].end);
        talloc_free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole),
        cmocka_unit_test(the_way_to_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
