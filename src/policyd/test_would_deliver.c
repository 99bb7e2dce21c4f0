/* SPDX-License-Identifier: MIT */
/* test_would_deliver.c - what Postfix does with a mail: cases as real Postfix was seen to decide
 * them (test/postfix_bed.py holds the same against it). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "facts/test_domain.h"
#include "policyd/would_deliver.h"

#define SECOND "mx2.example.com"
#define TO     "postfix/smtp: to=<user@example.com>, relay="

static void nothing(struct facts *f)
{
    (void)f;
}

static void refused(struct facts *f)
{
    session_stops(session(f), NET_REFUSED, PHASE_CONNECT);
}

static void plain(struct facts *f)
{
    session_is_plain(session(f));
}

static void no_handshake(struct facts *f)
{
    session_has_no_handshake(session(f));
}

static void wrong_name(struct facts *f)
{
    set_names(f, session(f)->tls, "www.example.com", NULL);
}

static void untrusted(struct facts *f)
{
    session(f)->tls->trust = CHAIN_SELF_SIGNED;
}

static void testing(struct facts *f)
{
    set_policy(f, "version: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 86400\n");
    untrusted(f);
}

static void no_policy_plain(struct facts *f)
{
    f->sts_txt = answer(f, "_mta-sts.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    plain(f);
}

static void outside(struct facts *f)
{
    set_policy(f, "version: STSv1\nmode: enforce\nmx: other.example.com\nmax_age: 86400\n");
}

static void deeper(struct facts *f)
{
    set_policy(f, "version: STSv1\nmode: enforce\nmx: *.com\nmax_age: 86400\n");
}

static void first_refused(struct facts *f)
{
    set_policy(f, "version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 86400\n");
    add_mx(f, SECOND, "198.18.2.26");
    refused(f);
}

static void first_outside(struct facts *f)
{
    set_policy(f, "version: STSv1\nmode: enforce\nmx: " SECOND "\nmax_age: 86400\n");
    add_mx(f, SECOND, "198.18.2.26");
}

static void stopped(struct facts *f)
{
    session_stops(session(f), NET_UNKNOWN, PHASE_CONNECT);
}

static const struct {
    const char *name;
    void (*change)(struct facts *f);
    enum mail_fate old, new;
    const char *old_line, *new_line; /* the last, from "relay=" on; NULL: none */
} cases[] = {
    {"healthy", nothing, FATE_DELIVERED, FATE_DELIVERED,
     "mx1.example.com[%s]:25, dsn=2.0.0, status=sent (250)",
     "mx1.example.com[%s]:25, tls=secure, dsn=2.0.0, status=sent (250)"},
    {"refused", refused, FATE_DEFERRED, FATE_DEFERRED,
     "none, dsn=4.4.1, status=deferred (connect to mx1.example.com[%s]:25: Connection refused)",
     "none, tls=secure?, dsn=4.4.1, status=deferred (connect to mx1.example.com[%s]:25: "
     "Connection refused)"},
    {"plain", plain, FATE_DEFERRED, FATE_DEFERRED,
     "mx1.example.com[%s]:25, dsn=4.7.4, status=deferred (TLS is required, but was not offered by "
     "host mx1.example.com[%s])",
     "mx1.example.com[%s]:25, tls=!secure, dsn=4.7.4, status=deferred (TLS is required, but was "
     "not offered by host mx1.example.com[%s])"},
    {"no handshake", no_handshake, FATE_DEFERRED, FATE_DEFERRED,
     "mx1.example.com[%s]:25, dsn=4.7.5, status=deferred (Cannot start TLS: handshake failure)",
     "mx1.example.com[%s]:25, tls=secure?, dsn=4.7.5, status=deferred (Cannot start TLS: "
     "handshake failure)"},
    {"wrong name", wrong_name, FATE_DEFERRED, FATE_DEFERRED,
     "mx1.example.com[%s]:25, dsn=4.7.5, status=deferred (Server certificate not verified)",
     "mx1.example.com[%s]:25, tls=!secure, dsn=4.7.5, status=deferred (Server certificate not "
     "verified)"},
    {"untrusted", untrusted, FATE_DEFERRED, FATE_DEFERRED,
     "mx1.example.com[%s]:25, dsn=4.7.5, status=deferred (Server certificate not verified)",
     "mx1.example.com[%s]:25, tls=!secure, dsn=4.7.5, status=deferred (Server certificate not "
     "verified)"},
    {"testing", testing, FATE_UNPROTECTED, FATE_UNPROTECTED,
     "mx1.example.com[%s]:25, dsn=2.0.0, status=sent (250)",
     "mx1.example.com[%s]:25, tls=may, dsn=2.0.0, status=sent (250)"},
    {"no policy", no_policy_plain, FATE_UNPROTECTED, FATE_UNPROTECTED,
     "mx1.example.com[%s]:25, dsn=2.0.0, status=sent (250)",
     "mx1.example.com[%s]:25, tls=may:none, dsn=2.0.0, status=sent (250)"},
    {"outside", outside, FATE_DEFERRED, FATE_DEFERRED,
     "mx1.example.com[%s]:25, dsn=4.7.5, status=deferred (Server certificate not verified)",
     "none, tls=secure?, dsn=4.3.0, status=deferred (server unavailable or unable to receive "
     "mail)"},
    {"deeper", deeper, FATE_DELIVERED, FATE_DEFERRED,
     "mx1.example.com[%s]:25, dsn=2.0.0, status=sent (250)",
     "none, tls=secure?, dsn=4.3.0, status=deferred (server unavailable or unable to receive "
     "mail)"},
    {"the second", first_refused, FATE_DELIVERED, FATE_DELIVERED,
     SECOND "[198.18.2.26]:25, dsn=2.0.0, status=sent (250)",
     SECOND "[198.18.2.26]:25, tls=secure, dsn=2.0.0, status=sent (250)"},
    {"the second alone", first_outside, FATE_DELIVERED, FATE_DELIVERED,
     SECOND "[198.18.2.26]:25, dsn=2.0.0, status=sent (250)",
     SECOND "[198.18.2.26]:25, tls=secure, dsn=2.0.0, status=sent (250)"},
    {"not seen", stopped, FATE_UNKNOWN, FATE_UNKNOWN, NULL, NULL},
};

