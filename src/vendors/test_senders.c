/* SPDX-License-Identifier: MIT */
/* test_senders.c - the models of senders against the matrix of what the implementations did. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "vendors/senders.h"

#define V       "version: STSv1\n"
#define M       "mode: enforce\n"
#define X       "mx: mail.example.com\n"
#define A       "max_age: 604800\n"
#define NONE    "mode: none\n"
#define AGE(n)  V M X "max_age: " n "\n"
#define MX(v)   V M "mx: " v "\n" A
#define COLUMNS 8

/* The order of the cells: mailauth, postfix-mta-sts-resolver, mox, chasquid, maddy, postfix-tlspol
 * before 1.11, KumoMTA, Stalwart.  e t n: read with that mode, "/N" with that max_age, R: rejected.
 */
static const char *const columns[COLUMNS][2] = {
    {"mailauth", NULL}, {"postfix-mta-sts-resolver", NULL}, {"mox", NULL},     {"chasquid", NULL},
    {"maddy", NULL},    {"postfix-tlspol", "before 1.11"},  {"KumoMTA", NULL}, {"Stalwart", NULL},
};

static const struct {
    const char *text, *cells;
} matrix[] = {
    {"version: STSv1\r\nmode: enforce\r\nmx: a.example\r\nmax_age: 604800\r\n", "e e e e e e e e"},
    {V M X A, "e e e e e e e e"},
    {"version: STSv1\r\nmode: enforce\r\nmx: a.example\r\nmax_age: 604800", "e e e e e e e e"},
    {"version: STSv1\r\n" M X A, "e e e e e e e e"},
    {"version: STSv1\rmode: enforce\rmx: a.example\rmax_age: 604800\r", "R e R R R R R R"},
    {"version: STSv1 \nmode: enforce\t\nmx: a.example  \nmax_age: 604800 \n", "e e e e e e e e"},
    {" version: STSv1\n mode: enforce\n mx: a.example\n max_age: 604800\n", "e R R e R e e e"},
    {"version:STSv1\nmode:enforce\nmx:a.example\nmax_age:604800\n", "e e e e e e e e"},
    {"version : STSv1\nmode : enforce\nmx : a.example\nmax_age : 604800\n", "e R R e R e e e"},
    {V "\n" M X A, "e e R e R e e e"},
    {"\n" V M X A, "e e R e R e e e"},
    {V M X A "\n", "e e R e R e e e"},
    {V "  \n" M X A, "e e R e R e R e"},
    {"\xef\xbb\xbf" V M X A, "e R R R R R R e"},
    {V M X A "note: hello\n", "e e e e e e e e"},
    {V M X A "note: https://example.com\n", "e e e e R e e e"},
    {V M X A "note: gr\xc3\xbc\xc3\x9f\n", "e R e e e e e e"},
    {V M X A "note:\n", "e e R e e e e e"},
    {V M X A "_bad: x\n", "e e R e e e e e"},
    {"hello\n" V M X A, "e e R e R R R e"},
    {"# changed by Joe\n" V M X A, "e e R e R R R e"},
    {V M X A NONE, "n n e n n e R n"},
    {V M X A "max_age: 1\n", "e/1 e/1 e e/1 e/1 e R e/86400"},
    {V M X A "version: STSv2\n", "R R R R R e R R"},
    {V M X A M, "e e e e e e R e"},
    /* every occurrence is looked at by some, whichever counts */
    {V "mode: report\n" X A M, "e e R e R R R R"},
    {V M X A "mode: report\n", "R R R R R e R R"},
    {V M X "max_age: a\n" A, "e e R e R R R e"},
    /* a no-break space is white space to some libraries */
    {V "mode:\xc2\xa0"
       "enforce\n" X A,
     "e R R e e R e e"},
    {V "mode: enforce\xe2\x80\x83\n" X A, "e R R e e R e e"},
    {V M X A "note: \xff\n", "e R R e e e e R"},
    {V M "mx:\nmx: mail.example.com\n" A, "e e R e e R e e"},
    {M X A, "R R R R R R R e"},
    {M X A V, "e e e e e e e e"},
    {V X A, "n R R R R n R n"},
    {V M X, "R R R R R R R e/86400"},
    {V M A, "R R R R R e R R"},
    {V NONE A, "n n n R n n n R"},
    {MX(""), "e e R e e R e R"},
    {V NONE X A, "n n n n n n n n"},
    {AGE("0"), "e/0 e/0 e/0 R e/0 e/0 e/0 e/86400"},
    {AGE("31557600"),
     "e/31557600 e/31557600 e/31557600 e/31557600 e/31557600 e/31557600 e/31557600 e/86400"},
    {AGE("31557601"), "R R e/31557601 R e/31557601 e/31557600 e/31557601 e/86400"},
    {AGE("31557599"),
     "e/31557599 e/31557599 e/31557599 e/31557599 e/31557599 e/31557599 e/31557599 e/31557599"},
    {AGE("3600"), "e/3600 e/3600 e/3600 e/3600 e/3600 e/3600 e/3600 e/3600"},
    {AGE("2147483647"), "R R e/2147483647 R e/2147483647 e/31557600 e/2147483647 e/86400"},
    {AGE("2147483648"), "R R R R e/2147483648 e/31557600 e/2147483648 e/86400"},
    {AGE("0000000060"), "e/60 e/60 e/60 e/60 e/60 e/60 e/60 e/86400"},
    {AGE("00000000060"), "e/60 e/60 R e/60 e/60 e/60 e/60 e/86400"},
    {AGE("-1"), "R R R R e/-1 R R e/86400"},
    {AGE("+5"), "e/5 e/5 R e/5 e/5 R e/5 e/86400"},
    {AGE("1e3"), "e/1000 R R R R R R e/86400"},
    {AGE("0x10"), "e/16 R R R R R R e/86400"},
    {AGE("12.5"), "e/12 R R R R R R e/86400"},
    {AGE(""), "e/0 R R R R R R e/86400"},
    {AGE("1_000"), "R e/1000 R R R R R e/86400"},
    {V "mode: ENFORCE\n" X A, "e R R R R R R R"},
    {V "MODE: enforce\n" X A, "e R R R R n R n"},
    {V "mode: report\n" X A, "R R R R R R R R"},
    {"version: stsv1\n" M X A, "R R R R R R R e"},
    {"version: STSv10\n" M X A, "R R R R R R R R"},
    {MX("mail.example.com."), "e e R e e R e e"},
    {MX("*.*.example.com"), "e e R e e R e e"},
    {MX(".example.com"), "e e R e e R e e"},
    {MX("*"), "e e R e e R e e"},
    {MX("192.0.2.1"), "e e R e e e e e"},
    {MX("my_mail.example.com"), "e e R e e e e e"},
    {MX("m\xc3\xbcller.example"), "e R R e e R e e"},
    {MX("a.example, b.example"), "e e R e e R e e"},
    {MX("me@example.com"), "e e R e e R e e"},
    {MX("10 mail.example.com"), "e e R e e R e e"},
    {"", "R R R R R R R R"},
    {"<html>\n" V M X "max_age: 604800</html>\n", "R R R R R R R e/86400"},
    {"version: \"STSv1\"\nmode: \"enforce\"\nmx: \"a.example\"\nmax_age: \"60\"\n",
     "R R R R R R R R"},
};

