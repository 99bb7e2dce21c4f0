/* SPDX-License-Identifier: MIT */
/* test_worst.c - the worst come first, by severity and then by name, and only so many of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "rules/totals.h"

/* One finding of that severity. */
static void add(struct worst *worst, const char *name, enum severity severity, enum verdict verdict)
{
    struct facts facts = {.domain = name};
    struct finding finding = {.code = FINDING_MX_CERT_EXPIRED, .severity = severity};
    struct diagnosis diagnosis = {
        .facts = &facts, .verdict = verdict, .findings = &finding, .finding_count = 1};

    worst_add(worst, &diagnosis);
}

static void expect(const struct worst *worst, const char *names)
{
    char *found = talloc_strdup(NULL, "");

    for (size_t i = 0; i < worst->count; i++)
        found = talloc_asprintf_append(found, "%s ", worst->domains[i].domain);
    assert_string_equal(found, names);
    talloc_free(found);
}

static void by_severity_then_by_name(void **state)
{
    struct worst worst = {.count = 0};

    (void)state;
    add(&worst, "b", SEVERITY_MEDIUM, VERDICT_WARNING);
    add(&worst, "fine", SEVERITY_LOW, VERDICT_OK);
    add(&worst, "z", SEVERITY_CRITICAL, VERDICT_CRITICAL);
    add(&worst, "a", SEVERITY_MEDIUM, VERDICT_WARNING);
    add(&worst, "m", SEVERITY_HIGH, VERDICT_CRITICAL);
    add(&worst, "u", SEVERITY_UNKNOWN, VERDICT_UNKNOWN);
    expect(&worst, "z m u a b ");
    add(&worst, "m", SEVERITY_HIGH, VERDICT_CRITICAL); /* listed twice */
    expect(&worst, "z m u a b ");
}

/* Notes are not counted. */
static void what_else_is_wrong(void **state)
{
    struct worst worst = {.count = 0};
    struct facts facts = {.domain = "a.example"};
    struct finding findings[] = {{.code = FINDING_MX_CERT_EXPIRED, .severity = SEVERITY_HIGH},
                                 {.code = FINDING_STS_RECORD_MISSING, .severity = SEVERITY_LOW},
                                 {.code = FINDING_DANE_ACTIVE, .severity = SEVERITY_INFO}};
    struct diagnosis diagnosis = {
        .facts = &facts, .verdict = VERDICT_CRITICAL, .findings = findings, .finding_count = 3};

    (void)state;
    worst_add(&worst, &diagnosis);
    assert_int_equal(worst.domains[0].more, 1);
}

static void only_so_many(void **state)
{
    struct worst worst = {.count = 0}, other = {.count = 0};

    (void)state;
    for (char name[] = "p"; *name >= 'a'; (*name)--)
        add(*name & 1 ? &worst : &other, name, SEVERITY_MEDIUM, VERDICT_WARNING);
    add(&other, "z", SEVERITY_HIGH, VERDICT_CRITICAL);
    worst_merge(&worst, &other);
    expect(&worst, "z a b c d e f g h i ");
    add(&worst, "zz", SEVERITY_MEDIUM, VERDICT_WARNING);
    expect(&worst, "z a b c d e f g h i ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_severity_then_by_name),
        cmocka_unit_test(what_else_is_wrong),
        cmocka_unit_test(only_so_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
