/* SPDX-License-Identifier: MIT */
/* test_copy.c - what people are told to paste: every command and every fix of the catalogue, filled
 * with hostile values, goes through a shell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "knowledge/advice.h"
#include "render/expand.h"
#include "vendors/provider.h"

/* A shell that looks into it makes the file `canary`. */
static const char *const hostile[] = {
    "x'$(:>canary)`:>canary`\";:>canary;\"'\n:>canary\n&:>canary|:>canary",
    /* an option, which some commands have no place for */
    "-x'$(:>canary)`:>canary`\";:>canary;\"'\n:>canary\n&:>canary|:>canary",
    /* a name as the DNS may hold it */
    "x'$(:>canary)`:>canary`\";:>canary;'\\\"|:>canary&:>canary\\010.example",
};

#define PLACES_MAX 32

struct places {
    struct param params[PLACES_MAX];
    size_t count;
};

static bool is_known(const struct places *places, const char *name)
{
    for (size_t i = 0; i < places->count; i++)
        if (!strcmp(places->params[i].name, name))
            return true;
    return false;
}

/* Every place of the template, with the value. */
static void collect(TALLOC_CTX *ctx, struct places *places, const char *template, const char *value)
{
    for (const char *at = strchr(template, '{'); at; at = strchr(at + 1, '{')) {
        char *name = talloc_strndup(ctx, at + 1, strcspn(at + 1, "|}"));

        if (*name == '!' || is_known(places, name))
            continue;
        assert_true(places->count < PLACES_MAX);
        places->params[places->count++] = (struct param){name, value};
    }
}

static struct expand_params filled_with(TALLOC_CTX *ctx, struct places *places,
                                        const char *template, const char *value)
{
    collect(ctx, places, template, value);
    return (struct expand_params){places->params, places->count, false};
}

/* The template's lines and those of its expansion: "$ " is what becomes a command. */
static void write_commands(FILE *script, const char *template, const char *text)
{
    while (template && text) {
        if (!strncmp(template, "$ ", 2))
            fprintf(script, "%.*s\n", (int)strcspn(text, "\n"), text);
        if (!strncmp(template, "| ", 2))
            break; /* its values may be many lines */
        template = strchr(template, '\n');
        text = strchr(text, '\n');
        template += template ? 1 : 0;
        text += text ? 1 : 0;
    }
}

/* What cannot be written where it belongs makes no line at all. */
static bool may_be_refused(const char *template, const char *value)
{
    return *value == '-' || strstr(template, "\n| ");
}

static void write_fix(FILE *script, const char *const *lines, const char *value)
{
    for (; lines && *lines; lines++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct places places = {0};
        char *text = expand_text(ctx, *lines, filled_with(ctx, &places, *lines, value));

        assert_true(text || may_be_refused(*lines, value));
        write_commands(script, *lines, text);
        talloc_free(ctx);
    }
}

static void write_see(FILE *script, const char *const *lines, const char *value)
{
    for (; *lines; lines++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct places places = {0};
        char *text = expand_command(ctx, *lines, filled_with(ctx, &places, *lines, value));

        assert_true(text || may_be_refused(*lines, value));
        fprintf(script, "%s\n", text ? text : "");
        talloc_free(ctx);
    }
}

static void write_all(FILE *script, const char *value)
{
    for (enum finding_code code = 0; code < FINDING_COUNT; code++) {
        write_see(script, advice_for(code)->commands, value);
        write_fix(script, advice_for(code)->fix, value);
    }
    for (size_t i = 0; i < provider_count; i++) {
        write_fix(script, providers[i].mx_steps, value);
        write_fix(script, providers[i].cert_steps, value);
        write_fix(script, providers[i].host_steps, value);
    }
}

/* The script is parsed, and then run where no command exists: the shell alone is at work. */
static void test_no_value_leaves_its_word(void **state)
{
    char folder[] = "/tmp/mtasts-copy-XXXXXX";
    char *run;
    FILE *script;

    (void)state;
    assert_non_null(mkdtemp(folder));
    run = talloc_asprintf(NULL, "%s/script", folder);
    script = fopen(run, "w");
    assert_non_null(script);
    for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++)
        write_all(script, hostile[i]);
    assert_int_equal(fclose(script), 0);
    run = talloc_asprintf_append(run,
                                 " && cd %s && sh -n ./script && { PATH=/nowhere; . ./script; } "
                                 ">/dev/null 2>&1 </dev/null; test ! -e canary",
                                 folder);
    assert_int_equal(system(talloc_asprintf(run, "test -s %s", run)), 0);
    assert_int_equal(system(talloc_asprintf(run, "rm -r %s", folder)), 0);
    talloc_free(run);
}

/* A command in the middle of a sentence is wrapped and not quoted: it belongs on a line of its own.
 */
static void test_commands_stand_alone(void **state)
{
    static const char *const signs[] = {": mtasts ",  ": certbot ", ": dig ",     ": curl ",
                                        ": openssl ", ": sed ",     " IN TXT \"", " IN TLSA "};

    (void)state;
    for (enum finding_code code = 0; code < FINDING_COUNT; code++)
        for (const char *const *line = advice_for(code)->fix; *line; line++) {
            TALLOC_CTX *ctx = talloc_new(NULL);
            char *copy = talloc_strdup(ctx, *line), *rest;

            for (char *one = strtok_r(copy, "\n", &rest); one; one = strtok_r(NULL, "\n", &rest))
                for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
                    if (strncmp(one, "$ ", 2) != 0 && strncmp(one, "| ", 2) != 0 &&
                        strstr(one, signs[i]))
                        fail_msg("%s: put the command on a line of its own (expand.h): %s",
                                 finding_info(code)->name, *line);
            talloc_free(ctx);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_value_leaves_its_word),
        cmocka_unit_test(test_commands_stand_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
