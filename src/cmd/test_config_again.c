/* SPDX-License-Identifier: MIT */
/* test_config_again.c - a file that changes beneath the command line. */
#include "cmd/config_again.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cmd/option_row.h"

static char path[] = "/tmp/config-again-XXXXXX";
static char names[256];

static void write_file(const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void on_difference(void *arg, const char *name)
{
    (void)arg;
    (void)snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s ", name);
}

static const char *differences(const struct options *before, const struct options *after)
{
    names[0] = '\0';
    config_differences(FOR_POLICYD, before, after, on_difference, NULL);
    return names;
}

/* With --quiet on the command line. */
static void begin(void)
{
    struct options given = {.now = NOW_UNSET, .config = path, .quiet = true};

    given.given[option_named("quiet") - options_table] = true;
    config_again_begin(&given);
}

static void what_differs_is_named(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct options before, after;

    (void)state;
    begin();
    write_file("[policyd]\nlisten = 127.0.0.1:8461\nno-dane = yes\nquiet = no\n");
    assert_int_equal(config_again(ctx, FOR_POLICYD, &before), 0);
    assert_true(before.no_dane && before.quiet);
    assert_int_equal(config_again(ctx, FOR_POLICYD, &after), 0);
    assert_string_equal(differences(&before, &after), "");
    write_file("[policyd]\nlisten = 127.0.0.1:8462\noverrides = /etc/o\nhttps-port = 444\n"
               "store = /var/lib/s\n[watch]\ninterval = 1h\n");
    assert_int_equal(config_again(ctx, FOR_POLICYD, &after), 0);
    differences(&before, &after);
    assert_non_null(strstr(names, "listen "));
    assert_non_null(strstr(names, "no-dane "));
    assert_non_null(strstr(names, "overrides "));
    assert_non_null(strstr(names, "https-port "));
    assert_non_null(strstr(names, "store "));
    assert_null(strstr(names, "quiet "));
    assert_null(strstr(names, "interval "));
    talloc_free(ctx);
}

static void a_wrong_file_changes_nothing(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct options options = {.https_port = 7};

    (void)state;
    begin();
    write_file("[policyd]\nhttps-port = 444\nno-dane = perhaps\n");
    assert_int_equal(config_again(ctx, FOR_POLICYD, &options), 64);
    assert_int_equal(options.https_port, 7);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_differs_is_named),
        cmocka_unit_test(a_wrong_file_changes_nothing),
    };
    int fd = mkstemp(path), failed;

    if (fd < 0)
        return 1;
    close(fd);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
