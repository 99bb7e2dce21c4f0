/* SPDX-License-Identifier: MIT */
/* test_gzip.c - what is packed here is unpacked by zlib, piece by piece. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#define ZLIB_CONST /* next_in points to const */
#include <zlib.h>

#include "http/gzip.h"

#define BODY_MAX 300000

/* The next of what was packed, appended to `to`; 15 + 16: gzip. */
static size_t unpack(z_stream *zlib, struct bytes packed, char *to, size_t room)
{
    zlib->next_in = (const unsigned char *)packed.data;
    zlib->avail_in = (uInt)packed.length;
    zlib->next_out = (unsigned char *)to;
    zlib->avail_out = (uInt)room;
    assert_true(inflate(zlib, Z_SYNC_FLUSH) >= 0);
    assert_int_equal(zlib->avail_in, 0);
    return room - zlib->avail_out;
}

static char *text_of(TALLOC_CTX *ctx, size_t length, unsigned step)
{
    char *text = talloc_array(ctx, char, length + 1);
    uint32_t state = 1;

    for (size_t i = 0; i < length; i++) {
        state = state * 1664525u + 1013904223u;
        text[i] = (char)(step ? state >> 24 : 'a' + i % 7);
    }
    return text;
}

static void test_whole(void **state)
{
    static const size_t lengths[] = {0, 1, 1024, 8700, BODY_MAX};
    static char again[BODY_MAX + 1];

    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
        for (unsigned chance = 0; chance < 2; chance++) {
            TALLOC_CTX *ctx = talloc_new(NULL);
            struct bytes body = {text_of(ctx, lengths[i], chance), lengths[i]}, packed;
            z_stream zlib = {0};

            assert_int_equal(inflateInit2(&zlib, 15 + 16), Z_OK);
            assert_true(http_gzip(ctx, body, &packed));
            assert_int_equal(unpack(&zlib, packed, again, sizeof(again)), lengths[i]);
            assert_memory_equal(again, body.data, lengths[i]);
            assert_int_equal(inflate(&zlib, Z_FINISH), Z_STREAM_END); /* nothing is missing */
            if (!chance && lengths[i] > 1000)
                assert_true(packed.length < lengths[i] / 8);
            inflateEnd(&zlib);
            talloc_free(ctx);
        }
}

/* Each piece can be read as soon as it has come. */
static void test_pieces(void **state)
{
    static const char *const pieces[] = {"<h1>Check</h1>", "", "<p>DNS", "</p>", "<p>DNS</p>"};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct http_gzip_stream *stream = http_gzip_stream_new(ctx);
    z_stream zlib = {0};
    char again[100];
    struct bytes packed;

    assert_int_equal(inflateInit2(&zlib, 15 + 16), Z_OK);
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        size_t length = strlen(pieces[i]);

        assert_true(http_gzip_stream_write(stream, ctx, bytes_of(pieces[i]), i == 4, &packed));
        if (packed.length)
            assert_int_equal(unpack(&zlib, packed, again, sizeof(again)), length);
        assert_memory_equal(again, pieces[i], length);
    }
    assert_true(zlib.total_out == 34);
    inflateEnd(&zlib);
    talloc_free(ctx);
}

static void test_large_pieces(void **state)
{
    static char again[BODY_MAX + 1];
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct http_gzip_stream *stream = http_gzip_stream_new(ctx);
    struct bytes piece = {text_of(ctx, BODY_MAX, 1), BODY_MAX}, packed;
    z_stream zlib = {0};

    assert_int_equal(inflateInit2(&zlib, 15 + 16), Z_OK);
    for (int i = 0; i < 3; i++) {
        assert_true(http_gzip_stream_write(stream, ctx, piece, i == 2, &packed));
        assert_int_equal(unpack(&zlib, packed, again, sizeof(again)), BODY_MAX);
        assert_memory_equal(again, piece.data, BODY_MAX);
    }
    inflateEnd(&zlib);
    talloc_free(ctx);
}

static void test_worth(void **state)
{
    assert_true(http_gzip_worth("text/html; charset=utf-8", 1024));
    assert_true(http_gzip_worth("image/svg+xml", 5000));
    assert_true(http_gzip_worth("application/json", 5000));
    assert_false(http_gzip_worth("text/html; charset=utf-8", 1023));
    assert_false(http_gzip_worth("image/png", 5000));
    assert_false(http_gzip_worth("application/gzip", 5000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_large_pieces),
        cmocka_unit_test(test_worth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
