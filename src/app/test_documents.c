/* SPDX-License-Identifier: MIT */
/* test_documents.c - one document in any layout, or one a line; and where one is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "app/documents.h"

#define DOCUMENT(name)                                                                             \
    "{\"format\":\"mtasts.facts/1\",\"domain\":\"" name "\",\"policy_host\":{\"name\":\"p\"}}"
#define IN_LINES                                                                                   \
    "{\n  \"format\": \"mtasts.facts/1\",\n  \"domain\": \"a\",\n\n  \"policy_host\": "            \
    "{\"name\": \"p\"}\n}\n"

struct heard {
    char domains[100];
    size_t most; /* then it is enough */
};

static bool on_facts(void *arg, TALLOC_CTX *unit, const struct facts *facts)
{
    struct heard *heard = arg;

    assert_non_null(unit);
    strncat(heard->domains, facts->domain, 20);
    strncat(heard->domains, " ", 2);
    return !heard->most || --heard->most;
}

struct expected {
    const char *domains;
    size_t line;
    const char *why; /* NULL: nothing is wrong */
};

static const struct {
    const char *name, *text;
    size_t length; /* 0: of the text */
    size_t most;
    struct expected strictly, any;
} cases[] = {
    {"one", DOCUMENT("a"), 0, 0, {"a ", 0, NULL}, {"a ", 0, NULL}},
    {"its line end", DOCUMENT("a") "\n", 0, 0, {"a ", 0, NULL}, {"a ", 0, NULL}},
    {"in several lines", IN_LINES, 0, 0, {"a ", 0, NULL}, {"a ", 0, NULL}},
    {"blank lines before it", "\n \t\r\n" IN_LINES, 0, 0, {"a ", 0, NULL}, {"a ", 0, NULL}},
    {"one a line",
     DOCUMENT("a") "\n" DOCUMENT("b") "\n",
     0,
     0,
     {"a b ", 2, NULL},
     {"a b ", 2, NULL}},
    {"no last line end",
     DOCUMENT("a") "\n" DOCUMENT("b"),
     0,
     0,
     {"a b ", 2, NULL},
     {"a b ", 2, NULL}},
    {"blank lines behind",
     DOCUMENT("a") "\n \t\r\n" DOCUMENT("b") "\n\n",
     0,
     0,
     {"a b ", 4, NULL},
     {"a b ", 4, NULL}},
    {"blank lines before",
     "\n" DOCUMENT("a") "\n" DOCUMENT("b"),
     0,
     0,
     {"", 0, "not JSON at"},
     {"a b ", 3, NULL}},
    {"enough",
     DOCUMENT("a") "\n" DOCUMENT("b") "\n" DOCUMENT("c"),
     0,
     2,
     {"a b ", 2, NULL},
     {"a b ", 2, NULL}},
    {"nothing", "", 0, 0, {"", 0, "not JSON"}, {"", 0, NULL}},
    {"blank", "\n \n", 0, 0, {"", 0, "not JSON"}, {"", 2, NULL}},
    {"no document", "{}", 0, 0, {"", 0, "format"}, {"", 1, "format"}},
    {"the second",
     DOCUMENT("a") "\n{}\n" DOCUMENT("c"),
     0,
     0,
     {"a ", 2, "format"},
     {"a ", 2, "format"}},
    {"the first", "{}\n" DOCUMENT("b"), 0, 0, {"", 0, "not JSON at byte"}, {"", 1, "format"}},
    {"two in a line",
     DOCUMENT("a") DOCUMENT("b"),
     0,
     0,
     {"", 0, "not JSON at byte"},
     {"", 1, "not JSON"}},
    {"cut off", DOCUMENT("a"), 30, 0, {"", 0, "not JSON"}, {"", 1, "not JSON"}},
    {"a NUL ends no line",
     DOCUMENT("a") "\n\0\n",
     sizeof(DOCUMENT("a") "\n\0\n") - 1,
     0,
     {"a ", 2, "not JSON"},
     {"a ", 2, "not JSON"}},
};

static bool is_expected(enum sts_status status, const struct heard *heard,
                        const struct documents_end *end, const struct expected *expected)
{
    if (strcmp(heard->domains, expected->domains) != 0 || end->line != expected->line)
        return false;
    if (!expected->why)
        return status == STS_OK && !end->why;
    return status == STS_E_INVALID && end->why && strstr(end->why, expected->why);
}

static void which_documents(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        bool any = i % 2;
        struct heard heard = {.most = cases[i / 2].most};
        size_t length = cases[i / 2].length ? cases[i / 2].length : strlen(cases[i / 2].text);
        /* Without a NUL behind it: nothing reads further. */
        const struct bytes text = {talloc_memdup(ctx, cases[i / 2].text, length), length};
        struct documents_end end;
        enum sts_status status = any ? documents_read_any(ctx, text, on_facts, &heard, &end)
                                     : documents_read(ctx, text, on_facts, &heard, &end);

        if (!is_expected(status, &heard, &end, any ? &cases[i / 2].any : &cases[i / 2].strictly))
            fail_msg("%s, %s: \"%s\" line %zu, %s", cases[i / 2].name, any ? "any" : "strictly",
                     heard.domains, end.line, end.why ? end.why : "good");
        talloc_free(ctx);
    }
}

/* Of each document nothing is left when the next comes. */
static bool keep_unit(void *arg, TALLOC_CTX *unit, const struct facts *facts)
{
    size_t *blocks = arg;
    size_t now = talloc_total_blocks(talloc_parent(unit));

    (void)facts;
    assert_non_null(talloc_strdup(unit, "what a caller hangs on it"));
    assert_true(!*blocks || now == *blocks);
    *blocks = now;
    return true;
}

static void nothing_is_left(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct documents_end end;
    size_t blocks = 0;

    (void)state;
    assert_int_equal(documents_read(ctx,
                                    bytes_of(DOCUMENT("a") "\n" DOCUMENT("b") "\n" DOCUMENT("c")),
                                    keep_unit, &blocks, &end),
                     STS_OK);
    assert_int_equal(talloc_total_blocks(ctx), 1);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(which_documents),
        cmocka_unit_test(nothing_is_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
