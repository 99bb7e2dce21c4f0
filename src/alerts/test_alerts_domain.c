/* SPDX-License-Identifier: MIT */
/* test_alerts_domain.c - one domain evaluated again and again: what is told of it, to whom. */
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
#include "base/array.h"
#include "history/stored_check.h"
#include "history/test_history.h"
#include "rules/test_facts.h"
#include "store/accounts.h"

#define HOUR ((int64_t)3600)

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
