/* SPDX-License-Identifier: MIT */
/* test_options.c - command lines, and what is read from them.
 *
 * A case is the words behind a subcommand, with blanks between.  A wrong one must end with
 * EXIT_USAGE; what it says on standard error is the matter of test/cli.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/options.h"

#define FINDING_TEXT_MAX 16

/* Parsed; the words must live as long as the options, which borrow them. */
struct parsed {
    TALLOC_CTX *ctx;
    char text[256];
    char *words[FINDING_TEXT_MAX];
    int count, status;
    struct options options;
};

static void parse(struct parsed *p, enum command_bit command, const char *line)
{
    *p = (struct parsed){.ctx = talloc_new(NULL)};
    snprintf(p->text, sizeof p->text, "%s", line);
    for (char *at = p->text; *at && p->count < FINDING_TEXT_MAX; p->count++) {
        p->words[p->count] = at;
        at += strcspn(at, " ");
        if (*at)
            *at++ = '\0';
    }
    p->status = options_parse(p->ctx, command, p->count, p->words, &p->options);
    if (!p->status)
        p->status = options_check_store(command, &p->options);
}

/* ---- wrong and right ------------------------------------------------------------------------- */

static const struct {
    enum command_bit command;
    const char *line;
    bool good;
} lines[] = {
    {FOR_CHECK, "example.com", true},
    {FOR_CHECK, "--json example.com", true},
    {FOR_CHECK, "example.com --json", true},
    {FOR_CHECK, "--jso example.com", true},
    {FOR_CHECK, "--j example.com", false}, /* --json, --jobs; one letter is none */
    {FOR_CHECK, "--ver example.com", false},
    {FOR_CHECK, "--verb example.com", true},
    {FOR_CHECK, "--re none example.com", true}, /* others' --remove and --resume do not count */
    {FOR_PLAN, "--re example.com", false},
    {FOR_PLAN, "--retreat example.com", true},
    {FOR_PLAN, "--retre example.com", false}, /* a former name counts as a whole only */
    {FOR_CHECK, "--col=never example.com", true},
    {FOR_CHECK, "-j -q -v example.com", true},
    {FOR_CHECK, "-qv example.com", false},
    {FOR_CHECK, "-x example.com", false},
    {FOR_SCAN, "-o results list", true},
    {FOR_SCAN, "-oresults list", true},
    {FOR_SCAN, "-o", false},
    {FOR_GENERATE, "-o folder example.com", true},
    {FOR_CHECK, "-o file example.com", false},
    {FOR_CHECK, "--ipv4 example.com", true},
    {FOR_CHECK, "--ipv4 -6 example.com", false},
    {FOR_CHECK, "--lang de_DE.UTF-8 example.com", true},
    {FOR_CHECK, "--lang fr_FR example.com", false},
    {FOR_CHECK, "-json example.com", false},
    {FOR_CHECK, "--json=yes example.com", false},
    {FOR_CHECK, "--jobs 1 example.com", true},
    {FOR_CHECK, "--jobs=256 example.com", true},
    {FOR_CHECK, "--jobs 257 example.com", false},
    {FOR_SCAN, "--jobs 257 list", true},
    {FOR_SCAN, "--jobs 100000 list", true},
    {FOR_SCAN, "--jobs 100001 list", false},
    {FOR_CHECK, "--jobs 0 example.com", false},
    {FOR_CHECK, "--jobs -1 example.com", false},
    {FOR_CHECK, "--jobs +1 example.com", false},
    {FOR_CHECK, "--jobs 1x example.com", false},
    {FOR_CHECK, "--jobs 9999999999 example.com", false},
    {FOR_CHECK, "--jobs= example.com", false},
    {FOR_CHECK, "--jobs", false},
    {FOR_CHECK, "--timeout 3600 example.com", true},
    {FOR_CHECK, "--timeout 3601 example.com", false},
    {FOR_CHECK, "--https-port 65535 example.com", true},
    {FOR_CHECK, "--https-port 65536 example.com", false},
    {FOR_CHECK, "--lang de example.com", true},
    {FOR_CHECK, "--lang=en example.com", true},
    {FOR_CHECK, "--lang fr example.com", false},
    {FOR_CHECK, "--lang d example.com", false},
    {FOR_CHECK, "--color never example.com", true},
    {FOR_CHECK, "--color sometimes example.com", false},
    {FOR_CHECK, "--fail-on low example.com", true},
    {FOR_CHECK, "--fail-on critical example.com", true},
    {FOR_CHECK, "--fail-on info example.com", false},
    {FOR_CHECK, "--fail-on unknown example.com", false},
    {FOR_CHECK, "--fail-on none example.com", false},
    {FOR_CHECK, "--now 2026-11-23T15:00:00Z example.com", true},
    {FOR_CHECK, "--now 2026-11-23 example.com", false},
    {FOR_CHECK, "--resolver 192.0.2.1 example.com", true},
    {FOR_CHECK, "--resolver 192.0.2.1@5353 --resolver 2001:db8::1 example.com", true},
    {FOR_CHECK, "--resolver none example.com", true},
    {FOR_CHECK, "--resolver dns.example example.com", false},
    {FOR_CHECK, "--resolver none --resolver 192.0.2.1 example.com", false},
    {FOR_CHECK, "--proxy http://proxy.example:3128 example.com", true},
    {FOR_CHECK, "--proxy none example.com", true},
    {FOR_CHECK, "--proxy proxy.example:3128 example.com", true},
    {FOR_CHECK, "--proxy ftp://proxy.example example.com", false},
    {FOR_CHECK, "-4 example.com", true},
    {FOR_CHECK, "-4 -6 example.com", false},
    {FOR_CHECK, "-46 example.com", false},
    {FOR_CHECK, "--plugin -H example.com", true},
    {FOR_CHECK, "--plugin -Hexample.com -w 14: -c7: -t 30 -vvv", true},
    {FOR_CHECK, "--plugin --hostname=example.com --warning=@~:14 --critical 7:30", true},
    {FOR_CHECK, "--plugin --store file -H example.com", true},
    {FOR_CHECK, "--plugin -H example.com -w 14d", false},
    {FOR_CHECK, "--plugin -H example.com -w 20 -c 10", true},
    {FOR_CHECK, "--plugin -H example.com -c 30:7", false},
    {FOR_CHECK, "--plugin -H", false},
    {FOR_CHECK, "-H example.com", false},
    {FOR_CHECK, "-w 14: example.com", false},
    {FOR_CHECK, "-c 14: example.com", false},
    {FOR_CHECK, "-vv example.com", true},
    {FOR_CHECK, "-vq example.com", false},
    {FOR_CHECK, "--verbose=v example.com", false},
    {FOR_OBSERVE, "--plugin example.com", false},
    {FOR_CHECK, "--save --store file example.com", true},
    {FOR_CHECK, "--store file example.com", false},
    {FOR_CHECK, "--save --now 2026-11-23T15:00:00Z example.com", false},
    {FOR_CHECK, "--mx mx.example example.com", false}, /* another subcommand's */
    {FOR_LINT, "--mx mx.example --mx mx2.example policy", true},
    {FOR_LINT, "--from facts policy", false},
    {FOR_WATCH, "--interval 90m example.com", true},
    {FOR_WATCH, "--interval 30d example.com", true},
    {FOR_WATCH, "--interval 31d example.com", false},
    {FOR_WATCH, "--interval 1w example.com", false},
    {FOR_WATCH, "--interval h example.com", false},
    {FOR_WATCH, "--interval 0 example.com", false},
    {FOR_GENERATE, "--mode enforce --max-age 604800 example.com", true},
    {FOR_GENERATE, "--mode strict example.com", false},
    {FOR_GENERATE, "--max-age 31557600 example.com", true},
    {FOR_GENERATE, "--max-age 31557601 example.com", false},
};

