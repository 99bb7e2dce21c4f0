/* SPDX-License-Identifier: MIT */
/* test_store_schedule.c - domains of groups are due, are taken by one, and are due again. */
#include "store/test_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/accounts.h"
#include "store/schedule.h"

#define NOW   1000000
#define EVERY INT64_C(21600)

static void give_to(struct store *store, const char *domain, int64_t group)
{
    const struct store_owned owned = {
        .domain = domain, .group = group, .added = 1, .proof = "p", .proven = 1};

    assert_int_equal(store_give_domain(store, &owned, &group), STS_OK);
}

static void give(struct store *store, const char *domain)
{
    give_to(store, domain, 1);
}

static struct store *open_with(TALLOC_CTX *ctx, const char *const *domains)
{
    struct store *store = test_open(ctx, backend.fresh(ctx));
    int64_t group;

    assert_int_equal(store_add_group(store, "g", 1, &group), STS_OK);
    assert_int_equal(group, 1);
    for (; *domains; domains++)
        give(store, *domains);
    return store;
}

static void update(struct store *store, int64_t now)
{
    const struct store_schedule_rule rule = {now, EVERY, now + EVERY * 2};

    assert_int_equal(store_schedule_update(store, &rule), STS_OK);
}

#define CLAIMED_MAX 16

struct claimed {
    char *names[CLAIMED_MAX];
    size_t count;
};

static bool note(void *arg, const char *domain)
{
    struct claimed *claimed = arg;

    assert_true(claimed->count < CLAIMED_MAX);
    claimed->names[claimed->count++] = talloc_strdup(claimed, domain);
    return true;
}

static int by_name(const void *a, const void *b)
{
    char *const *x = a, *const *y = b;

    return strcmp(*x, *y);
}

/* Names, sorted, each followed by a blank: within a claim they are in no order. */
static void expect_claimed(struct store *store, struct store_schedule_claim claim,
                           const char *expected)
{
    struct claimed *claimed = talloc_zero(NULL, struct claimed);
    char *text = talloc_strdup(claimed, "");

    assert_int_equal(store_schedule_claim(store, &claim, note, claimed), STS_OK);
    qsort(claimed->names, claimed->count, sizeof *claimed->names, by_name);
    for (size_t i = 0; i < claimed->count; i++)
        text = talloc_asprintf_append(text, "%s ", claimed->names[i]);
    assert_string_equal(text, expected);
    talloc_free(claimed);
}

static void put(struct store *store, const char *domain, int64_t due, const char *verdict)
{
    const struct store_scheduled next = {.due = due, .looked = NOW, .verdict = verdict, .ill = 2};

    assert_int_equal(store_schedule(store, domain, &next), STS_OK);
}

static void check(struct store *store, const char *domain, int64_t at)
{
    const struct store_check check = {.domain = domain,
                                      .observed_at = at,
                                      .verdict = "ok",
                                      .posture = "none",
                                      .delivery = "protected",
                                      .facts = {"{}", 2}};

    assert_int_equal(store_put_check(store, &check), STS_OK);
}

void a_domain_is_due_by_its_newest_check(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store =
        open_with(ctx, (const char *const[]){"a.example", "b.example", "c.example", NULL});
    struct store_scheduled found;
    bool there;

    (void)state;
    check(store, "b.example", NOW - 100);
    check(store, "b.example", NOW - 50);
    check(store, "c.example", NOW + EVERY * 3); /* by a clock that was fast */
    check(store, "foreign.example", NOW);
    update(store, NOW);
    assert_int_equal(store_scheduled(store, "a.example", &found, &there), STS_OK);
    assert_true(there && found.due == STORE_DUE_NOW && found.looked == 0);
    assert_int_equal(store_scheduled(store, "b.example", &found, &there), STS_OK);
    assert_true(there && found.due == NOW - 50 + EVERY && found.looked == NOW - 50);
    assert_int_equal(store_scheduled(store, "c.example", &found, &there), STS_OK);
    assert_true(there && found.due >= NOW && found.due < NOW + EVERY);
    assert_int_equal(store_scheduled(store, "foreign.example", &found, &there), STS_OK);
    assert_false(there);
    talloc_free(ctx);
}

