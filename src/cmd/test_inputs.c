/* SPDX-License-Identifier: MIT */
/* test_inputs.c - what commands take from files, operands, options and the environment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/environment.h"
#include "cmd/exit_status.h"
#include "cmd/filter_options.h"
#include "cmd/textout_options.h"

static TALLOC_CTX *ctx;
static char path[] = "/tmp/mtasts-inputs-XXXXXX";

/* ---- files ----------------------------------------------------------------------------------- */

static void holds(size_t length)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    for (size_t i = 0; i < length; i++)
        assert_int_equal(fputc('a' + (int)(i % 26), file), 'a' + (int)(i % 26));
    assert_int_equal(fclose(file), 0);
}

/* Whole, however it lies to the pieces that are read; a longer one is cut behind the ceiling. */
static void files(void **state)
{
    static const struct {
        size_t length, ceiling, expect;
    } cases[] = {{0, 10, 0},
                 {1, 10, 1},
                 {10, 10, 10},
                 {11, 10, 11},
                 {12, 10, 11},
                 {65535, 200000, 65535},
                 {65536, 200000, 65536},
                 {65537, 200000, 65537},
                 {131072, 131072, 131072},
                 {131073, 131072, 131073},
                 {140000, 131072, 131073}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t length;
        char *text;

        holds(cases[i].length);
        assert_int_equal(input_read(ctx, path, cases[i].ceiling, &text, &length), 0);
        assert_int_equal(length, cases[i].expect);
        assert_int_equal(text[length], '\0');
        for (size_t k = 0; k < length; k++)
            assert_int_equal(text[k], 'a' + (int)(k % 26));
    }
}

static void no_files(void **state)
{
    size_t length;
    char *text;

    (void)state;
    assert_int_equal(input_read(ctx, "/nonexistent", 10, &text, &length), EXIT_INTERNAL);
    assert_int_equal(input_read(ctx, "/tmp", 10, &text, &length), EXIT_INTERNAL);
}

/* ---- domains --------------------------------------------------------------------------------- */

static int names_of(const char **operands, size_t count, struct input_names *ret)
{
    struct options options = {.operands = operands, .operand_count = count};

    return input_names(ctx, &options, ret);
}

static void domains(void **state)
{
    const char *good[] = {"Example.COM.", "b\303\274cher.example", "a.example"};
    const char *bad[] = {"a.example", "not a name"};
    const char *many[20];
    struct input_names names;

    (void)state;
    assert_int_equal(names_of(good, 3, &names), 0);
    assert_int_equal(names.count, 3);
    assert_string_equal(names.given[0], "Example.COM.");
    assert_string_equal(names.names[0], "example.com");
    assert_string_equal(names.names[1], "xn--bcher-kva.example");
    assert_int_equal(names_of(bad, 2, &names), EXIT_USAGE);
    assert_int_equal(names_of(good, 0, &names), EXIT_USAGE);
    for (size_t i = 0; i < 20; i++) /* the room doubles */
        many[i] = talloc_asprintf(ctx, "d%zu.example", i);
    assert_int_equal(names_of(many, 20, &names), 0);
    for (size_t i = 0; i < 20; i++)
        assert_string_equal(names.names[i], many[i]);
}

static void from_standard_input(void)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);

    assert_true(file >= 0);
    assert_int_equal(dup2(file, STDIN_FILENO), STDIN_FILENO);
    close(file);
    clearerr(stdin);
}

static void domains_of_a_list(void **state)
{
    const char *operands[] = {"first.example", "-", "last.example"};
    FILE *file = fopen(path, "w");
    struct input_names names;

    (void)state;
    assert_non_null(file);
    fputs("# a remark\n\n  a.example \r\n\tb.example\n   # another\nc.example", file);
    fclose(file);
    from_standard_input();
    assert_int_equal(names_of(operands, 3, &names), 0);
    assert_int_equal(names.count, 5);
    assert_string_equal(names.names[1], "a.example");
    assert_string_equal(names.given[2], "b.example");
    assert_string_equal(names.names[3], "c.example");
    assert_string_equal(names.names[4], "last.example");
    assert_int_equal(names.status, 0);
}

/* A bad line is passed over, and remembered for the end. */
static void bad_lines(void **state)
{
    const char *operands[] = {"-"};
    FILE *file = fopen(path, "w");
    struct input_names names;

    (void)state;
    assert_non_null(file);
    fputs("a.example\nno name\nhttps://b.example/\n@mta-sts.c.example\n", file);
    fclose(file);
    from_standard_input();
    assert_int_equal(names_of(operands, 1, &names), 0);
    assert_int_equal(names.status, EXIT_USAGE);
    assert_int_equal(names.count, 3);
    assert_string_equal(names.given[1], "b.example");
    assert_string_equal(names.names[2], "mta-sts.c.example");
    assert_string_equal(names.given[2], "@mta-sts.c.example"); /* leads there again */
}

/* What reports say of is taken as it stands. */
static void exact_names(void **state)
{
    const char *operands[] = {"mta-sts.example.com"};
    struct options options = {.operands = operands, .operand_count = 1, .check = true};
    struct input_names names;

    (void)state;
    assert_int_equal(input_names(ctx, &options, &names), 0);
    assert_string_equal(names.names[0], "mta-sts.example.com");
}

/* ---- options --------------------------------------------------------------------------------- */

