/* SPDX-License-Identifier: MIT */
/* test_alerts.c - conditions, rules, hours, mails and signatures, at times that are arguments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "alerts/condition.h"
#include "alerts/mail.h"
#include "alerts/limits.h"
#include "history/sender_names.h"
#include "alerts/matching.h"
#include "alerts/sending.h"
#include "alerts/shown_alert.h"
#include "alerts/webhook.h"
#include "rules/test_facts.h"

#define HOUR ((int64_t)3600)

/* ---- rules ----------------------------------------------------------------------------------- */

static bool wants(const struct store_alert_rule *rule, const struct condition *condition,
                  const char *domain)
{
    const struct matching_domain whose = {domain, "web shop"};

    return matching_is(rule, condition, &whose);
}

static void a_rule_may_be_of_tags(void **state)
{
    const struct store_alert_rule shop = {.kinds = "policy", .domains = "x.example #shop"},
                                  sho = {.kinds = "policy", .domains = "#sho #hop"};
    const struct condition policy = {.kind = ALERT_POLICY};

    (void)state;
    assert_true(wants(&shop, &policy, "a.example"));
    assert_false(wants(&sho, &policy, "a.example"));
    assert_true(matching_is_filter("a.example .b.example #shop"));
    assert_false(matching_is_filter("#"));
    assert_false(matching_is_filter(" "));
    assert_false(matching_is_filter("A.example"));
}

static void rules_want_what_they_say(void **state)
{
    const struct store_alert_rule rule = {.kinds = "problem certificate",
                                          .severity = "high",
                                          .domains = "a.example .b.example",
                                          .certificate_days = 14};
    struct condition problem = {.kind = ALERT_PROBLEM, .severity = SEVERITY_HIGH},
                     certificate = {.kind = ALERT_CERTIFICATE, .days = 14},
                     policy = {.kind = ALERT_POLICY, .severity = SEVERITY_HIGH},
                     channel = {.kind = ALERT_CHANNEL};

    (void)state;
    assert_true(wants(&rule, &problem, "a.example"));
    assert_true(wants(&rule, &problem, "x.b.example"));
    assert_true(matching_is(&rule, &problem, NULL));
    assert_false(wants(&rule, &problem, "b.example"));
    assert_false(wants(&rule, &problem, "xa.example"));
    assert_true(wants(&rule, &certificate, "a.example"));
    assert_false(wants(&rule, &policy, "a.example"));
    assert_true(matching_is(&rule, &channel, NULL));
    problem.severity = SEVERITY_MEDIUM;
    assert_false(wants(&rule, &problem, "a.example"));
    certificate.days = 15;
    assert_false(wants(&rule, &certificate, "a.example"));
}

static int64_t quiet(int64_t from, int64_t until, int64_t at)
{
    const struct store_alert_rule rule = {.quiet_from = from, .quiet_until = until};

    return matching_when(&rule, at);
}

static void quiet_hours_postpone(void **state)
{
    const int64_t day = 20000 * DAY;

    (void)state;
    assert_int_equal(quiet(0, 0, day), day);
    assert_int_equal(quiet(8, 10, day + 8 * HOUR), day + 10 * HOUR);
    assert_int_equal(quiet(8, 10, day + 10 * HOUR), day + 10 * HOUR);
    assert_int_equal(quiet(8, 10, day + 7 * HOUR), day + 7 * HOUR);
    assert_int_equal(quiet(22, 6, day + 23 * HOUR + 5), day + 30 * HOUR);
    assert_int_equal(quiet(22, 6, day + 5 * HOUR + 5), day + 6 * HOUR);
    assert_int_equal(quiet(22, 6, day + 6 * HOUR), day + 6 * HOUR);
}

static void digests_come_by_the_hour(void **state)
{
    const int64_t monday = 20787 * DAY; /* 2026-11-30 */

    (void)state;
    assert_int_equal(matching_digest("at-once", 6, monday), 0);
    assert_int_equal(matching_digest("daily", 6, monday), monday + 6 * HOUR);
    assert_int_equal(matching_digest("daily", 6, monday + 6 * HOUR), monday + DAY + 6 * HOUR);
    assert_int_equal(matching_digest("weekly", 6, monday), monday + 6 * HOUR);
    assert_int_equal(matching_digest("weekly", 6, monday + 6 * HOUR), monday + 7 * DAY + 6 * HOUR);
    assert_int_equal(matching_digest("weekly", 0, monday - 1), monday);
}

/* ---- reports --------------------------------------------------------------------------------- */

