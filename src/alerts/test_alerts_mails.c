/* SPDX-License-Identifier: MIT */
/* test_alerts_mails.c - digests, reminders, and whether the owner of an address wants any. */
#include "alerts/test_alerts_fixture.h"

#include <string.h>

#include "alerts/alert_copy.h"
#include "alerts/alerts_work.h"
#include "alerts/announce.h"
#include "alerts/change_alerts.h"
#include "alerts/confirm.h"
#include "alerts/limits.h"
#include "store/accounts.h"

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
        cmocka_unit_test_setup_teardown(a_digest_tells_what_changed_and_what_is_open, begin, end),
        cmocka_unit_test_setup_teardown(an_address_gets_so_many_mails_a_day, begin, end),
        cmocka_unit_test_setup_teardown(who_owns_an_address_confirms_it_first, begin, end),
        cmocka_unit_test_setup_teardown(one_is_reminded_until_one_acknowledges, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