static void filters(void **state)
{
    static const struct {
        const char *since, *until, *domain;
        int status;
        int64_t begin, end;
    } cases[] = {
        {NULL, NULL, NULL, 0, INT64_MIN, INT64_MAX},
        {"2026-11-22", "2026-11-22", NULL, 0, 1795305600, 1795392000},
        {"1d", NULL, NULL, 0, 1795446000 - 86400, INT64_MAX},
        {"1d", "1h", NULL, 0, 1795446000 - 86400, 1795446000 - 3600},
        {"1h", "1h", NULL, EXIT_USAGE, 0, 0}, /* nothing lies between */
        {"1h", "2h", NULL, EXIT_USAGE, 0, 0},
        {"yesterday", NULL, NULL, EXIT_USAGE, 0, 0},
        {NULL, "tomorrow", NULL, EXIT_USAGE, 0, 0},
        {NULL, NULL, "a b", EXIT_USAGE, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct options options = {.now = 1795446000,
                                        .since = cases[i].since,
                                        .until = cases[i].until,
                                        .domain = cases[i].domain};
        struct report_filter filter;

        assert_int_equal(filter_options_read(&options, &filter), cases[i].status);
        if (cases[i].status)
            continue;
        assert_true(filter.since == cases[i].begin && filter.until == cases[i].end);
        assert_string_equal(filter.domain, "");
    }
}

static void a_domain_to_filter(void **state)
{
    const struct options options = {.now = NOW_UNSET, .domain = "Example.COM."};
    struct report_filter filter;

    (void)state;
    assert_int_equal(filter_options_read(&options, &filter), 0);
    assert_string_equal(filter.domain, "example.com");
}

/* The width where standard output is no terminal. */
static void widths(void **state)
{
    static const struct {
        const char *columns;
        size_t width;
    } cases[] = {{"60", 60}, {"100", 100}, {"101", 100}, {"999", 100}, {"1000", 80},
                 {"1", 1},   {"0", 80},    {"-5", 80},   {"x", 80}};
    const struct options options = {.color = "never"};

    (void)state;
    if (isatty(STDOUT_FILENO))
        skip();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        setenv("COLUMNS", cases[i].columns, 1);
        assert_int_equal(textout_options_of(&options).width, cases[i].width);
    }
    unsetenv("COLUMNS");
    assert_int_equal(textout_options_of(&options).width, 80);
}

static void colours(void **state)
{
    struct options options = {.color = "always", .quiet = true};

    (void)state;
    assert_true(textout_options_of(&options).colour);
    assert_true(textout_options_of(&options).quiet);
    assert_false(textout_options_of(&options).verbose);
    options = (struct options){.color = "never", .verbose = true};
    assert_false(textout_options_of(&options).colour);
    assert_true(textout_options_of(&options).verbose);
    if (isatty(STDOUT_FILENO))
        skip();
    options.color = "auto";
    assert_false(textout_options_of(&options).colour);
    options.color = NULL;
    assert_false(textout_options_of(&options).colour);
}

/* ---- environment ----------------------------------------------------------------------------- */

static const char *const variables[] = {
    "https_proxy", "HTTPS_PROXY",          "all_proxy", "ALL_PROXY",   "no_proxy",
    "NO_PROXY",    "MTASTS_ALLOW_PRIVATE", "NO_COLOR",  "MTASTS_STORE"};

static int bare(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
        unsetenv(variables[i]);
    return 0;
}

/* In the order in which curl looks; what is set and empty is no proxy. */
static void proxies(void **state)
{
    (void)state;
    assert_null(environment_variable("proxy"));
    assert_null(environment_proxy());
    for (int i = 3; i >= 0; i--) {
        setenv(variables[i], variables[i], 1);
        assert_string_equal(environment_variable("proxy"), variables[i]);
        assert_string_equal(environment_proxy(), variables[i]);
    }
    setenv("https_proxy", "", 1);
    assert_string_equal(environment_variable("proxy"), "https_proxy");
    assert_string_equal(environment_value("proxy"), "none");
    assert_null(environment_proxy());
}

static void exceptions(void **state)
{
    (void)state;
    assert_null(environment_no_proxy());
    setenv("NO_PROXY", "a.example", 1);
    assert_string_equal(environment_no_proxy(), "a.example");
    setenv("no_proxy", "b.example", 1);
    assert_string_equal(environment_no_proxy(), "b.example");
}

/* What is set and empty says nothing. */
static void overrides(void **state)
{
    static const struct {
        const char *option, *variable, *value;
    } rows[] = {{"allow-private", "MTASTS_ALLOW_PRIVATE", "yes"},
                {"color", "NO_COLOR", "never"},
                {"store", "MTASTS_STORE", "1"}};

    (void)state;
    assert_null(environment_variable("jobs"));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_null(environment_value(rows[i].option));
        setenv(rows[i].variable, "", 1);
        assert_null(environment_variable(rows[i].option));
        assert_null(environment_value(rows[i].option));
        setenv(rows[i].variable, "1", 1);
        assert_string_equal(environment_variable(rows[i].option), rows[i].variable);
        assert_string_equal(environment_value(rows[i].option), rows[i].value);
    }
}

/* ---------------------------------------------------------------------------------------------- */

static int begin(void **state)
{
    int file = mkstemp(path);

    (void)state;
    ctx = talloc_new(NULL);
    if (file < 0 || !ctx)
        return -1;
    return close(file);
}

static int end(void **state)
{
    (void)state;
    talloc_free(ctx);
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files),
        cmocka_unit_test(no_files),
        cmocka_unit_test(domains),
        cmocka_unit_test(domains_of_a_list),
        cmocka_unit_test(bad_lines),
        cmocka_unit_test(exact_names),
        cmocka_unit_test(filters),
        cmocka_unit_test(a_domain_to_filter),
        cmocka_unit_test(widths),
        cmocka_unit_test(colours),
        cmocka_unit_test_setup(proxies, bare),
        cmocka_unit_test_setup(exceptions, bare),
        cmocka_unit_test_setup(overrides, bare),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
