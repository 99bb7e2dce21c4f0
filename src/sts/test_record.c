/* SPDX-License-Identifier: MIT */
/* test_record.c - records of RFC 8461: every issue, its place, and both verdicts. */
#include "sts/test_issues.h"

#include <string.h>

#include "mtasts/record.h"

#define TEXT(literal) literal, sizeof(literal) - 1
#define ID32          "abcdefghijklmnopqrstuvwxyz012345"
#define V             STS_VALID
#define U             STS_USABLE
#define X             STS_REFUSED

enum verdict { STS_REFUSED, STS_USABLE, STS_VALID };

struct record_case {
    const char *text;
    size_t length;
    enum verdict verdict;
    const char *id, *issues;
};

static const struct record_case cases[] = {
    {TEXT("v=STSv1; id=20261123T150000;"), V, "20261123T150000", ""},
    {TEXT("v=STSv1;id=1"), V, "1", ""},
    {TEXT("v=STSv1; id=" ID32), V, ID32, ""},
    {TEXT("v=STSv1 \t;\t id=1 ; "), V, "1", "sts-record-version-spacing white-space 1:8 @7+2"},
    {TEXT("v=STSv1; ext=a,b:c; id=1"), V, "1", ""},
    {TEXT("v=STSv1; id=1; id=1"), V, "1", "sts-record-duplicate-field none 1:16 @15+4"},
    {TEXT("v=STSv1; id=1; id=2;"), V, "1", "sts-record-duplicate-field different 1:16 @15+4"},
    {TEXT("v=STSv1; id=1; a=1; a=2;"), V, "1", "sts-record-duplicate-field different 1:21 @20+3"},
    {TEXT("v=STSv1; id=1 "), U, "1", "sts-record-trailing-space white-space 1:14 @13+1"},
    {TEXT("v=STSv1; id=1\t \t"), U, "1", "sts-record-trailing-space white-space 1:14 @13+3"},
    {TEXT("v=STSv1; id=1; "), V, "1", ""},
    /* the version */
    {TEXT("v=STS1; id=1"), X, "1", "sts-record-version-invalid version-typo 1:1 @0+6"},
    {TEXT("v=stsv1; id=1"), X, "1", "sts-record-version-invalid version-typo 1:1 @0+7"},
    {TEXT("V=STSv1; id=1"), X, "1", "sts-record-version-invalid version-typo 1:1 @0+7"},
    {TEXT("v=STSv10; id=1"), X, "1", "sts-record-version-invalid version-typo 1:1 @0+8"},
    {TEXT("v=STSv2; id=1"), X, "1", "sts-record-version-invalid version-typo 1:1 @0+7"},
    {TEXT("v=STSv1.0; id=1"), X, "1", "sts-record-version-invalid version-typo 1:1 @0+9"},
    {TEXT("STSv1; id=1"), X, "1", "sts-record-version-invalid version-typo 1:1 @0+5"},
    {TEXT("v = STSv1; id=1"), X, "1", "sts-record-version-invalid version-spaced 1:1 @0+9"},
    {TEXT("v= STSv1; id=1"), X, "1", "sts-record-version-invalid version-spaced 1:1 @0+8"},
    {TEXT(" v=STSv1; id=1"), X, "1", "sts-record-version-invalid white-space 1:1 @0+1"},
    {TEXT(" v=STSv1 ; id=1"), X, "1",
     "sts-record-version-spacing white-space 1:9 @8+1; "
     "sts-record-version-invalid white-space 1:1 @0+1"},
    {TEXT("\tv=STSv1;id=1"), X, "1", "sts-record-version-invalid white-space 1:1 @0+1"},
    {TEXT("id=1; v=STSv1;"), X, "1", "sts-record-version-invalid version-not-first 1:7 @6+7"},
    {TEXT("id=1; V=stsv1"), X, "1", "sts-record-version-invalid version-not-first 1:7 @6+7"},
    {TEXT("v=STSv1 id=1"), X, "1", "sts-record-version-invalid version-no-delimiter 1:8 @7+0"},
    {TEXT("v=STSv1, id=1;"), X, "1", "sts-record-version-invalid version-no-delimiter 1:8 @7+0"},
    {TEXT("v=STSv1id=1"), X, "1", "sts-record-version-invalid version-no-delimiter 1:8 @7+0"},
    {TEXT("v=STSv1"), X, NULL,
     "sts-record-version-invalid version-no-delimiter 1:8 @7+0; "
     "sts-record-id-missing none 1:8 @7+0"},
    {TEXT("v=spf1 include:example.net -all"), X, NULL,
     "sts-record-version-invalid version-typo 1:1 @0+6"},
    {TEXT("some words"), X, NULL, "sts-record-version-invalid version-typo 1:1 @0+10"},
    {TEXT(""), X, NULL, "sts-record-version-invalid version-typo 1:1 @0+0"},
    /* the id */
    {TEXT("v=STSv1;"), X, NULL, "sts-record-id-missing none 1:9 @8+0"},
    {TEXT("v=STSv1; ID=1"), X, NULL, "sts-record-id-missing letter-case 1:10 @9+2"},
    {TEXT("v=STSv1; ext=1"), X, NULL, "sts-record-id-missing none 1:15 @14+0"},
    {TEXT("v=STSv1; id="), X, NULL, "sts-record-id-invalid empty-value 1:13 @12+0"},
    {TEXT("v=STSv1; id=2026-11-23"), X, NULL, "sts-record-id-invalid bad-character 1:17 @16+1"},
    {TEXT("v=STSv1; id=1=2"), X, NULL, "sts-record-id-invalid bad-character 1:14 @13+1"},
    {TEXT("v=STSv1; id=m\xc3\xbc"), X, NULL, "sts-record-id-invalid bad-character 1:14 @13+2"},
    {TEXT("v=STSv1; id=a\0b"), X, NULL, "sts-record-id-invalid bad-character 1:14 @13+1"},
    {TEXT("v=STSv1; id=1\n"), X, NULL, "sts-record-id-invalid bad-character 1:14 @13+1"},
    {TEXT("v=STSv1; id=2026 11"), X, NULL, "sts-record-id-invalid white-space 1:17 @16+1"},
    {TEXT("v=STSv1; id= 1"), X, NULL, "sts-record-id-invalid white-space 1:13 @12+1"},
    {TEXT("v=STSv1; id=" ID32 "6;"), X, NULL, "sts-record-id-invalid too-long 1:13 @12+33"},
    {TEXT("v=STSv1; id=bad-; id=1"), X, NULL,
     "sts-record-id-invalid bad-character 1:16 @15+1; "
     "sts-record-duplicate-field different 1:19 @18+4"},
    /* other breaches of the grammar */
    {TEXT("v=STSv1; id =1"), X, NULL, "sts-record-syntax-invalid white-space 1:12 @11+1"},
    {TEXT("v=STSv1;; id=1"), X, "1", "sts-record-syntax-invalid empty-field 1:9 @8+1"},
    {TEXT("v=STSv1; id=1;;"), X, "1", "sts-record-syntax-invalid empty-field 1:15 @14+1"},
    {TEXT("v=STSv1; id=1; enforce"), X, "1", "sts-record-syntax-invalid no-equals 1:16 @15+7"},
    {TEXT("v=STSv1; id:1"), X, NULL, "sts-record-syntax-invalid no-equals 1:10 @9+4"},
    {TEXT("v=STSv1; 20261101"), X, NULL, "sts-record-syntax-invalid no-equals 1:10 @9+8"},
    {TEXT("v=STSv1; enforce"), X, NULL,
     "sts-record-syntax-invalid no-equals 1:10 @9+7; sts-record-id-missing none 1:17 @16+0"},
    {TEXT("v=STSv1;\xc2\xa0id=1"), X, NULL, "sts-record-syntax-invalid hidden-character 1:9 @8+2"},
    {TEXT("v = STSv1; id = 1"), X, NULL, "sts-record-version-invalid version-spaced 1:1 @0+9"},
    {TEXT("v=STSv1; id=1; _x=1"), X, "1", "sts-record-syntax-invalid bad-name 1:16 @15+1"},
    {TEXT("v=STSv1; id=1; a b=1"), X, "1", "sts-record-syntax-invalid bad-name 1:17 @16+1"},
    {TEXT("v=STSv1; id=1; =1"), X, "1", "sts-record-syntax-invalid bad-name 1:16 @15+0"},
    {TEXT("v=STSv1; id=1; " ID32 "6=1"), X, "1", "sts-record-syntax-invalid too-long 1:16 @15+33"},
    {TEXT("v=STSv1; id=1; x="), X, "1", "sts-record-syntax-invalid empty-value 1:18 @17+0"},
    {TEXT("v=STSv1; id=1; x=a=b"), X, "1", "sts-record-syntax-invalid bad-value 1:19 @18+1"},
    {TEXT("v=STSv1; id=1; x=a b"), X, "1", "sts-record-syntax-invalid white-space 1:19 @18+1"},
    {TEXT("v=STSv1; id=1; x=\xff"), X, "1", "sts-record-syntax-invalid bad-value 1:18 @17+1"},
    /* what panels and people do */
    {TEXT("\"v=STSv1; id=1;\""), X, "1", "sts-record-quoted quoted 1:1 @0+1"},
    {TEXT("'v=STSv1; id=1;'"), X, "1", "sts-record-quoted quoted 1:1 @0+1"},
    {TEXT("\xe2\x80\x9cv=STSv1; id=1\xe2\x80\x9d"), X, "1", "sts-record-quoted quoted 1:1 @0+3"},
    {TEXT("v=STSv1; id=1; x='a'"), V, "1", ""},
    /* an extension's value has room for all but blank, ';' and '=' */
    {TEXT("v=STSv1; id=1; x=\"a\""), V, "1", ""},
    {TEXT("v=STSv1; id=1; x=a\\b; y='\"\\"), V, "1", ""},
    {TEXT("v=STSv1 ; x=\"; id=1"), V, "1", "sts-record-version-spacing white-space 1:8 @7+1"},
    {TEXT("v=STSv1; id=1; x=\"a\"; id2=\"\xe2\x80\x9d"), X, "1",
     "sts-record-quoted quoted 1:28 @27+3"},
    {TEXT("v=STSv1; id=1; x=\"a\"; id=\"1\""), X, "1",
     "sts-record-quoted quoted 1:26 @25+1; sts-record-duplicate-field none 1:23 @22+5"},
    {TEXT("v=STSv1; id=1; \"x=1"), X, "1", "sts-record-quoted quoted 1:16 @15+1"},
    {TEXT("\"v=STSv1; id=1; x=a\""), X, "1", "sts-record-quoted quoted 1:1 @0+1"},
    {TEXT("v=STSv1\\; id=1\\;"), X, "1", "sts-record-quoted quoted 1:8 @7+1"},
    {TEXT("\"v=STSv1; \" \"id=1\""), X, "1", "sts-record-quoted quoted 1:1 @0+1"},
    {TEXT("v=STSv1; id=\"1\";"), X, NULL, "sts-record-quoted quoted 1:13 @12+1"},
    {TEXT("\"v=STSv1; id=a-b\""), X, NULL,
     "sts-record-quoted quoted 1:1 @0+1; sts-record-id-invalid bad-character 1:15 @14+1"},
    {TEXT("v=STSv1; id=1; mode: enforce; mx: a.example"), X, "1",
     "sts-record-policy-pasted none 1:16 @15+5"},
    {TEXT("v=STSv1; mode: enforce; max_age: 86400"), X, NULL,
     "sts-record-policy-pasted none 1:10 @9+5; sts-record-id-missing none 1:39 @38+0"},
    {TEXT("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 86400\n"), X, NULL,
     "sts-record-policy-pasted none 1:1 @0+8"},
    {TEXT("v=STSv1; id=1; x=mode:1"), V, "1", ""},
    {TEXT("v=STSv1; id=1; mode=enforce"), V, "1", ""},
};

