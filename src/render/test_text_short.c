/* SPDX-License-Identifier: MIT */
/* test_text_short.c - the short text: what fits, what is left out and counted, what comes next. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "render/text.h"
#include "rules/test_facts.h"

static struct facts *facts;

static int fresh(void **state)
{
    (void)state;
    facts = healthy(NULL);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    talloc_free(facts);
    return 0;
}

static char *page_at(size_t width, size_t height)
{
    struct textout_options options = {
        .width = width, .height = height, .brief = true, .next = true};
    struct diagnosis *d;
    char *text;

    assert_int_equal(diagnose(facts, facts, NOW, &d), STS_OK);
    text = text_check(facts, d, &options);
    assert_non_null(text);
    return text;
}

static char *page_of(size_t height)
{
    return page_at(80, height);
}

static size_t times(const char *text, const char *words)
{
    size_t count = 0;

    for (const char *at = text; (at = strstr(at, words)); at += strlen(words))
        count++;
    return count;
}

static void expect(const char *text, const char *words, size_t count)
{
    if (times(text, words) != count)
        fail_msg("%zu times, not %zu: \"%s\" in:\n%s", times(text, words), count, words, text);
}

static void expire(struct smtp_session *of)
{
    leaf(of->tls)->not_after = NOW - 2 * DAY;
}

static void expired_hosts(size_t more)
{
    expire(session(facts));
    for (size_t i = 0; i < more; i++) {
        const char *name = talloc_asprintf(facts, "mx%zu.example.com", i + 2);

        expire(&add_mx(facts, name, talloc_asprintf(facts, "198.51.100.%zu", i + 2))->sessions[0]);
    }
    set_policy(facts, "version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 2592000\n");
}

/* One text for hosts with the same trouble. */
static void test_kinds(void **state)
{
    char *text;

    (void)state;
    expired_hosts(2);
    text = page_of(0);
    expect(text,
           "x critical: The MX host's certificate has expired (mx1.example.com,\n"
           "  mx2.example.com, mx3.example.com) [mx-cert-expired]\n",
           1);
    expect(text, "[mx-cert-expired]", 1);
    expect(text, "    openssl s_client", 1);
    expect(text, "First step: ", 1);
    expect(text, "(mx-cert-expired) and 2 more. ", 1);
}

static void test_many_of_a_kind(void **state)
{
    (void)state;
    expired_hosts(8);
    expect(page_at(0, 0), ", mx5.example.com and 4 more) [mx-cert-expired]\n", 1);
}

/* As many kinds as there are lines of rubbish. */
static void many_kinds(void)
{
    expire(session(facts));
    facts->sts_txt->ttl = 172800;
    facts->tlsrpt_txt = answer(facts, "_smtp._tls.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    set_policy(facts, "version: STSv1\n\nmode:  enforce\nmode: testing\nmx: mx1.example.com\n"
                      "mx: *.com\nmax_age: 3600\n=\n");
}

static void test_left_out(void **state)
{
    struct diagnosis *d;
    size_t shown, more;
    char *text, *at;

    (void)state;
    many_kinds();
    assert_int_equal(diagnose(facts, facts, NOW, &d), STS_OK);
    assert_true(d->finding_count > 5);
    for (size_t height = 12; height < 40; height++) {
        text = page_of(height);
        assert_true(textout_rows(text, 80) <= height);
        shown = times(text, "\nx ") + times(text, "\n! ") + times(text, "\n+ ");
        at = strstr(text, "... and ");
        more = at ? strtoul(at + strlen("... and "), NULL, 10) : 0;
        if (shown + more != d->finding_count)
            fail_msg("%zu and %zu of %zu in:\n%s", shown, more, d->finding_count, text);
        expect(text, ": mtasts check --full example.com\n", more > 0);
    }
}

/* The chain with what was seen where there is room, else its marks. */
static void test_chain(void **state)
{
    (void)state;
    expect(page_of(23), "  + certificate  valid until ", 1);
    expect(page_of(8), "  + DNS  + policy host  + policy  + certificate  + MX  ", 1);
}

