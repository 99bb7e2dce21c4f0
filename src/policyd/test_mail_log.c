/* SPDX-License-Identifier: MIT */
/* test_mail_log.c - lines of Postfix's log, and of others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "policyd/mail_log.h"

#define HEAD "Nov 30 12:00:00 mail postfix/smtp[123]: 4F2A: "

static const struct {
    const char *line, *domain; /* NULL: none */
} rows[] = {
    {HEAD "to=<anna@example.com>, relay=mx.example.com[192.0.2.1]:25, delay=1", "example.com"},
    {HEAD "to=<anna@Example.COM>, orig_to=<x@other.example>, relay=none, status=deferred",
     "example.com"},
    {HEAD "to=<anna@b\xc3\xbc"
          "cher.example>, relay=none",
     "xn--bcher-kva.example"},
    {"2026-11-30T12:00:00+01:00 mail postfix-out/smtp[9]: 1: to=<a@b.example>, relay=x",
     "b.example"},
    /* what a stranger may choose */
    {HEAD "to=<\"a@evil.example>, \"@example.com>, relay=none", NULL},
    {HEAD "to=<\"a@b\"@example.com>, relay=none", "example.com"},
    {HEAD "to=<anna>, relay=none", NULL},
    {HEAD "to=<anna@[192.0.2.1]>, relay=none", NULL},
    {HEAD "to=<anna@a_b.example>, relay=none", NULL},
    {HEAD "to=<>, relay=none", NULL},
    {HEAD "to=<anna@example.com>", NULL},
    {HEAD "to=<anna@example.com", NULL},
    {HEAD "to=<", NULL},
    {HEAD "host mx.example.com said: 550 to=<x@evil.example>", NULL},
    /* other lines */
    {"Nov 30 12:00:00 mail postfix/local[1]: 4F2A: to=<anna@example.com>, relay=local", NULL},
    {"Nov 30 12:00:00 mail postfix/smtpd[1]: 4F2A: to=<anna@example.com>, relay=x", NULL},
    {"to=<anna@example.com>, relay=none postfix/smtp[1]:", NULL},
    {"", NULL},
};

static void domains_of_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char domain[STS_NAME_SIZE] = "";
        bool found = mail_log_domain(bytes_of(rows[i].line), domain);

        if (found != (rows[i].domain != NULL) || (found && strcmp(domain, rows[i].domain) != 0))
            fail_msg("%s: %s", rows[i].line, found ? domain : "none");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(domains_of_lines)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