static void check(const struct record_case *c)
{
    struct sts_record *record;
    size_t count;
    const struct sts_issue *issues;
    char *copy = talloc_memdup(NULL, c->length ? c->text : "", c->length ? c->length : 1), *text;
    bool valid, usable;

    assert_int_equal(sts_record_parse(copy, c->length, &record), STS_OK);
    talloc_free(copy); /* nothing is borrowed */
    issues = sts_record_issues(record, &count);
    issues_inside(issues, count, c->length);
    text = issues_text(issues, count);
    valid = sts_record_valid(record);
    usable = sts_record_usable(record);
    if (strcmp(text, c->issues) || valid != (c->verdict == V) || usable != (c->verdict >= U))
        fail_msg("%s\n  have %s\n  want %s\n  valid %d usable %d", c->text, text, c->issues, valid,
                 usable);
    if (c->id)
        assert_string_equal(sts_record_id(record), c->id);
    else
        assert_null(sts_record_id(record));
    talloc_free(text);
    sts_record_free(record);
}

static void test_parse(void **state)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check(&cases[i]);
}

static void test_limits(void **state)
{
    static char text[STS_RECORD_MAX + 1];
    struct sts_record *record = NULL;
    size_t count;

    memset(text, ';', sizeof(text));
    memcpy(text, "v=STSv1; id=1", 13);
    assert_int_equal(sts_record_parse(text, sizeof(text), &record), STS_E_LIMIT);
    assert_null(record);
    assert_int_equal(sts_record_parse(text, STS_RECORD_MAX, &record), STS_OK);
    sts_record_issues(record, &count);
    assert_int_equal(count, 1024);
    assert_false(sts_record_valid(record));
    sts_record_free(record);
    sts_record_free(NULL);
}

