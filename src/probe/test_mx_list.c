/* SPDX-License-Identifier: MIT */
/* test_mx_list.c - which hosts an MX answer names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "net/limits.h"
#include "probe/mx_list.h"

struct mx_case {
    int outcome;
    const char *records; /* "10 a.example,20 b.example" */
    const char *hosts;   /* "a.example b.example" */
};

static void read_records(struct dns_answer *answer, const char *text)
{
    answer->records = talloc_zero_array(answer, struct dns_record, 64);
    for (const char *at = text; *at; at += *at == ',') {
        struct dns_record *record = &answer->records[answer->record_count++];
        int preference, length;

        assert_int_equal(sscanf(at, "%d %n", &preference, &length), 1);
        at += length;
        record->preference = preference;
        record->host = talloc_strndup(answer->records, at, strcspn(at, ","));
        at += strcspn(at, ",");
    }
}

static struct facts *list(TALLOC_CTX *ctx, const struct mx_case *one)
{
    struct facts *facts = talloc_zero(ctx, struct facts);

    facts->domain = "own.example";
    facts->mx_answer = talloc_zero(facts, struct dns_answer);
    facts->mx_answer->outcome = one->outcome;
    read_records(facts->mx_answer, one->records);
    assert_int_equal(mx_list(facts), STS_OK);
    return facts;
}

static void hosts_come_by_preference_and_once(void **state)
{
    static const struct mx_case rows[] = {
        {DNS_OUTCOME_FOUND, "20 b.example,10 a.example", "a.example b.example"},
        {DNS_OUTCOME_FOUND, "10 b.example,10 a.example", "a.example b.example"},
        {DNS_OUTCOME_FOUND, "10 a.example,20 a.example,5 c.example", "c.example a.example"},
        {DNS_OUTCOME_FOUND, "0 .", ""}, /* RFC 7505 */
        {DNS_OUTCOME_FOUND, "0 .,10 a.example", "a.example"},
        {DNS_OUTCOME_NODATA, "", "own.example"}, /* RFC 5321 section 5.1 */
        {DNS_OUTCOME_NXDOMAIN, "", ""},
        {DNS_OUTCOME_FAILED, "", ""},
        {DNS_OUTCOME_TIMEOUT, "", ""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct facts *facts = list(ctx, &rows[i]);
        char *hosts = talloc_strdup(ctx, "");

        for (size_t j = 0; j < facts->mx_count; j++)
            hosts = talloc_asprintf_append(hosts, "%s%s", j ? " " : "", facts->mx[j].name);
        if (strcmp(hosts, rows[i].hosts) != 0)
            fail_msg("%s: %s", rows[i].records, hosts);
        assert_false(facts->mx_omitted);
        talloc_free(ctx);
    }
}

static void an_address_is_no_host(void **state)
{
    struct facts *facts = list(
        NULL, &(struct mx_case){DNS_OUTCOME_FOUND, "1 192.0.2.1,2 2001:db8::1,3 a.example", ""});

    assert_true(facts->mx[0].is_address);
    assert_true(facts->mx[1].is_address);
    assert_false(facts->mx[2].is_address);
    assert_int_equal(facts->mx[2].preference, 3);
    assert_true(mx_is_listed(facts, "a.example"));
    assert_false(mx_is_listed(facts, "own.example"));
    talloc_free(facts);
}

static void there_is_a_ceiling(void **state)
{
    char *records = talloc_strdup(NULL, "1 host-0.example");
    struct facts *facts;

    for (int i = 1; i < LIMIT_MX_HOSTS; i++)
        records = talloc_asprintf_append(records, ",1 host-%d.example", i);
    facts = list(records, &(struct mx_case){DNS_OUTCOME_FOUND, records, ""});
    assert_int_equal(facts->mx_count, LIMIT_MX_HOSTS);
    assert_false(facts->mx_omitted);
    records = talloc_asprintf_append(records, ",1 host-0.example,0 last.example");
    facts = list(records, &(struct mx_case){DNS_OUTCOME_FOUND, records, ""});
    assert_int_equal(facts->mx_count, LIMIT_MX_HOSTS);
    assert_true(facts->mx_omitted);
    assert_false(mx_is_listed(facts, "last.example"));
    talloc_free(records);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_come_by_preference_and_once),
        cmocka_unit_test(an_address_is_no_host),
        cmocka_unit_test(there_is_a_ceiling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
