/* SPDX-License-Identifier: MIT */
/* test_alerts.c - conditions, rules, hours, mails and signatures, at times that are arguments; and
 * one domain evaluated again and again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "alerts/alert_copy.h"
#include "alerts/alerts_work.h"
#include "alerts/announce.h"
#include "alerts/change_alerts.h"
#include "alerts/confirm.h"
#include "alerts/evaluation.h"
#include "alerts/limits.h"
#include "alerts/mail.h"
#include "alerts/shown_alert.h"
#include "alerts/webhook.h"
#include "base/array.h"
#include "history/stored_check.h"
#include "history/test_history.h"
#include "rules/test_facts.h"
#include "store/accounts.h"

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

    conditions_of_sessions(ctx, &log, now, &settings, &found);
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
                        "The latest reports show failed sessions: 3, from a.");
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

/* ---- one domain ------------------------------------------------------------------------------ */

struct fixture {
    TALLOC_CTX *ctx;
    struct store *store;
    int64_t group, channel;
    int64_t *alerts;
    size_t alert_count;
};

static int begin(void **state)
{
    struct fixture *f = talloc_zero(NULL, struct fixture);
    struct store_owned owned = {.domain = TEST_DOMAIN, .added = 1, .proof = "p", .proven = 1};
    struct store_channel channel = {.kind = "mail",
                                    .target = "a@x.example",
                                    .language = "en",
                                    .pace = "at-once",
                                    .confirmed = 1};
    struct store_alert_rule rule = {.kinds = "problem policy",
                                    .severity = "medium",
                                    .certificate_days = 14,
                                    .silent_days = 7,
                                    .channel_count = 1};
    int64_t id;

    f->ctx = f;
    f->store = test_store_open();
    assert_int_equal(store_add_group(f->store, "g", 1, &f->group), STS_OK);
    owned.group = channel.group = rule.group = f->group;
    assert_int_equal(store_give_domain(f->store, &owned, &id), STS_OK);
    assert_int_equal(store_add_channel(f->store, &channel, &f->channel), STS_OK);
    rule.channels[0] = f->channel;
    assert_int_equal(store_add_rule(f->store, &rule, &id), STS_OK);
    *state = f;
    return 0;
}

static int end(void **state)
{
    struct fixture *f = *state;

    test_store_close(f->store);
    talloc_free(f);
    return 0;
}

static void put(struct fixture *f, int64_t at, bool testing, bool expired)
{
    struct facts *facts = healthy(f);
    struct diagnosis *diagnosis;

    facts->observed_at = at;
    if (testing)
        set_policy(facts, "version: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 2592000\n");
    if (expired)
        facts->mx[0].sessions[0].tls->chain[0].not_after = at - 10 * DAY;
    assert_int_equal(diagnose(f, facts, at, &diagnosis), STS_OK);
    assert_int_equal(stored_check_put(f->store, diagnosis), STS_OK);
}

static struct evaluation *read_at(struct fixture *f, int64_t now)
{
    struct evaluation *e = talloc_zero(f, struct evaluation);

    *e = (struct evaluation){.domain = TEST_DOMAIN, .now = now, .delay = 60};
    assert_int_equal(evaluation_read(f->store, e), STS_OK);
    return e;
}

static bool evaluate_at(struct fixture *f, int64_t now)
{
    struct evaluation *e = read_at(f, now);

    assert_int_equal(evaluation_write(f->store, e), STS_OK);
    return e->changed;
}

static bool count_alert(void *arg, const struct store_alert *alert)
{
    (void)alert;
    ++*(size_t *)arg;
    return true;
}

static size_t alerts_in(struct fixture *f, bool open)
{
    const struct store_alert_page page = {f->group, open, INT64_MAX, 100};
    size_t count = 0;

    assert_int_equal(store_alerts(f->store, &page, count_alert, &count), STS_OK);
    return count;
}

struct due {
    struct fixture *f;
    int64_t now;
    size_t count;
};

static bool take_due(void *arg, const struct store_delivery *delivery)
{
    struct due *due = arg;

    due->count += strcmp(delivery->state, "waiting") == 0 && delivery->next_try <= due->now;
    return true;
}

