/* SPDX-License-Identifier: MIT */
/* test_memory.c - each allocation of a reader fails, alone: what is read is whole, or refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/test_failing.h"
#include "http/engine.h"
#include "http/multipart.h"
#include "http/query.h"

#define ALLOCATIONS_MAX 1000
#define ALLOCATIONS_MIN 4

/* What was read, as a number; 0: it was refused. */
typedef size_t reader(TALLOC_CTX *ctx);

static size_t read_request(TALLOC_CTX *ctx)
{
    struct bytes input = bytes_of("GET /a%20b?c HTTP/1.1\r\nHost: example.org\r\nX: y\r\n"
                                  "Accept-Language: de\r\nContent-Length: 2\r\n\r\nab");
    struct http_engine *engine = http_engine_new(ctx);
    struct http_event event = {0};
    size_t sum = 0;

    do {
        if (engine)
            event = http_engine_next(engine, &input);
        if (event.kind == HTTP_EVENT_HEAD) {
            sum = strlen(event.request->path) * 100 + event.request->field_count;
            (void)http_engine_allow(engine, 2);
        }
    } while (event.kind == HTTP_EVENT_HEAD || event.kind == HTTP_EVENT_BODY);
    return event.kind == HTTP_EVENT_END ? sum : 0;
}

static size_t read_multipart(TALLOC_CTX *ctx)
{
    static const char form[] =
        "--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"f\"\r\n"
        "Content-Type: text/plain\r\n\r\nabc\r\n--b--";
    struct http_multipart *multipart = http_multipart_new(ctx, "b");
    const struct http_part *parts;
    size_t count;

    if (!multipart || http_multipart_take(multipart, bytes_of(form)).status ||
        http_multipart_finish(multipart, &parts, &count).status)
        return 0;
    assert_int_equal(count, 1);
    return strlen(parts[0].name) + 10 * strlen(parts[0].file_name) + 100 * strlen(parts[0].type);
}

static size_t read_query(TALLOC_CTX *ctx)
{
    struct http_query *query;

    if (http_query_read(ctx, bytes_of("a=b&cc=%20dd&e"), &query).status)
        return 0;
    return query->count * 100 + strlen(http_query_get(query, "cc"));
}

static void whole_or_refused(reader *read, size_t whole)
{
    bool reached = true;
    long n;

    for (n = 1; reached && n < ALLOCATIONS_MAX; n++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        size_t found;

        failing_begin(n);
        found = read(ctx);
        reached = failing_end();
        if (found != whole && !(reached && found == 0))
            fail_msg("allocation %ld: %zu in place of %zu", n, found, whole);
        talloc_free(ctx);
    }
    assert_true(!reached && n > ALLOCATIONS_MIN);
}

static void test_readers(void **state)
{
    static reader *const readers[] = {read_request, read_multipart, read_query};

    (void)state;
    if (!failing_is_possible())
        skip();
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        size_t whole = readers[i](ctx);

        assert_int_not_equal(whole, 0);
        talloc_free(ctx);
        whole_or_refused(readers[i], whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_readers)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
