/* SPDX-License-Identifier: MIT */
/* test_socketmap.c - streams of requests, in one piece and byte by byte; replies as they are sent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "policyd/limits.h"
#include "policyd/netstring.h"
#include "policyd/socketmap.h"

/* A request is told as "map=key;", a strange one as "?;", the end as "!" or, if more is awaited,
 * "~". */
static const struct {
    const char *input, *expected;
} streams[] = {
    {"", "~"},
    {"18:postfix d1.example,", "postfix=d1.example;~"},
    {"18:postfix d1.example,9:QUERY a.b,", "postfix=d1.example;QUERY=a.b;~"},
    {"0000000018:postfix d1.example,", "postfix=d1.example;~"},
    {"00000000018:postfix d1.example,", "!"},
    {"6:QUERY ,", "QUERY=;~"},
    {"2: x,", "=x;~"},
    {"9:QUERY a b,", "QUERY=a b;~"},
    {"5:QUERY,8:QUERY ab,", "?;QUERY=ab;~"},
    {"0:,0:,", "?;?;~"},
    {"18:postfix d1.example;", "!"},
    {"18:postfix d1.example\n", "!"},
    {"17:postfix d1.example,", "!"},
    {"19:postfix d1.example,", "~"},
    {"18:postfix d1.exam", "~"},
    {"18", "~"},
    {"18:", "~"},
    {"18 :postfix d1.example,", "!"},
    {" 18:postfix d1.example,", "!"},
    {"+18:postfix d1.example,", "!"},
    {"-1:,", "!"},
    {":,", "!"},
    {"0x12:postfix d1.example,", "!"},
    {"10001:", "!"},
    {"10001", "!"},
    {"10000:", "~"},
    {"99999999999999999999999999:", "!"},
    {"18446744073709551620:", "!"},
    {"GET /metrics HTTP/1.1\r\n", "!"},
    {"\x16\x03\x01\x02", "!"},
    {"7:Q a,1:x,", "Q=a,1:x;~"},
    {"9:QUERY a.b,x", "QUERY=a.b;!"},
};

static void add(char *seen, struct bytes text)
{
    strncat(seen, text.data, text.length);
}

/* All that comes of *input; is it over? */
static bool take_all(struct bytes *input, char *seen)
{
    for (;;) {
        struct socketmap_request request = {{"", 0}, {"", 0}};

        switch (socketmap_next(input, &request)) {
        case SOCKETMAP_MORE:
            return false;
        case SOCKETMAP_BROKEN:
            add(seen, bytes_of("!"));
            return true;
        case SOCKETMAP_STRANGE:
            add(seen, bytes_of("?;"));
            break;
        case SOCKETMAP_REQUEST:
            add(seen, request.map);
            add(seen, bytes_of("="));
            add(seen, request.key);
            add(seen, bytes_of(";"));
        }
    }
}

static void check_stream(const char *text, const char *expected, size_t piece)
{
    struct bytes input = {text, 0};
    size_t length = strlen(text);
    char seen[256] = "";
    bool over = false;

    while (!over && input.data + input.length < text + length) {
        size_t left = length - (size_t)(input.data + input.length - text);

        input.length += left < piece ? left : piece;
        over = take_all(&input, seen);
    }
    if (!over)
        add(seen, bytes_of("~"));
    assert_string_equal(seen, expected);
}

static void test_streams(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++)
        for (size_t piece = 1; piece < 64; piece++)
            check_stream(streams[i].input, streams[i].expected, piece);
}

/* The longest request there may be, with all its zeros, needs no more room than is said. */
static void test_longest(void **state)
{
    char text[LIMIT_SOCKETMAP_REQUEST + 64];
    struct socketmap_request request;
    struct bytes input = {text, 0};

    (void)state;
    memset(text, 'x', sizeof(text));
    memcpy(text, "0000010000:", 11);
    text[11 + 3] = ' ';
    text[11 + LIMIT_SOCKETMAP_REQUEST] = ',';
    input.length = socketmap_room() - 1;
    assert_int_equal(socketmap_next(&input, &request), SOCKETMAP_MORE);
    input.length = socketmap_room();
    assert_int_equal(socketmap_next(&input, &request), SOCKETMAP_REQUEST);
    assert_int_equal(request.key.length, LIMIT_SOCKETMAP_REQUEST - 4);
    assert_int_equal(input.length, 0);
}

static void check_reply(enum socketmap_status status, const char *text, const char *expected)
{
    char *reply = socketmap_reply(NULL, status, text);

    assert_string_equal(reply, expected);
    talloc_free(reply);
}

static void test_replies(void **state)
{
    (void)state;
    check_reply(SOCKETMAP_OK, "dane-only", "OK dane-only");
    check_reply(SOCKETMAP_NOT_FOUND, "whatever", "NOTFOUND ");
    check_reply(SOCKETMAP_TEMP, "no\r\nmemory", "TEMP no\\x0d\\x0amemory");
    check_reply(SOCKETMAP_TIMEOUT, "", "TIMEOUT ");
    check_reply(SOCKETMAP_PERM, "no map name", "PERM no map name");
    assert_null(socketmap_reply(NULL, SOCKETMAP_OK, ""));
}

/* 100,000 bytes with the word; one more is refused, since Postfix would defer the mail. */
static void test_ceilings(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    size_t most = LIMIT_SOCKETMAP_REPLY - strlen("OK ");
    char *text = talloc_zero_size(ctx, most + 2);

    (void)state;
    memset(text, 'x', most + 1);
    assert_null(socketmap_reply(ctx, SOCKETMAP_OK, text));
    text[most] = '\0';
    assert_int_equal(strlen(socketmap_reply(ctx, SOCKETMAP_OK, text)), LIMIT_SOCKETMAP_REPLY);
    assert_true(strlen(socketmap_reply(ctx, SOCKETMAP_TEMP, text)) < 2 * LIMIT_SOCKETMAP_REASON);
    talloc_free(ctx);
}

static void test_output(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct socketmap_output output = {.ctx = ctx};
    char long_one[1000];

    (void)state;
    memset(long_one, 'y', sizeof(long_one));
    assert_true(socketmap_put(&output, bytes_of("NOTFOUND ")));
    assert_true(socketmap_put(&output, bytes_of("OK may")));
    assert_int_equal(output.length, strlen("9:NOTFOUND ,6:OK may,"));
    assert_memory_equal(output.bytes, "9:NOTFOUND ,6:OK may,", output.length);
    socketmap_sent(&output, 6);
    assert_memory_equal(output.bytes, "OUND ,6:OK may,", output.length);
    assert_true(socketmap_put(&output, (struct bytes){long_one, sizeof(long_one)}));
    assert_memory_equal(output.bytes, "OUND ,6:OK may,1000:yyy", 23);
    assert_int_equal(output.bytes[output.length - 1], ',');
    socketmap_sent(&output, output.length);
    assert_null(output.bytes);
    assert_true(socketmap_put(&output, bytes_of("")));
    assert_memory_equal(output.bytes, "0:,", 3);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_streams), cmocka_unit_test(test_longest),
        cmocka_unit_test(test_replies), cmocka_unit_test(test_ceilings),
        cmocka_unit_test(test_output),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