static void judge(const char *name, void (*change)(struct facts *f), enum mailer mailer,
                  enum mail_fate fate, const char *line)
{
    struct facts *facts = healthy(NULL);
    struct domain_view view = {.mem = talloc_new(facts), .facts = facts, .now = NOW};
    const struct would_deliver *would;
    const char *last, *address = facts->mx[0].sessions[0].address;
    char expected[400] = TO;

    change(facts);
    domain_view_judge(&view);
    would = would_deliver(facts, &view, mailer);
    assert_non_null(would);
    last = would->attempts[would->attempt_count - 1].log;
    if (line) {
        /* every %s is the address */
        for (const char *at = line; *at; at++) {
            bool place = at[0] == '%' && at[1] == 's';
            size_t used = strlen(expected);

            snprintf(expected + used, sizeof(expected) - used, place ? "%s" : "%.1s",
                     place ? address : at);
            at += place;
        }
    }
    if (would->fate != fate || !last != !line || (line && strcmp(last, expected) != 0))
        fail_msg("%s, %s: %s: %s\nexpected: %s", name, mailer_name(mailer),
                 mail_fate_name(would->fate), last ? last : "-", expected);
    domain_view_free(&view);
    talloc_free(facts);
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        judge(cases[i].name, cases[i].change, MAILER_POSTFIX_3_7, cases[i].old, cases[i].old_line);
        judge(cases[i].name, cases[i].change, MAILER_POSTFIX_3_11, cases[i].new, cases[i].new_line);
    }
}

/* What leads on to the next host has a line of its own. */
static void test_passing_lines(void **state)
{
    static const struct {
        void (*change)(struct facts *f);
        enum mailer mailer;
        const char *line;
    } rows[] = {
        {first_outside, MAILER_POSTFIX_3_10,
         "postfix/smtp: warning: MX name 'mx1.example.com' does not match STS MX pattern for "
         "'example.com'"},
        {first_outside, MAILER_POSTFIX_3_7, "postfix/smtp: Server certificate not verified"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct facts *facts = healthy(NULL);
        struct domain_view view = {.mem = talloc_new(facts), .facts = facts, .now = NOW};
        const struct would_deliver *would;

        rows[i].change(facts);
        domain_view_judge(&view);
        would = would_deliver(facts, &view, rows[i].mailer);
        assert_int_equal(would->attempt_count, 2);
        assert_int_equal(would->attempts[0].fate, FATE_DEFERRED);
        assert_string_equal(would->attempts[0].log, rows[i].line);
        domain_view_free(&view);
        talloc_free(facts);
    }
}

/* 3.10.0 to 3.10.4 take the patterns, and do not enforce them. */
static void test_not_enforced(void **state)
{
    (void)state;
    judge("outside", outside, MAILER_POSTFIX_3_10_3, FATE_DEFERRED,
          "mx1.example.com[%s]:25, dsn=4.7.5, status=deferred (Server certificate not verified)");
    judge("deeper", deeper, MAILER_POSTFIX_3_10_3, FATE_DELIVERED,
          "mx1.example.com[%s]:25, dsn=2.0.0, status=sent (250)");
}

static void null_mx(struct facts *f)
{
    f->mx_answer->records[0].host = ".";
    f->mx_answer->record_count = 1;
    f->mx_count = 0;
}

static void test_null_mx(void **state)
{
    (void)state;
    for (enum mailer mailer = 0; mailer < MAILERS; mailer++)
        judge("null MX", null_mx, mailer, FATE_BOUNCED,
              "none, dsn=5.1.0, status=bounced (Domain example.com does not accept mail "
              "(nullMX))");
}

static void test_names(void **state)
{
    (void)state;
    for (enum mailer mailer = 0; mailer < MAILERS; mailer++)
        assert_int_equal(mailer_of(mailer_name(mailer)), mailer);
    assert_int_equal(mailer_of("postfix"), MAILERS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),        cmocka_unit_test(test_passing_lines),
        cmocka_unit_test(test_not_enforced), cmocka_unit_test(test_null_mx),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
