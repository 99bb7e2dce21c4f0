/* SPDX-License-Identifier: MIT */
/* test_store_alerts.c - channels, rules, alerts and their messages. */
#include "store/test_store.h"

#include <string.h>

#include "store/accounts.h"
#include "store/alerts.h"

struct fixture {
    TALLOC_CTX *ctx;
    struct store *store;
    int64_t group, other;
    char *text;   /* what a list told */
    int64_t last; /* the delivery that was told last */
};

static void own(struct fixture *f, const char *domain, int64_t group)
{
    int64_t got;
    struct store_owned owned = {
        .domain = domain, .group = group, .added = 1, .proof = "p", .proven = 1};

    assert_int_equal(store_give_domain(f->store, &owned, &got), STS_OK);
}

static struct fixture begin(void)
{
    struct fixture f = {.ctx = talloc_new(NULL)};

    f.store = test_open(f.ctx, backend.fresh(f.ctx));
    assert_int_equal(store_add_group(f.store, "alpha", 1, &f.group), STS_OK);
    assert_int_equal(store_add_group(f.store, "beta", 1, &f.other), STS_OK);
    own(&f, "a.example", f.group);
    own(&f, "b.example", f.group);
    own(&f, "c.example", f.other);
    f.text = talloc_strdup(f.ctx, "");
    return f;
}

static void expect(struct fixture *f, enum sts_status status, const char *expected)
{
    assert_int_equal(status, STS_OK);
    assert_string_equal(f->text, expected);
    f->text = talloc_strdup(f->ctx, "");
}

/* ---- channels and rules ---------------------------------------------------------------------- */

static int64_t add_channel(struct fixture *f, int64_t group, const char *target)
{
    int64_t id = 0;
    struct store_channel channel = {.group = group,
                                    .kind = "mail",
                                    .target = target,
                                    .language = "de",
                                    .pace = "daily",
                                    .hour = 7,
                                    .next_digest = 100,
                                    .created = 5,
                                    .confirmed = 5};

    assert_int_equal(store_add_channel(f->store, &channel, &id), STS_OK);
    return id;
}

static bool tell_channel(void *arg, const struct store_channel *channel)
{
    struct fixture *f = arg;

    f->text = talloc_asprintf_append(f->text, "%s %s %s %lld%s%s;", channel->kind, channel->target,
                                     channel->pace, (long long)channel->next_digest,
                                     channel->paused ? " paused: " : "",
                                     channel->paused_why ? channel->paused_why : "");
    return true;
}

void a_channel_belongs_to_its_group(void **state)
{
    struct fixture f = begin();
    int64_t mine = add_channel(&f, f.group, "a@x.example");
    bool done = false;

    (void)state;
    (void)add_channel(&f, f.other, "b@x.example");
    expect(&f, store_channels(f.store, f.group, 0, tell_channel, &f),
           "mail a@x.example daily 100;");
    expect(&f, store_channels(f.store, f.other, mine, tell_channel, &f), "");
    expect(&f, store_channels(f.store, 0, mine, tell_channel, &f), "mail a@x.example daily 100;");
    expect(&f, store_due_digests(f.store, 99, 9, tell_channel, &f), "");
    assert_int_equal(store_move_digest(f.store, mine, 100, 200, &done), STS_OK);
    assert_true(done);
    assert_int_equal(store_move_digest(f.store, mine, 100, 300, &done), STS_OK);
    assert_false(done);
    expect(&f, store_due_digests(f.store, 150, 9, tell_channel, &f), "mail b@x.example daily 100;");
    assert_int_equal(store_pause_channel(f.store, mine, 9, "refused", &done), STS_OK);
    assert_true(done);
    expect(&f, store_channels(f.store, f.group, 0, tell_channel, &f),
           "mail a@x.example daily 200 paused: refused;");
    assert_int_equal(store_resume_channel(f.store, mine, f.other, &done), STS_OK);
    assert_false(done);
    assert_int_equal(store_drop_channel(f.store, mine, f.other, &done), STS_OK);
    assert_false(done);
    assert_int_equal(store_drop_channel(f.store, mine, f.group, &done), STS_OK);
    assert_true(done);
    talloc_free(f.ctx);
}