static bool take_alert(void *arg, const struct store_alert *alert)
{
    struct due *due = arg;
    int64_t *room = array_grow(due->f, &due->f->alerts, &due->f->alert_count, sizeof(*room));

    assert_non_null(room);
    *room = alert->id;
    return true;
}

/* Of alerts: without digests and tests. */
static size_t due_at(struct fixture *f, int64_t now)
{
    struct due due = {.f = f, .now = now};

    f->alert_count = 0;
    for (int open = 0; open < 2; open++) {
        const struct store_alert_page page = {f->group, open, INT64_MAX, 100};

        assert_int_equal(store_alerts(f->store, &page, take_alert, &due), STS_OK);
    }
    for (size_t i = 0; i < f->alert_count; i++)
        assert_int_equal(store_deliveries_of(f->store, f->alerts[i], 100, take_due, &due), STS_OK);
    return due.count;
}

static int64_t first_due(struct fixture *f)
{
    int64_t due;

    assert_int_equal(store_delivery_due(f->store, &due), STS_OK);
    return due;
}

static void each_change_is_told_once(void **state)
{
    struct fixture *f = *state;
    size_t open;

    put(f, NOW, false, false);
    (void)evaluate_at(f, NOW + 1);
    open = alerts_in(f, true);
    put(f, NOW + DAY, false, true);
    assert_true(evaluate_at(f, NOW + DAY + 1));
    assert_int_equal(alerts_in(f, true), open + 1);
    assert_false(evaluate_at(f, NOW + DAY + 2));
    assert_int_equal(due_at(f, NOW + DAY + 60), open);
    assert_int_equal(due_at(f, NOW + DAY + 61), open + 1);
    put(f, NOW + 2 * DAY, true, true);
    assert_true(evaluate_at(f, NOW + 2 * DAY + 1));
    assert_int_equal(alerts_in(f, false), 1); /* the policy changed */
    assert_false(evaluate_at(f, NOW + 2 * DAY + 2));
    put(f, NOW + 3 * DAY, true, false);
    (void)evaluate_at(f, NOW + 3 * DAY + 1);
    assert_int_equal(alerts_in(f, true), open);
    assert_int_equal(alerts_in(f, false), 2);
}

static bool take_earliest(void *arg, const struct store_alert *alert)
{
    int64_t *earliest = arg;

    if (alert->begun < *earliest)
        *earliest = alert->begun;
    return true;
}

static int64_t earliest_of_open(struct fixture *f)
{
    const struct store_alert_page page = {f->group, true, INT64_MAX, 100};
    int64_t earliest = INT64_MAX;

    assert_int_equal(store_alerts(f->store, &page, take_earliest, &earliest), STS_OK);
    return earliest;
}

/* It left the group and joined it again, at another time. */
static void join_again(struct fixture *f, int64_t now)
{
    struct store_owned owned = {
        .domain = TEST_DOMAIN, .group = f->group, .added = now, .proof = "p", .proven = now};
    int64_t id;
    bool done;

    assert_int_equal(store_take_domain(f->store, TEST_DOMAIN, f->group, &done), STS_OK);
    assert_int_equal(store_end_stray_alerts(f->store, now), STS_OK);
    assert_int_equal(alerts_in(f, true), 0);
    assert_int_equal(store_give_domain(f->store, &owned, &id), STS_OK);
}

static void what_a_domain_brings_along_is_one_message(void **state)
{
    struct fixture *f = *state;
    struct store_alert_numbers numbers;
    size_t open;

    put(f, NOW - 9 * DAY, false, false);
    put(f, NOW - 5 * DAY, true, true);
    put(f, NOW, true, true);
    assert_true(evaluate_at(f, NOW + 1));
    open = alerts_in(f, true);
    assert_true(open > 0);
    assert_int_equal(alerts_in(f, false), 0); /* the policy changed before */
    assert_int_equal(earliest_of_open(f), NOW - 5 * DAY);
    assert_int_equal(first_due(f), NOW + 61);
    assert_int_equal(store_alert_numbers(f->store, &numbers), STS_OK);
    assert_int_equal(numbers.open, open);
    assert_int_equal(numbers.waiting, 1);
    assert_int_equal(numbers.sent, open); /* with that message */
    assert_int_equal(numbers.failed + numbers.dropped, 0);
    assert_false(evaluate_at(f, NOW + 2));
    join_again(f, NOW + 10);
    assert_true(evaluate_at(f, NOW + 11));
    assert_int_equal(alerts_in(f, true), open);
    assert_int_equal(earliest_of_open(f), NOW - 5 * DAY);
    assert_int_equal(store_alert_numbers(f->store, &numbers), STS_OK);
    assert_int_equal(numbers.waiting, 1);
    put(f, NOW + DAY, true, false);
    assert_true(evaluate_at(f, NOW + DAY + 1)); /* who heard of it hears that it is over */
}

