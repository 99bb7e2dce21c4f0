/* SPDX-License-Identifier: MIT */
/* test_event_line.c - events as scripts write them become datagrams that the collector reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collect/event_line.h"

/* The datagram, or what is wrong. */
static const struct {
    const char *line, *expected;
} lines[] = {
    {"{\"domain\":\"example.com\"}",
     "{\"dpv\":\"1\",\"d\":\"example.com\",\"pr\":\"v=TLSRPTv1\",\"policies\":[{\"policy-type\":9,"
     "\"policy-domain\":\"example.com\",\"t\":0,\"f\":0}]}"},
    {"{\"domain\":\"B\xc3\xbc"
     "cher.example\",\"result-type\":\"Success\",\"policy-type\":\"tlsa\","
     "\"policy-domain\":\"mx.example\",\"policy-string\":\"3 1 1 aa\"}",
     "{\"dpv\":\"1\",\"d\":\"xn--bcher-kva.example\",\"pr\":\"v=TLSRPTv1\",\"policies\":["
     "{\"policy-type\":1,\"policy-domain\":\"mx.example\",\"policy-string\":[\"3 1 1 aa\"],\"t\":0,"
     "\"f\":0}]}"},
    {"{\"domain\":\"example.com\",\"policy-type\":\"sts\",\"policy-string\":[\"version: STSv1\",7,"
     "\"mode: "
     "testing\"],\"mx-host\":[\"*.example.com\"],\"result-type\":\"starttls-not-supported\","
     "\"sending-mta-ip\":\"192.0.2.1\",\"receiving-mx-hostname\":\"mx.example.com\","
     "\"receiving-mx-helo\":\"mx\",\"receiving-ip\":\"198.51.100.1\",\"failure-reason-code\":\"r\","
     "\"additional-information\":\"https://example.com/\"}",
     "{\"dpv\":\"1\",\"d\":\"example.com\",\"pr\":\"v=TLSRPTv1\",\"policies\":[{\"policy-type\":2,"
     "\"policy-domain\":\"example.com\",\"policy-string\":[\"version: STSv1\",\"mode: testing\"],"
     "\"mx-host\":[\"*.example.com\"],\"failure-details\":[{\"c\":201,\"s\":\"192.0.2.1\",\"n\":"
     "\"mx.example.com\",\"h\":\"mx\",\"r\":\"198.51.100.1\",\"a\":\"https://example.com/\",\"f\":"
     "\"r\"}],\"t\":1,\"f\":1}]}"},
    {"", "not-json"},
    {"[]", "not-json"},
    {"{\"domain\":\"example.com\"", "not-json"},
    {"{}", "domain"},
    {"{\"domain\":5}", "domain"},
    {"{\"domain\":\"a b\"}", "domain"},
    {"{\"domain\":\"example.com\",\"policy-type\":\"dane\"}", "policy-type"},
    {"{\"domain\":\"example.com\",\"result-type\":\"expired\"}", "result-type"},
    {"{\"domain\":\"example.com\",\"result_type\":\"certificate-expired\"}", "unknown member"},
};

static const char *made(TALLOC_CTX *ctx, const char *text)
{
    struct event_line line;
    enum event_line_fault fault = event_line_read(ctx, bytes_of(text), &line);
    size_t length;
    char *datagram;
    struct session_event event;

    if (fault)
        return event_line_fault_name(fault);
    assert_null(line.event.record);
    line.event.record = "v=TLSRPTv1";
    datagram = session_event_write(ctx, &line.event, &length);
    assert_non_null(datagram);
    assert_int_equal(session_event_read(ctx, (struct bytes){datagram, length}, &event),
                     SESSION_EVENT_NONE);
    return talloc_strndup(ctx, datagram, length);
}

static void lines_become_datagrams(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);

        assert_string_equal(made(ctx, lines[i].line), lines[i].expected);
        talloc_free(ctx);
    }
}

static void what_is_unknown_is_named(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct event_line line;

    (void)state;
    assert_int_equal(
        event_line_read(ctx, bytes_of("{\"domain\":\"example.com\",\"a\\nb\":1}"), &line),
        EVENT_LINE_BAD_MEMBER);
    assert_string_equal(line.unknown, "a\\x0ab");
    assert_int_equal(event_line_read(ctx,
                                     bytes_of("{\"domain\":\"example.com\",\"tlsrpt-record\":"
                                              "\"v=TLSRPTv1;rua=mailto:a@b.example\"}"),
                                     &line),
                     EVENT_LINE_NONE);
    assert_string_equal(line.event.record, "v=TLSRPTv1;rua=mailto:a@b.example");
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_become_datagrams),
        cmocka_unit_test(what_is_unknown_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
