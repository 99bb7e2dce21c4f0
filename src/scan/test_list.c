/* SPDX-License-Identifier: MIT */
/* test_list.c - names out of lines and CSV, cut at every place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scan/list.h"

static char found[4096];

static bool note(void *arg, int64_t line, const char *given)
{
    size_t length = strlen(found);

    (void)arg;
    snprintf(found + length, sizeof found - length, "%lld:%s|", (long long)line, given);
    return strcmp(given, "stop") != 0;
}

static const struct {
    const char *column, *text, *names;
} cases[] = {
    {NULL, "", ""},
    {NULL, "a.example\nb.example\n", "1:a.example|2:b.example|"},
    {NULL, " a.example \r\n\n# no\nb.example", "1:a.example|4:b.example|"},
    {NULL, "a,b\n\"q\"\n", "1:a,b|2:\"q\"|"},
    {NULL, "a\nstop\nb\n", "1:a|2:stop|"},
    {"2", "1,a.example\n2,b.example\n", "1:a.example|2:b.example|"},
    {"2", "1\n\n2,b\n3,", "3:b|"},
    {"1", "\"a.example\",x\r\n\"b\"\"c\",\"1,2\"\n", "1:a.example|2:b\"c|"},
    {"2", "\"x\ny\",a\nz,b\n", "1:a|2:b|"},
    {"Domain", "rank,domain\n1,a.example\n2,b.example\n", "2:a.example|3:b.example|"},
    {"domain",
     "\xef\xbb\xbf"
     "domain,domain\na,x\n",
     "2:a|"},
    {"host", "rank,domain\n1,a\n", ""},
};

static void feed_in_two(const char *column, const char *text, size_t cut)
{
    struct list *list;

    found[0] = '\0';
    assert_int_equal(list_new(NULL, column, note, NULL, &list), STS_OK);
    if (list_feed(list, text, cut) && list_feed(list, text + cut, strlen(text) - cut))
        list_end(list);
    assert_int_equal(list_lacks_column(list), column && strcmp(column, "host") == 0);
    talloc_free(list);
}

static void test_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (size_t cut = 0; cut <= strlen(cases[i].text); cut++) {
            feed_in_two(cases[i].column, cases[i].text, cut);
            assert_string_equal(found, cases[i].names);
        }
}

static void test_long_line_is_cut(void **state)
{
    char text[3 * LIST_FIELD_MAX];
    struct list *list;

    (void)state;
    memset(text, 'a', sizeof text);
    found[0] = '\0';
    assert_int_equal(list_new(NULL, NULL, note, NULL, &list), STS_OK);
    assert_true(list_feed(list, text, sizeof text) && list_end(list));
    assert_int_equal(strlen(found), LIST_FIELD_MAX + strlen("1:|"));
    talloc_free(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_long_line_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