static void wrong_and_right(void **state)
{
    struct parsed p;

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        parse(&p, lines[i].command, lines[i].line);
        if (p.status != (lines[i].good ? 0 : EXIT_USAGE))
            fail_msg("\"%s\": %d", lines[i].line, p.status);
        talloc_free(p.ctx);
    }
}

/* ---- what is read ---------------------------------------------------------------------------- */

static void values(void **state)
{
    struct parsed p;

    (void)state;
    parse(&p, FOR_CHECK,
          "--jobs=4 --timeout 30 --fail-on high --now 2026-11-23T15:00:00Z a.example b.example");
    assert_int_equal(p.options.jobs, 4);
    assert_int_equal(p.options.timeout, 30);
    assert_int_equal(p.options.fail_on, SEVERITY_HIGH);
    assert_int_equal(p.options.now, 1795446000);
    assert_int_equal(p.options.operand_count, 2);
    assert_string_equal(p.options.operands[1], "b.example");
    talloc_free(p.ctx);
}

static void defaults(void **state)
{
    struct parsed p;

    (void)state;
    parse(&p, FOR_CHECK, "a.example");
    assert_int_equal(p.options.jobs, 0);
    assert_int_equal(p.options.fail_on, SEVERITY_NONE);
    assert_true(p.options.now == NOW_UNSET);
    assert_false(p.options.json);
    assert_null(p.options.lang);
    assert_int_equal(p.options.resolver_count, 0);
    talloc_free(p.ctx);
}

