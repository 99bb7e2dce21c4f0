/* SPDX-License-Identifier: MIT */
/* test_expand.c - places are filled, and no value leaves its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "render/expand.h"

static const struct param params[] = {
    {"host", "mx1.example.com"},
    {"port", "25"},
    {"option", "-rf"},
    {"evil", "a'b\"c$(id)`id`"},
    {"esc", "a\x1b[31mb"},
    {"empty", ""},
    {"lines", "a\nb\t"},
    {"odd", "a\\032b;c.example"},
    {"tlsa", "3 1 1 ab"},
    {"plus", "+x"},
    {"server", "@192.0.2.1"},
    {"star", "*.example"},
    {"inject", "a.example\nupdate delete b"},
    {"one", "1"},
    {"list", "a, b"},
    {"when", "2026-11-23T15:00:00Z"},
    {"almost", "2026-11-23T15:00:00+00:00"},
};
static const struct expand_params some = {params, sizeof(params) / sizeof(params[0]), false};
static const struct expand_params named = {params, 2, true};

static const struct {
    const char *template, *text, *command;
} cases[] = {
    {"", "", ""},
    {"no place", "no place", "no place"},
    {"{host}:{port}", "mx1.example.com:25", "mx1.example.com:25"},
    {"{nothing} here", NULL, NULL},
    {"{} {Host} {host", "{} {Host} {host", "{} {Host} {host"},
    {"{x} here", NULL, NULL}, /* one letter is a name */
    {"{!} {!x}on", "{!} on", "{!} on"},
    {"a {{port}}", "a {25}", "a {25}"},
    {"x {option}", "x -rf", NULL}, /* quotes keep no program from reading an option */
    {"x \"{option}\"", "x \"-rf\"", NULL},
    {"{plus} {server}", "+x @192.0.2.1", NULL},
    {"x --at={option} @{host}", "x --at=-rf @mx1.example.com", "x --at='-rf' @mx1.example.com"},
    {"x {odd}", "x a\\\\032b;c.example", "x 'a\\032b;c.example'"},
    {"x {empty}.", "x .", "x ''."},
    {"{!nothing}on", "on", "on"},
    {"{!host}off", NULL, NULL},
    {"see:\n$ x {evil}\n$ y '{host}'\nand {evil}",
     "see:\n\tx 'a'\\''b\"c$(id)`id`'\n\ty 'mx1.example.com'\nand a'b\"c$(id)`id`",
     "see:\n\tx 'a'\\''b\"c$(id)`id`'\n\ty 'mx1.example.com'\nand a'b\"c$(id)`id`"},
    {"see:\n| {lines}", "see:\n\ta\n\tb\\x09", "see:\n\ta\n\tb\\x09"},
    {"{lines}", "a\\x0ab\\x09", "'a\\x0ab\\x09'"},
    {"{esc}", "a\\x1b[31mb", "'a\\x1b[31mb'"},
    {"{port|hour|hours} of {one|day|days}", "25 hours of 1 day", "25 of 1"},
    {"{host|was|were} {list|was|were}", "mx1.example.com was a, b were", "mx1.example.com 'a, b'"},
    {"{port|one} {port|a|b|c}", "{port|one} {port|a|b|c}", "{port|one} {port|a|b|c}"},
    {"on {when}", "on 2026-11-23 15:00 UTC", "on 2026-11-23T15:00:00Z"},
    {"on {almost}", "on 2026-11-23T15:00:00+00:00", "on 2026-11-23T15:00:00+00:00"},
    {"e \"{port}\" '{port}'", "e \"25\" '25'", "e \"25\" '25'"},
};

static void test_cases(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *text = expand_text(ctx, cases[i].template, some);
        char *command = expand_command(ctx, cases[i].template, some);

        if (cases[i].text)
            assert_string_equal(text, cases[i].text);
        else
            assert_null(text);
        if (cases[i].command)
            assert_string_equal(command, cases[i].command);
        else
            assert_null(command);
    }
    talloc_free(ctx);
}

