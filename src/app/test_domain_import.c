/* SPDX-License-Identifier: MIT */
/* test_domain_import.c - domains and tags out of what people type, paste and upload. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "app/domain_import.h"
#include "app/domain_tag.h"

/* "example.com@1[tag];", refused lines as "!2 text;", repeated words as "+1". */
static char *told(TALLOC_CTX *ctx, const char *text, size_t length)
{
    struct domain_import *import = NULL;
    char *all = talloc_strdup(ctx, "");

    assert_int_equal(domain_import_read(ctx, (struct bytes){text, length}, &import), STS_OK);
    for (size_t i = 0; i < import->domain_count; i++)
        all = talloc_asprintf_append(all, "%s@%lld[%s];", import->domains[i].name,
                                     (long long)import->domains[i].line, import->domains[i].tags);
    for (size_t i = 0; i < import->refused_count; i++)
        all = talloc_asprintf_append(all, "!%lld %s %d;", (long long)import->refused[i].line,
                                     import->refused[i].given, (int)import->refused[i].fault);
    if (import->repeated)
        all = talloc_asprintf_append(all, "+%zu", import->repeated);
    return all;
}

static void lists_are_read(void **state)
{
    static const char *const texts[][2] = {
        {"", ""},
        {"\n\r\n  \n", ""},
        {"example.com", "example.com@1[];"},
        {"example.com\nexample.net\r\nexample.org\rexample.edu",
         "example.com@1[];example.net@2[];example.org@3[];example.edu@4[];"},
        {"a.example, b.example;c.example d.example\te.example",
         "a.example@1[];b.example@1[];c.example@1[];d.example@1[];e.example@1[];"},
        {"# a remark\nExample.COM.\n", "example.com@2[];"},
        {"\357\273\277example.com", "example.com@1[];"},
        {"b\303\274cher.example", "xn--bcher-kva.example@1[];"},
        {"Ada Lovelace <ada@example.com>, https://www.example.net/x?y=z https://a.example",
         "example.com@1[];www.example.net@1[];a.example@1[];"},
        {"_mta-sts.example.com mta-sts.example.net", "example.com@1[];example.net@1[];"},
        {"example.com\nEXAMPLE.com\nexample.com.", "example.com@1[];+2"},
        {"example.com\nno domain here", "example.com@1[];!2 no 0;!2 domain 0;!2 here 0;"},
        {"ex_ample..com\n\n1.2.3.4", "!1 ex_ample..com 0;!3 1.2.3.4 0;"},
        {"<script>alert(1)</script>", "!1 <script>alert(1)</script> 0;"},
        {"domain,tags\nexample.com,\"Kunde b\"\nexample.net,\n",
         "example.com@2[kunde b];example.net@3[];"},
        {"Domain;Verdict;Tags\r\n\"example.com\";\"fine; \"\"all\"\"\";\"x,y\"\r\n",
         "example.com@2[x y];"},
        {"domain\nexample.com,example.net\n", "example.com@2[];"},
        {"\"domain\"\t\"tags\"\nexample.com\t\"a", "example.com@2[a];"},
        {"domain,tags\nexample.com,=x\nno,a", "!2 =x 1;!3 no 0;"},
        {"domain.example\nexample.com", "domain.example@1[];example.com@2[];"},
        {"domains are:\nexample.com", "example.com@2[];!1 domains 0;!1 are: 0;"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);

        assert_string_equal(told(ctx, texts[i][0], strlen(texts[i][0])), texts[i][1]);
        talloc_free(ctx);
    }
}

static void a_nul_is_no_end(void **state)
{
    static const char text[] = "exa\0mple.com\nexample.net";
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    assert_string_equal(told(ctx, text, sizeof(text) - 1),
                        "example.net@2[];!1 exa\\x00mple.com 0;");
    talloc_free(ctx);
}

/* In room taken at once: to grow by each line takes a minute with the sanitizers. */
static char *many(TALLOC_CTX *ctx, const char *first, size_t count)
{
    size_t room = strlen(first) + count * sizeof("d4294967295.example\n") + 1;
    char *text = talloc_array(ctx, char, room);
    size_t at = (size_t)snprintf(text, room, "%s", first);

    for (size_t i = 0; i < count; i++)
        at += (size_t)snprintf(text + at, room - at, "d%zu.example\n", i);
    return text;
}

static void there_is_a_ceiling(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *text = many(ctx, "", IMPORT_LINES_MAX);
    struct domain_import *import = NULL;

    (void)state;
    assert_int_equal(domain_import_read(ctx, bytes_of(text), &import), STS_OK);
    assert_int_equal(import->domain_count, IMPORT_LINES_MAX);
    assert_int_equal(import->refused_count, 0);
    text = many(ctx, "domain\n", IMPORT_LINES_MAX + 2);
    assert_int_equal(domain_import_read(ctx, bytes_of(text), &import), STS_OK);
    assert_int_equal(import->domain_count, IMPORT_LINES_MAX);
    assert_int_equal(import->refused_count, 1);
    assert_int_equal(import->refused[0].fault, IMPORT_BEYOND_MAX);
    assert_int_equal(import->refused[0].line, IMPORT_LINES_MAX + 2);
    text = talloc_zero_array(ctx, char, IMPORT_BYTES_MAX + 1);
    assert_int_equal(
        domain_import_read(ctx, (struct bytes){text, (size_t)IMPORT_BYTES_MAX + 1}, &import),
        STS_E_LIMIT);
    talloc_free(ctx);
}

static void tags_are_words(void **state)
{
    static const char *const tags[][2] = {
        {"", ""},
        {"Kunde-1", "kunde-1"},
        {"a b,a;c", "a b c"},
        {"\303\234ber", "\303\234ber"},
        {"team:mail/eu_1.2", "team:mail/eu_1.2"},
        {"-x", NULL},
        {"=1+1", NULL},
        {"a\"b", NULL},
        {"\342\200\256x", NULL},
        {"0123456789012345678901234567890123456789", "0123456789012345678901234567890123456789"},
        {"01234567890123456789012345678901234567890", NULL},
        {"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20",
         "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20"},
        {"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
        char *read = domain_tags(NULL, bytes_of(tags[i][0]));

        if (tags[i][1])
            assert_string_equal(read, tags[i][1]);
        else
            assert_null(read);
        talloc_free(read);
    }
}

static void each_fault_has_a_sentence(void **state)
{
    (void)state;
    for (int i = 0; i <= IMPORT_BEYOND_MAX; i++)
        assert_non_null(import_fault_text((enum import_fault)i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_read),
        cmocka_unit_test(a_nul_is_no_end),
        cmocka_unit_test(there_is_a_ceiling),
        cmocka_unit_test(tags_are_words),
        cmocka_unit_test(each_fault_has_a_sentence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
