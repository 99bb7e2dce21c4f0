/* SPDX-License-Identifier: MIT */
/* test_config.c - which of several settings counts for a subcommand.
 *
 * A case is the text of the system's file, that of the user's, a command line, and what the options
 * are then: "timeout", "jobs", "resolvers" and "color". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cmd/config_read.h"

static char system_path[] = "/tmp/mtasts-system-XXXXXX", user_path[] = "/tmp/mtasts-user-XXXXXX";

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static const struct {
    const char *system, *user;
    enum command_bit command;
    const char *word; /* of the command line; NULL: none */
    const char *expect;
} cases[] = {
    {"", "", FOR_CHECK, NULL, "0 0 - -"},
    {"timeout = 30\n", "", FOR_CHECK, NULL, "30 0 - -"},
    {"timeout = 30\n", "timeout = 20\n", FOR_CHECK, NULL, "20 0 - -"},
    {"timeout = 30\n", "jobs = 3\n", FOR_CHECK, NULL, "30 3 - -"},
    {"timeout = 30\n", "timeout = 20\n", FOR_CHECK, "--timeout=10", "10 0 - -"},
    {"timeout = 30\n[check]\ntimeout = 25\n", "", FOR_CHECK, NULL, "25 0 - -"},
    {"timeout = 30\n[check]\ntimeout = 25\n", "", FOR_SCAN, NULL, "30 0 - -"},
    {"[check]\ntimeout = 25\n[scan]\ntimeout = 5\n", "", FOR_SCAN, NULL, "5 0 - -"},
    {"[check]\ntimeout = 25\n", "timeout = 20\n", FOR_CHECK, NULL, "20 0 - -"}, /* the file first */
    {"timeout = 20\n", "[check]\ntimeout = 25\n", FOR_CHECK, NULL, "25 0 - -"},
    {"timeout = 20\n", "[check]\ntimeout = 25\n", FOR_WATCH, NULL, "20 0 - -"},
    {"resolver = 192.0.2.1\nresolver = 192.0.2.2\n", "", FOR_CHECK, NULL,
     "0 0 192.0.2.1,192.0.2.2, -"},
    {"resolver = 192.0.2.1\n", "resolver = 192.0.2.2\n", FOR_CHECK, NULL, "0 0 192.0.2.2, -"},
    {"resolver = 192.0.2.1\n", "", FOR_CHECK, "--resolver=192.0.2.3", "0 0 192.0.2.3, -"},
    {"resolver = 192.0.2.1\n", "", FOR_LINT, NULL, "0 0 - -"}, /* not one of its options */
    {"color = never\n", "color = always\n", FOR_CHECK, NULL, "0 0 - always"},
    {"color = never\n", "", FOR_CHECK, "--color=auto", "0 0 - auto"},
    {"[scan]\njobs = 1000\n", "", FOR_SCAN, NULL, "0 1000 - -"},
    {"jobs = 1000\n", "", FOR_SCAN, NULL, "0 1000 - -"},
    {"jobs = 1000\n", "", FOR_CHECK, NULL, "0 256 - -"},
    {"[scan]\njobs = 1000\n", "", FOR_CHECK, NULL, "0 0 - -"},
};

static struct config config_of(TALLOC_CTX *ctx, const char *system, const char *user)
{
    struct config config = {
        .sources = talloc_zero_array(ctx, struct config_source, 2),
        .source_count = 2,
    };

    write_file(system_path, system);
    write_file(user_path, user);
    config.sources[0].path = system_path;
    config.sources[1].path = user_path;
    return config;
}

static char *options_text(TALLOC_CTX *ctx, const struct options *options)
{
    char *list = talloc_strdup(ctx, options->resolver_count ? "" : "-");

    for (size_t i = 0; i < options->resolver_count; i++)
        list = talloc_asprintf_append(list, "%s,", options->resolvers[i]);
    return talloc_asprintf(ctx, "%lld %lld %s %s", (long long)options->timeout,
                           (long long)options->jobs, list, options->color ? options->color : "-");
}

static void what_counts(void **state)
{
    (void)state;
    unsetenv("NO_COLOR");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct config config = config_of(ctx, cases[i].system, cases[i].user);
        char *words[] = {talloc_strdup(ctx, cases[i].word ? cases[i].word : ""), NULL};
        struct options options;

        assert_int_equal(
            options_parse(ctx, cases[i].command, cases[i].word != NULL, words, &options), 0);
        assert_int_equal(config_read(ctx, &config), 0);
        assert_int_equal(config_apply(ctx, &config, cases[i].command, &options), 0);
        if (strcmp(options_text(ctx, &options), cases[i].expect) != 0)
            fail_msg("case %zu: %s", i, options_text(ctx, &options));
        talloc_free(ctx);
    }
}

/* What the environment or the rest of the command line says otherwise. */
static void what_does_not(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct config config = config_of(
        ctx, "color = always\nproxy = proxy.example:1\nipv4 = yes\nsave = yes\nsave = no\n", "");
    struct options options;
    char *words[] = {talloc_strdup(ctx, "-6")};

    (void)state;
    assert_int_equal(config_read(ctx, &config), EXIT_USAGE); /* save, twice */
    config = config_of(ctx, "color = always\nproxy = proxy.example:1\nipv4 = yes\n", "");
    setenv("NO_COLOR", "1", 1);
    setenv("https_proxy", "http://other.example:1", 1);
    assert_int_equal(options_parse(ctx, FOR_CHECK, 1, words, &options), 0);
    assert_int_equal(config_read(ctx, &config), 0);
    assert_int_equal(config_apply(ctx, &config, FOR_CHECK, &options), 0);
    assert_null(options.color);
    assert_null(options.proxy);
    assert_false(options.ipv4);
    unsetenv("NO_COLOR");
    unsetenv("https_proxy");
    talloc_free(ctx);
}

/* None excludes the others where they would count together. */
static void no_resolver_and_some(void **state)
{
    static const struct {
        const char *system, *user;
        int expect;
    } files[] = {
        {"resolver = none\nresolver = 192.0.2.1\n", "", EXIT_USAGE},
        {"resolver = 192.0.2.1\nresolver = none\n", "", EXIT_USAGE},
        {"", "[scan]\nresolver = none\nresolver = 192.0.2.1\n", EXIT_USAGE},
        {"resolver = none\n[scan]\nresolver = 192.0.2.1\n", "", 0},
        {"resolver = none\n", "resolver = 192.0.2.1\n", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct config config = config_of(ctx, files[i].system, files[i].user);

        assert_int_equal(config_read(ctx, &config), files[i].expect);
        talloc_free(ctx);
    }
}

static void absent(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct config_source sources[] = {{"/nonexistent/a", false, false},
                                      {"/nonexistent/b", true, false}};
    struct config config = {sources, 1, NULL, 0};

    (void)state;
    assert_int_equal(config_read(ctx, &config), 0);
    assert_true(sources[0].absent);
    config.source_count = 2;
    assert_int_equal(config_read(ctx, &config), EXIT_INTERNAL);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_counts), cmocka_unit_test(what_does_not),
        cmocka_unit_test(no_resolver_and_some), cmocka_unit_test(absent)};
    int status;

    close(mkstemp(system_path));
    close(mkstemp(user_path));
    status = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(system_path);
    unlink(user_path);
    return status;
}
