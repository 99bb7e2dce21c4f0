/* SPDX-License-Identifier: MIT */
/* test_tlsrpt_record.c - records of RFC 8460: every issue, its place, and both verdicts. */
#include "sts/test_issues.h"

#include <string.h>

#include "mtasts/record.h"

#define TEXT(literal) literal, sizeof(literal) - 1
#define V             STS_VALID
#define U             STS_USABLE
#define X             STS_REFUSED
#define R             "v=TLSRPTv1; rua="

enum verdict { STS_REFUSED, STS_USABLE, STS_VALID };

struct tlsrpt_case {
    const char *text;
    size_t length;
    enum verdict verdict;
    const char *rua, *issues;
};

static const struct tlsrpt_case cases[] = {
    {TEXT(R "mailto:a@b.example"), V, "mailto:a@b.example", ""},
    {TEXT("v=TLSRPTv1;rua=MAILTO:a@b.example;"), V, "MAILTO:a@b.example", ""},
    {TEXT(R "https://b.example/v1?k=1 ; "), V, "https://b.example/v1?k=1", ""},
    {TEXT(R "https://b.example:8443,https://[2001:db8::1]/x"), V,
     "https://b.example:8443 https://[2001:db8::1]/x", ""},
    {TEXT(R "mailto:a%21x@b.example?subject=tls"), V, "mailto:a%21x@b.example?subject=tls", ""},
    {TEXT(R "mailto:a@b.example ,\t https://b.example"), V, "mailto:a@b.example https://b.example",
     ""},
    {TEXT("v=TLSRPTv1; ext=1; rua=mailto:a@b.example"), V, "mailto:a@b.example", ""},
    {TEXT(R "mailto:a@b.example "), U, "mailto:a@b.example",
     "tlsrpt-record-syntax-invalid white-space 1:35 @34+1"},
    /* the grammar repeats the field, and nothing says that one of them counts alone */
    {TEXT(R "mailto:a@b.example; rua=mailto:c@b.example"), V,
     "mailto:a@b.example mailto:c@b.example", ""},
    {TEXT(R "mailto:a@b.example; rua=c@b.example"), U, "mailto:a@b.example",
     "tlsrpt-rua-invalid uri-no-scheme 1:41 @40+11"},
    {TEXT(R "a@b.example; x=1; rua=https://b.example"), U, "https://b.example",
     "tlsrpt-rua-invalid uri-no-scheme 1:17 @16+11"},
    {TEXT(R "mailto:a@b.example?cc=c@-.example"), V, "mailto:a@b.example?cc=c@-.example", ""},
    {TEXT(R "mailto:a@b.example; x=\"a\\\""), V, "mailto:a@b.example", ""},
    {TEXT("v=TLSRPTv1 ; rua=mailto:a@b.example"), V, "mailto:a@b.example",
     "tlsrpt-record-version-spacing white-space 1:11 @10+1"},
    {TEXT(" v=TLSRPTv1\t; rua=mailto:a@b.example"), X, "mailto:a@b.example",
     "tlsrpt-record-version-spacing white-space 1:12 @11+1; "
     "tlsrpt-record-version-invalid white-space 1:1 @0+1"},
    /* the version */
    {TEXT("v=TLSRPT1; rua=mailto:a@b.example"), X, "mailto:a@b.example",
     "tlsrpt-record-version-invalid version-typo 1:1 @0+9"},
    {TEXT("v=tlsrptv1; rua=mailto:a@b.example"), X, "mailto:a@b.example",
     "tlsrpt-record-version-invalid version-typo 1:1 @0+10"},
    {TEXT("V=TLSRPTv1; rua=mailto:a@b.example"), X, "mailto:a@b.example",
     "tlsrpt-record-version-invalid version-typo 1:1 @0+10"},
    {TEXT("v = TLSRPTv1; rua=mailto:a@b.example"), X, "mailto:a@b.example",
     "tlsrpt-record-version-invalid version-spaced 1:1 @0+12"},
    {TEXT("rua=mailto:a@b.example; v=TLSRPTv1"), X, "mailto:a@b.example",
     "tlsrpt-record-version-invalid version-not-first 1:25 @24+10"},
    {TEXT("v=TLSRPTv1 rua=mailto:a@b.example"), X, "mailto:a@b.example",
     "tlsrpt-record-version-invalid version-no-delimiter 1:11 @10+0"},
    {TEXT("v=TLSRPTv1rua=mailto:a@b.example"), X, "mailto:a@b.example",
     "tlsrpt-record-version-invalid version-no-delimiter 1:11 @10+0"},
    {TEXT("v=DMARC1; rua=mailto:a@b.example"), X, "",
     "tlsrpt-record-version-invalid version-typo 1:1 @0+8"},
    /* the fields */
    {TEXT("v=TLSRPTv1;"), X, "", "tlsrpt-rua-missing none 1:12 @11+0"},
    {TEXT("v=TLSRPTv1; ruf=mailto:a@b.example"), X, "", "tlsrpt-rua-missing none 1:35 @34+0"},
    {TEXT("v=TLSRPTv1; RUA=mailto:a@b.example"), X, "",
     "tlsrpt-rua-missing letter-case 1:13 @12+3"},
    {TEXT("v=TLSRPTv1; rua =mailto:a@b.example"), X, "",
     "tlsrpt-record-syntax-invalid white-space 1:16 @15+1"},
    {TEXT("v=TLSRPTv1;; rua=mailto:a@b.example"), X, "mailto:a@b.example",
     "tlsrpt-record-syntax-invalid empty-field 1:12 @11+1"},
    {TEXT("v=TLSRPTv1; rua:mailto:a@b.example"), X, "",
     "tlsrpt-record-syntax-invalid no-equals 1:13 @12+22; tlsrpt-rua-missing none 1:35 @34+0"},
    {TEXT(R "mailto:a@b.example; -x=1"), X, "mailto:a@b.example",
     "tlsrpt-record-syntax-invalid bad-name 1:37 @36+1"},
    {TEXT(R "mailto:a@b.example; x="), X, "mailto:a@b.example",
     "tlsrpt-record-syntax-invalid empty-value 1:39 @38+0"},
    {TEXT(R "mailto:a@b.example; x=a=b"), X, "mailto:a@b.example",
     "tlsrpt-record-syntax-invalid bad-value 1:40 @39+1"},
    {TEXT("\"" R "mailto:a@b.example\""), X, "mailto:a@b.example",
     "tlsrpt-record-syntax-invalid quoted 1:1 @0+1"},
    {TEXT("v=TLSRPTv1\\; rua=mailto:a@b.example"), X, "mailto:a@b.example",
     "tlsrpt-record-syntax-invalid quoted 1:11 @10+1"},
    /* the addresses */
    {TEXT(R), X, "", "tlsrpt-rua-invalid empty-value 1:17 @16+0"},
    {TEXT(R "mailto:a@b.example,"), U, "mailto:a@b.example",
     "tlsrpt-rua-invalid empty-value 1:36 @35+0"},
    {TEXT(R "a@b.example"), X, "", "tlsrpt-rua-invalid uri-no-scheme 1:17 @16+11"},
    {TEXT(R "http://b.example/"), X, "", "tlsrpt-rua-invalid uri-scheme 1:17 @16+17"},
    {TEXT(R "mail:a@b.example"), X, "", "tlsrpt-rua-invalid uri-scheme 1:17 @16+16"},
    {TEXT(R "mailto:a@b.example!10m"), X, "", "tlsrpt-rua-invalid uri-unencoded 1:17 @16+22"},
    {TEXT(R "mailto:m\xc3\xbc@b.example"), X, "", "tlsrpt-rua-invalid uri-unencoded 1:17 @16+20"},
    {TEXT(R "mailto: a@b.example"), X, "", "tlsrpt-rua-invalid uri-space 1:24 @23+1"},
    {TEXT(R " mailto:a@b.example"), X, "", "tlsrpt-rua-invalid uri-space 1:17 @16+1"},
    {TEXT(R "mailto:a@b.example mailto:c@b.example"), X, "",
     "tlsrpt-rua-invalid uri-space 1:35 @34+1"},
    {TEXT(R "mailto:a"), X, "", "tlsrpt-rua-invalid uri-malformed 1:17 @16+8"},
    {TEXT(R "mailto:@b.example"), X, "", "tlsrpt-rua-invalid uri-malformed 1:17 @16+17"},
    {TEXT(R "mailto://a@b.example"), X, "", "tlsrpt-rua-invalid uri-malformed 1:17 @16+20"},
    {TEXT(R "mailto:a%2@b.example"), X, "", "tlsrpt-rua-invalid uri-malformed 1:25 @24+1"},
    {TEXT(R "https:b.example"), X, "", "tlsrpt-rua-invalid uri-malformed 1:17 @16+15"},
    {TEXT(R "https:///x"), X, "", "tlsrpt-rua-invalid uri-malformed 1:17 @16+10"},
    {TEXT(R "a@b.example,mailto:c@b.example"), U, "mailto:c@b.example",
     "tlsrpt-rua-invalid uri-no-scheme 1:17 @16+11"},
};