static bool count_joined(void *arg, const struct store_behind *behind)
{
    assert_string_equal(behind->domain, TEST_DOMAIN);
    return count_alert(arg, NULL);
}

static size_t joined_in(struct fixture *f)
{
    size_t count = 0;

    assert_int_equal(store_joined_behind(f->store, "", 9, count_joined, &count), STS_OK);
    return count;
}

static void who_has_joined_is_found_until_it_was_looked_at(void **state)
{
    struct fixture *f = *state;
    int64_t before, after;

    assert_int_equal(joined_in(f), 0); /* nothing is known of it */
    put(f, NOW, false, true);
    assert_int_equal(joined_in(f), 1);
    (void)evaluate_at(f, NOW + 1);
    assert_int_equal(joined_in(f), 0);
    assert_int_equal(store_owned_sum(f->store, &before), STS_OK);
    join_again(f, NOW + 10);
    assert_int_equal(joined_in(f), 1);
    assert_int_equal(store_owned_sum(f->store, &after), STS_OK);
    assert_int_not_equal(before, after);
}

/* Both have read the same; the second finds the place moved. */
static void of_two_that_evaluate_one_writes(void **state)
{
    struct fixture *f = *state;
    struct evaluation *one, *two;

    put(f, NOW, false, false);
    (void)evaluate_at(f, NOW + 1);
    put(f, NOW + DAY, true, false);
    one = read_at(f, NOW + DAY + 1);
    two = read_at(f, NOW + DAY + 1);
    assert_int_equal(evaluation_write(f->store, one), STS_OK);
    assert_int_equal(evaluation_write(f->store, two), STS_OK);
    assert_true(one->changed);
    assert_false(two->changed);
    assert_int_equal(alerts_in(f, false), 1);
}

static void nobodys_domain_is_passed_over(void **state)
{
    struct fixture *f = *state;
    bool done;

    put(f, NOW, false, true);
    assert_int_equal(store_take_domain(f->store, TEST_DOMAIN, f->group, &done), STS_OK);
    assert_int_equal(read_at(f, NOW + 1)->group, 0);
    assert_false(evaluate_at(f, NOW + 1));
    assert_int_equal(alerts_in(f, true), 0);
}

/* ---- digests and reminders ------------------------------------------------------------------- */

static void keep_up(struct fixture *f, int64_t now, bool changed)
{
    struct upkeep *upkeep = talloc_zero(f, struct upkeep);

    *upkeep = (struct upkeep){.now = now, .all = true};
    assert_int_equal(alerts_upkeep(f->store, upkeep), STS_OK);
    assert_int_equal(upkeep->changed, changed);
}

/* That kind of event, after all that are due before it were sent. */
static const struct message *message_at(struct fixture *f, int64_t now, const char *event)
{
    for (;;) {
        struct messages *messages = talloc_zero(f, struct messages);

        messages->now = now;
        messages->room[MESSAGE_MAIL] = 1;
        assert_int_equal(messages_claim(f->store, messages), STS_OK);
        assert_int_equal(messages->count, 1);
        if (strcmp(messages->list[0]->delivery.event, event) == 0)
            return messages->list[0];
        assert_int_equal(store_delivery_sent(f->store, messages->list[0]->delivery.id, now),
                         STS_OK);
    }
}