static bool tell_rule(void *arg, const struct store_alert_rule *rule)
{
    struct fixture *f = arg;

    f->text = talloc_asprintf_append(f->text, "%s %s %s %lld", rule->kinds, rule->severity,
                                     rule->domains ? rule->domains : "-",
                                     (long long)rule->certificate_days);
    for (size_t i = 0; i < rule->channel_count; i++)
        f->text = talloc_asprintf_append(f->text, " #%lld", (long long)rule->channels[i]);
    f->text = talloc_strdup_append(f->text, ";");
    return true;
}

static int64_t add_rule(struct fixture *f, int64_t group, int64_t first, int64_t second)
{
    int64_t id = 0;
    struct store_alert_rule rule = {.group = group,
                                    .kinds = "problem policy",
                                    .severity = "high",
                                    .certificate_days = 14,
                                    .remind_hours = 1,
                                    .channels = {first, second},
                                    .channel_count = 2};

    assert_int_equal(store_add_rule(f->store, &rule, &id), STS_OK);
    return id;
}

void a_rule_has_channels_of_its_group(void **state)
{
    struct fixture f = begin();
    int64_t mine = add_channel(&f, f.group, "a@x.example"),
            theirs = add_channel(&f, f.other, "b@x.example"), rule;
    struct store_alert_rule bare = {
        .group = f.group, .kinds = "", .severity = "low", .domains = ".example"};
    bool done;

    (void)state;
    rule = add_rule(&f, f.group, mine, theirs);
    assert_int_equal(store_add_rule(f.store, &bare, &bare.id), STS_OK);
    expect(
        &f, store_rules(f.store, f.group, tell_rule, &f),
        talloc_asprintf(f.ctx, "problem policy high - 14 #%lld; low .example 0;", (long long)mine));
    expect(&f, store_rules(f.store, f.other, tell_rule, &f), "");
    assert_int_equal(store_drop_rule(f.store, rule, f.other, &done), STS_OK);
    assert_false(done);
    assert_int_equal(store_drop_channel(f.store, mine, f.group, &done), STS_OK);
    assert_int_equal(store_drop_rule(f.store, bare.id, f.group, &done), STS_OK);
    assert_true(done);
    expect(&f, store_rules(f.store, f.group, tell_rule, &f), "problem policy high - 14;");
    talloc_free(f.ctx);
}

/* ---- alerts ---------------------------------------------------------------------------------- */

static struct store_raised raise_at(struct fixture *f, const char *cause, const char *domain,
                                    int64_t at, bool over)
{
    struct store_raise raise = {.group = f->group,
                                .kind = over ? "policy" : "problem",
                                .cause = cause,
                                .subject = "mx1.example",
                                .severity = "high",
                                .domain = domain,
                                .detail = "{}",
                                .thread = "t",
                                .at = at,
                                .over = over};
    struct store_raised raised = {0};

    assert_int_equal(store_raise_alert(f->store, &raise, at - 600, &raised), STS_OK);
    return raised;
}

static bool tell_alert(void *arg, const struct store_alert *alert)
{
    struct fixture *f = arg;

    f->text = talloc_asprintf_append(f->text, "%s %s %s %lld-%lld %lld/%lld;", alert->group_name,
                                     alert->cause, alert->subject, (long long)alert->begun,
                                     (long long)alert->ended, (long long)alert->open_domains,
                                     (long long)alert->domains);
    return true;
}

static bool tell_alert_domain(void *arg, const struct store_alert_domain *domain)
{
    struct fixture *f = arg;

    f->text = talloc_asprintf_append(f->text, "%s %lld-%lld %s;", domain->domain,
                                     (long long)domain->begun, (long long)domain->ended,
                                     domain->detail ? domain->detail : "-");
    return true;
}

