/* SPDX-License-Identifier: MIT */
/* test_http_head.c - heads as servers send them, and as nobody should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "net/http_head.h"
#include "net/limits.h"

/* All lines of a head; was its end there? */
static bool take(struct https_fetch *fetch, const char *head)
{
    bool ended = false;

    while (*head) {
        size_t length = strcspn(head, "\n") + 1;

        assert_false(ended);
        assert_true(http_head_line(fetch, head, length, &ended));
        head += length;
    }
    return ended;
}

static void expect(const struct https_fetch *fetch, const char *name, const char *value)
{
    const struct http_header *header = http_head_find(fetch, name);

    assert_int_equal(header != NULL, value != NULL);
    if (!value)
        return;
    assert_string_equal(header->value.data, value);
    assert_int_equal(header->value.length, strlen(value));
}

static void test_fields(void **state)
{
    struct https_fetch *fetch = talloc_zero(NULL, struct https_fetch);

    assert_true(take(fetch, "HTTP/1.1 200 OK\r\nContent-Type: Text/Plain ; charset=utf-8\r\n"
                            "SERVER:nginx\r\nX-Two : a: b\t \r\nno field\r\nx-two: c\r\n\r\n"));
    assert_int_equal(fetch->header_count, 4);
    expect(fetch, "server", "nginx");
    expect(fetch, "x-two", "a: b"); /* the first of two */
    expect(fetch, "x", NULL);
    assert_string_equal(http_head_media_type(fetch), "text/plain");
    talloc_free(fetch);
}

static void test_an_answer_that_goes_before(void **state)
{
    struct https_fetch *fetch = talloc_zero(NULL, struct https_fetch);

    assert_true(take(fetch, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"));
    assert_true(take(fetch, "HTTP/1.1 200 OK\r\nServer: a\r\n\r\n"));
    expect(fetch, "link", NULL);
    expect(fetch, "server", "a");
    assert_null(http_head_media_type(fetch));
    talloc_free(fetch);
}

static void test_ceilings(void **state)
{
    struct https_fetch *fetch = talloc_zero(NULL, struct https_fetch);
    char line[LIMIT_HTTP_VALUE + 100];
    bool ended = false;

    memset(line, 'v', sizeof(line));
    memcpy(line, "long: ", 6);
    assert_true(http_head_line(fetch, line, sizeof(line), &ended));
    assert_int_equal(http_head_find(fetch, "long")->value.length, LIMIT_HTTP_VALUE);
    for (int i = 0; i < LIMIT_HTTP_HEADERS + 5; i++) {
        snprintf(line, sizeof(line), "f%d: x", i);
        assert_true(http_head_line(fetch, line, strlen(line), &ended));
    }
    assert_int_equal(fetch->header_count, LIMIT_HTTP_HEADERS);
    assert_false(ended);
    assert_true(http_head_line(fetch, "a\0b: c\0d", 9, &ended));
    talloc_free(fetch);
}

static void test_nul_and_controls(void **state)
{
    struct https_fetch *fetch = talloc_zero(NULL, struct https_fetch);
    bool ended = false;

    assert_true(http_head_line(fetch, "A\0\x1b: c\0d\r\n", 10, &ended));
    assert_string_equal(fetch->headers[0].name, "a\\x00\\x1b");
    assert_int_equal(fetch->headers[0].value.length, 3);
    assert_memory_equal(fetch->headers[0].value.data, "c\0d", 4);
    talloc_free(fetch);
}

static void test_date(void **state)
{
    static const struct {
        const char *head;
        int64_t time; /* 0: none */
    } rows[] = {
        {"Date: Mon, 23 Nov 2026 15:00:00 GMT\r\n", 1795446000},
        {"Date: Mon, 23 Nov 2026 15:00:00 GMT\r\nAge: 60\r\n", 1795446060},
        {"Date: Mon, 23 Nov 2026 15:00:00 GMT\r\nAge: 31536000\r\n", 1795446000 + 31536000},
        {"Date: Mon, 23 Nov 2026 15:00:00 GMT\r\nAge: 31536001\r\n", 0},
        {"Date: Mon, 23 Nov 2026 15:00:00 GMT\r\nAge: -1\r\n", 0},
        {"Date: yesterday\r\n", 0},
        {"Age: 1\r\n", 0},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct https_fetch *fetch = talloc_zero(NULL, struct https_fetch);
        int64_t time = 0;

        take(fetch, rows[i].head);
        assert_int_equal(http_head_date(fetch, &time), rows[i].time != 0);
        assert_int_equal(time, rows[i].time);
        talloc_free(fetch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),   cmocka_unit_test(test_an_answer_that_goes_before),
        cmocka_unit_test(test_ceilings), cmocka_unit_test(test_nul_and_controls),
        cmocka_unit_test(test_date),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