static void a_digest_tells_what_changed_and_what_is_open(void **state)
{
    struct fixture *f = *state;
    const struct message_site site = {"https://m.example/", "m@x.example"};
    const struct message *message;
    struct store_channel weekly = {.group = f->group,
                                   .kind = "mail",
                                   .target = "b@x.example",
                                   .language = "en",
                                   .pace = "weekly",
                                   .hour = 6,
                                   .next_digest = NOW + DAY,
                                   .confirmed = 1};
    int64_t id;

    assert_int_equal(store_add_channel(f->store, &weekly, &id), STS_OK);
    keep_up(f, NOW, false);
    keep_up(f, NOW + DAY, true);
    keep_up(f, NOW + DAY + 1, false);
    message = message_at(f, NOW + DAY + 1, "digest");
    assert_string_equal(message_subject(f, message), "All is well: no changes, no open alerts");
    assert_non_null(strstr(message_json(f, message, &site), "\"type\":\"digest\""));
    assert_int_equal(store_delivery_sent(f->store, message->delivery.id, NOW + DAY + 2), STS_OK);
    put(f, NOW + 2 * DAY, false, true);
    (void)evaluate_at(f, NOW + 2 * DAY);
    keep_up(f, NOW + 9 * DAY, true);
    message = message_at(f, NOW + 9 * DAY, "digest");
    assert_string_equal(message->delivery.event, "digest");
    assert_non_null(strstr(message_text(f, message, &site), "\nOpen alerts\n"));
    assert_non_null(strstr(message_text(f, message, &site), "example.com"));
    assert_non_null(strstr(message_html(f, message, &site), "https://m.example/alerts"));
}

static void one_is_reminded_until_one_acknowledges(void **state)
{
    struct fixture *f = *state;
    struct store_alert_rule rule = {.group = f->group,
                                    .kinds = "problem",
                                    .severity = "high",
                                    .remind_hours = 24,
                                    .channels = {f->channel},
                                    .channel_count = 1};
    const struct message *message;
    int64_t id;
    bool done;

    assert_int_equal(store_add_rule(f->store, &rule, &id), STS_OK);
    put(f, NOW - DAY, false, false);
    (void)evaluate_at(f, NOW - DAY + 1);
    put(f, NOW, false, true);
    (void)evaluate_at(f, NOW);
    message = message_at(f, NOW + 60, "begun");
    assert_non_null(message);
    assert_int_equal(store_delivery_sent(f->store, message->delivery.id, NOW + 60), STS_OK);
    keep_up(f, NOW + 24 * HOUR, false);
    keep_up(f, NOW + 24 * HOUR + 60, true);
    keep_up(f, NOW + 24 * HOUR + 70, false);
    assert_int_equal(store_acknowledge_alert(f->store, message->alerts.list[0].row.id, f->group,
                                             NOW, "ada", &done),
                     STS_OK);
    keep_up(f, NOW + 99 * HOUR, false);
}

static enum alert_outcome change_at(struct fixture *f, int64_t now, enum alert_action action,
                                    const char *address)
{
    struct alert_change *change = talloc_zero(f, struct alert_change);

    change->action = action;
    change->group = f->group;
    change->id = action == ALERT_CHANNEL_ADD ? 0 : f->channel;
    change->now = now;
    change->who = "ada";
    change->channel = (struct store_channel){
        .group = f->group, .kind = "mail", .target = address, .language = "en", .pace = "daily"};
    assert_int_equal(alert_change(f->store, change), STS_OK);
    return change->outcome;
}

/* Whatever becomes of the channels, and however the address is written. */
static void an_address_gets_so_many_mails_a_day(void **state)
{
    struct fixture *f = *state;

    for (int i = 0; i < 4; i++)
        assert_int_equal(change_at(f, NOW, ALERT_CHANNEL_ADD, "A@x.example"), ALERT_DONE);
    assert_int_equal(change_at(f, NOW, ALERT_CHANNEL_ADD, "a@X.example"), ALERT_FULL);
    for (int i = 0; i < 6; i++) /* a@x.example has agreed */
        assert_int_equal(change_at(f, NOW, ALERT_CHANNEL_TEST, ""), ALERT_DONE);
    assert_int_equal(change_at(f, NOW, ALERT_CHANNEL_ADD, "b@x.example"), ALERT_DONE);
    assert_int_equal(change_at(f, NOW + DAY, ALERT_CHANNEL_ADD, "a@x.example"), ALERT_DONE);
}

static struct confirmation *confirmation_of(struct fixture *f, const char *word, int64_t now)
{
    struct confirmation *made = talloc_zero(f, struct confirmation);

    made->word = word;
    made->now = now;
    return made;
}