static bool tell_open(void *arg, const struct store_alert *alert)
{
    struct fixture *f = arg;

    f->text =
        talloc_asprintf_append(f->text, "%s %s %s;", alert->kind, alert->cause, alert->subject);
    return true;
}

static enum sts_status list(struct fixture *f, int64_t group, bool open)
{
    return store_alerts(f->store, &(struct store_alert_page){group, open, INT64_MAX, 10},
                        tell_alert, f);
}

void an_alert_takes_in_the_domains_of_its_cause(void **state)
{
    struct fixture f = begin();
    struct store_raised first = raise_at(&f, "mx-cert-expired", "a.example", 10, false), second;
    bool ended = true;

    (void)state;
    assert_true(first.made);
    second = raise_at(&f, "mx-cert-expired", "b.example", 20, false);
    assert_false(second.made);
    assert_int_equal(first.alert, second.alert);
    assert_false(raise_at(&f, "mx-cert-expired", "a.example", 30, false).made);
    expect(&f, list(&f, f.group, true), "alpha mx-cert-expired mx1.example 10-0 2/2;");
    expect(&f, list(&f, f.other, true), "");
    expect(&f, store_alerts_of_domain(f.store, "b.example", tell_open, &f),
           "problem mx-cert-expired mx1.example;");
    assert_int_equal(store_clear_alert(f.store, first.alert, "a.example", 40, &ended), STS_OK);
    assert_false(ended);
    expect(&f, store_alert_domains(f.store, first.alert, 9, tell_alert_domain, &f),
           "a.example 10-40 {};b.example 20-0 {};");
    assert_int_equal(store_clear_alert(f.store, first.alert, "b.example", 50, &ended), STS_OK);
    assert_true(ended);
    assert_int_equal(store_clear_alert(f.store, first.alert, "b.example", 60, &ended), STS_OK);
    assert_false(ended);
    expect(&f, list(&f, 0, false), "alpha mx-cert-expired mx1.example 10-50 0/2;");
    assert_true(raise_at(&f, "mx-cert-expired", "a.example", 70, false).made);
    talloc_free(f.ctx);
}

static void add_delivery(struct fixture *f, int64_t alert, int64_t channel, const char *event,
                         int64_t next_try)
{
    static int number;
    struct store_delivery delivery = {.alert = alert,
                                      .channel = channel,
                                      .event = event,
                                      .message = talloc_asprintf(f->ctx, "msg_%d", ++number),
                                      .next_try = next_try,
                                      .created = 1};

    assert_int_equal(store_add_delivery(f->store, &delivery), STS_OK);
}

static bool take_id(void *arg, const struct store_delivery *delivery)
{
    *(int64_t *)arg = delivery->id;
    return true;
}

static bool tell_delivery(void *arg, const struct store_delivery *delivery)
{
    struct fixture *f = arg;

    f->last = delivery->id;
    f->text =
        talloc_asprintf_append(f->text, "%s %s %lld @%lld %s;", delivery->event, delivery->state,
                               (long long)delivery->attempts, (long long)delivery->next_try,
                               delivery->error ? delivery->error : "-");
    return true;
}

void what_happened_is_joined_until_it_is_told(void **state)
{
    struct fixture f = begin();
    int64_t channel = add_channel(&f, f.group, "a@x.example"), delivery = 0;
    struct store_raised first = raise_at(&f, "id-changed", "a.example", 1000, true);

    (void)state;
    add_delivery(&f, first.alert, channel, "begun", 1060);
    assert_int_equal(raise_at(&f, "id-changed", "b.example", 1010, true).alert, first.alert);
    /* the same domain again is another event; so is one that is much later */
    assert_true(raise_at(&f, "id-changed", "b.example", 1020, true).alert != first.alert);
    assert_true(raise_at(&f, "id-changed", "c.example", 9000, true).made);
    assert_int_equal(store_deliveries_of(f.store, first.alert, 9, take_id, &delivery), STS_OK);
    assert_int_equal(store_delivery_sent(f.store, delivery, 1070), STS_OK);
    assert_true(raise_at(&f, "id-changed", "c.example", 1080, true).alert != first.alert);
    talloc_free(f.ctx);
}

