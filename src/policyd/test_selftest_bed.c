/* SPDX-License-Identifier: MIT */
/* test_selftest_bed.c - configuration, replies and logs of the self-test. */
#include "policyd/selftest_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct bed bed = {.settings = {"mail_owner = postfix\nmore", 21},
                               .ports = {2501, 2502, 2503, 2504, 2505},
                               .profile = PROFILE_PLAIN};

static int set_up(void **state)
{
    *state = talloc_new(NULL);
    return 0;
}

static int tear_down(void **state)
{
    talloc_free(*state);
    return 0;
}

static void each_domain_has_a_server(void **state)
{
    const char *text = bed_main(*state, &bed), *services = bed_services(*state, &bed);
    const char **to = bed_recipients(*state);

    assert_ptr_equal(strstr(text, "mail_owner = postfix\ncompatibility_level"), text);
    assert_non_null(strstr(text, "\nqueue_directory = $config_directory/spool\n"));
    assert_non_null(strstr(text, "socketmap:unix:$config_directory/map:postfix\n"));
    assert_non_null(strstr(text, "{ good.selftest.invalid = smtp:[localhost]:2501 }, {"));
    assert_non_null(strstr(text, "{ outside.selftest.invalid = smtp:[localhost]:2505 } }\n"));
    assert_non_null(strstr(services, "127.0.0.1:2503 inet"));
    assert_non_null(strstr(services, "smtpd_tls_chain_files=$config_directory/expired.pem"));
    assert_null(strstr(services, "no-starttls.pem"));
    assert_string_equal(to[BED_EXPIRED], "test@expired.selftest.invalid");
    assert_null(to[BED_CASES]);
}

static void a_key_is_the_next_hop(void **state)
{
    (void)state;
    assert_int_equal(bed_case_of_key(&bed, bytes_of("[localhost]:2501")), BED_GOOD);
    assert_int_equal(bed_case_of_key(&bed, bytes_of("[localhost]:2505")), BED_OUTSIDE);
    assert_int_equal(bed_case_of_key(&bed, bytes_of("[localhost]:25")), BED_CASES);
    assert_int_equal(bed_case_of_key(&bed, bytes_of("localhost")), BED_CASES);
}

static void replies_are_those_of_policies(void **state)
{
    const char *reply = bed_reply(*state, BED_OUTSIDE, PROFILE_ATTRIBUTES);

    assert_string_equal(bed_reply(*state, BED_GOOD, PROFILE_PLAIN),
                        "OK secure match=localhost servername=hostname");
    assert_string_equal(bed_reply(*state, BED_OUTSIDE, PROFILE_PLAIN),
                        "OK secure match=mx.selftest.invalid servername=hostname");
    assert_non_null(strstr(reply, " mx_host_pattern=mx.selftest.invalid"));
}

#define LINE "Dec  1 17:00:00 h postfix/smtp[7]: 4F: to=<test@%s.selftest.invalid>, relay=x, "

static struct bed_seen seen_in(TALLOC_CTX *ctx, enum bed_case which, const char *rest)
{
    struct bed_seen seen[BED_CASES] = {0};
    char *log = talloc_asprintf(ctx, LINE "%s", bed_case_name(which), rest);

    assert_int_equal(bed_read_log(ctx, bytes_of(log), seen), STS_OK);
    for (size_t i = 0; i < BED_CASES; i++)
        if (i != which)
            assert_int_equal(seen[i].outcome, BED_UNKNOWN);
    return seen[which];
}

static void outcome_by_the_log(void **state)
{
    static const struct {
        enum bed_case which;
        const char *rest;
        enum bed_outcome outcome;
    } rows[] = {
        {BED_GOOD, "delays=0, dsn=2.0.0, status=sent (250 Ok)\n", BED_DELIVERED},
        {BED_GOOD, "delays=0, dsn=2.0.0, status=sent (250 Ok)", BED_UNKNOWN},
        {BED_EXPIRED, "dsn=4.7.5, status=deferred (Server certificate not trusted)\n", BED_REFUSED},
        {BED_NO_STARTTLS, "dsn=4.7.4, status=deferred (TLS is required)\n", BED_REFUSED},
        {BED_OUTSIDE, "dsn=4.3.0, status=deferred (mx not allowed)\n", BED_REFUSED},
        {BED_EXPIRED, "dsn=4.3.0, status=deferred (lookup failed)\n", BED_FAILED},
        {BED_EXPIRED, "dsn=4.4.1, status=deferred (Connection refused)\n", BED_FAILED},
        {BED_GOOD, "dsn=5.7.0, status=bounced (no)\n", BED_FAILED},
        {BED_GOOD, "nothing\n", BED_UNKNOWN},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(seen_in(*state, rows[i].which, rows[i].rest).outcome, rows[i].outcome);
    assert_string_equal(seen_in(*state, BED_GOOD, "dsn=2.0.0, status=sent (250 Ok)\nx\n").log,
                        "dsn=2.0.0, status=sent (250 Ok)");
}

static void the_first_time_counts(void **state)
{
    assert_int_equal(seen_in(*state, BED_GOOD,
                             "dsn=4.4.1, status=deferred (no)\nx postfix/smtp[8]: 4F: "
                             "to=<test@good.selftest.invalid>, dsn=2.0.0, status=sent (250)\n")
                         .outcome,
                     BED_FAILED);
    assert_int_equal(seen_in(*state, BED_GOOD, "").outcome, BED_UNKNOWN);
}

/* Without a question it was not the policy that decided. */
static void right_is_what_the_policy_decided(void **state)
{
    char reply[] = "OK";
    struct bed_seen seen = {BED_REFUSED, NULL, NULL};

    (void)state;
    assert_false(bed_is_right(BED_EXPIRED, &seen));
    seen.reply = reply;
    assert_true(bed_is_right(BED_EXPIRED, &seen));
    assert_false(bed_is_right(BED_GOOD, &seen));
    seen.outcome = BED_DELIVERED;
    assert_true(bed_is_right(BED_GOOD, &seen));
    assert_false(bed_is_right(BED_EXPIRED, &seen));
    assert_string_equal(bed_outcome_name(BED_FAILED), "failed");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(each_domain_has_a_server),      CASE(a_key_is_the_next_hop),
        CASE(replies_are_those_of_policies), CASE(outcome_by_the_log),
        CASE(the_first_time_counts),         CASE(right_is_what_the_policy_decided),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