static char *rua_text(const struct sts_tlsrpt_record *record)
{
    size_t count;
    const char *const *rua = sts_tlsrpt_record_rua(record, &count);
    char *text = talloc_strdup(NULL, "");

    for (size_t i = 0; i < count; i++)
        text = talloc_asprintf_append(text, "%s%s", i ? " " : "", rua[i]);
    return text;
}

static void check(const struct tlsrpt_case *c)
{
    struct sts_tlsrpt_record *record;
    size_t count;
    const struct sts_issue *issues;
    char *text, *rua;
    bool valid, usable;

    assert_int_equal(sts_tlsrpt_record_parse(c->text, c->length, &record), STS_OK);
    issues = sts_tlsrpt_record_issues(record, &count);
    issues_inside(issues, count, c->length);
    text = issues_text(issues, count);
    valid = sts_tlsrpt_record_valid(record);
    usable = sts_tlsrpt_record_usable(record);
    if (strcmp(text, c->issues) || valid != (c->verdict == V) || usable != (c->verdict >= U))
        fail_msg("%s\n  have %s\n  want %s\n  valid %d usable %d", c->text, text, c->issues, valid,
                 usable);
    rua = rua_text(record);
    assert_string_equal(rua, c->rua);
    talloc_free(rua);
    talloc_free(text);
    sts_tlsrpt_record_free(record);
}