void alerts_are_listed_open_first(void **state)
{
    struct fixture f = begin();
    struct store_raised a = raise_at(&f, "one", "a.example", 10, false);
    bool ended;

    (void)state;
    (void)raise_at(&f, "two", "a.example", 20, false);
    (void)raise_at(&f, "three", "b.example", 30, true);
    expect(&f, list(&f, f.group, true),
           "alpha two mx1.example 20-0 1/1;alpha one mx1.example 10-0 1/1;");
    assert_int_equal(store_clear_alert(f.store, a.alert, "a.example", 40, &ended), STS_OK);
    expect(&f, list(&f, f.group, false),
           "alpha three mx1.example 30-30 0/1;alpha one mx1.example 10-40 0/1;");
    expect(&f, store_alerts_since(f.store, f.group, 30, 9, tell_alert, &f),
           "alpha three mx1.example 30-30 0/1;alpha one mx1.example 10-40 0/1;");
    expect(&f, store_alert_numbered(f.store, a.alert, tell_alert, &f),
           "alpha one mx1.example 10-40 0/1;");
    assert_int_equal(store_prune_alerts(f.store, 35), STS_OK);
    expect(&f, list(&f, f.group, false), "alpha one mx1.example 10-40 0/1;");
    talloc_free(f.ctx);
}

static bool tell_marks(void *arg, const struct store_alert *alert)
{
    struct fixture *f = arg;

    f->text = talloc_asprintf_append(f->text, "%lld %s %lld %s", (long long)alert->acknowledged,
                                     alert->acknowledged_by ? alert->acknowledged_by : "-",
                                     (long long)alert->muted_until,
                                     alert->muted_by ? alert->muted_by : "-");
    return true;
}

void one_acknowledges_and_mutes_ones_own(void **state)
{
    struct fixture f = begin();
    int64_t alert = raise_at(&f, "one", "a.example", 10, false).alert;
    bool done = true;

    (void)state;
    assert_int_equal(store_acknowledge_alert(f.store, alert, f.other, 11, "eve", &done), STS_OK);
    assert_false(done);
    assert_int_equal(store_mute_alert(f.store, alert, f.other, 99, "eve", &done), STS_OK);
    assert_false(done);
    assert_int_equal(store_acknowledge_alert(f.store, alert, f.group, 12, "ada", &done), STS_OK);
    assert_true(done);
    assert_int_equal(store_acknowledge_alert(f.store, alert, f.group, 13, "bob", &done), STS_OK);
    assert_false(done);
    assert_int_equal(store_mute_alert(f.store, alert, f.group, 99, "ada", &done), STS_OK);
    assert_true(done);
    expect(&f, store_alert_numbered(f.store, alert, tell_marks, &f), "12 ada 99 ada");
    assert_int_equal(store_mute_alert(f.store, alert, f.group, 0, "ada", &done), STS_OK);
    expect(&f, store_alert_numbered(f.store, alert, tell_marks, &f), "12 ada 0 -");
    talloc_free(f.ctx);
}

/* ---- deliveries ------------------------------------------------------------------------------ */

static enum sts_status claim_some(struct fixture *f, int64_t now, int64_t until, size_t share,
                                  size_t limit)
{
    const struct store_delivery_claim claim = {"mail", now, until, share, limit, 99};

    return store_claim_deliveries(f->store, &claim, tell_delivery, f);
}

static enum sts_status claim(struct fixture *f, int64_t now, int64_t until)
{
    return claim_some(f, now, until, 9, 9);
}

