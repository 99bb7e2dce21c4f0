/* SPDX-License-Identifier: MIT */
/* test_alerts_fixture.c - one domain, its checks and what is told of it. */
#include "alerts/test_alerts_fixture.h"

#include <string.h>

#include "base/array.h"
#include "history/stored_check.h"
#include "store/accounts.h"

int begin(void **state)
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

int end(void **state)
{
    struct fixture *f = *state;

    test_store_close(f->store);
    talloc_free(f);
    return 0;
}

void put(struct fixture *f, int64_t at, bool testing, bool expired)
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

struct evaluation *read_at(struct fixture *f, int64_t now)
{
    struct evaluation *e = talloc_zero(f, struct evaluation);

    *e = (struct evaluation){.domain = TEST_DOMAIN, .now = now, .delay = 60};
    assert_int_equal(evaluation_read(f->store, e), STS_OK);
    return e;
}

bool evaluate_at(struct fixture *f, int64_t now)
{
    struct evaluation *e = read_at(f, now);

    assert_int_equal(evaluation_write(f->store, e), STS_OK);
    return e->changed;
}

bool count_alert(void *arg, const struct store_alert *alert)
{
    (void)alert;
    ++*(size_t *)arg;
    return true;
}

size_t alerts_in(struct fixture *f, bool open)
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

size_t due_at(struct fixture *f, int64_t now)
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

int64_t first_due(struct fixture *f)
{
    int64_t due;

    assert_int_equal(store_delivery_due(f->store, &due), STS_OK);
    return due;
}
