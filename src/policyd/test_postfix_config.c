/* SPDX-License-Identifier: MIT */
/* test_postfix_config.c - outputs of postconf, and what is said of each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "policyd/postfix_config.h"

#define NOTE(name) (1u << POSTFIX_NOTE_##name)

static const struct postfix_place places[] = {{NULL, 8461},
                                              {"/var/spool/postfix/mtasts/policyd", 0}};

static unsigned notes_of(const char *output, bool no_dane, bool no_tlsproxy)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct postfix_config config;
    const struct postfix_check check = {&config, places, 2, no_dane};
    unsigned notes;

    assert_true(postfix_config_read(ctx, bytes_of(output), &config));
    config.no_tlsproxy = no_tlsproxy;
    notes = postfix_config_notes(&check);
    talloc_free(ctx);
    return notes;
}

#define HEALTHY                                                                                    \
    "smtp_tls_security_level = dane\nsmtp_dns_support_level = dnssec\n"                            \
    "smtp_tls_CApath = /etc/ssl/certs\nqueue_directory = /var/spool/postfix\n"
#define OLD_VERSION "mail_version = 3.7.11\n"
#define NEW_VERSION "mail_version = 3.10.5\n"
#define ASKS(map)   "smtp_tls_policy_maps = socketmap:inet:127.0.0.1:8461:" map "\n"

static const struct {
    const char *output;
    unsigned notes;
} rows[] = {
    {OLD_VERSION ASKS("postfix") HEALTHY, 0},
    {OLD_VERSION ASKS("QUERY") HEALTHY, 0},
    {NEW_VERSION ASKS("QUERYwithTLSRPT") HEALTHY, 0},
    {"mail_version = 3.12-20260821\n" ASKS("QUERYwithTLSRPT") HEALTHY, 0},
    {"mail_version = 4.0.0\n" ASKS("QUERYwithTLSRPT") HEALTHY, 0},
    /* the map name */
    {OLD_VERSION ASKS("QUERYwithTLSRPT") HEALTHY, NOTE(ATTRIBUTES)},
    {"mail_version = 3.9.9\n" ASKS("QUERYwithTLSRPT") HEALTHY, NOTE(ATTRIBUTES)},
    {NEW_VERSION ASKS("postfix") HEALTHY, NOTE(PLAIN)},
    {"mail_version = 3.10.4\n" ASKS("QUERYwithTLSRPT") HEALTHY, NOTE(NO_PATTERNS)},
    {"mail_version = 3.10\n" ASKS("QUERYwithTLSRPT") HEALTHY, NOTE(NO_PATTERNS)},
    {NEW_VERSION ASKS("QUERYwithTLSRPT") HEALTHY "smtp_tls_enforce_sts_mx_patterns = no\n",
     NOTE(PATTERNS_OFF)},
    {"mail_version = 3.3.1\n" ASKS("postfix") HEALTHY, NOTE(OLD)},
    /* who is asked */
    {OLD_VERSION HEALTHY "smtp_tls_policy_maps =\n", NOTE(NOT_ASKED)},
    {OLD_VERSION HEALTHY, NOTE(NOT_ASKED)},
    {OLD_VERSION HEALTHY "smtp_tls_policy_maps = socketmap:inet:127.0.0.1:8642:QUERY\n",
     NOTE(NOT_ASKED)},
    {OLD_VERSION HEALTHY "smtp_tls_policy_maps = socketmap:inet:127.0.0.1:18461\n",
     NOTE(NOT_ASKED)},
    {OLD_VERSION HEALTHY "smtp_tls_policy_maps = hash:/etc/postfix/tls,\tsocketmap:unix:"
                         "mtasts/policyd:QUERYwithTLSRPT, socketmap:inet:[::1]:8461:postfix\n",
     NOTE(ATTRIBUTES)},
    {OLD_VERSION HEALTHY
     "smtp_tls_policy_maps = socketmap:unix:/var/spool/postfix/mtasts/policyd:postfix\n",
     0},
    {OLD_VERSION HEALTHY "smtp_tls_policy_maps = socketmap:unix:other/policyd:postfix\n",
     NOTE(NOT_ASKED)},
    {OLD_VERSION HEALTHY "smtp_tls_policy_maps = socketmap:inet:[::1]:8461:postfix\n", 0},
    /* levels */
    {OLD_VERSION ASKS("postfix") "smtp_tls_security_level = dane\nsmtp_tls_CAfile = /ca\n",
     NOTE(NO_DNSSEC)},
    {OLD_VERSION ASKS("postfix") HEALTHY "smtp_tls_security_level = may\n", NOTE(WEAK_DANE)},
    {OLD_VERSION ASKS("postfix") HEALTHY
     "smtp_tls_security_level = may\nsmtp_tls_dane_insecure_mx_policy = dane\n",
     0},
    {"mail_version = 3.7.13\n" ASKS("postfix") HEALTHY "smtp_tls_security_level = may\n", 0},
    {"mail_version = 3.8.7\n" ASKS("postfix") HEALTHY "smtp_tls_security_level = may\n",
     NOTE(WEAK_DANE)},
    {"mail_version = 3.6.19\n" ASKS("postfix") HEALTHY "smtp_tls_security_level = may\n",
     NOTE(WEAK_DANE)},
    {NEW_VERSION ASKS("QUERYwithTLSRPT") HEALTHY "smtp_tls_security_level = may\n", 0},
    {NEW_VERSION ASKS("QUERYwithTLSRPT") HEALTHY "smtp_tls_security_level =\n", NOTE(NO_LEVEL)},
    {NEW_VERSION ASKS("QUERYwithTLSRPT") HEALTHY "smtp_tls_CApath =\n", NOTE(NO_CA)},
    {NEW_VERSION ASKS("QUERYwithTLSRPT") HEALTHY "smtp_tls_CApath =\ntls_append_default_CA = yes\n",
     0},
};