void a_delivery_waits_until_it_is_sent(void **state)
{
    struct fixture f = begin();
    int64_t channel = add_channel(&f, f.group, "a@x.example"), delivery = 0, due = 0, count = 0,
            alert = raise_at(&f, "one", "a.example", 10, false).alert;
    bool done;

    (void)state;
    assert_int_equal(store_delivery_due(f.store, &due), STS_OK);
    assert_true(due == INT64_MAX);
    add_delivery(&f, alert, channel, "begun", 20);
    add_delivery(&f, alert, channel, "begun", 21);  /* the first is enough */
    add_delivery(&f, alert, channel, "joined", 22); /* and so it is of that */
    assert_int_equal(store_count_deliveries(f.store, alert, channel, &count), STS_OK);
    assert_int_equal(count, 1);
    add_delivery(&f, 0, channel, "test", 30);
    add_delivery(&f, 0, channel, "test", 31);
    assert_int_equal(store_delivery_due(f.store, &due), STS_OK);
    assert_int_equal(due, 20);
    expect(&f, claim(&f, 30, 30), "begun waiting 0 @20 -;");
    assert_int_equal(store_deliveries_of(f.store, alert, 9, take_id, &delivery), STS_OK);
    assert_int_equal(store_delivery_again(f.store, delivery, 25, "500 \xff"), STS_OK);
    expect(&f, store_deliveries_of(f.store, alert, 9, tell_delivery, &f),
           "begun waiting 1 @25 500 \\xff;");
    assert_int_equal(store_pause_channel(f.store, channel, 26, "gone", &done), STS_OK);
    expect(&f, claim(&f, 99, 99), "");
    assert_int_equal(store_resume_channel(f.store, channel, f.group, &done), STS_OK);
    assert_int_equal(store_delivery_later(f.store, delivery, 40), STS_OK);
    assert_int_equal(store_delivery_sent(f.store, delivery, 41), STS_OK);
    assert_int_equal(store_delivery_end(f.store, delivery, "failed", "late"), STS_OK);
    expect(&f, store_deliveries_of(f.store, alert, 9, tell_delivery, &f), "begun sent 2 @40 -;");
    talloc_free(f.ctx);
}

/* Also where somebody else was killed at it: then it is somebody's again. */
void what_is_claimed_nobody_else_sends(void **state)
{
    struct fixture f = begin();
    int64_t channel = add_channel(&f, f.group, "a@x.example"), delivery = 0, due = 0,
            alert = raise_at(&f, "one", "a.example", 10, false).alert;

    (void)state;
    add_delivery(&f, alert, channel, "begun", 20);
    add_delivery(&f, 0, channel, "test", 21);
    expect(&f, claim(&f, 30, 60), "begun waiting 0 @20 -;");
    expect(&f, claim(&f, 59, 99), ""); /* nor what is behind it */
    assert_int_equal(store_delivery_due(f.store, &due), STS_OK);
    assert_int_equal(due, 60);
    add_delivery(&f, alert, channel, "joined", 40); /* it may have been told by now */
    expect(&f, claim(&f, 60, 90), "begun waiting 0 @20 -;");
    assert_int_equal(store_deliveries_of(f.store, alert, 9, take_id, &delivery), STS_OK);
    assert_int_equal(store_delivery_again(f.store, delivery - 2, 70, "500"), STS_OK);
    expect(&f, claim(&f, 61, 62), "test waiting 0 @21 -;");
    expect(&f, claim(&f, 62, 63), "test waiting 0 @21 -;");
    talloc_free(f.ctx);
}

