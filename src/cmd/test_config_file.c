/* SPDX-License-Identifier: MIT */
/* test_config_file.c - configuration files, and what is read from them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/config_file.h"

/* What was read as one line: "3:section.key=value ", then "!LINE" where there is a fault. */
static const struct {
    const char *text, *read;
} cases[] = {
    {"", ""},
    {"\n\n# nothing\n  \t # here\n", ""},
    {"timeout = 30\n", "1:timeout=30 "},
    {"timeout=30", "1:timeout=30 "},
    {"\357\273\277timeout = 30", "1:timeout=30 "},
    {"\n  timeout\t=  30  \r\n", "2:timeout=30 "},
    {"timeout = 30 # seconds\n", "1:timeout=30 "},
    {"timeout = 30#5\n", "1:timeout=30#5 "},
    {"helo = a b  c\n", "1:helo=a b  c "},
    {"store = postgresql://u:p#1@h/d?x=1\n", "1:store=postgresql://u:p#1@h/d?x=1 "},
    {"notify = \"mail -s \\\"x # y\\\" root\" # who\n", "1:notify=mail -s \"x # y\" root "},
    {"notify = \"a\\\\b\"\n", "1:notify=a\\b "},
    {"helo = \"\"\n", "1:helo= "},
    {"helo = \" x \"\n", "1:helo= x  "},
    {"a = 1\n[check]\nb = 2\n[ scan ] # many\nc = 3\n",
     "1:a=1 2:[check] 3:check.b=2 4:[scan] 5:scan.c=3 "},
    {"resolver = 192.0.2.1\nresolver = 192.0.2.2\n", "1:resolver=192.0.2.1 2:resolver=192.0.2.2 "},
    {"Warn_Days = 3\n", "1:Warn_Days=3 "}, /* what is unknown is said elsewhere */
    {"[check]\n[scan]", "1:[check] 2:[scan] "},
    /* faults; what stands before them has been read */
    {"a = 1\ntimeout\n", "1:a=1 !2"},
    {"timeout 30\n", "!1"},
    {"timeout =\n", "!1"},
    {"timeout = # none\n", "!1"},
    {"= 30\n", "!1"},
    {"--timeout = 30 30\n\n--\n", "1:--timeout=30 30 !3"},
    {"[check\n", "!1"},
    {"[]\n", "!1"},
    {"[check] timeout = 3\n", "!1"},
    {"[check.scan]\n", "!1"},
    {"a = \"x\n", "!1"},
    {"a = \"x\\\n", "!1"},
    {"a = \"x\\\"\n", "!1"},
    {"a = \"\n", "!1"},
    {"a = \"x\\n\"\n", "!1"},
    {"a = \"x\" y\n", "!1"},
    {"a = x\001\n", "!1"},
    {"a = \377\n", "!1"},
    {"a = \033[31m\n", "!1"},
};

static void read_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        char *read = talloc_strdup(ctx, "");
        struct config_file file;

        assert_int_equal(config_file_parse(ctx, bytes_of(cases[i].text), &file), STS_OK);
        for (size_t k = 0; k < file.count; k++) {
            const struct config_line *line = &file.lines[k];

            if (line->key)
                read = talloc_asprintf_append(read, "%zu:%s%s%s=%s ", line->line,
                                              line->section ? line->section : "",
                                              line->section ? "." : "", line->key, line->value);
            else
                read = talloc_asprintf_append(read, "%zu:[%s] ", line->line, line->section);
        }
        if (file.fault)
            read = talloc_asprintf_append(read, "!%zu", file.fault_line);
        if (strcmp(read, cases[i].read) != 0)
            fail_msg("\"%s\": %s", cases[i].text, read);
        talloc_free(ctx);
    }
}

static void ceilings(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *text = talloc_zero_array(ctx, char, 2 * CONFIG_FILE_MAX);
    struct config_file file;

    (void)state;
    memset(text, '\n', CONFIG_FILE_LINES);
    assert_int_equal(config_file_parse(ctx, bytes_of(text), &file), STS_OK);
    assert_null(file.fault);
    text[CONFIG_FILE_LINES] = '\n';
    assert_int_equal(config_file_parse(ctx, bytes_of(text), &file), STS_OK);
    assert_non_null(file.fault);
    memset(text, '#', CONFIG_FILE_VALUE);
    text[CONFIG_FILE_VALUE] = '\0';
    assert_int_equal(config_file_parse(ctx, bytes_of(text), &file), STS_OK);
    assert_null(file.fault);
    text[CONFIG_FILE_VALUE] = '#';
    text[CONFIG_FILE_VALUE + 1] = '\0';
    assert_int_equal(config_file_parse(ctx, bytes_of(text), &file), STS_OK);
    assert_non_null(file.fault);
    talloc_free(ctx);
}

/* A NUL is no end of the text. */
static void nul(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct config_file file;

    (void)state;
    assert_int_equal(config_file_parse(ctx, (struct bytes){"a = 1\n\0b", 8}, &file), STS_OK);
    assert_int_equal(file.fault_line, 2);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(read_cases), cmocka_unit_test(ceilings),
                                       cmocka_unit_test(nul)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