static struct conditions of_reports(TALLOC_CTX *ctx, struct reported *reports, size_t count,
                                    int64_t now)
{
    const struct condition_settings settings = {14, 7};
    const struct session_log log = {reports, count};
    struct conditions found = {0};
    struct sender_name *name;
    struct names written;

    names_begin(&written, ctx, sizeof(struct sender_name));
    name = names_get(&written, "a");
    assert_non_null(name);
    name->written = "A Inc.";
    conditions_of_sessions(ctx, &log, &written, now, &settings, &found);
    assert_false(found.no_memory);
    return found;
}

static struct reported report(const char *submitter, int64_t day, int64_t failed)
{
    return (struct reported){submitter, day * DAY, day * DAY + DAY - 1, day * DAY + DAY, 5, failed};
}

static void who_stops_to_report_is_missed(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct reported list[20];
    struct conditions found;

    (void)state;
    for (int i = 0; i < 10; i++) {
        list[i] = report("a", i, 0);
        list[10 + i] = report("b", i < 5 ? i : 10 + i, 0);
    }
    found = of_reports(ctx, list, 20, 20 * DAY);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.list[0].kind, ALERT_SILENT);
    assert_string_equal(found.list[0].subject, "a");
    assert_non_null(strstr(shown_alert_detail(ctx, found.list[0].detail), "from A Inc. since"));
    assert_int_equal(of_reports(ctx, list, 20, 17 * DAY).count, 0);
    /* nobody reports: that is one */
    found = of_reports(ctx, list, 20, 40 * DAY);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.list[0].kind, ALERT_NO_REPORTS);
    /* who reported a few times only is not missed */
    assert_int_equal(of_reports(ctx, list, 4, 40 * DAY).count, 0);
    talloc_free(ctx);
}

static void a_failure_lasts_until_a_day_without(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct reported list[] = {report("a", 1, 3), report("b", 1, 0), report("a", 2, 0)};
    struct conditions found = of_reports(ctx, list, 2, 3 * DAY);

    (void)state;
    assert_int_equal(found.count, 1);
    assert_int_equal(found.list[0].kind, ALERT_FAILURE);
    assert_string_equal(shown_alert_detail(ctx, found.list[0].detail),
                        "The latest reports of A Inc. show failed sessions: 3.");
    assert_int_equal(of_reports(ctx, list, 3, 3 * DAY).count, 0);
    assert_int_equal(of_reports(ctx, list, 2, 12 * DAY).count, 0);
    talloc_free(ctx);
}

/* ---- mails ----------------------------------------------------------------------------------- */