/* A group with many channels, each with much to send, and one with little that comes later. */
void groups_take_turns(void **state)
{
    struct fixture f = begin();
    int64_t alert = raise_at(&f, "one", "a.example", 10, false).alert;

    (void)state;
    for (int i = 0; i < 5; i++) {
        int64_t channel = add_channel(&f, f.group, "a@x.example");

        add_delivery(&f, alert, channel, "begun", 20 + i);
        add_delivery(&f, 0, channel, "test", 10 + i);
    }
    add_delivery(&f, 0, add_channel(&f, f.other, "b@x.example"), "test", 50);
    expect(&f, claim_some(&f, 60, 90, 4, 1), "test waiting 0 @10 -;");
    expect(&f, claim_some(&f, 60, 90, 4, 1), "test waiting 0 @50 -;");
    expect(&f, claim_some(&f, 60, 90, 3, 1), "test waiting 0 @11 -;");
    expect(&f, claim_some(&f, 60, 90, 3, 1), "test waiting 0 @12 -;");
    expect(&f, claim_some(&f, 60, 90, 3, 9), "");
    expect(&f, claim_some(&f, 60, 90, 4, 9), "test waiting 0 @13 -;");
    add_delivery(&f, 0, add_channel(&f, f.other, "c@x.example"), "test", 55);
    expect(&f, claim_some(&f, 60, 90, 9, 1), "test waiting 0 @55 -;");
    talloc_free(f.ctx);
}

/* So that however many hang, there is room for those whose receivers work. */
void who_may_hang_shares_what_is_for_them(void **state)
{
    struct fixture f = begin();
    int64_t known = add_channel(&f, f.group, "a@x.example"), others[3];
    struct store_delivery_claim claim = {"mail", 30, 90, 9, 1, 2};
    const char *expected[] = {"test waiting 0 @10 -;", "test waiting 0 @29 -;",
                              "test waiting 0 @11 -;", ""};

    (void)state;
    add_delivery(&f, 0, known, "test", 10);
    expect(&f, claim_some(&f, 20, 21, 9, 9), "test waiting 0 @10 -;");
    assert_int_equal(store_delivery_sent(f.store, f.last, 20), STS_OK);
    for (int i = 0; i < 3; i++) {
        others[i] = add_channel(&f, f.other, "b@x.example");
        add_delivery(&f, 0, others[i], "test", 10 + i);
    }
    add_delivery(&f, 0, known, "test", 29);
    for (int i = 0; i < 4; i++)
        expect(&f, store_claim_deliveries(f.store, &claim, tell_delivery, &f), expected[i]);
    assert_int_equal(store_delivery_sent(f.store, f.last, 31), STS_OK);
    expect(&f, store_claim_deliveries(f.store, &claim, tell_delivery, &f), "test waiting 0 @12 -;");
    talloc_free(f.ctx);
}

/* One failure, and until it came through at last its group is among those. */
void who_is_tried_again_may_hang(void **state)
{
    struct fixture f = begin();
    int64_t channel = add_channel(&f, f.group, "a@x.example");
    struct store_delivery_claim claim = {"mail", 30, 90, 9, 9, 0};

    (void)state;
    add_delivery(&f, 0, channel, "test", 10);
    expect(&f, store_claim_deliveries(f.store, &claim, tell_delivery, &f), "");
    claim.doubtful = 1;
    expect(&f, store_claim_deliveries(f.store, &claim, tell_delivery, &f), "test waiting 0 @10 -;");
    assert_int_equal(store_delivery_sent(f.store, f.last, 30), STS_OK);
    claim.doubtful = 0;
    add_delivery(&f, 0, channel, "test", 12);
    expect(&f, store_claim_deliveries(f.store, &claim, tell_delivery, &f), "test waiting 0 @12 -;");
    assert_int_equal(store_delivery_again(f.store, f.last, 31, "timed out"), STS_OK);
    claim.now = 40;
    expect(&f, store_claim_deliveries(f.store, &claim, tell_delivery, &f), "");
    claim.doubtful = 1;
    expect(&f, store_claim_deliveries(f.store, &claim, tell_delivery, &f),
           "test waiting 1 @31 timed out;");
    assert_int_equal(store_delivery_sent(f.store, f.last, 41), STS_OK);
    claim.doubtful = 0;
    add_delivery(&f, 0, channel, "test", 39);
    expect(&f, store_claim_deliveries(f.store, &claim, tell_delivery, &f), "test waiting 0 @39 -;");
    talloc_free(f.ctx);
}