static const struct sender *find(const char *name, const char *version)
{
    for (size_t i = 0; i < sender_count; i++)
        if (!strcmp(senders[i].name, name) && (!version || !strcmp(senders[i].version, version)))
            return &senders[i];
    fail_msg("no sender %s", name);
    return NULL;
}

static void add_cell(char *cells, size_t size, const struct reading *reading)
{
    size_t at = strlen(cells);
    const char *gap = at ? " " : "";

    if (reading->mode == STS_MODE_INVALID)
        snprintf(cells + at, size - at, "%sR", gap);
    else if (reading->max_age == 604800)
        snprintf(cells + at, size - at, "%s%c", gap, reading_name(reading->mode)[0]);
    else
        snprintf(cells + at, size - at, "%s%c/%lld", gap, reading_name(reading->mode)[0],
                 (long long)reading->max_age);
}

static void matrix_of_readings(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(matrix) / sizeof(matrix[0]); i++) {
        char cells[200] = "";

        for (size_t j = 0; j < COLUMNS; j++) {
            const struct sender *sender = find(columns[j][0], columns[j][1]);
            struct reading reading = sender_read(sender, matrix[i].text, strlen(matrix[i].text));

            add_cell(cells, sizeof(cells), &reading);
        }
        if (strcmp(cells, matrix[i].cells) != 0)
            fail_msg("%s: %s, expected %s", matrix[i].text, cells, matrix[i].cells);
    }
}

/* A newer version is a row of its own. */
static void stricter_since(void **state)
{
    static const char *const rejected[] = {V "\n" M X A, V M X A "_bad: x\n", MX("192.0.2.1"),
                                           V M A};
    static const char dotted[] = MX("mail.example.com.");
    const struct sender *sender = find("postfix-tlspol", "1.13.0");

    (void)state;
    for (size_t i = 0; i < sizeof(rejected) / sizeof(rejected[0]); i++)
        assert_int_equal(sender_read(sender, rejected[i], strlen(rejected[i])).mode,
                         STS_MODE_INVALID);
    assert_int_equal(sender_read(sender, V M X A, strlen(V M X A)).mode, STS_MODE_ENFORCE);
    assert_int_equal(sender_read(sender, dotted, strlen(dotted)).mode, STS_MODE_ENFORCE);
    assert_true(sender_matches(sender, "mail.example.com.", "mail.example.com"));
    assert_true(
        sender_matches(find("maddy", NULL), "m\xc3\xbcnchen.example", "xn--mnchen-3ya.example"));
}