static void test_select(void **state)
{
    static const struct sts_text spf = {TEXT("v=spf1 -all")}, one = {TEXT("v=STSv1; id=1")},
                                 spaced = {TEXT("v=STSv1 ; id=2")}, bad = {TEXT("v=STSv1;")},
                                 typo = {TEXT("v=stsv1; id=1")}, none = {NULL, 0},
                                 late = {TEXT(" v=STSv1; id=1")}, ten = {TEXT("v=STSv10; id=1")};
    const struct {
        struct sts_text texts[3];
        size_t count;
        enum sts_selection selection;
        size_t index;
    } lists[] = {
        {{{0}}, 0, STS_SELECTION_NONE, 9},
        {{spf, typo, none}, 3, STS_SELECTION_NONE, 9},
        {{late, ten}, 2, STS_SELECTION_NONE, 9},
        {{spf, one, typo}, 3, STS_SELECTION_ONE, 1},
        {{spaced}, 1, STS_SELECTION_ONE, 0},
        {{spf, bad}, 2, STS_SELECTION_ONE, 1},
        {{one, spf, one}, 3, STS_SELECTION_MULTIPLE, 9},
        {{one, bad}, 2, STS_SELECTION_MULTIPLE, 9},
        {{spaced, one}, 2, STS_SELECTION_MULTIPLE, 9},
    };

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        size_t index = 9;

        assert_int_equal(sts_record_select(lists[i].texts, lists[i].count, &index),
                         lists[i].selection);
        assert_int_equal(index, lists[i].index);
    }
}

