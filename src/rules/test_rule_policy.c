/* SPDX-License-Identifier: MIT */
/* test_rule_policy.c - the text of the policy, and what is legal and yet worth a word. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "rules/test_facts.h"

#define V    "version: STSv1\n"
#define M    "mode: enforce\n"
#define MX   "mx: mx1.example.com\n"
#define AGE  "max_age: 2592000\n"
#define HTML "<!DOCTYPE html>\n<html><body>Welcome</body></html>\n"

static const struct {
    const char *name, *body, *expect;
    enum posture posture;
    enum delivery delivery;
} texts[] = {
#define BROKEN POSTURE_BROKEN, DELIVERY_UNPROTECTED
#define FINE   POSTURE_ENFORCE, DELIVERY_PROTECTED
    {"CRLF", "version: STSv1\r\nmode: enforce\r\nmx: mx1.example.com\r\nmax_age: 2592000\r\n", "",
     FINE},
    {"empty", "", "policy-empty:high", BROKEN},
    {"html", HTML, "policy-html:high", BROKEN},
    {"bom", "\xef\xbb\xbf" V M MX AGE, "policy-bom:high", BROKEN},
    {"bare CR", "version: STSv1\rmode: enforce\nmx: mx1.example.com\nmax_age: 2592000\n",
     "policy-bare-cr:high", BROKEN},
    {"comment", V "# our policy\n" M MX AGE, "policy-line-malformed:high", BROKEN},
    {"no version", M MX AGE, "policy-version-missing:high", BROKEN},
    {"version", "version: STSv2\n" M MX AGE, "policy-version-invalid:high", BROKEN},
    {"no mode", V MX AGE, "policy-mode-missing:high", BROKEN},
    {"mode", V "mode: Enforce\n" MX AGE, "policy-mode-invalid:high", BROKEN},
    {"report", V "mode: report\n" MX AGE, "policy-mode-invalid:high", BROKEN},
    {"no max_age", V M MX, "policy-max-age-missing:high", BROKEN},
    {"max_age", V M MX "max_age: 7d\n", "policy-max-age-invalid:high", BROKEN},
    {"year", V M MX "max_age: 31557600\n", "", FINE},
    {"over a year", V M MX "max_age: 31557601\n", "policy-max-age-too-large:high", BROKEN},
    {"day", V M MX "max_age: 86400\n", "policy-max-age-low:info", FINE},
    {"under two weeks", V M MX "max_age: 1209599\n", "policy-max-age-low:info", FINE},
    {"two weeks", V M MX "max_age: 1209600\n", "", FINE},
    {"a week, testing", V "mode: testing\n" MX "max_age: 604800\n", "policy-mode-testing:low",
     POSTURE_TESTING, DELIVERY_REPORTED},
    {"all of com", V M MX "mx: *.com\n" AGE, "policy-mx-too-wide:medium", FINE},
    {"all of co.uk", V M MX "mx: *.co.uk\n" AGE, "policy-mx-too-wide:medium mx-pattern-unused:low",
     FINE},
    {"all of co.uk, testing", V "mode: testing\n" MX "mx: *.CO.UK\n" AGE,
     "policy-mx-too-wide:low policy-mode-testing:low mx-pattern-unused:low", POSTURE_TESTING,
     DELIVERY_REPORTED},
    {"a domain of co.uk", V M MX "mx: *.provider.co.uk\n" AGE, "mx-pattern-unused:low", FINE},
    {"names that a company gives out", V M MX "mx: *.github.io\n" AGE, "mx-pattern-unused:low",
     FINE},
    {"under a day", V M MX "max_age: 86399\n", "policy-max-age-short:medium", FINE},
    {"under a day, testing", V "mode: testing\n" MX "max_age: 300\n",
     "policy-max-age-short:low policy-mode-testing:low", POSTURE_TESTING, DELIVERY_REPORTED},
    {"no mx", V M AGE, "policy-mx-missing:high", BROKEN},
    {"none", V "mode: none\n" MX "max_age: 300\n", "policy-mode-none:low", POSTURE_NONE,
     DELIVERY_UNPROTECTED},
    {"none without mx", V "mode: none\n" AGE, "policy-mx-missing-in-none:low policy-mode-none:low",
     POSTURE_NONE, DELIVERY_UNPROTECTED},
    {"mx", V M "mx: postmaster@example.com\n" MX AGE, "policy-mx-invalid:high", BROKEN},
    {"key case", "Version: STSv1\n" M MX AGE, "policy-key-case:high", BROKEN},
    {"mode twice", V M MX AGE "mode: enforce\n", "policy-duplicate-field:medium", FINE},
    {"two modes", V M MX AGE "mode: testing\n", "policy-duplicate-field:high", FINE},
    {"two max_age", V M MX AGE "max_age: 1\n", "policy-duplicate-field:medium", FINE},
    {"blank line", V "\n" M MX AGE, "policy-blank-line:medium", FINE},
    {"spacing", V " " M MX AGE, "policy-spacing:medium", FINE},
    {"bad extension", V M MX AGE "_x: y\n", "policy-extension-invalid:medium", FINE},
    {"extension", V M MX AGE "contact: x\n", "policy-extension-unknown:info", FINE},
    {"colon in an extension", V M MX AGE "contact: a:b\n",
     "policy-not-portable:medium policy-extension-unknown:info", FINE},
    {"letters in an extension", V M MX AGE "contact: J\xc3\xbcrgen\n",
     "policy-not-portable:medium policy-extension-unknown:info", FINE},
    {"max_age 0", V M MX "max_age: 0\n", "policy-not-portable:medium policy-max-age-short:medium",
     FINE},
    {"a provider's ending without its star", V M MX "mx: mail.protection.outlook.com\n" AGE,
     "policy-mx-provider:medium mx-pattern-unused:low", FINE},
    {"a provider's line beside one's own", V M MX "mx: *.mail.protection.outlook.com\n" AGE,
     "mx-pattern-unused:low", FINE},
    {"testing", V "mode: testing\n" MX AGE, "policy-mode-testing:low", POSTURE_TESTING,
     DELIVERY_REPORTED},
};

static const char *body;

static void with_body(struct facts *f)
{
    set_policy(f, body);
}

static void test_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct rule_case one = {texts[i].name, with_body, texts[i].expect, texts[i].posture,
                                texts[i].delivery};

        body = texts[i].body;
        run_cases(&one, 1);
    }
}

/* Where nothing can use the policy, its mode is not praised or deplored. */
static void testing_without_record(struct facts *f)
{
    f->sts_txt = answer(f, "_mta-sts.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    set_policy(f, V "mode: testing\n" MX AGE);
}

/* The better of two answers is the policy; the other address has its own finding. */
static void one_address_is_broken(struct facts *f)
{
    f->policy_host.aaaa = address(f, "mta-sts.example.com", "2001:db8::1");
    add_fetch(f, "2001:db8::1");
    fetch(f)->status = 500;
}

/* Hosts that nobody can find are no lines to add; those behind them are. */
static void no_mx_lines(struct facts *f)
{
    add_mx(f, "mx2.example.com", "198.18.2.26");
    f->mx[0].name = f->mx_answer->records[0].host = "mail";
    set_policy(f, "version: STSv1\nmode: enforce\nmax_age: 2592000\n");
}

static const struct rule_case cases[] = {
    {"no mx lines", no_mx_lines, "policy-mx-missing:high mx-target-invalid:high", POSTURE_BROKEN,
     DELIVERY_UNPROTECTED},
    {"testing without record", testing_without_record, "sts-record-missing:high", BROKEN},
    {"one address broken", one_address_is_broken, "policy-server-error:high", FINE},
};

static void test_cases(void **state)
{
    (void)state;
    RUN_CASES(cases);
}

/* A finding about a text shows the line, and the cure where there is one. */
static void test_place(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct facts *f = healthy(ctx);
    struct diagnosis *d;
    bool right = false;

    (void)state;
    set_policy(f, V "Mode: enforce\n" MX AGE);
    assert_int_equal(diagnose(ctx, f, NOW, &d), STS_OK);
    assert_int_equal(d->findings[0].line, 2);
    assert_string_equal(d->findings[0].subject, "line 2");
    for (size_t i = 0; i < d->findings[0].param_count; i++)
        right = right || (!strcmp(d->findings[0].params[i].name, "line_text") &&
                          !strcmp(d->findings[0].params[i].value, "Mode: enforce"));
    assert_true(right);
    talloc_free(ctx);
}

/* A page of blank lines is not a page of findings. */
static void test_ceiling(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct facts *f = healthy(ctx);
    char *text = talloc_strdup(ctx, POLICY);
    struct diagnosis *d;

    (void)state;
    for (int i = 0; i < 500; i++)
        text = talloc_strdup_append(text, "\n");
    set_policy(f, text);
    assert_int_equal(diagnose(ctx, f, NOW, &d), STS_OK);
    assert_true(d->finding_count > 0 && d->finding_count <= 20);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_texts), cmocka_unit_test(test_cases),
                                       cmocka_unit_test(test_place),
                                       cmocka_unit_test(test_ceiling)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