/* chasquid stops at 10 KB and reads what it has. */
static void cut_body(void **state)
{
    static char text[20000];
    size_t length = (size_t)snprintf(text, sizeof(text), "%s", V M X A);
    const struct sender *chasquid = find("chasquid", NULL);
    struct reading reading;

    (void)state;
    memset(text + length, 'x', sizeof(text) - length);
    memcpy(text + length, "note: ", 6);
    reading = sender_read(chasquid, text, sizeof(text));
    assert_int_equal(reading.mode, STS_MODE_ENFORCE);
    assert_int_equal(reading.cause, CAUSE_CUT);
    assert_int_equal(sender_read(chasquid, text, 10240).cause, CAUSE_NONE);
}

/* The order of the cells: mailauth, mox, chasquid, KumoMTA, and postfix-mta-sts-resolver, whose
 * patterns Postfix compares by its match= of old.  Y: the pattern stands for the host. */
#define MATCHERS 5
static const char *const matchers[MATCHERS] = {"mailauth", "mox", "chasquid", "KumoMTA",
                                               "postfix-mta-sts-resolver"};
static const struct {
    const char *pattern, *host, *cells;
} pairs[] = {
    {"mail.example.com", "mail.example.com", "Y Y Y Y Y"},
    {"mail.example.com", "MAIL.Example.COM", "Y Y Y Y Y"},
    {"MAIL.example.com", "mail.example.com", "Y Y Y Y Y"},
    {"mail.example.com", "mail.example.com.", "n Y Y Y Y"},
    {"mail.example.com.", "mail.example.com", "n n Y n n"},
    {"*.example.com", "mail.example.com", "Y Y Y Y Y"},
    {"*.example.com", "example.com", "n n n n n"},
    {"*.example.com", "foo.bar.example.com", "Y n n n Y"},
    {"*.example.com", "xexample.com", "n n n n n"},
    {"*.example.com", "*.example.com", "Y n Y Y Y"},
    {"mail.example.com", "notmail.example.com", "n n n n n"},
    {"mail.example.com", "mail.example.com.evil.net", "n n n n n"},
    {"mail.example.com", "mailXexample.com", "n n n n n"},
    {"*.example.com", "mail.example.com.evil.net", "n n n n n"},
    {".example.com", "mail.example.com", "n n n n Y"},
    {"example.com", "mail.example.com", "n n n n n"},
    {"*", "mail.example.com", "n n n n n"},
    {"*.com", "abc.com", "Y Y Y Y Y"},
    {"foo*.example.com", "foo1.example.com", "n n n n n"},
    {"*.*.example.com", "a.b.example.com", "n n n n n"},
    {"mail.*.com", "mail.x.com", "n n n n n"},
    {"m\xc3\xbcnchen.example", "xn--mnchen-3ya.example", "n n Y n n"},
    {"xn--mnchen-3ya.example", "m\xc3\xbcnchen.example", "Y Y Y n n"},
    {"*.example.com", ".example.com", "Y n Y Y n"},
    {"", "mail.example.com", "n n n n n"},
};

static void matrix_of_matches(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        char cells[2 * MATCHERS + 1] = "";

        for (size_t j = 0; j < MATCHERS; j++) {
            bool matches = sender_matches(find(matchers[j], NULL), pairs[i].pattern, pairs[i].host);

            cells[2 * j] = matches ? 'Y' : 'n';
            cells[2 * j + 1] = j + 1 < MATCHERS ? ' ' : '\0';
        }
        if (strcmp(cells, pairs[i].cells) != 0)
            fail_msg("\"%s\" \"%s\": %s, expected %s", pairs[i].pattern, pairs[i].host, cells,
                     pairs[i].cells);
    }
}

/* Those whose matching nobody looked at follow the standard here. */
static void others_match_by_the_standard(void **state)
{
    (void)state;
    for (size_t i = 0; i < sender_count; i++) {
        assert_true(sender_matches(&senders[i], "*.example.com", "mail.example.com"));
        assert_false(sender_matches(&senders[i], "mail.example.com", "a.mail.example.com"));
        if (!senders[i].any_depth)
            assert_false(sender_matches(&senders[i], "*.example.com", "a.b.example.com"));
    }
}

/* Stalwart takes a line without a colon for the beginning of the next key. */
static void swallowed_key(void **state)
{
    static const char text[] = V "# now for real\n" M X A;
    struct reading reading = sender_read(find("Stalwart", NULL), text, strlen(text));

    (void)state;
    assert_int_equal(reading.mode, STS_MODE_NONE);
    assert_int_equal(sender_read(find("chasquid", NULL), text, strlen(text)).mode,
                     STS_MODE_ENFORCE);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(matrix_of_readings),
        cmocka_unit_test(stricter_since),
        cmocka_unit_test(cut_body),
        cmocka_unit_test(matrix_of_matches),
        cmocka_unit_test(others_match_by_the_standard),
        cmocka_unit_test(swallowed_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
