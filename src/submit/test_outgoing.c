/* SPDX-License-Identifier: MIT */
/* test_outgoing.c - reports out of counted sessions: what is in them, their ids, their size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "submit/limits.h"
#include "submit/outgoing.h"
#include "submit/words.h"

#define DAY 20787 /* 2026-11-30 */

static const struct submit_sender sender = {.organization = "Sender Example",
                                            .contact = "tls@sender.example",
                                            .domain = "sender.example",
                                            .from = "tls@sender.example",
                                            .language = I18N_ENGLISH};
static const char *const lines[] = {"version: STSv1", "mode: enforce", "mx: mx1.a.example",
                                    "max_age: 86400"};
static const char *const mx[] = {"mx1.a.example"};
static const struct sts_report_detail expired = {.result_type = "certificate-expired",
                                                 .sending_ip = "192.0.2.7",
                                                 .mx = "mx1.a.example",
                                                 .receiving_ip = "192.0.2.1",
                                                 .sessions = 3};
#define STS                                                                                        \
    {                                                                                              \
        "sts", "a.example", lines, 4, mx, 1                                                        \
    }
#define FOUND                                                                                      \
    {                                                                                              \
        "no-policy-found", "a.example", NULL, 0, NULL, 0                                           \
    }

static struct outgoing_report *build(TALLOC_CTX *ctx, const struct outgoing_policy *policies,
                                     size_t count, size_t packed_max)
{
    const struct outgoing_day day = {DAY, "a.example", "v=TLSRPTv1; rua=mailto:t@a.example",
                                     policies, count};
    struct outgoing_report *report;

    assert_int_equal(outgoing_build(ctx, &sender, &day, packed_max, &report), STS_OK);
    return report;
}

static void a_day_becomes_a_report(void **state)
{
    const struct outgoing_policy policies[] = {{STS, 5, 3, &expired, 1}, {FOUND, 2, 0, NULL, 0}};
    TALLOC_CTX *ctx = talloc_new(NULL);
    const struct outgoing_report *report = build(ctx, policies, 2, LIMIT_PACKED);
    char *text;

    (void)state;
    assert_int_equal(report->successful, 7);
    assert_int_equal(report->failed, 3);
    assert_string_equal(sts_report_organization(report->read), "Sender Example");
    assert_non_null(strstr(report->json, "\"2026-11-30T23:59:59Z\""));
    assert_memory_equal(report->packed.data, "\x1f\x8b", 2);
    assert_non_null(strstr(report->labels.file_name, "sender.example!a.example!1795996800!"));
    assert_int_equal(words_of_report(ctx, &sender, report, report->end, &text), STS_OK);
    assert_non_null(strstr(text, "Sessions: 7 succeeded, 3 failed."));
    assert_non_null(strstr(text, "Reload the mail server"));
    assert_non_null(strstr(text, "tls@sender.example"));
    assert_null(strstr(text, "Only one sender"));
    talloc_free(ctx);
}

static void a_good_day_needs_few_words(void **state)
{
    const struct outgoing_policy policy = {STS, 5, 0, NULL, 0};
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *text;

    (void)state;
    assert_int_equal(
        words_of_report(ctx, &sender, build(ctx, &policy, 1, LIMIT_PACKED), 1795996800, &text),
        STS_OK);
    assert_non_null(strstr(text, "Nothing needs to be done."));
    assert_null(strstr(text, "What failed"));
    talloc_free(ctx);
}

/* The same where the policies come in another order or with other counts; another with another
 * record, policy, domain or day. */
static void the_id_is_that_of_the_policies(void **state)
{
    const struct outgoing_policy policies[] = {{STS, 5, 0, NULL, 0}, {FOUND, 2, 0, NULL, 0}};
    const struct outgoing_policy turned[] = {{FOUND, 9, 0, NULL, 0}, {STS, 1, 0, NULL, 0}};
    const struct outgoing_day days[] = {{DAY, "a.example", "r", policies, 2},
                                        {DAY, "a.example", "r", turned, 2},
                                        {DAY, "a.example", "r", policies, 1},
                                        {DAY, "a.example", "s", policies, 2}};
    char ids[4][OUTGOING_UNIQUE_SIZE];

    (void)state;
    for (size_t i = 0; i < 4; i++)
        outgoing_unique(&days[i], ids[i]);
    assert_string_equal(ids[0], ids[1]);
    assert_string_not_equal(ids[0], ids[2]);
    assert_string_not_equal(ids[0], ids[3]);
    assert_int_equal(strlen(ids[0]), OUTGOING_UNIQUE_SIZE - 1);
}

/* Whatever was counted can be told, and no session is lost. */
static void what_no_report_can_say_is_told_otherwise(void **state)
{
    static const struct sts_report_detail odd[] = {
        {.result_type = "", .reason = "new", .sessions = 1},
        {.result_type = "something-new", .sessions = 2},
        {.result_type = "tlsa-invalid", .sessions = 4}, /* under sts */
        {.result_type = "certificate-expired", .sessions = 0},
    };
    const struct outgoing_policy policy = {STS, 0, 10, odd, 4};
    TALLOC_CTX *ctx = talloc_new(NULL);
    const struct outgoing_report *report = build(ctx, &policy, 1, LIMIT_PACKED);
    const struct sts_report_policy *read;
    int64_t sum = 0;
    size_t count;

    (void)state;
    read = sts_report_policies(report->read, &count);
    assert_int_equal(count, 1);
    for (size_t i = 0; i < read->detail_count; i++) {
        assert_string_equal(read->details[i].result_type, "validation-failure");
        sum += read->details[i].sessions;
    }
    assert_int_equal(sum, 10);
    assert_non_null(strstr(report->json, "\"something-new\""));
    assert_non_null(strstr(report->json, "no details were recorded"));
    talloc_free(ctx);
}

