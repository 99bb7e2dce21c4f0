/* SPDX-License-Identifier: MIT */
/* test_lint_corpus.c - all that is said of each policy and record of the fuzz corpora. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/test_expected.h"
#include "rules/test_facts.h"

static char *put_lint(char *to, const struct lint *lint)
{
    to = talloc_asprintf_append_buffer(to, "%d %d %s\n", lint->valid, lint->policy != NULL,
                                       lint->id ? lint->id : "-");
    for (size_t i = 0; i < lint->finding_count; i++)
        to = finding_told(to, &lint->findings[i]);
    for (size_t i = 0; i < lint->mx_count; i++)
        to = talloc_asprintf_append_buffer(to, "%s: %s\n", lint->mx[i].host,
                                           lint->mx[i].pattern ? lint->mx[i].pattern : "-");
    for (size_t i = 0; i < lint->sender_count; i++)
        to = talloc_asprintf_append_buffer(
            to, "%s %s %d %lld %s %zu\n", lint->senders[i].name, lint->senders[i].reads_as,
            lint->senders[i].differs, (long long)lint->senders[i].max_age,
            lint->senders[i].why ? lint->senders[i].why : "-", lint->senders[i].mx_count);
    return to;
}

static char *of_policy(char *to, const char *text, size_t length)
{
    static const char *const mx[] = {"mx1.example.com", "a.b.example.com", "mail.example.net"};
    struct lint *lint;

    if (lint_policy(to, text, length, mx, 3, &lint) == STS_OK)
        to = put_lint(to, lint);
    return to;
}

static char *of_record(char *to, const char *text, size_t length)
{
    char *copy = talloc_strndup(to, text, length);
    struct lint *lint;

    if (lint_record(to, copy, 1, &lint) == STS_OK)
        to = put_lint(to, lint);
    if (lint_tlsrpt_record(to, copy, &lint) == STS_OK)
        to = put_lint(to, lint);
    return to;
}

static void each_text(void **state)
{
    (void)state;
    expect_sums("rules", "fuzz/corpus/policy", "", of_policy);
    expect_sums("rules", "fuzz/grown/policy", "", of_policy);
    expect_sums("rules", "fuzz/corpus/record", "", of_record);
    expect_sums("rules", "fuzz/grown/record", "", of_record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_text)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
