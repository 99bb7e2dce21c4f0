/* SPDX-License-Identifier: MIT */
/* test_lint.c - texts checked alone. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "rules/test_facts.h"

#define ENFORCE "version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 2592000\n"

struct lint_case {
    const char *text, *expect;
    bool valid, usable;
};

static char *findings_text(TALLOC_CTX *ctx, const struct lint *lint)
{
    char *text = talloc_strdup(ctx, "");

    for (size_t i = 0; i < lint->finding_count; i++)
        text = talloc_asprintf_append(
            text, "%s%s:%s@%d", i ? " " : "", finding_info(lint->findings[i].code)->name,
            severity_name(lint->findings[i].severity), (int)lint->findings[i].line);
    return text;
}

static void test_policies(void **state)
{
    static const struct lint_case cases[] = {
        {ENFORCE, "", true, true},
        {ENFORCE "\n", "policy-blank-line:medium@5", false, true},
        {"version: STSv1\nmode: none\nmax_age: 60\n",
         "policy-mx-missing-in-none:low@4 policy-mode-none:low@0", true, true},
        {"version: STSv1\nmode: enforce\nmax_age: 2592000\n", "policy-mx-missing:high@4", false,
         false},
        {"version: STSv1\nmode: ENFORCE\nmx: a.example\nmax_age: 2592000\n",
         "policy-mode-invalid:high@2", false, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct lint *lint;
        const char *text = cases[i].text;

        assert_int_equal(lint_policy(ctx, text, strlen(text), NULL, 0, &lint), STS_OK);
        assert_string_equal(findings_text(ctx, lint), cases[i].expect);
        assert_int_equal(lint->valid, cases[i].valid);
        assert_int_equal(lint->policy != NULL, cases[i].usable);
        talloc_free(ctx);
    }
}

static const char *first_value(const struct lint *lint, const char *name)
{
    const struct finding *finding = lint->finding_count ? &lint->findings[0] : NULL;

    for (size_t i = 0; finding && i < finding->param_count; i++)
        if (!strcmp(finding->params[i].name, name))
            return finding->params[i].value;
    return "";
}

static const char *right_of(const struct lint *lint)
{
    return first_value(lint, "right");
}

/* mx lines for a provider are judged by what is known of it; the right ones are left alone. */
static void test_providers(void **state)
{
    static const struct {
        const char *mx, *lines;
    } cases[] = {
        {"mx: mail.protection.outlook.com", "mx: *.mail.protection.outlook.com"},
        {"mx: *.protection.outlook.com", "mx: *.mail.protection.outlook.com"},
        {"mx: *.outlook.com", "mx: *.mail.protection.outlook.com"},
        {"mx: *.mx.microsoft", "mx: TENANT.ZONE.mx.microsoft"},
        {"mx: *.google.com\nmx: *.googlemail.com",
         "mx: aspmx.l.google.com\nmx: *.aspmx.l.google.com\nmx: *.googlemail.com"},
        {"mx: *.aspmx.l.google.com", "mx: aspmx.l.google.com\nmx: *.aspmx.l.google.com"},
        {"mx: aspmx.l.google.com", "mx: aspmx.l.google.com\nmx: *.aspmx.l.google.com"},
        {"mx: mail.protonmail.ch", "mx: mail.protonmail.ch\nmx: mailsec.protonmail.ch"},
        /* near misses */
        {"mx: *.mail.protection.outlook.com", NULL},
        {"mx: example-com.mail.protection.outlook.com", NULL},
        {"mx: example-com.a-v1.mx.microsoft", NULL},
        {"mx: *.a-v1.mx.microsoft", NULL},
        {"mx: smtp.google.com", NULL},
        {"mx: *.google.com", NULL},
        {"mx: *.google.com\nmx: *.googlemail.com\nmx: aspmx.l.google.com\n"
         "mx: *.aspmx.l.google.com",
         NULL},
        {"mx: aspmx.l.google.com\nmx: *.aspmx.l.google.com\nmx: *.googlemail.com", NULL},
        {"mx: *.protonmail.ch", NULL},
        {"mx: *.mail.icloud.com", NULL},
        {"mx: *.example.com", NULL},
        {"mx: *.net.example", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        char *text = talloc_asprintf(ctx, "version: STSv1\nmode: enforce\n%s\nmax_age: 2592000\n",
                                     cases[i].mx);
        struct lint *lint;

        assert_int_equal(lint_policy(ctx, text, strlen(text), NULL, 0, &lint), STS_OK);
        if (lint->finding_count != (cases[i].lines != NULL))
            fail_msg("%s: %s", cases[i].mx, findings_text(ctx, lint));
        if (cases[i].lines)
            assert_string_equal(first_value(lint, "provider_mx"), cases[i].lines);
        talloc_free(ctx);
    }
}

/* The line that a wrong one was meant to be, and nothing where that would be a guess. */
static void test_right_lines(void **state)
{
    static const char *const lines[][2] = {
        {"mx: mx.example.com.", "mx: mx.example.com"},
        {"mx: *.example.com.", "mx: *.example.com"},
        {"mx: .example.com", "mx: *.example.com"},
        {"mx: b\xc3\xbc"
         "cher.example",
         "mx: xn--bcher-kva.example"},
        {"mx: 10 mx.example.com.", "mx: mx.example.com"},
        {"mx: a.example, b.example", "mx: a.example\nmx: b.example"},
        {"mx: a.example *.b.example.", "mx: a.example\nmx: *.b.example"},
        {"mx: a.example, what is this?", ""},
        {"mx: https://mx.example.com:25/", "mx: mx.example.com"},
        {"mx: mx.example.com:25", "mx: mx.example.com"},
        {"mx: mx.example.com 10", "mx: mx.example.com"},
        {"mx: IN MX 10 mx.example.com.", "mx: mx.example.com"},
        {"mx: mx.example.com # primary", "mx: mx.example.com"},
        {"mx: mx.example.com // primary, what else", "mx: mx.example.com"},
        {"mx: \"mx.example.com\",", "mx: mx.example.com"},
        {"mx:\xc2\xa0 mx.example.com", "mx: mx.example.com"},
        {"mx: mail\xe2\x80\x93"
         "1.example.com",
         "mx: mail-1.example.com"},
        {"mx: *example.com", "mx: *.example.com"},
        {"mx = mx.example.com", "mx: mx.example.com"},
        {"mx mx.example.com", "mx: mx.example.com"},
        {"mx: <mx.example.com>", "mx: mx.example.com"},
        {"- mx: mx.example.com", "mx: mx.example.com"},
        {"MX: mx.example.com", "mx: mx.example.com"},
        {"mx : mx.example.com", "mx: mx.example.com"},
        {"  mx: mx.example.com", "mx: mx.example.com"},
        {"nmx: mx.example.com", "mx: mx.example.com"},
        {"mx: mail.*.example.com", ""},
        {"mx: mail_1.example.com", ""},
        {"mx: mail", ""},
        {"mx:", ""},
        {"# mx: mx.example.com", ""},
        {"nothing of it", ""},
        {"mx: me@example.com", ""},
        {"mx: *", ""},
        {"mx: 192.0.2.1", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        char *text =
            talloc_asprintf(ctx, "version: STSv1\nmode: none\n%s\nmax_age: 86400\n", lines[i][0]);
        struct lint *lint;

        assert_int_equal(lint_policy(ctx, text, strlen(text), NULL, 0, &lint), STS_OK);
        if (strcmp(right_of(lint), lines[i][1]))
            fail_msg("%s\n  have %s\n  want %s", lines[i][0], right_of(lint), lines[i][1]);
        talloc_free(ctx);
    }
}

/* The same for whole texts: the finding that comes first. */
static void test_right_texts(void **state)
{
#define MX "mx: a.example\n"
    static const char *const texts[][2] = {
        {"version: STSv1\\nmode: enforce\\nmx: a.example\\nmax_age: 604800",
         "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 604800"},
        {"version: STSv1 mode: enforce mx: a.example max_age: 60",
         "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 60"},
        {"version: STSv1; mode: enforce; mx: a.example; mx: b.example; max_age: 60",
         "version: STSv1\nmode: enforce\nmx: a.example\nmx: b.example\nmax_age: 60"},
        {"version: STS1\nmode: none\nmax_age: 60\n" MX, "version: STSv1"},
        {"version: STSv1;\nmode: none\nmax_age: 60\n" MX, "version: STSv1"},
        {"v: STSv1\nmode: none\nmax_age: 60\n" MX, "version: STSv1"},
        {"version: STSv1\nmode: Enforced\nmax_age: 60\n" MX, "mode: enforce"},
        {"version: STSv1\nmode: report\nmax_age: 60\n" MX, "mode: testing"},
        {"version: STSv1\nmode: yes\nmax_age: 60\n" MX, ""},
        {"version: STSv1\nmode: none\nmax_age: 7d\n" MX, "max_age: 604800"},
        {"version: STSv1\nmode: none\nmax_age: 1 week\n" MX, "max_age: 604800"},
        {"version: STSv1\nmode: none\nmax_age: 604.800\n" MX, "max_age: 604800"},
        {"version: STSv1\nmode: none\nmax_age: 86400 seconds\n" MX, "max_age: 86400"},
        {"version: STSv1\nmode: none\nmax_age: 86400 # a day\n" MX, "max_age: 86400"},
        {"version: STSv1\nmode: none\nmax_age: 99999999999\n" MX, "max_age: 31557600"},
        {"version: STSv1\nmode: none\nmax_age: 63115200\n" MX, "max_age: 31557600"},
        {"version: STSv1\nmode: none\nmax_age: 12 34\n" MX, ""},
        {"version: STSv1\nmode: none\nmax_age: -1\n" MX, ""},
        {"version: STSv1\nmode: none\nmax_age: 0 s\n" MX, "max_age: 0"},
        {"version: STSv1\nmode: none\nmax_age: +60 s\n" MX, "max_age: 60"},
        {"version: STSv1\nmode: none\nmax_age: 31557600 s\n" MX, "max_age: 31557600"},
        {"version: STSv1\nmode: none\nmax_age: 31557601\n" MX, "max_age: 31557600"},
        {"version: STSv1\nmode: none\nmax_age: 1y\n" MX, "max_age: 31536000"},
        {"version: STSv1\nmode: none\nmax_age: 2 years\n" MX, "max_age: 31557600"},
        {"version: STSv1\nmode: none\nmax_age: 90 min\n" MX, "max_age: 5400"},
        {"version: STSv1\nmode: none\nmax_age: 2 hours\n" MX, "max_age: 7200"},
        {"version: STSv1\nmode: none\nmax_age: 3 months\n" MX, "max_age: 7776000"},
        {"version: STSv1\nmode: none\nmax_age: 1 Day\n" MX, "max_age: 86400"},
        {"version: STSv1\nmode: none\nmax_age: 1.234.567\n" MX, "max_age: 1234567"},
        {"version: STSv1\nmode: none\nmax_age: 12,345 sec\n" MX, "max_age: 12345"},
        {"version: STSv1\nmode: none\nmax_age: 1.23\n" MX, ""},
        {"version: STSv1\nmode: none\nmax_age: 1.2345\n" MX, ""},
        {"version: STSv1\nmode: none\nmax_age: 5 mont\n" MX, ""},
        {"version: STSv1\nmode: none\nmax_age: 5 econd\n" MX, ""},
        {"version: STSv1\nmode: none\nmax_age: 5 s s\n" MX, ""},
        {"version: STSv1\nmode: none\nmax_age: seconds\n" MX, ""},
        {"version: STSv1\nmode: none\nmax-age: 60\n" MX, "max_age: 60"},
        /* beside the field itself it has to go, and is no cure */
        {"version: STSv1\nmode: testing\nMode: none\nmax_age: 86400\n" MX, ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct lint *lint;

        assert_int_equal(lint_policy(ctx, texts[i][0], strlen(texts[i][0]), NULL, 0, &lint),
                         STS_OK);
        if (strcmp(right_of(lint), texts[i][1]))
            fail_msg("%s\n  have %s\n  want %s", texts[i][0], right_of(lint), texts[i][1]);
        talloc_free(ctx);
    }
}

static void test_right_records(void **state)
{
    static const char *const texts[][2] = {
        {"v=STS1; id=2026;", "v=STSv1; id=2026"},
        {"v = STSv1; id = 2026", "v=STSv1; id=2026"},
        {"v=STS1; validity=1; id=2026", "v=STSv1; id=2026"},
        {"v=STSv1; id=\"2026\"", "v=STSv1; id=2026"},
        {"v=STS1;", ""},
        {"v=STSv1; id=2026-11-23", "v=STSv1; id=20261123"},
        {"v=STSv1; id=2026\xc2\xa0", "v=STSv1; id=2026"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct lint *lint;

        assert_int_equal(lint_record(ctx, texts[i][0], 1, &lint), STS_OK);
        assert_string_equal(right_of(lint), texts[i][1]);
        talloc_free(ctx);
    }
}

static void test_right_tlsrpt_records(void **state)
{
    static const char *const texts[][2] = {
        {"v=TLSRPTv1; rua=a@b.example", "v=TLSRPTv1; rua=mailto:a@b.example"},
        {"v=TLSRPTv1; rua=mail:a@b.example, http://b.example/x",
         "v=TLSRPTv1; rua=mailto:a@b.example,https://b.example/x"},
        {"v=TLSRPTv1; rua=mailto: a@b.example", "v=TLSRPTv1; rua=mailto:a@b.example"},
        {"v=TLSRPTv1; rua=mailto:a@b.example mailto:c@b.example",
         "v=TLSRPTv1; rua=mailto:a@b.example,mailto:c@b.example"},
        {"v=TLSRPT1; RUA=mailto://a@b.example", "v=TLSRPTv1; rua=mailto:a@b.example"},
        {"v=TLSRPTv1; rua=ftp://b.example", ""},
        {"v=TLSRPTv1;", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct lint *lint;

        assert_int_equal(lint_tlsrpt_record(ctx, texts[i][0], &lint), STS_OK);
        assert_string_equal(right_of(lint), texts[i][1]);
        talloc_free(ctx);
    }
}

static void test_cover(void **state)
{
    static const char *const mx[] = {"mx.example.com", "a.b.example.com", "mx.example.net"};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct lint *lint;

    (void)state;
    assert_int_equal(lint_policy(ctx, ENFORCE, strlen(ENFORCE), mx, 3, &lint), STS_OK);
    assert_true(lint->valid);
    assert_int_equal(lint->mx_count, 3);
    assert_true(lint->mx[0].covered);
    assert_string_equal(lint->mx[0].pattern, "*.example.com");
    assert_false(lint->mx[1].covered);
    assert_null(lint->mx[2].pattern);
    assert_string_equal(findings_text(ctx, lint),
                        "mx-wildcard-depth:critical@0 mx-not-covered:critical@0");
    talloc_free(ctx);
}

static void test_too_large(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *text = talloc_zero_size(ctx, STS_POLICY_MAX + 1);
    struct lint *lint;

    (void)state;
    memset(text, 'x', STS_POLICY_MAX + 1);
    assert_int_equal(lint_policy(ctx, text, STS_POLICY_MAX + 1, NULL, 0, &lint), STS_OK);
    assert_false(lint->valid);
    assert_string_equal(findings_text(ctx, lint), "policy-too-large:high@0");
    talloc_free(ctx);
}

static void test_records(void **state)
{
    static const struct lint_case cases[] = {
        {"v=STSv1; id=20261101;", "", true, true},
        {"v=STSv1; id=2026-11;", "sts-record-id-invalid:high@1", false, false},
        {"v=STS1; id=1;", "sts-record-version-invalid:high@1", false, false},
        {"", NULL, false, false},
        {"hello", NULL, false, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct lint *lint;

        assert_int_equal(lint_record(ctx, cases[i].text, 1, &lint), STS_OK);
        if (cases[i].expect)
            assert_string_equal(findings_text(ctx, lint), cases[i].expect);
        else
            assert_true(lint->finding_count > 0);
        assert_int_equal(lint->valid, cases[i].valid);
        if (cases[i].valid)
            assert_string_equal(lint->id, "20261101");
        talloc_free(ctx);
    }
}

static void test_tlsrpt_records(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct lint *lint;

    (void)state;
    assert_int_equal(
        lint_tlsrpt_record(ctx, "v=TLSRPTv1; rua=mailto:a@example.com,https://e.example/", &lint),
        STS_OK);
    assert_true(lint->valid);
    assert_int_equal(lint->rua_count, 2);
    assert_string_equal(lint->rua[1], "https://e.example/");
    assert_int_equal(lint_tlsrpt_record(ctx, "v=TLSRPTv1; rua=tls@example.com", &lint), STS_OK);
    assert_false(lint->valid);
    assert_int_equal(lint->findings[0].code, FINDING_TLSRPT_RUA_INVALID);
    talloc_free(ctx);
}

/* A whole text as it was meant, and none where a line or a field would be a guess. */
static void test_repaired_policies(void **state)
{
    static const char *const texts[][2] = {
        {"version: STSv1\nmode: Enforced\nmx: 10 mx.example.com.\nMax-Age: 1 week\n\n# hi\n",
         "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n"},
        {"\xef\xbb\xbfversion: STSv1\nmode: none\nmax_age: 60\n",
         "version: STSv1\nmode: none\nmax_age: 60\n"},
        {"version: STSv1\rmode: none\rmax_age: 60\r", "version: STSv1\nmode: none\nmax_age: 60\n"},
        {"version: STSv1\\nmode: enforce\\nmx: a.example\\nmax_age: 604800",
         "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 604800\n"},
        {"mode: none\nmax_age: 60\n", "version: STSv1\nmode: none\nmax_age: 60\n"},
        {"version: STSv1\nMode: testing\nmode: none\nmode: enforce\nmax_age: 60\n\n",
         "version: STSv1\nmode: none\nmax_age: 60\n"},
        {"version: STSv1\nmode: none\nmax_age: 60\nx-note: it stays\n\n",
         "version: STSv1\nmode: none\nmax_age: 60\nx-note: it stays\n"},
        /* near misses */
        {"version: STSv1\nmode: none\nmax_age: 60\n", NULL}, /* valid */
        {"version: STSv1\nmode: enforce\nmax_age: 60\n", NULL},
        {"version: STSv1\nmode: yes\nmx: a.example\nmax_age: 60\n", NULL},
        {"version: STSv1\nmode: none\n", NULL},
        {"version: STSv1\nmode: none\nmax_age: 60\nno key\n", NULL},
        {"<html>", NULL},
        {"", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        const char *want = texts[i][1] ? texts[i][1] : "(none)", *have;
        struct lint *lint;

        assert_int_equal(lint_policy(ctx, texts[i][0], strlen(texts[i][0]), NULL, 0, &lint),
                         STS_OK);
        have = lint->repaired ? lint->repaired : "(none)";
        if (strcmp(have, want))
            fail_msg("%s\n  have %s\n  want %s", texts[i][0], have, want);
        talloc_free(ctx);
    }
}

static const char *repaired_of(TALLOC_CTX *ctx, const char *text, bool tlsrpt)
{
    struct lint *lint;

    assert_int_equal(
        tlsrpt ? lint_tlsrpt_record(ctx, text, &lint) : lint_record(ctx, text, 1, &lint), STS_OK);
    return lint->repaired ? lint->repaired : "(none)";
}

static void test_repaired_records(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    assert_string_equal(repaired_of(ctx, "v=STS1; id=2026", false), "v=STSv1; id=2026");
    assert_string_equal(repaired_of(ctx, "v=STSv1; id=2026", false), "(none)");
    assert_string_equal(repaired_of(ctx, "v=STSv1; id=", false), "(none)");
    assert_string_equal(repaired_of(ctx, "v=TLSRPTv1 rua=a@b.example", true),
                        "v=TLSRPTv1; rua=mailto:a@b.example");
    assert_string_equal(repaired_of(ctx, "v=TLSRPTv1; rua=nobody", true), "(none)");
    talloc_free(ctx);
}

/* The work for a line of the largest text is bounded: it took ten seconds and a gibibyte. */
static void test_long_lines(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *text = talloc_zero_array(ctx, char, STS_POLICY_MAX + 1);
    size_t at = (size_t)snprintf(text, STS_POLICY_MAX, "%s",
                                 "version: STSv1\nmode: enforce\n"
                                 "max_age: 604800\nmx: ");
    struct lint *lint;

    (void)state;
    for (; at + 4 <= STS_POLICY_MAX; at += 4)
        memcpy(text + at, "a.b ", 4);
    assert_int_equal(lint_policy(ctx, text, at, NULL, 0, &lint), STS_OK);
    assert_null(lint->repaired);
    assert_true(talloc_total_size(lint) < (size_t)4 << 20);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right_lines),       cmocka_unit_test(test_providers),
        cmocka_unit_test(test_right_texts),       cmocka_unit_test(test_right_records),
        cmocka_unit_test(test_repaired_policies), cmocka_unit_test(test_repaired_records),
        cmocka_unit_test(test_long_lines),        cmocka_unit_test(test_right_tlsrpt_records),
        cmocka_unit_test(test_policies),          cmocka_unit_test(test_cover),
        cmocka_unit_test(test_too_large),         cmocka_unit_test(test_records),
        cmocka_unit_test(test_tlsrpt_records),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