static void an_odd_policy_is_no_policy(void **state)
{
    static const char *const names[] = {"", "[192.0.2.1]", "no name"};
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const struct outgoing_policy policy = {
            {"other", names[i], NULL, 0, NULL, 0}, 1, 0, NULL, 0};
        size_t count;
        const struct sts_report_policy *read =
            sts_report_policies(build(ctx, &policy, 1, LIMIT_PACKED)->read, &count);

        assert_string_equal(read->type, "no-policy-found");
        assert_string_equal(read->domain, "a.example");
    }
    talloc_free(ctx);
}

/* A domain whose mail somebody else takes, with DANE; questions about the reports go elsewhere. */
static void who_differs_is_no_fault(void **state)
{
    static const char *const tlsa[] = {
        "3 1 1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    struct submit_sender other = sender;
    const struct outgoing_policy policy = {
        {"tlsa", "mx.provider.example", tlsa, 1, NULL, 0}, 4, 0, NULL, 0};
    const struct outgoing_day day = {DAY, "a.example", "r", &policy, 1};
    struct outgoing_report *report;

    (void)state;
    other.contact = "postmaster@elsewhere.example";
    assert_int_equal(outgoing_build(NULL, &other, &day, LIMIT_PACKED, &report), STS_OK);
    assert_string_equal(sts_report_contact(report->read), "postmaster@elsewhere.example");
    talloc_free(report);
}

/* Lines of a policy as they were served, with CR LF. */
static void line_ends_are_no_fault(void **state)
{
    static const char *const served[] = {"version: STSv1\r", "mode: enforce\r", " ", ""};
    const struct outgoing_policy policy = {
        {"sts", "A.Example.", served, 4, NULL, 0}, 4, 0, NULL, 0};
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    assert_int_equal(build(ctx, &policy, 1, LIMIT_PACKED)->successful, 4);
    talloc_free(ctx);
}

#define MANY 900

/* Texts that do not pack well, so that the ceiling is reached. */
static struct sts_report_detail *many(TALLOC_CTX *ctx)
{
    struct sts_report_detail *details = talloc_zero_array(ctx, struct sts_report_detail, MANY);
    uint64_t word = 1;

    for (size_t i = 0; i < MANY; i++) {
        char *text = talloc_strdup(details, "");

        for (int j = 0; j < 8; j++) {
            word = word * 6364136223846793005u + 1442695040888963407u;
            text = talloc_asprintf_append(text, "%016llx", (unsigned long long)word);
        }
        details[i] = (struct sts_report_detail){
            .result_type = "validation-failure", .reason = text, .sessions = (int64_t)i + 1};
    }
    return details;
}

static void what_is_too_large_loses_the_smallest(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const struct outgoing_policy policy = {STS, 0, MANY * (MANY + 1) / 2, many(ctx), MANY};
    const struct outgoing_report *whole = build(ctx, &policy, 1, LIMIT_PACKED);
    const struct outgoing_report *cut = build(ctx, &policy, 1, whole->packed.length / 3);
    const struct outgoing_day day = {DAY, "a.example", "r", &policy, 1};
    struct outgoing_report *none;
    char *text;

    (void)state;
    assert_int_equal(whole->details_left_out, 0);
    assert_true(cut->packed.length <= whole->packed.length / 3);
    assert_in_range(cut->details_left_out, MANY / 2, MANY - 1);
    assert_int_equal(cut->failed, whole->failed);
    assert_non_null(strstr(cut->json, "would have been too large"));
    assert_non_null(strstr(cut->json, policy.details[MANY - 1].reason));
    assert_null(strstr(cut->json, policy.details[0].reason));
    assert_string_equal(cut->labels.id, whole->labels.id);
    assert_int_equal(words_of_report(ctx, &sender, cut, cut->end, &text), STS_OK);
    assert_non_null(strstr(text, "does not contain all details"));
    assert_int_equal(outgoing_build(ctx, &sender, &day, 100, &none), STS_E_LIMIT);
    talloc_free(ctx);
}

static void nothing_is_no_report(void **state)
{
    const struct outgoing_policy policy = {STS, 1, 0, NULL, 0};
    const struct outgoing_day days[] = {{DAY, "a.example", "r", NULL, 0},
                                        {DAY, "no name", "r", &policy, 1}};
    struct outgoing_report *report;

    (void)state;
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(outgoing_build(NULL, &sender, &days[i], LIMIT_PACKED, &report),
                         STS_E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_becomes_a_report),
        cmocka_unit_test(a_good_day_needs_few_words),
        cmocka_unit_test(the_id_is_that_of_the_policies),
        cmocka_unit_test(what_no_report_can_say_is_told_otherwise),
        cmocka_unit_test(an_odd_policy_is_no_policy),
        cmocka_unit_test(who_differs_is_no_fault),
        cmocka_unit_test(line_ends_are_no_fault),
        cmocka_unit_test(what_is_too_large_loses_the_smallest),
        cmocka_unit_test(nothing_is_no_report),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
