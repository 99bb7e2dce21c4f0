/* SPDX-License-Identifier: MIT */
/* test_engine.c - the engine as a connection uses it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "http/engine.h"
#include "http/limits.h"

#define HEAD_LINES "Host: example.org\r\n"
#define UPLOAD     "POST /up HTTP/1.1\r\n" HEAD_LINES

static struct http_event next(struct http_engine *engine, struct bytes *input,
                              enum http_event_kind kind)
{
    struct http_event event = http_engine_next(engine, input);

    assert_int_equal(event.kind, kind);
    return event;
}

static void refused(struct http_engine *engine, struct bytes *input, unsigned status)
{
    struct http_event event = next(engine, input, HTTP_EVENT_ERROR);

    assert_int_equal(event.fault.status, status);
    assert_non_null(event.fault.why);
    assert_int_equal(http_engine_phase(engine), HTTP_PHASE_OVER);
}

static void test_a_request(void **state)
{
    struct http_engine *engine = http_engine_new(NULL);
    struct bytes input = bytes_of("GET /a%20b/c?d=%65&e HTTP/1.1\r\nHOST: Example.ORG:8460\r\n"
                                  "X-Two: 1 \r\nx-two:2\r\nCookie:\ta=b\t\r\nEmpty:\r\n\r\n");
    struct http_request *request;

    assert_int_equal(http_engine_phase(engine), HTTP_PHASE_IDLE);
    request = next(engine, &input, HTTP_EVENT_HEAD).request;
    assert_int_equal(request->method, HTTP_GET);
    assert_int_equal(request->minor, 1);
    assert_string_equal(request->path, "/a b/c");
    assert_string_equal(request->query, "d=%65&e");
    assert_string_equal(request->host, "example.org");
    assert_int_equal(request->field_count, 5);
    assert_string_equal(http_request_field(request, "x-two"), "1"); /* the first of two */
    assert_string_equal(request->fields[2].value, "2");
    assert_string_equal(http_request_field(request, "cookie"), "a=b");
    assert_string_equal(http_request_field(request, "empty"), "");
    assert_string_equal(http_request_field(request, "host"), "Example.ORG:8460");
    assert_null(http_request_field(request, "x"));
    assert_int_equal(request->length, 0);
    assert_true(request->keep_alive);
    assert_false(request->expects_continue);
    next(engine, &input, HTTP_EVENT_END);
    next(engine, &input, HTTP_EVENT_MORE);
    assert_int_equal(http_engine_phase(engine), HTTP_PHASE_IDLE);
    talloc_free(engine);
}

static void test_the_host_is_ours(void **state)
{
    static const char *const hosts[] = {"example.net", "example.org", "[::1]"};
    struct http_engine *engine = http_engine_new(NULL);
    struct bytes input = bytes_of("GET / HTTP/1.1\r\nHost: EXAMPLE.org.:1\r\n\r\n");
    struct http_request *request = next(engine, &input, HTTP_EVENT_HEAD).request;

    assert_true(http_request_host_is(request, hosts, 3));
    assert_false(http_request_host_is(request, hosts, 1));
    assert_false(http_request_host_is(request, hosts, 0));
    talloc_free(engine);
}

/* Pipelined requests wait in the caller's buffer while the one before them is answered. */
static void test_pipelining(void **state)
{
    struct http_engine *engine = http_engine_new(NULL);
    struct bytes input = bytes_of("GET /1 HTTP/1.1\r\n" HEAD_LINES "\r\n"
                                  "GET /2 HTTP/1.1\r\n" HEAD_LINES "\r\n");
    struct http_request *first = next(engine, &input, HTTP_EVENT_HEAD).request, *second;

    next(engine, &input, HTTP_EVENT_END);
    assert_true(bytes_begin(input, "GET /2"));
    second = next(engine, &input, HTTP_EVENT_HEAD).request;
    assert_string_equal(first->path, "/1"); /* and is still there */
    assert_string_equal(second->path, "/2");
    talloc_free(first);
    next(engine, &input, HTTP_EVENT_END);
    assert_int_equal(input.length, 0);
    talloc_free(engine);
}

static void test_a_body_is_not_copied(void **state)
{
    struct http_engine *engine = http_engine_new(NULL);
    struct bytes input = bytes_of(UPLOAD "Content-Length: 5\r\n\r\nabcdeGET");
    const char *body = strstr(input.data, "abcde");
    struct http_event event = next(engine, &input, HTTP_EVENT_HEAD);

    assert_int_equal(event.request->length, 5);
    assert_true(http_engine_allow(engine, 5));
    assert_int_equal(http_engine_phase(engine), HTTP_PHASE_BODY);
    event = next(engine, &input, HTTP_EVENT_BODY);
    assert_ptr_equal(event.piece.data, body);
    assert_int_equal(event.piece.length, 5);
    next(engine, &input, HTTP_EVENT_END);
    assert_true(bytes_equal(input, "GET"));
    talloc_free(engine);
}

/* 413 comes before the body, and "100 Continue" can be left out. */
static void test_a_body_too_long(void **state)
{
    struct http_engine *engine = http_engine_new(NULL);
    struct bytes input = bytes_of(UPLOAD "Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n"),
                 none = {0};
    struct http_event event = next(engine, &input, HTTP_EVENT_HEAD);

    assert_true(event.request->expects_continue);
    assert_false(http_engine_allow(engine, 1000));
    refused(engine, &none, 413);
    talloc_free(engine);
}

