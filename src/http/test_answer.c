/* SPDX-License-Identifier: MIT */
/* test_answer.c - heads of answers, byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "http/answer.h"
#include "http/date.h"

#define NOW  1796036400 /* 2026-11-30 11:00:00 */
#define DATE "Date: Mon, 30 Nov 2026 11:00:00 GMT\r\n"

static const struct http_request get = {.method = HTTP_GET, .minor = 1, .keep_alive = true};
static const struct http_request head = {.method = HTTP_HEAD, .minor = 1, .keep_alive = true};
static const struct http_request last = {.method = HTTP_GET, .minor = 1};
static const struct http_request old = {.method = HTTP_GET, .minor = 0};
static const struct http_request old_again = {.method = HTTP_GET, .minor = 0, .keep_alive = true};

static void test_heads(void **state)
{
    static const struct {
        struct http_answer answer;
        const char *rest; /* behind the date */
        const char *form; /* b: has a body, c: in chunks, k: keep alive */
    } rows[] = {
        {{.status = 200, .request = &get, .length = 5}, "Content-Length: 5\r\n", "bk"},
        {{.status = 200, .request = &get, .length = 0}, "Content-Length: 0\r\n", "bk"},
        {{.status = 200, .request = &get, .length = -1}, "Transfer-Encoding: chunked\r\n", "bck"},
        {{.status = 200, .request = &get, .length = 5, .close = true},
         "Content-Length: 5\r\nConnection: close\r\n",
         "b"},
        {{.status = 200, .request = &last, .length = 5},
         "Content-Length: 5\r\nConnection: close\r\n",
         "b"},
        {{.status = 200, .request = &last, .length = -1},
         "Transfer-Encoding: chunked\r\nConnection: close\r\n",
         "bc"},
        {{.status = 200, .request = &head, .length = 5}, "Content-Length: 5\r\n", "k"},
        {{.status = 200, .request = &head, .length = -1}, "Transfer-Encoding: chunked\r\n", "ck"},
        {{.status = 204, .request = &get, .length = 0}, "", "k"},
        {{.status = 204, .request = &get, .length = -1}, "", "k"},
        {{.status = 304, .request = &get, .length = 5}, "", "k"},
        {{.status = 200, .request = &old, .length = 5},
         "Content-Length: 5\r\nConnection: close\r\n",
         "b"},
        {{.status = 200, .request = &old_again, .length = 5},
         "Content-Length: 5\r\nConnection: keep-alive\r\n",
         "bk"},
        {{.status = 200, .request = &old_again, .length = -1}, "Connection: close\r\n", "b"},
        {{.status = 400, .length = 5}, "Content-Length: 5\r\nConnection: close\r\n", "b"},
        {{.status = 400, .length = -1}, "Connection: close\r\n", "b"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct http_answer answer = rows[i].answer;
        struct http_answer_form form;
        char *text, *wanted;

        answer.now = NOW;
        text = http_answer_head(NULL, &answer, &form);
        wanted = talloc_asprintf(NULL, "HTTP/1.1 %u %s\r\n" DATE "%s\r\n", answer.status,
                                 http_reason(answer.status), rows[i].rest);
        assert_string_equal(text, wanted);
        assert_int_equal(form.has_body, strchr(rows[i].form, 'b') != NULL);
        assert_int_equal(form.chunked, strchr(rows[i].form, 'c') != NULL);
        assert_int_equal(form.keep_alive, strchr(rows[i].form, 'k') != NULL);
        talloc_free(text);
        talloc_free(wanted);
    }
}

/* No value of a field makes a field of its own, and none changes where the answer ends. */
static void test_fields(void **state)
{
    static const struct http_field fields[] = {
        {"Content-Type", "text/html; charset=utf-8"},
        {"X-Empty", ""},
        {"Location", "/c/1\r\nSet-Cookie: a=b"},
        {"X-Nul", "a\x01"},
        {"X: y\r\nZ", "a"},
        {"", "a"},
        {"content-length", "9"},
        {"TRANSFER-ENCODING", "chunked"},
        {"Connection", "close"},
        {"date", "today"},
        {"X-Tab", "a\tb \xc3\xa4"},
    };
    struct http_answer answer = {.status = 200,
                                 .request = &get,
                                 .fields = fields,
                                 .field_count = sizeof(fields) / sizeof(fields[0]),
                                 .length = 1,
                                 .now = NOW};
    struct http_answer_form form;
    char *text = http_answer_head(NULL, &answer, &form);

    assert_string_equal(text, "HTTP/1.1 200 OK\r\n" DATE
                              "Content-Type: text/html; charset=utf-8\r\nX-Empty: \r\n"
                              "X-Tab: a\tb \xc3\xa4\r\nContent-Length: 1\r\n\r\n");
    talloc_free(text);
}

static void test_chunk(void **state)
{
    char text[HTTP_CHUNK_SIZE];

    assert_int_equal(http_chunk_begin(10, text), 3);
    assert_string_equal(text, "a\r\n");
    assert_int_equal(http_chunk_begin(SIZE_MAX, text), 18);
    assert_string_equal(text, "ffffffffffffffff\r\n");
}

static void test_date(void **state)
{
    static const struct {
        int64_t now;
        const char *text;
    } rows[] = {
        {0, "Thu, 01 Jan 1970 00:00:00 GMT"},          {951782399, "Mon, 28 Feb 2000 23:59:59 GMT"},
        {951782400, "Tue, 29 Feb 2000 00:00:00 GMT"},  {NOW, "Mon, 30 Nov 2026 11:00:00 GMT"},
        {4102444799, "Thu, 31 Dec 2099 23:59:59 GMT"},
    };
    char text[HTTP_DATE_SIZE];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        http_date(rows[i].now, text);
        assert_string_equal(text, rows[i].text);
    }
}

static void test_not_modified(void **state)
{
    static const struct {
        enum http_method method;
        const char *value;
        bool same;
    } rows[] = {
        {HTTP_GET, "W/\"a\"", true},
        {HTTP_HEAD, "W/\"a\"", true},
        {HTTP_GET, "\"a\"", true},
        {HTTP_GET, "\"b\", W/\"a\"", true},
        {HTTP_GET, "\"b,\", \"a\"", true},
        {HTTP_GET, "*", true},
        {HTTP_GET, "\"A\"", false},
        {HTTP_GET, "a", false},
        {HTTP_GET, "", false},
        {HTTP_POST, "W/\"a\"", false},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct http_field field = {"if-none-match", rows[i].value};
        struct http_request request = {
            .method = rows[i].method, .fields = &field, .field_count = 1};

        assert_int_equal(http_not_modified(&request, "W/\"a\""), rows[i].same);
    }
    assert_false(http_not_modified(&get, "W/\"a\""));
}

static void test_etag(void **state)
{
    char *one = http_etag(NULL, bytes_of("a")), *two = http_etag(NULL, bytes_of("b"));

    assert_string_equal(one, "W/\"af63dc4c8601ec8c\"");
    assert_string_not_equal(one, two);
    talloc_free(one);
    talloc_free(two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heads), cmocka_unit_test(test_fields),
        cmocka_unit_test(test_chunk), cmocka_unit_test(test_date),
        cmocka_unit_test(test_etag),  cmocka_unit_test(test_not_modified),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