/* ---- what comes next ------------------------------------------------------------------------- */

static void uncovered(struct facts *f)
{
    set_policy(f, "version: STSv1\nmode: enforce\nmx: other.example.com\nmax_age: 2592000\n");
}

static void uncovered_in_testing(struct facts *f)
{
    set_policy(f, "version: STSv1\nmode: testing\nmx: other.example.com\nmax_age: 2592000\n");
}

static void absent(struct facts *f)
{
    f->sts_txt = answer(f, "_mta-sts.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.a = answer(f, "mta-sts.example.com", DNS_A, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.fetch_count = 0;
}

static void absent_and_dead(struct facts *f)
{
    absent(f);
    f->mx[0].a = answer(f, "mx1.example.com", DNS_A, DNS_OUTCOME_NXDOMAIN);
    f->mx[0].session_count = 0;
}

static void nonexistent(struct facts *f)
{
    absent(f);
    f->domain_soa = answer(f, "example.com", DNS_SOA, DNS_OUTCOME_NXDOMAIN);
    f->tlsrpt_txt = answer(f, "_smtp._tls.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.aaaa = answer(f, "mta-sts.example.com", DNS_AAAA, DNS_OUTCOME_NXDOMAIN);
    f->mx_answer = answer(f, "example.com", DNS_MX, DNS_OUTCOME_NXDOMAIN);
    f->mx_count = 0;
}

static void null_mx(struct facts *f)
{
    f->mx_answer->records[0] = (struct dns_record){.host = "", .preference = 0};
    f->mx_count = 0;
}

static void unreported(struct facts *f)
{
    f->tlsrpt_txt = answer(f, "_smtp._tls.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
}

static void silent(struct facts *f)
{
    f->sts_txt = answer(f, "_mta-sts.example.com", DNS_TXT, DNS_OUTCOME_FAILED);
}

#define ROLLBACK "Take the policy back until this is fixed: mtasts rollback example.com\n"
#define GENERATE "Generate the files to publish: mtasts generate example.com\n"
#define PLAN     "Where the rollout is, and the next step: mtasts plan example.com\n"
#define EXPLAIN  "Meaning, causes and all steps: mtasts explain "

static const struct {
    const char *name;
    void (*change)(struct facts *f);
    const char *ends;
} nexts[] = {
    {"well", NULL, "\n\n" PLAN},
    {"refused", uncovered, "\n\n" ROLLBACK EXPLAIN "mx-none-covered\n"},
    {"refused if it counted", uncovered_in_testing, "\n\n" EXPLAIN "mx-none-covered\n"},
    {"nothing published", absent, "\n\n" GENERATE EXPLAIN "sts-record-missing\n"},
    {"nothing published, nobody to publish for", absent_and_dead,
     "\n\n" EXPLAIN "mx-host-missing\n"},
    {"no such domain", nonexistent, "\n\n" EXPLAIN "domain-nonexistent\n"},
    {"no mail", null_mx, "\n\n" EXPLAIN "mx-null\n"},
    {"unreported", unreported, "\n\n" EXPLAIN "tlsrpt-record-missing\n"},
    {"not judged", silent, "\n\n" EXPLAIN "sts-record-lookup-failed\n"},
};

static void test_next(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(nexts) / sizeof(nexts[0]); i++) {
        const char *text;

        talloc_free(facts);
        facts = healthy(NULL);
        if (nexts[i].change)
            nexts[i].change(facts);
        text = page_of(0);
        if (strlen(text) < strlen(nexts[i].ends) ||
            strcmp(text + strlen(text) - strlen(nexts[i].ends), nexts[i].ends) != 0)
            fail_msg("%s: not at the end: %s of:\n%s", nexts[i].name, nexts[i].ends, text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_kinds, fresh, gone),
        cmocka_unit_test_setup_teardown(test_many_of_a_kind, fresh, gone),
        cmocka_unit_test_setup_teardown(test_left_out, fresh, gone),
        cmocka_unit_test_setup_teardown(test_chain, fresh, gone),
        cmocka_unit_test_setup_teardown(test_next, fresh, gone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
