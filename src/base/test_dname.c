/* SPDX-License-Identifier: MIT */
/* test_dname.c - what a name of the DNS looks like in text. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/dname.h"

#define LABEL63 "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0"
#define LABEL61 "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxy"

static bool valid(const char *text)
{
    return dname_valid((struct bytes){text, strlen(text)});
}

static void test_names(void **state)
{
    static const char *const names[] = {
        ".",
        "a",
        "_mta-sts.example.com",
        "*.example.com",
        "xn--bcher-kva.example",
        "192.0.2.1",
        "[2001:db8::1]",
        "-x.example",
        "a\\032b.example",
        "a\\.b.example",
        "a\\\\032b.example", /* an escaped backslash, then digits */
        "x\\;rm.example",
        "$(x)`{}'|&<>.example",
        "\\255\\000.example",
        LABEL63 "." LABEL63 "." LABEL63 "." LABEL61,
    };

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (!valid(names[i]))
            fail_msg("refused: %s", names[i]);
}

static void test_no_names(void **state)
{
    static const char *const texts[] = {
        "",
        "..",
        ".a",
        "a..b",
        "a.example.",
        "a b.example",
        "a\tb.example",
        "a\nb.example",
        "a\x7f.example",
        "b\xc3\xbc"
        "cher.example",
        "a\\",
        "a\\ b",
        "a\\25.example",
        "a\\256.example",
        LABEL63 "0.example",
        LABEL63 "." LABEL63 "." LABEL63 "." LABEL61 "0",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (valid(texts[i]))
            fail_msg("taken: %s", texts[i]);
    assert_false(dname_valid((struct bytes){"a\0b", 3}));
    assert_true(dname_labels_valid(bytes_of(LABEL63 "." LABEL63 "." LABEL63 "." LABEL63 ".a")));
    assert_false(dname_labels_valid(bytes_of(LABEL63 "0.a")));
    assert_false(dname_labels_valid(bytes_of("a b")));
}

/* An escape is one octet, however long it is in text. */
static void test_escapes_count_as_one(void **state)
{
    char text[64 * 4 + 1] = "";

    (void)state;
    for (size_t i = 0; i < 63; i++)
        memcpy(text + 4 * i, "\\032", 5);
    assert_true(valid(text));
    memcpy(text + 4 * 63, "\\032", 5);
    assert_false(valid(text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_no_names),
        cmocka_unit_test(test_escapes_count_as_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