static void addresses_hold_nothing_else(void **state)
{
    static const char *const good[] = {"a@b.example", "first.last+x@sub.example.org", "o'b@e.org"};
    static const char *const bad[] = {
        "",          "a",       "@b.c",        "-a@b.c",        "a@-b.c", "a@b..c",
        "a@b.",      "a b@c.d", "a@b.c,d@e.f", "a@b.c\nBcc: x", "a.@b.c", ".a@b.c",
        "\"a\"@b.c", "a@b@c",   "<a@b.c>",     "a@[192.0.2.1]"};

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(mail_is_address(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (mail_is_address(bad[i]))
            fail_msg("%s", bad[i]);
}

static void a_mail_is_whole(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const struct mail mail = {.from = "m@x.example",
                              .to = "a@y.example",
                              .subject = "Gr\xc3\xbc\xc3\x9f"
                                         "e, so long that it does not go into one word of the head",
                              .id = "msg_1",
                              .thread = "msg_0",
                              .language = "de",
                              .at = 20787 * DAY + 13 * HOUR,
                              .text = ".\nFrom here = \xc3\xbc \nlast",
                              .html = "<p>x</p>"};
    char *text = mail_write(ctx, &mail);

    (void)state;
    assert_non_null(strstr(text, "Subject: =?UTF-8?B?R3LDvMOfZSwgc28gbG9uZyB0aGF0"));
    assert_non_null(strstr(text, "?=\n =?UTF-8?B?"));
    assert_non_null(strstr(text, "Date: Mon, 30 Nov 2026 13:00:00 +0000\n"));
    assert_non_null(strstr(text, "Message-ID: <msg_1@x.example>\n"));
    assert_non_null(strstr(text, "References: <msg_0@x.example>\n"));
    assert_non_null(strstr(text, "\n\n=2E\n=46rom here =3D =C3=BC=20\nlast\n--=_msg_1\n"));
    assert_non_null(strstr(text, "\n--=_msg_1--\n"));
    talloc_free(ctx);
}

/* ---- webhooks -------------------------------------------------------------------------------- */

/* The example of the specification's reference implementation. */
static void a_signature_is_that_of_the_standard(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const struct webhook_message message = {"msg_p5jXN8AQM9LWM0D4loKWxJek",
                                            "{\"test\": 2432232314}", 1614265330};
    const char *const *fields =
        webhook_fields(ctx, &message, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    (void)state;
    assert_string_equal(fields[0], "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek");
    assert_string_equal(fields[1], "webhook-timestamp: 1614265330");
    assert_string_equal(fields[2],
                        "webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    assert_null(webhook_fields(ctx, &message, "whsec_*"));
    assert_null(webhook_fields(ctx, &message, "secret_AAAA"));
    talloc_free(ctx);
}

static void a_webhook_is_https(void **state)
{
    static const char *const bad[] = {
        "http://a.example/",   "https://",         "https://u@a.example/",
        "https://a.example/#", "https://a.b/\nX:", "https://:443/",
        "file:///etc/passwd",  "https:///x",       "https://a b/"};

    (void)state;
    assert_true(webhook_is_url("https://a.example/x?y=@z"));
    assert_true(webhook_is_url("https://[2001:db8::1]:8443"));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (webhook_is_url(bad[i]))
            fail_msg("%s", bad[i]);
}

static void the_url_of_a_webhook_is_hidden(void **state)
{
    static const struct {
        const char *url, *shown;
    } cases[] = {
        {"https://hooks.a.example/services/T000/B000/XXXXabcd", "https://hooks.a.example/...abcd"},
        {"https://a.example:8443?key=0123456789abcdef", "https://a.example:8443/...cdef"},
        {"https://a.example/short", "https://a.example/..."},
        {"https://a.example/twelve-12345", "https://a.example/...2345"},
        {"https://a.example", "https://a.example/..."},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(webhook_hidden(ctx, cases[i].url), cases[i].shown);
    assert_string_equal(webhook_hidden_target(ctx, "mail", "a@b.example"), "a@b.example");
    assert_string_equal(webhook_hidden_target(ctx, "webhook", cases[0].url), cases[0].shown);
    talloc_free(ctx);
}

static void attempts_end_after_two_days(void **state)
{
    int64_t total = 0;

    (void)state;
    assert_int_equal(webhook_wait(1), 5);
    for (int64_t i = 1; webhook_wait(i); i++)
        total += webhook_wait(i);
    assert_true(total > 40 * HOUR && total < 56 * HOUR);
}

/* ---- what is shown --------------------------------------------------------------------------- */

static void a_detail_of_whatever_is_shown_or_left_out(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    static const char *const odd[] = {"",      "{}",
                                      "[1,2]", "[{\"text\":1}]",
                                      "[{}]",  "[{\"text\":\"x {y}\",\"params\":{}}]",
                                      "[",     "[[[[[[]]]]]]"};

    (void)state;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        assert_string_equal(shown_alert_detail(ctx, odd[i]), "");
    assert_string_equal(
        shown_alert_detail(ctx, "[{\"text\":\"{a}!\",\"params\":{\"a\":\"x\\u001by\"}}]"),
        "x\\x1by!");
    assert_string_equal(shown_alert_title(ctx, "problem", "of-a-later-version", "h\n"),
                        "of-a-later-version: h\\x0a");
    talloc_free(ctx);
}

/* What hangs leaves room for others, up to all that may be sent at a time. */
static void what_hangs_gives_up_its_place(void **state)
{
    static const struct {
        size_t quick, slow, left;
    } rows[] = {{0, 0, 4}, {4, 0, 0}, {5, 0, 0}, {0, 1, 4},
                {3, 1, 1}, {0, 3, 3}, {2, 3, 1}, {0, 6, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sending_room room = {.usual = 4, .all = 6};

        for (size_t n = 0; n < rows[i].quick; n++)
            sending_room_count(&room, 1000, 1000 + LIMIT_SLOW_MS);
        for (size_t n = 0; n < rows[i].slow; n++)
            sending_room_count(&room, 999, 1000 + LIMIT_SLOW_MS);
        assert_int_equal(sending_room_left(&room), rows[i].left);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_want_what_they_say),
        cmocka_unit_test(a_rule_may_be_of_tags),
        cmocka_unit_test(quiet_hours_postpone),
        cmocka_unit_test(digests_come_by_the_hour),
        cmocka_unit_test(who_stops_to_report_is_missed),
        cmocka_unit_test(a_failure_lasts_until_a_day_without),
        cmocka_unit_test(addresses_hold_nothing_else),
        cmocka_unit_test(a_mail_is_whole),
        cmocka_unit_test(a_signature_is_that_of_the_standard),
        cmocka_unit_test(a_webhook_is_https),
        cmocka_unit_test(the_url_of_a_webhook_is_hidden),
        cmocka_unit_test(attempts_end_after_two_days),
        cmocka_unit_test(a_detail_of_whatever_is_shown_or_left_out),
        cmocka_unit_test(what_hangs_gives_up_its_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
