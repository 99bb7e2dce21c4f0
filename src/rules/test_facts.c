/* SPDX-License-Identifier: MIT */
/* test_facts.c - a table of cases: a change to a healthy domain, and what must be found. */
#include "rules/test_facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/test_expected.h"

static char *findings_text(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    char *text = talloc_strdup(ctx, "");

    for (size_t i = 0; i < d->finding_count; i++)
        text = talloc_asprintf_append(text, "%s%s:%s", i ? " " : "",
                                      finding_info(d->findings[i].code)->name,
                                      severity_name(d->findings[i].severity));
    return text;
}

static bool has_param(const struct finding *finding, const char *name, size_t length)
{
    for (size_t i = 0; i < finding->param_count; i++)
        if (strlen(finding->params[i].name) == length &&
            !strncmp(finding->params[i].name, name, length))
            return true;
    return false;
}

static void check_places(const char *name, const struct finding *finding)
{
    for (const char *open = finding->detail; (open = strchr(open, '{')); open++)
        if (!has_param(finding, open + 1, strcspn(open + 1, "|}")))
            fail_msg("%s: %s: no parameter for %.20s in: %s", name,
                     finding_info(finding->code)->name, open, finding->detail);
    for (size_t i = 0; i < finding->param_count; i++)
        for (size_t j = 0; j < i; j++)
            if (!strcmp(finding->params[i].name, finding->params[j].name))
                fail_msg("%s: %s: %s twice", name, finding_info(finding->code)->name,
                         finding->params[i].name);
}

/* ---- what is written down of each case ------------------------------------------------------- */

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

char *finding_told(char *text, const struct finding *finding)
{
    text = talloc_asprintf_append(
        text, "  %s:%s %s %lld:%lld\n    %s\n", finding_info(finding->code)->name,
        severity_name(finding->severity), or_dash(finding->subject), (long long)finding->line,
        (long long)finding->column, finding->detail);
    if (finding->meaning)
        text = talloc_asprintf_append(text, "    meaning: %s\n", finding->meaning);
    if (finding->note)
        text = talloc_asprintf_append(text, "    note: %s\n", finding->note);
    for (size_t i = 0; finding->hints && finding->hints[i]; i++)
        text = talloc_asprintf_append(text, "    hint: %s\n", finding->hints[i]);
    for (size_t i = 0; i < finding->param_count; i++)
        text = talloc_asprintf_append(text, "    %s=%s\n", finding->params[i].name,
                                      or_dash(finding->params[i].value));
    return text;
}

void expect_findings(const char *name, const struct finding *findings, size_t count)
{
    char *text = talloc_asprintf(NULL, "%s:\n", name);

    for (size_t i = 0; i < count; i++)
        text = finding_told(text, &findings[i]);
    expect_text("rules", name, text);
    talloc_free(text);
}

static char *told(TALLOC_CTX *ctx, const char *name, const struct diagnosis *d)
{
    char *text = talloc_asprintf(ctx, "%s: %s, %s, %s\n", name, delivery_name(d->by.policy),
                                 delivery_name(d->by.dane), delivery_name(d->by.all));

    for (size_t i = 0; i < d->mx_count; i++)
        text = talloc_asprintf_append(text, "  %s covered %d by %s usable %d dane %s %d\n",
                                      d->mx[i].host->name, (int)d->mx[i].covered,
                                      or_dash(d->mx[i].pattern), (int)d->mx[i].usable,
                                      dane_use_name(d->mx[i].dane), (int)d->mx[i].dane_usable);
    for (size_t i = 0; i < d->finding_count; i++)
        text = finding_told(text, &d->findings[i]);
    return text;
}

static void run_case(const struct rule_case *one)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct facts *f = healthy(ctx);
    struct diagnosis *d = NULL;
    char *found;

    if (one->change)
        one->change(f);
    assert_int_equal(diagnose(ctx, f, NOW, &d), STS_OK);
    found = findings_text(ctx, d);
    if (strcmp(found, one->expect))
        fail_msg("%s:\n   found %s\nexpected %s", one->name, found, one->expect);
    if (d->posture != one->posture || d->delivery != one->delivery)
        fail_msg("%s: posture %s, delivery %s; expected %s, %s", one->name,
                 posture_name(d->posture), delivery_name(d->delivery), posture_name(one->posture),
                 delivery_name(one->delivery));
    for (size_t i = 0; i < d->finding_count; i++)
        check_places(one->name, &d->findings[i]);
    expect_text("rules", one->name, told(ctx, one->name, d));
    talloc_free(ctx);
}

void run_cases(const struct rule_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        run_case(&cases[i]);
}

/* What cmocka calls has no argument of its own. */
static struct {
    const struct rule_case *cases;
    size_t count;
} whole;

static void each_case(void **state)
{
    (void)state;
    run_cases(whole.cases, whole.count);
}

int run_only_cases(const struct rule_case *cases, size_t count)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_case)};

    whole.cases = cases;
    whole.count = count;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