static void test_no_body_is_allowed_by_itself(void **state)
{
    static const char *const requests[] = {UPLOAD "Content-Length: 1\r\n\r\na",
                                           UPLOAD "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n"};

    for (int i = 0; i < 2; i++) {
        struct http_engine *engine = http_engine_new(NULL);
        struct bytes input = bytes_of(requests[i]);

        next(engine, &input, HTTP_EVENT_HEAD);
        refused(engine, &input, 413);
        input = bytes_of("GET / HTTP/1.1\r\n" HEAD_LINES "\r\n");
        refused(engine, &input, 413); /* and so it stays */
        assert_int_equal(input.length, 0);
        talloc_free(engine);
    }
}

static void test_chunks_up_to_the_limit(void **state)
{
    struct http_engine *engine = http_engine_new(NULL);
    struct bytes input = bytes_of(UPLOAD "Transfer-Encoding: chunked\r\n\r\n"
                                         "3\r\nabc\r\n2\r\nde\r\n1\r\nf");
    struct http_event event = next(engine, &input, HTTP_EVENT_HEAD);

    assert_int_equal(event.request->length, -1);
    assert_true(http_engine_allow(engine, 5));
    assert_true(bytes_equal(next(engine, &input, HTTP_EVENT_BODY).piece, "abc"));
    assert_true(bytes_equal(next(engine, &input, HTTP_EVENT_BODY).piece, "de"));
    refused(engine, &input, 413);
    talloc_free(engine);
}

static void test_what_comes_behind_the_last(void **state)
{
    struct http_engine *engine = http_engine_new(NULL);
    struct bytes input = bytes_of("GET / HTTP/1.1\r\n" HEAD_LINES "Connection: close\r\n\r\nGET");

    assert_false(next(engine, &input, HTTP_EVENT_HEAD).request->keep_alive);
    next(engine, &input, HTTP_EVENT_END);
    assert_int_equal(http_engine_phase(engine), HTTP_PHASE_OVER);
    next(engine, &input, HTTP_EVENT_MORE);
    assert_int_equal(input.length, 0);
    talloc_free(engine);
}

/* The longest that passes, and one byte more. */
static void test_the_longest_line(void **state)
{
    static const char end[] = " HTTP/1.1\r\n" HEAD_LINES "\r\n";
    char text[LIMIT_REQUEST_LINE + 100];

    for (size_t more = 0; more < 2; more++) {
        struct http_engine *engine = http_engine_new(NULL);
        size_t path = LIMIT_REQUEST_LINE - strlen("GET  HTTP/1.1") + more;
        struct bytes input = {text, 4 + path + strlen(end)};

        memset(text, 'a', sizeof(text));
        memcpy(text, "GET /", 5);
        memcpy(text + 4 + path, end, strlen(end));
        if (more)
            refused(engine, &input, 414);
        else
            assert_int_equal(strlen(next(engine, &input, HTTP_EVENT_HEAD).request->path), path);
        talloc_free(engine);
    }
}

static size_t largest; /* what the engine held at most */

static void feed(struct http_engine *engine, struct bytes input, unsigned status)
{
    struct http_event event = {0};

    for (size_t i = 0; i < input.length && event.kind != HTTP_EVENT_ERROR; i++) {
        struct bytes byte = {input.data + i, 1};

        event = http_engine_next(engine, &byte);
        if (talloc_total_size(engine) > largest)
            largest = talloc_total_size(engine);
    }
    assert_int_equal(event.kind, HTTP_EVENT_ERROR);
    assert_int_equal(event.fault.status, status);
    assert_true(talloc_total_size(engine) < 512); /* nothing of it is kept */
}

static void test_memory(void **state)
{
    static char text[200000];
    static const struct {
        const char *begin;
        const char *again;
        unsigned status;
    } rows[] = {
        {"GET /", "aaaaaaaaaa", 414},
        {"GET / HTTP/1.1\r\nX: ", "aaaaaaaaaa", 431},
        {"GET / HTTP/1.1\r\n", "X:\r\n", 431},
        {"GET / HTTP/1.1\r\n", "aaaaaaaaaa", 431},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct http_engine *engine = http_engine_new(NULL);
        size_t length = strlen(rows[i].begin), again = strlen(rows[i].again);

        memcpy(text, rows[i].begin, length);
        for (; length + again < sizeof(text); length += again)
            memcpy(text + length, rows[i].again, again);
        largest = 0;
        feed(engine, (struct bytes){text, length}, rows[i].status);
        assert_in_range(largest, 1, 2 * LIMIT_REQUEST_HEAD);
        talloc_free(engine);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_request),
        cmocka_unit_test(test_the_host_is_ours),
        cmocka_unit_test(test_pipelining),
        cmocka_unit_test(test_a_body_is_not_copied),
        cmocka_unit_test(test_a_body_too_long),
        cmocka_unit_test(test_no_body_is_allowed_by_itself),
        cmocka_unit_test(test_chunks_up_to_the_limit),
        cmocka_unit_test(test_what_comes_behind_the_last),
        cmocka_unit_test(test_the_longest_line),
        cmocka_unit_test(test_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