static void lists(void **state)
{
    struct parsed p;

    (void)state;
    parse(&p, FOR_LINT, "--mx one.example --mx=two.example file");
    assert_int_equal(p.options.mx_count, 2);
    assert_string_equal(p.options.mx[0], "one.example");
    assert_string_equal(p.options.mx[1], "two.example");
    assert_int_equal(p.options.new_mx_count, 0);
    talloc_free(p.ctx);
}

/* The last one counts, as with other programs; behind -- and for - there are operands only. */
static void order(void **state)
{
    struct parsed p;

    (void)state;
    parse(&p, FOR_CHECK, "--lang de - --lang en -- --json");
    assert_int_equal(p.status, 0);
    assert_string_equal(p.options.lang, "en");
    assert_int_equal(p.options.operand_count, 2);
    assert_string_equal(p.options.operands[0], "-");
    assert_string_equal(p.options.operands[1], "--json");
    assert_false(p.options.json);
    talloc_free(p.ctx);
}

static void durations(void **state)
{
    static const struct {
        const char *line;
        int64_t seconds;
    } cases[] = {{"--interval 45 a", 45},
                 {"--interval 45s a", 45},
                 {"--interval 90m a", 5400},
                 {"--interval 6h a", 21600},
                 {"--interval 1d a", 86400}};
    struct parsed p;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        parse(&p, FOR_WATCH, cases[i].line);
        assert_int_equal(p.options.interval, cases[i].seconds);
        talloc_free(p.ctx);
    }
}

static void widths(void **state)
{
    char *value[] = {(char[]){"--store"}, (char[]){"x"}}, *joined[] = {(char[]){"--store=x"}},
         *flag[] = {(char[]){"--json"}, (char[]){"x"}}, *operand[] = {(char[]){"x"}},
         *input[] = {(char[]){"-"}}, *end[] = {(char[]){"--"}},
         *open[] = {(char[]){"--res"}, (char[]){"x"}}, *open_joined[] = {(char[]){"--res=x"}},
         *behind[] = {(char[]){"--res"}, (char[]){"x"}, (char[]){"check"}, (char[]){"--lang"},
                      (char[]){"de"}};

    (void)state;
    assert_int_equal(options_width(2, value), 2);
    assert_int_equal(options_width(1, value), 1);
    assert_int_equal(options_width(1, joined), 1);
    assert_int_equal(options_width(2, flag), 1);
    assert_int_equal(options_width(1, operand), 0);
    assert_int_equal(options_width(1, input), 0);
    assert_int_equal(options_width(1, end), 0);
    assert_int_equal(options_width(0, NULL), 0);
    assert_int_equal(options_width(2, open), OPTIONS_WIDTH_UNKNOWN); /* --resume, --resolver X */
    assert_int_equal(options_width(2, open_joined), 1);
    assert_string_equal(options_early(5, behind, "lang"), "de");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_and_right), cmocka_unit_test(values), cmocka_unit_test(defaults),
        cmocka_unit_test(lists),           cmocka_unit_test(order),  cmocka_unit_test(durations),
        cmocka_unit_test(widths),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
