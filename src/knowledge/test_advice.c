/* SPDX-License-Identifier: MIT */
/* test_advice.c - every code has complete advice, and every place in it a name that rules fill. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "knowledge/advice.h"
#include "rules/rules.h"

/* Every finding of a check has these. */
static const char *const general[] = {"domain",      "policy_host", "policy_url",
                                      "record_name", "tlsrpt_name", "https_port",
                                      "smtp_port",   "new_id",      NULL};
/* A text checked offline has none of them. */
static const char *const offline[] = {NULL};
/* What rule.h lists besides. */
static const char *const special[] = {"resolver",
                                      "resolver_port",
                                      "ca_file",
                                      "name",
                                      "single",
                                      "pinned",
                                      "unsent",
                                      "out_of_date",
                                      "reference_missing",
                                      "type",
                                      "cname",
                                      "ttl",
                                      "negative_ttl",
                                      "found_at",
                                      "text",
                                      "line",
                                      "found",
                                      "right",
                                      "ca",
                                      "allowed",
                                      "tag",
                                      "line_text",
                                      "id",
                                      "host",
                                      "address",
                                      "phase",
                                      "status",
                                      "location",
                                      "alert",
                                      "names",
                                      "issuer",
                                      "not_before",
                                      "code",
                                      "reply",
                                      "pattern",
                                      "hosts",
                                      "missing_issuer",
                                      "missing_issuer_url",
                                      "unknown_name",
                                      "key",
                                      "auth",
                                      "soon_ca",
                                      "amazon",
                                      "google",
                                      "azure",
                                      "uri",
                                      "port",
                                      "behind",
                                      "addresses",
                                      "other_addresses",
                                      "cdn_error",
                                      "coding",
                                      "emergency_id",
                                      "denied_until",
                                      "stale_ca",
                                      "null_mx",
                                      "implicit_host",
                                      "spki_sha256",
                                      "file_limit",
                                      "memory_limit",
                                      "port_range",
                                      "clock",
                                      "mx_line",
                                      "meant",
                                      "covered",
                                      "preference",
                                      "proxy",
                                      "uncovered",
                                      "dane",
                                      "mx_lines",
                                      "provider",
                                      "provider_mx",
                                      NULL};

static bool among(const char *const *names, const char *name, size_t length)
{
    for (; *names; names++)
        if (strlen(*names) == length && !strncmp(*names, name, length))
            return true;
    return false;
}

/* Do the places of the template stand in one of the lists? */
static bool filled(const char *template, const char *const *names, const char *const *more)
{
    for (const char *at = strchr(template, '{'); at; at = strchr(at + 1, '{')) {
        size_t length;

        if (at[1] == '!') /* left out where a place is known: no place that is to be filled */
            continue;
        length = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_0123456789");
        if (!length || at[length + 1] != '}') {
            print_message("a brace that is no place: %s\n", template);
            return false;
        }
        if (!among(names, at + 1, length) && !(more && among(more, at + 1, length)))
            return false;
    }
    return true;
}

static bool any_filled(const char *const *lines, const char *const *names)
{
    for (; *lines; lines++)
        if (filled(*lines, names, NULL))
            return true;
    return false;
}

static void demand(bool truth, enum finding_code code, const char *what)
{
    if (!truth)
        fail_msg("%s: %s", finding_info(code)->name, what);
}

static void all_known(enum finding_code code, const char *const *lines)
{
    for (; *lines; lines++) {
        demand(filled(*lines, general, special), code, *lines);
        demand(strlen(*lines) < 500, code, "a line too long to be read");
    }
}

static void every_code_has_all_of_it(void **state)
{
    for (int i = 0; i < FINDING_COUNT; i++) {
        enum finding_code code = (enum finding_code)i;
        const struct advice *advice = advice_for(code);
        demand(*advice->meaning, code, "no meaning");
        demand(filled(advice->meaning, general, NULL), code, "a place in the meaning");
        demand(*advice->causes, code, "no cause");
        demand(*advice->fix, code, "no fix");
        demand(*advice->commands, code, "no command");
        all_known(code, advice->causes);
        all_known(code, advice->fix);
        all_known(code, advice->commands);
    }
}

/* A line with an empty place is left out: one at least must stay. */
static void something_always_stays(void **state)
{
    static const char *const host[] = {"domain",      "policy_host", "policy_url", "record_name",
                                       "tlsrpt_name", "https_port",  "smtp_port",  "new_id",
                                       "host",        "address",     "name",       NULL};
    for (int i = 0; i < FINDING_COUNT; i++) {
        enum finding_code code = (enum finding_code)i;
        const struct advice *advice = advice_for(code);
        const char *name = finding_info(code)->name;
        /* what lint finds */
        const bool text = finding_info(code)->topic == TOPIC_POLICY ||
                          strstr(name, "rua-invalid") || strstr(name, "record-id") ||
                          strstr(name, "version-invalid") || strstr(name, "syntax-invalid") ||
                          strstr(name, "quoted");
        demand(any_filled(advice->causes, offline), code, "no cause without places");
        demand(any_filled(advice->fix, text ? offline : host), code, "no fix for every case");
        demand(any_filled(advice->commands, host), code, "no command for every case");
    }
}

static void titles_are_short_phrases(void **state)
{
    for (int i = 0; i < FINDING_COUNT; i++) {
        enum finding_code code = (enum finding_code)i;
        const char *title = finding_info(code)->title;
        size_t length = strlen(title);
        demand(length > 10 && length <= 60, code, "a title of 11 to 60 characters");
        demand(isupper((unsigned char)*title), code, "a capital first");
        demand(title[length - 1] != '.', code, "no final stop");
        demand(!strchr(title, '{'), code, "no places");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_all_of_it),
        cmocka_unit_test(something_always_stays),
        cmocka_unit_test(titles_are_short_phrases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