static void test_meant(void **state)
{
    static const char *const meant[] = {
        "v=STSv1; id=1",
        "v=STS1; id=1",
        "v=stsv1; id=1",
        "V=STSv1; id=1",
        "v=STSv10;",
        "v = STSv1; id=1",
        "id=1; v=STSv1",
        "v=STSv1 id=1",
        "\"v=STSv1; id=1;\"",
        "STSv1; id=1",
        "v=STSv1\\; id=1",
        "  v=STSv1; id=1",
        "v:STSv1; id:1",
        "version: STSv1 mode: enforce",
        "mode: enforce\nmx: a.example\nmax_age: 1",
        "v=MTA-STSv1; id=1",
        "vSTSv1; id=1",
    };
    static const char *const others[] = {
        "",
        "v=spf1 include:_spf.example.com -all",
        "v=DKIM1; k=rsa; p=MIGf",
        "v=DMARC1; p=none; rua=mailto:sts@example.com",
        "google-site-verification=v_STSv1x",
        "v=TLSRPTv1; rua=mailto:stsv1@example.com",
        "MS=ms12345678",
        "v=BIMI1; l=https://a/b",
        "k=rsa; p=MIGf",
        "id=1",
        "apple-domain-verification=abc",
        "hello world",
        "v=spf1 ~all v=STSv1",
    };

    for (size_t i = 0; i < sizeof(meant) / sizeof(meant[0]); i++)
        if (!sts_looks_like_record(meant[i], strlen(meant[i])))
            fail_msg("not recognised: %s", meant[i]);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (sts_looks_like_record(others[i], strlen(others[i])))
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
