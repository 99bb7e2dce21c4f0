/* SPDX-License-Identifier: MIT */
/* test_imap_name.c - names of folders on their way to a server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "net/imap_name.h"

static const struct {
    const char *name, *prefix;
    char separator;
    const char *expected; /* NULL: refused */
} rows[] = {
    {"INBOX", "", '/', "INBOX"},
    {"inbox", "INBOX.", '.', "INBOX"},
    {"Reports/read", "", '/', "Reports/read"},
    {"Reports/read", "", '.', "Reports.read"},
    {"Reports/read", "INBOX.", '.', "INBOX.Reports.read"},
    {"INBOX/Reports", "INBOX.", '.', "INBOX.Reports"},
    {"Reports/read", "", '\0', "Reports/read"},
    {"Tom & Jerry", "", '/', "Tom &- Jerry"},
    /* RFC 3501 section 5.1.3 */
    {"~peter/mail/台北/日本語", "", '/', "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},
    {"Entwürfe", "", '/', "Entw&APw-rfe"},
    {"💩", "", '/', "&2D3cqQ-"},
    {"a\"b\\c", "", '/', "a\"b\\c"},
    {"", "", '/', NULL},
    {"a\r\nA1 LOGOUT", "", '/', NULL},
    {"a\x7f", "", '/', NULL},
    {"\xff", "", '/', NULL},
};

static void test_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        const struct imap_namespace space = {rows[i].prefix, rows[i].separator};
        char *name = imap_name_encode(NULL, rows[i].name, &space);

        if (rows[i].expected)
            assert_string_equal(name, rows[i].expected);
        else
            assert_null(name);
        talloc_free(name);
    }
}

static void test_length(void **state)
{
    const struct imap_namespace space = {"", '/'};
    char name[257];
    char *coded;

    (void)state;
    memset(name, 'a', sizeof(name));
    name[256] = '\0';
    assert_null(imap_name_encode(NULL, name, &space));
    for (size_t i = 0; i < 254; i += 2) /* the longest of what is not ASCII */
        memcpy(name + i, "ä", 2);
    name[254] = '\0';
    coded = imap_name_encode(NULL, name, &space);
    assert_non_null(coded);
    talloc_free(coded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_names), cmocka_unit_test(test_length)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