/* A group that wants all of its domains at once keeps nobody waiting who wants one. */
void groups_take_turns_at_once(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_with(
        ctx, (const char *const[]){"a.example", "b.example", "c.example", "d.example", NULL});
    const struct store_schedule_claim two = {true, NOW, NOW + 300, 2};
    int64_t group;

    (void)state;
    assert_int_equal(store_add_group(store, "h", 1, &group), STS_OK);
    give_to(store, "x.example", group);
    give_to(store, "y.example", group);
    update(store, NOW);
    expect_claimed(store, two, "a.example x.example ");
    expect_claimed(store, two, "b.example y.example ");
    expect_claimed(store, two, "c.example d.example ");
    talloc_free(ctx);
}

void a_domain_is_taken_by_one(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store =
        open_with(ctx, (const char *const[]){"a.example", "b.example", "c.example", NULL});
    const struct store_schedule_claim at_once = {true, NOW, NOW + 300, 2};
    const struct store_schedule_claim due = {false, NOW, NOW + 300, 10};
    bool done;

    (void)state;
    update(store, NOW);
    expect_claimed(store, due, "");
    expect_claimed(store, at_once, "a.example b.example ");
    expect_claimed(store, at_once, "c.example ");
    expect_claimed(store, at_once, "");
    put(store, "a.example", NOW - 1, "ok");
    put(store, "b.example", NOW + 1, "warning");
    expect_claimed(store, due, "a.example ");
    expect_claimed(store, due, "");
    /* c was taken by one that was killed; a likewise */
    expect_claimed(store, (struct store_schedule_claim){false, NOW + 300, NOW + 600, 1},
                   "b.example ");
    expect_claimed(store, (struct store_schedule_claim){false, NOW + 300, NOW + 600, 9},
                   "a.example c.example ");
    assert_int_equal(store_schedule_now(store, "a.example", &done), STS_OK);
    assert_true(done);
    assert_int_equal(store_schedule_now(store, "foreign.example", &done), STS_OK);
    assert_false(done);
    give(store, "new.example");
    assert_int_equal(store_schedule_now(store, "new.example", &done), STS_OK);
    assert_true(done);
    expect_claimed(store, at_once, "a.example new.example ");
    talloc_free(ctx);
}

void domains_leave_the_schedule_with_their_group(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_with(ctx, (const char *const[]){"a.example", "b.example", NULL});
    struct store_scheduled found;
    bool there;

    (void)state;
    update(store, NOW);
    assert_int_equal(store_take_domain(store, "a.example", 1, &there), STS_OK);
    update(store, NOW);
    assert_int_equal(store_scheduled(store, "a.example", &found, &there), STS_OK);
    assert_false(there);
    put(store, "b.example", NOW + EVERY, "critical");
    assert_int_equal(store_scheduled(store, "b.example", &found, &there), STS_OK);
    assert_true(there && found.ill == 2 && found.due == NOW + EVERY);
    update(store, NOW);
    assert_int_equal(store_scheduled(store, "b.example", &found, &there), STS_OK);
    assert_int_equal(found.due, NOW + EVERY); /* as it was */
    talloc_free(ctx);
}

static bool note_verdict(void *arg, const char *verdict, int64_t domains)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%s %d;", verdict, (int)domains);
    return true;
}

void the_schedule_is_counted(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_with(
        ctx, (const char *const[]){"a.example", "b.example", "c.example", "d.example", NULL});
    struct store_schedule_numbers numbers;
    char *text = talloc_strdup(ctx, "");

    (void)state;
    assert_int_equal(store_schedule_numbers(store, NOW, NOW - 60, &numbers), STS_OK);
    assert_int_equal(numbers.domains, 0);
    update(store, NOW);
    put(store, "b.example", NOW + 10, "ok");
    put(store, "c.example", NOW - 10, "ok");
    put(store, "d.example", NOW - 70, "critical");
    assert_int_equal(store_schedule_numbers(store, NOW, NOW - 60, &numbers), STS_OK);
    assert_int_equal(numbers.domains, 4);
    assert_int_equal(numbers.at_once, 1);
    assert_int_equal(numbers.due, 2);
    assert_int_equal(numbers.late, 1);
    assert_int_equal(numbers.unseen, 1);
    assert_int_equal(numbers.oldest, NOW);
    assert_int_equal(numbers.next, NOW + 10);
    assert_int_equal(store_schedule_verdicts(store, note_verdict, &text), STS_OK);
    assert_string_equal(text, "critical 1;ok 2;");
    talloc_free(ctx);
}
