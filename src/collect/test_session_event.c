/* SPDX-License-Identifier: MIT */
/* test_session_event.c - datagrams as mail servers send them, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "collect/limits.h"
#include "collect/session_event.h"

#define HEAD "\"d\":\"example.com\",\"pr\":\"v=TLSRPTv1;rua=mailto:tls@example.com\","

static char *told(TALLOC_CTX *ctx, const struct session_event *event)
{
    char *text = talloc_asprintf(ctx, "%s|%s", event->domain, event->record);

    for (size_t i = 0; i < event->policy_count; i++) {
        const struct session_policy *policy = &event->policies[i];

        text = talloc_asprintf_append(text, "|%s %s [%s] [%s] %s", policy->type, policy->domain,
                                      policy->lines, policy->mx, policy->failed ? "bad" : "good");
        for (size_t j = 0; j < policy->failure_count; j++) {
            const struct session_failure *f = &policy->failures[j];

            text = talloc_asprintf_append(text, " {%s,%s,%s,%s,%s,%s,%s}", f->type, f->sending_ip,
                                          f->mx, f->helo, f->receiving_ip, f->reason, f->info);
        }
    }
    for (char *at = text; *at; at++)
        if (*at == '\n')
            *at = '/';
    return text;
}

#define RECORD "example.com|v=TLSRPTv1;rua=mailto:tls@example.com|"

/* As Postfix 3.10.13 and 3.11.7 sent them, with names changed; and nonsense. */
static const struct {
    const char *datagram, *expected;
} datagrams[] = {
    {"{\"dpv\": \"1\"," HEAD "\"policies\":[{\"policy-type\":2,\"policy-domain\":\"example.com\","
     "\"policy-string\":[\"version: STSv1\",\"mode: enforce\"],\"mx-host\":[\"*.example.com\"],"
     "\"t\":0,\"f\":0}]}",
     RECORD "sts example.com [version: STSv1/mode: enforce] [*.example.com] good"},
    {"{" HEAD "\"policies\":[{\"policy-type\":2,\"policy-domain\":\"example.com\",\"mx-host\":"
     "[\"MX.example.com\"],\"failure-details\":[{\"c\":202,\"s\":\"192.0.2.1\",\"n\":"
     "\"MX.example.com\",\"h\":\"mx.example.com ESMTP 12:01\\r\\nPIPELINING\",\"r\":"
     "\"198.51.100.1\"}],\"t\":1,\"f\":1}]}",
     RECORD "sts example.com [] [MX.example.com] bad {certificate-host-mismatch,192.0.2.1,"
            "mx.example.com,mx.example.com,198.51.100.1,,}"},
    {"{" HEAD "\"policies\":[{\"policy-type\":1,\"policy-domain\":\"mx.example.com\","
     "\"policy-string\":[\"3 1 1 AA\"],\"failure-details\":[{\"c\":205,\"f\":"
     "\"self-signed_certificate\",\"h\":\"250-mx.example.com\",\"s\":\"2001:DB8::1\",\"a\":"
     "\"https://example.com/\"}],\"t\":1,\"f\":1},{\"policy-type\":9,\"t\":0,\"f\":0}]}",
     RECORD "tlsa mx.example.com [3 1 1 AA] [] bad {validation-failure,2001:db8::1,,"
            "mx.example.com,,self-signed_certificate,https://example.com/}"
            "|no-policy-found  [] [] good"},
    /* texts that are none are left out, codes that nobody knows are failures */
    {"{" HEAD "\"policies\":[{\"policy-type\":9,\"policy-domain\":5,\"policy-string\":7,"
     "\"failure-details\":[{\"c\":999,\"s\":\"nowhere\",\"n\":[],\"f\":\"a\\nb\"},1],\"f\":1}]}",
     RECORD "no-policy-found  [] [] bad {validation-failure,,,,,a,}"},
    /* the record as it was published */
    {"{\"d\":\"B\xc3\x9c"
     "cher.example.\",\"pr\":\"v=TLSRPTv1 ; x=y; rua=https://example.com/\","
     "\"policies\":[{\"policy-type\":9,\"t\":0,\"f\":0}]}",
     "xn--bcher-kva.example|v=TLSRPTv1 ; x=y; rua=https://example.com/|no-policy-found  [] [] "
     "good"},
    {"", "not-json"},
    {"[]", "not-json"},
    {"\xff\xfe", "not-json"},
    {"{\"d\":\"example.com\"", "not-json"},
    {"{}", "no-domain"},
    {"{\"d\":5}", "no-domain"},
    {"{\"d\":\"a b\",\"pr\":\"v=TLSRPTv1\"}", "no-domain"},
    {"{\"d\":\"example.com\"}", "no-record"},
    {"{\"d\":\"example.com\",\"pr\":\"v=spf1\"}", "no-record"},
    {"{" HEAD "\"policies\":5}", "no-policy"},
    {"{" HEAD "\"policies\":[]}", "no-policy"},
    {"{" HEAD "\"policies\":[5]}", "no-policy"},
    {"{" HEAD "\"policies\":[{\"policy-type\":3,\"f\":0}]}", "no-policy"},
    {"{" HEAD "\"policies\":[{\"policy-type\":2}]}", "no-policy"},
};

static const char *read_text(TALLOC_CTX *ctx, const char *datagram)
{
    struct session_event event;
    enum session_event_fault fault = session_event_read(ctx, bytes_of(datagram), &event);

    return fault ? session_event_fault_name(fault) : told(ctx, &event);
}