/* Up to where the link ends that is in the text. */
static void is_asked_by(struct fixture *f, const struct message *m, const char *subject,
                        const char *sentence)
{
    const struct message_site site = {"https://m.example/", "m@x.example"};
    char *link = talloc_asprintf(f, "https://m.example/alerts/confirm/%s", m->question.word);

    assert_string_equal(message_subject(f, m), subject);
    assert_non_null(strstr(message_text(f, m, &site), sentence));
    assert_non_null(strstr(message_text(f, m, &site), link));
    assert_non_null(strstr(message_html(f, m, &site), sentence));
    assert_non_null(strstr(message_html(f, m, &site), link));
}

static const struct message *asked_at(struct fixture *f, int64_t now)
{
    const struct message *m = message_at(f, now, CONFIRM_EVENT);

    assert_int_equal(store_delivery_sent(f->store, m->delivery.id, now), STS_OK);
    assert_string_equal(m->channel.target, "b@x.example");
    assert_non_null(m->question.word);
    return m;
}

static void who_owns_an_address_confirms_it_first(void **state)
{
    struct fixture *f = *state;
    const struct message *first, *second;
    struct confirmation *c;

    assert_int_equal(change_at(f, NOW, ALERT_CHANNEL_ADD, "b@x.example"), ALERT_DONE);
    first = asked_at(f, NOW);
    is_asked_by(f, first, "Confirm that alerts may be sent to this address",
                "ada from the group g wants the service https://m.example/ to send alerts to "
                "b@x.example.");
    f->channel = first->channel.id;
    assert_int_equal(change_at(f, NOW, ALERT_CHANNEL_TEST, ""), ALERT_UNCONFIRMED);
    put(f, NOW - DAY, false, false);
    (void)evaluate_at(f, NOW - DAY + 1);
    put(f, NOW, false, true);
    (void)evaluate_at(f, NOW); /* told to the other channel only */
    assert_int_equal(change_at(f, NOW + 60, ALERT_CHANNEL_ASK, ""), ALERT_DONE);
    second = asked_at(f, NOW + 60);
    assert_string_not_equal(first->question.word, second->question.word);
    c = confirmation_of(f, first->question.word, NOW + 61); /* its place was taken */
    assert_int_equal(confirmation_write(f->store, c), STS_OK);
    assert_int_equal(c->id, 0);
    c = confirmation_of(f, second->question.word, NOW + 60 + LIMIT_CONFIRM_S); /* too late */
    assert_int_equal(confirmation_write(f->store, c), STS_OK);
    assert_int_equal(c->id, 0);
    c = confirmation_of(f, second->question.word, NOW + 61); /* to look is not to confirm */
    for (int i = 0; i < 2; i++) {
        assert_int_equal(confirmation_read(f->store, c), STS_OK);
        assert_int_equal(c->id, f->channel);
    }
    assert_int_equal(change_at(f, NOW + 61, ALERT_CHANNEL_TEST, ""), ALERT_UNCONFIRMED);
    assert_int_equal(confirmation_write(f->store, c), STS_OK);
    assert_int_equal(c->id, f->channel);
    assert_string_equal(c->group_name, "g");
    assert_int_equal(confirmation_write(f->store, c), STS_OK); /* once */
    assert_int_equal(c->id, 0);
    assert_int_equal(change_at(f, NOW + 62, ALERT_CHANNEL_ASK, ""), ALERT_CONFIRMED);
    assert_int_equal(change_at(f, NOW + 62, ALERT_CHANNEL_TEST, ""), ALERT_DONE);
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
        cmocka_unit_test_setup_teardown(each_change_is_told_once, begin, end),
        cmocka_unit_test_setup_teardown(what_a_domain_brings_along_is_one_message, begin, end),
        cmocka_unit_test_setup_teardown(who_has_joined_is_found_until_it_was_looked_at, begin, end),
        cmocka_unit_test_setup_teardown(of_two_that_evaluate_one_writes, begin, end),
        cmocka_unit_test_setup_teardown(nobodys_domain_is_passed_over, begin, end),
        cmocka_unit_test_setup_teardown(a_digest_tells_what_changed_and_what_is_open, begin, end),
        cmocka_unit_test_setup_teardown(an_address_gets_so_many_mails_a_day, begin, end),
        cmocka_unit_test_setup_teardown(who_owns_an_address_confirms_it_first, begin, end),
        cmocka_unit_test_setup_teardown(one_is_reminded_until_one_acknowledges, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