static void test_parse(void **state)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check(&cases[i]);
}

static void test_limits(void **state)
{
    static char text[STS_RECORD_MAX + 1];
    struct sts_tlsrpt_record *record = NULL;
    size_t count;

    memset(text, ',', sizeof(text));
    memcpy(text, R, strlen(R));
    assert_int_equal(sts_tlsrpt_record_parse(text, sizeof(text), &record), STS_E_LIMIT);
    assert_null(record);
    assert_int_equal(sts_tlsrpt_record_parse(text, STS_RECORD_MAX, &record), STS_OK);
    sts_tlsrpt_record_issues(record, &count);
    assert_true(count > 0 && count <= 1024);
    assert_false(sts_tlsrpt_record_usable(record));
    sts_tlsrpt_record_free(record);
    sts_tlsrpt_record_free(NULL);
}

static void test_select(void **state)
{
    static const struct sts_text spf = {TEXT("v=spf1 -all")}, one = {TEXT(R "mailto:a@b.example")},
                                 spaced = {TEXT("v=TLSRPTv1 ; rua=mailto:a@b.example")};
    const struct sts_text one_of_two[] = {spf, one}, blank[] = {spaced, spf}, two[] = {one, one};
    size_t index = 9;

    assert_int_equal(sts_tlsrpt_record_select(NULL, 0, &index), STS_SELECTION_NONE);
    assert_int_equal(sts_tlsrpt_record_select(two, 2, &index), STS_SELECTION_MULTIPLE);
    assert_int_equal(index, 9);
    assert_int_equal(sts_tlsrpt_record_select(blank, 2, &index), STS_SELECTION_ONE);
    assert_int_equal(index, 0);
    assert_int_equal(sts_tlsrpt_record_select(one_of_two, 2, &index), STS_SELECTION_ONE);
    assert_int_equal(index, 1);
}

static void test_meant(void **state)
{
    static const char *const meant[] = {
        R "mailto:a@b.example",
        "v=TLSRPT1; rua=mailto:a@b.example",
        "V=tlsrptv1;rua=x",
        "v = TLSRPTv1; rua=mailto:a@b.example",
        "rua=mailto:a@b.example; v=TLSRPTv1",
        "\"v=TLSRPTv1; rua=mailto:a@b.example\"",
        "TLSRPTv1; rua=mailto:a@b.example",
        "v=TLS-RPTv1; rua=mailto:a@b.example",
        "v=TLSRPTv1 rua=mailto:a@b.example",
    };
    static const char *const others[] = {
        "",
        "v=spf1 -all",
        "v=DMARC1; p=none; rua=mailto:tlsrptv1@b.example",
        "v=STSv1; id=1",
        "v=DKIM1; p=",
        "rua=mailto:a@b.example",
        "google-site-verification=tlsrpt",
    };

    for (size_t i = 0; i < sizeof(meant) / sizeof(meant[0]); i++)
        if (!sts_looks_like_tlsrpt_record(meant[i], strlen(meant[i])))
            fail_msg("not recognised: %s", meant[i]);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (sts_looks_like_tlsrpt_record(others[i], strlen(others[i])))
            fail_msg("taken for ours: %s", others[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_select),
        cmocka_unit_test(test_meant),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