static void datagrams_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(datagrams) / sizeof(datagrams[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);

        assert_string_equal(read_text(ctx, datagrams[i].datagram), datagrams[i].expected);
        talloc_free(ctx);
    }
}

static struct bytes key_of(TALLOC_CTX *ctx, const char *policy)
{
    struct session_event event;
    const char *datagram = talloc_asprintf(ctx, "{" HEAD "\"policies\":[{%s,\"f\":0}]}", policy);

    assert_int_equal(session_event_read(ctx, bytes_of(datagram), &event), SESSION_EVENT_NONE);
    return event.policies[0].key;
}

#define STS "\"policy-type\":2,\"policy-domain\":\"example.com\","

static bool is_same(const char *a, const char *b)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct bytes one = key_of(ctx, a), other = key_of(ctx, b);
    bool same = one.length == other.length && memcmp(one.data, other.data, one.length) == 0;

    talloc_free(ctx);
    return same;
}

static void a_policy_is_the_same_in_other_case_and_order(void **state)
{
    (void)state;
    assert_true(is_same(STS "\"policy-string\":[\"mx: a.example\",\"mx: B.example\\r\"]",
                        STS "\"policy-string\":[\"MX: b.example\",\"mx: A.example\"]"));
    assert_true(is_same(STS "\"mx-host\":[\"a\",\"b\"]", STS "\"mx-host\":[\"B\",\"A\"]"));
    assert_false(is_same(STS "\"mx-host\":[\"a\"]", STS "\"mx-host\":[\"b\"]"));
    assert_false(is_same(STS "\"mx-host\":[\"a\"]", STS "\"policy-string\":[\"a\"]"));
    assert_false(
        is_same(STS "\"mx-host\":[]", "\"policy-type\":2,\"policy-domain\":\"b.example\""));
    assert_false(
        is_same(STS "\"mx-host\":[]", "\"policy-type\":1,\"policy-domain\":\"example.com\""));
}

static char *repeated(TALLOC_CTX *ctx, const char *text, size_t count)
{
    char *all = talloc_strdup(ctx, text);

    for (size_t i = 1; i < count; i++)
        all = talloc_asprintf_append_buffer(all, ",%s", text);
    return all;
}

static void what_is_too_much_is_refused(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *const bodies[] = {
        repeated(ctx, "{\"policy-type\":9,\"f\":0}", LIMIT_EVENT_POLICIES + 1),
        talloc_asprintf(ctx, "{" STS "\"f\":1,\"failure-details\":[%s]}",
                        repeated(ctx, "{\"c\":202}", LIMIT_EVENT_DETAILS + 1)),
        talloc_asprintf(ctx, "{" STS "\"f\":1,\"mx-host\":[%s]}",
                        repeated(ctx, "\"a.example\"", LIMIT_EVENT_LINES + 1)),
        talloc_asprintf(ctx, "{" STS "\"f\":1,\"mx-host\":[%s]}",
                        repeated(ctx, "\"a-name-of-some-length.example\"", 3000)),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
        assert_string_equal(
            read_text(ctx, talloc_asprintf(ctx, "{" HEAD "\"policies\":[%s]}", bodies[i])),
            "too-much");
    talloc_free(ctx);
}

static void long_texts_are_cut_at_characters(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *reason = talloc_zero_size(ctx, 402);
    const char *datagram;
    struct session_event event;

    (void)state;
    for (size_t i = 0; i < 199; i++)
        reason[i] = 'x';
    memcpy(reason + 199, "\xc3\xa4\xc3\xa4", 4);
    datagram = talloc_asprintf(ctx,
                               "{" HEAD "\"policies\":[{\"policy-type\":9,\"f\":1,"
                               "\"failure-details\":[{\"c\":201,\"f\":\"%s\"}]}]}",
                               reason);
    assert_int_equal(session_event_read(ctx, bytes_of(datagram), &event), SESSION_EVENT_NONE);
    assert_int_equal(strlen(event.policies[0].failures[0].reason), 199);
    talloc_free(ctx);
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < 5; i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct session_event event;
        struct bytes written;

        assert_int_equal(session_event_read(ctx, bytes_of(datagrams[i].datagram), &event),
                         SESSION_EVENT_NONE);
        written.data = session_event_write(ctx, &event, &written.length);
        assert_non_null(written.data);
        assert_memory_equal(written.data, "{\"dpv\":\"1\",", 11);
        assert_int_equal(session_event_read(ctx, written, &event), SESSION_EVENT_NONE);
        assert_string_equal(told(ctx, &event), datagrams[i].expected);
        talloc_free(ctx);
    }
}

static void numbers_have_names(void **state)
{
    (void)state;
    assert_string_equal(session_policy_type(1), "tlsa");
    assert_null(session_policy_type(3));
    assert_int_equal(session_policy_number("no-policy-found"), 9);
    assert_int_equal(session_policy_number("dane"), 0);
    assert_string_equal(session_result_type(306), "dane-required");
    assert_null(session_result_type(901));
    assert_int_equal(session_result_number("sts-policy-invalid"), 302);
    assert_int_equal(session_result_number(""), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(datagrams_are_read),
        cmocka_unit_test(a_policy_is_the_same_in_other_case_and_order),
        cmocka_unit_test(what_is_too_much_is_refused),
        cmocka_unit_test(long_texts_are_cut_at_characters),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(numbers_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