/* Such a domain would be taken for another one where it is pasted. */
static void test_domain_called_as_a_policy_host(void **state)
{
    static const struct param values[] = {{"domain", "mta-sts.example.org"}};
    static const struct expand_params of = {values, 1, false};
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    assert_string_equal(expand_command(ctx, "mtasts plan {domain} --out x", of),
                        "mtasts plan @mta-sts.example.org --out x");
    assert_string_equal(expand_command(ctx, "dig MX {domain}", of), "dig MX mta-sts.example.org");
    assert_string_equal(expand_text(ctx, "Again:\n$ mtasts check {domain}", of),
                        "Again:" EXPAND_LINE "mtasts check @mta-sts.example.org");
    talloc_free(ctx);
}

/* An example shows all cases, but not what has no value in any. */
static void test_examples(void **state)
{
    static const struct param values[] = {{"host", "mx1.example.com"}, {"right", NULL}};
    static const struct expand_params example = {values, 2, true};
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    assert_string_equal(expand_text(ctx, "{!right}{!host}{host} {other}", example),
                        "mx1.example.com OTHER");
    assert_null(expand_text(ctx, "{host} {right}", example));
    talloc_free(ctx);
}

/* A line of a zone or a policy has its own writer; what cannot be written there spoils the whole.
 */
static void test_lines_to_copy(void **state)
{
    static const struct {
        const char *template, *text;
    } lines[] = {
        {"| {host}. 3600 IN A 192.0.2.1", "mx1.example.com. 3600 IN A 192.0.2.1"},
        {"| _25._tcp.{odd}. 3600 IN TLSA {tlsa}",
         "_25._tcp.a\\032b\\;c.example. 3600 IN TLSA 3 1 1 ab"},
        {"| {star}. 3600 IN MX {port} {host}.", "*.example. 3600 IN MX 25 mx1.example.com."},
        {"| {inject}. 3600 IN MX 10 {host}.", NULL},
        {"| {host}. 3600 IN MX 10 {empty}.", NULL},
        {"| {host}. 300 IN TXT \"v=x; id={inject}\"",
         "mx1.example.com. 300 IN TXT \"v=x; id=a.example\\010update delete b\""},
        {"| {host}. 300 IN TXT \"{evil}\"", "mx1.example.com. 300 IN TXT \"a'b\\\"c$(id)`id`\""},
        {"| mx: {host}", "mx: mx1.example.com"},
        {"| mx: {star}", "mx: *.example"},
        {"| mx: {odd}", NULL},
        {"| mx: {inject}", NULL},
        {"| mx: {evil}", NULL},
        {"| mx: {empty}", NULL},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        char *text = expand_text(ctx, talloc_asprintf(ctx, "add\n%s", lines[i].template), some);

        if (lines[i].text)
            assert_string_equal(text, talloc_asprintf(ctx, "add" EXPAND_LINE "%s", lines[i].text));
        else
            assert_null(text);
    }
    talloc_free(ctx);
}

static void test_missing_places_by_name(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    assert_string_equal(expand_text(ctx, "{host} {new_id}", named), "mx1.example.com NEW_ID");
    assert_string_equal(expand_text(ctx, "{a_to_z}", named), "A_TO_Z");
    assert_string_equal(expand_command(ctx, "x {new_id}", named), "x NEW_ID");
    talloc_free(ctx);
}

/* The shell itself says that a value stays one word, whatever quotes the template has. */
static void test_the_shell_agrees(void **state)
{
    static const char *const templates[] = {"printf '%s' {evil}", "printf '%s' \"{evil}\"",
                                            "printf '%s' '{evil}'",
                                            "printf '%s' x=\"{evil}\" | cut -c3-"};
    TALLOC_CTX *ctx = talloc_new(NULL);

    for (size_t i = 0; i < sizeof(templates) / sizeof(templates[0]); i++) {
        FILE *shell = popen(expand_command(ctx, templates[i], some), "r");
        char seen[64] = "";

        assert_non_null(shell);
        assert_non_null(fgets(seen, sizeof(seen), shell));
        assert_int_equal(pclose(shell), 0);
        seen[strcspn(seen, "\n")] = '\0';
        assert_string_equal(seen, "a'b\"c$(id)`id`");
    }
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_domain_called_as_a_policy_host),
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_lines_to_copy),
        cmocka_unit_test(test_missing_places_by_name),
        cmocka_unit_test(test_the_shell_agrees),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
