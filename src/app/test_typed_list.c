/* SPDX-License-Identifier: MIT */
/* test_typed_list.c - what people type and paste into one field. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "app/typed_list.h"

static void words_are_told_apart(void **state)
{
    static const char *const texts[][2] = {
        {"mx1.example.com mx2.example.com", "mx1.example.com|mx2.example.com|"},
        {"mx1.example.com,mx2.example.com;\r\n\r\n*.example.net", "mx1.example.com|mx2.example.com|"
                                                                  "*.example.net|"},
        {"example.com.\t3600\tIN\tMX\t10 mx1.example.com.\n"
         "example.com.\t3600\tIN\tMX\t20 mx2.example.com.\n",
         "mx1.example.com.|mx2.example.com.|"},
        {"10 mx1.example.com.", "mx1.example.com.|"},
        {"mx: mx1.example.com\nMX: mx2.example.com", "mx1.example.com|mx2.example.com|"},
        {"<script>", "<script>|"},
        {" \t\n, ;", ""},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        char *all = talloc_strdup(ctx, "");
        const char **words;
        size_t count;

        assert_int_equal(typed_list(ctx, texts[i][0], &words, &count), STS_OK);
        for (size_t j = 0; j < count; j++)
            all = talloc_asprintf_append(all, "%s|", words[j]);
        assert_string_equal(all, texts[i][1]);
        talloc_free(ctx);
    }
}

static void there_is_a_ceiling(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *text = talloc_zero_array(ctx, char, 2 * TYPED_LIST_MAX + 3);
    const char **words;
    size_t count;

    (void)state;
    for (size_t i = 0; i < TYPED_LIST_MAX; i++)
        memcpy(text + 2 * i, "a ", 2);
    assert_int_equal(typed_list(ctx, text, &words, &count), STS_OK);
    assert_int_equal(count, TYPED_LIST_MAX);
    memcpy(text + (size_t)2 * TYPED_LIST_MAX, "a", 1);
    assert_int_equal(typed_list(ctx, text, &words, &count), STS_E_LIMIT);
    assert_int_equal(typed_list(ctx, NULL, &words, &count), STS_OK);
    assert_int_equal(count, 0);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_told_apart),
        cmocka_unit_test(there_is_a_ceiling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