void who_has_not_confirmed_is_asked_and_told_nothing(void **state)
{
    struct fixture f = begin();
    struct store_channel channel = {.group = f.group,
                                    .kind = "mail",
                                    .target = "a@x.example",
                                    .language = "en",
                                    .pace = "daily"};
    const struct bytes hash = bytes_of("hash of a word"), other = bytes_of("another");
    int64_t count = 0;
    bool done = false;

    (void)state;
    assert_int_equal(store_add_channel(f.store, &channel, &channel.id), STS_OK);
    add_delivery(&f, 0, channel.id, "test", 10);
    expect(&f, claim(&f, 20, 30), "");
    add_delivery(&f, 0, channel.id, "confirm", 15);
    add_delivery(&f, 0, channel.id, "confirm", 16); /* one is enough */
    expect(&f, claim(&f, 20, 20), "confirm waiting 0 @15 -;");
    assert_int_equal(store_ask_channel(f.store, channel.id, other, 50, &done), STS_OK);
    assert_int_equal(store_ask_channel(f.store, channel.id, hash, 50, &done), STS_OK);
    assert_true(done);
    expect(&f, store_asked_channel(f.store, other, 20, tell_channel, &f), "");
    expect(&f, store_asked_channel(f.store, hash, 50, tell_channel, &f), "");
    expect(&f, store_asked_channel(f.store, hash, 49, tell_channel, &f),
           "mail a@x.example daily 0;");
    assert_int_equal(store_confirm_channel(f.store, channel.id, 40, 100, &done), STS_OK);
    assert_true(done);
    assert_int_equal(store_confirm_channel(f.store, channel.id, 41, 100, &done), STS_OK);
    assert_false(done);
    assert_int_equal(store_ask_channel(f.store, channel.id, hash, 50, &done), STS_OK);
    assert_false(done);
    expect(&f, store_asked_channel(f.store, hash, 20, tell_channel, &f), "");
    expect(&f, claim(&f, 20, 20), "test waiting 0 @10 -;");
    assert_int_equal(store_add_asked(f.store, f.group, "a@x.example", 10), STS_OK);
    assert_int_equal(store_add_asked(f.store, f.other, "a@x.example", 20), STS_OK);
    assert_int_equal(store_count_asked(f.store, f.group, NULL, 5, &count), STS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(store_count_asked(f.store, 0, "a@x.example", 5, &count), STS_OK);
    assert_int_equal(count, 2);
    assert_int_equal(store_prune_asked(f.store, 10), STS_OK);
    assert_int_equal(store_count_asked(f.store, 0, "a@x.example", 5, &count), STS_OK);
    assert_int_equal(count, 1);
    talloc_free(f.ctx);
}

static bool tell_reminder(void *arg, const struct store_reminder *reminder)
{
    struct fixture *f = arg;

    (void)reminder;
    f->text = talloc_asprintf_append(f->text, "remind;");
    return true;
}

void reminders_are_due_until_acknowledged(void **state)
{
    struct fixture f = begin();
    int64_t channel = add_channel(&f, f.group, "a@x.example"), delivery = 0,
            alert = raise_at(&f, "one", "a.example", 10, false).alert;
    bool done;

    (void)state;
    (void)add_rule(&f, f.group, channel, 0);
    add_delivery(&f, alert, channel, "begun", 20);
    expect(&f, store_due_reminders(f.store, 99999, 9, tell_reminder, &f), "");
    assert_int_equal(store_deliveries_of(f.store, alert, 9, take_id, &delivery), STS_OK);
    assert_int_equal(store_delivery_sent(f.store, delivery, 100), STS_OK);
    expect(&f, store_due_reminders(f.store, 3699, 9, tell_reminder, &f), "");
    expect(&f, store_due_reminders(f.store, 3700, 9, tell_reminder, &f), "remind;");
    assert_int_equal(store_mute_alert(f.store, alert, f.group, 4000, "ada", &done), STS_OK);
    expect(&f, store_due_reminders(f.store, 3999, 9, tell_reminder, &f), "");
    expect(&f, store_due_reminders(f.store, 4000, 9, tell_reminder, &f), "remind;");
    /* one that could not be sent yet is enough */
    add_delivery(&f, alert, channel, "reminder", 4000);
    assert_int_equal(store_deliveries_of(f.store, alert, 9, take_id, &delivery), STS_OK);
    assert_int_equal(store_delivery_again(f.store, delivery, 5000, "500"), STS_OK);
    expect(&f, store_due_reminders(f.store, 4100, 9, tell_reminder, &f), "");
    assert_int_equal(store_delivery_sent(f.store, delivery, 5000), STS_OK);
    expect(&f, store_due_reminders(f.store, 9000, 9, tell_reminder, &f), "remind;");
    assert_int_equal(store_acknowledge_alert(f.store, alert, f.group, 12, "ada", &done), STS_OK);
    expect(&f, store_due_reminders(f.store, 9000, 9, tell_reminder, &f), "");
    talloc_free(f.ctx);
}

void domains_that_left_end_their_alerts(void **state)
{
    struct fixture f = begin();
    bool done;

    (void)state;
    (void)raise_at(&f, "one", "a.example", 10, false);
    (void)raise_at(&f, "two", "b.example", 10, false);
    assert_int_equal(store_take_domain(f.store, "a.example", f.group, &done), STS_OK);
    own(&f, "a.example", f.other);
    assert_int_equal(store_end_stray_alerts(f.store, 50), STS_OK);
    expect(&f, list(&f, f.group, true), "alpha two mx1.example 10-0 1/1;");
    expect(&f, list(&f, f.group, false), "alpha one mx1.example 10-50 0/1;");
    assert_int_equal(store_drop_group(f.store, f.group, &done), STS_OK);
    expect(&f, list(&f, 0, true), "");
    talloc_free(f.ctx);
}

/* ---- how far --------------------------------------------------------------------------------- */

static bool tell_behind(void *arg, const struct store_behind *behind)
{
    struct fixture *f = arg;

    f->text = talloc_asprintf_append(f->text, "%s%s;", behind->domain,
                                     behind->group == f->group ? " ours" : "");
    return true;
}

void the_log_is_looked_through_behind_a_place(void **state)
{
    struct fixture f = begin();
    struct store_check check = {.domain = "a.example",
                                .observed_at = 5,
                                .verdict = "ok",
                                .posture = "none",
                                .delivery = "protected",
                                .facts = bytes_of("{}")};
    enum store_added added;
    int64_t first = 0, place = -1, report = -1;

    (void)state;
    assert_int_equal(store_number_check(f.store, &check, &first), STS_OK);
    check.domain = "d.example";
    assert_int_equal(store_put_check(f.store, &check), STS_OK);
    assert_int_equal(store_newest_numbers(f.store, &place, &report), STS_OK);
    assert_true(place > first && report == 0);
    expect(&f, store_checks_behind(f.store, 0, 9, tell_behind, &f), "a.example ours;d.example;");
    expect(&f, store_checks_behind(f.store, first, 9, tell_behind, &f), "d.example;");
    assert_int_equal(store_alert_place(f.store, "checks", &place), STS_OK);
    assert_int_equal(place, 0);
    assert_int_equal(store_put_alert_place(f.store, "checks", first), STS_OK);
    assert_int_equal(store_alert_place(f.store, "checks", &place), STS_OK);
    assert_int_equal(place, first);
    expect(&f, store_reports_behind(f.store, 0, &place, tell_behind, &f), "");
    assert_int_equal(place, 0);
    assert_int_equal(test_add(f.store, 1, &added), STS_OK);
    expect(&f, store_reports_behind(f.store, 0, &place, tell_behind, &f),
           "example.com;example.com;"); /* a row a policy */
    assert_true(place > 0);
    expect(&f, store_owned_behind(f.store, NULL, 2, tell_behind, &f),
           "a.example ours;b.example ours;");
    expect(&f, store_owned_behind(f.store, "b.example", 2, tell_behind, &f), "c.example;");
    talloc_free(f.ctx);
}