static void accidents_are_seen(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        unsigned notes = notes_of(rows[i].output, false, false);

        if (notes != rows[i].notes)
            fail_msg("row %zu: %#x, not %#x: %s", i, notes, rows[i].notes, rows[i].output);
    }
}

static void what_the_daemon_does_counts_too(void **state)
{
    static const char may[] =
        OLD_VERSION ASKS("postfix") "smtp_tls_security_level = may\nsmtp_tls_CAfile = /ca\n";
    static const char reuses[] =
        OLD_VERSION ASKS("postfix") HEALTHY "smtp_tls_connection_reuse = yes\n";

    (void)state;
    assert_int_equal(notes_of(may, true, false), 0);
    assert_int_equal(notes_of(may, false, false), NOTE(NO_DNSSEC) | NOTE(WEAK_DANE));
    assert_int_equal(notes_of(reuses, false, false), 0);
    assert_int_equal(notes_of(reuses, false, true), NOTE(NO_PROXY));
    assert_int_equal(notes_of(OLD_VERSION ASKS("postfix") HEALTHY, false, true), 0);
}

/* Whatever it is: nothing that a version can be read of is no Postfix. */
static void no_postconf(void **state)
{
    static const char *const outputs[] = {"",
                                          "\n\n",
                                          "mail_version = \n",
                                          "mail_version = three\n",
                                          "mail_version = 3\n",
                                          "mail_version = .1\n",
                                          "mail_version =3.",
                                          "smtp_tls_security_level = dane\n",
                                          "postconf: fatal: open main.cf\n",
                                          "mail_version\n=3.7\n"};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct postfix_config config;

    (void)state;
    for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++)
        assert_false(postfix_config_read(ctx, bytes_of(outputs[i]), &config));
    assert_true(postfix_config_read(ctx, bytes_of("mail_version = 3.7.11"), &config));
    assert_int_equal(config.version.patch, 11);
    assert_null(config.values[POSTFIX_QUEUE]);
    talloc_free(ctx);
}

static void the_map_name_follows_the_version(void **state)
{
    struct postfix_config config = {.version = {3, 9, 99}};

    (void)state;
    assert_string_equal(postfix_config_map(&config), "postfix");
    config.version = (struct postfix_number){3, 10, 0};
    assert_string_equal(postfix_config_map(&config), "QUERYwithTLSRPT");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accidents_are_seen),
        cmocka_unit_test(what_the_daemon_does_counts_too),
        cmocka_unit_test(no_postconf),
        cmocka_unit_test(the_map_name_follows_the_version),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
