/* SPDX-License-Identifier: MIT */
/* test_store_changes.c - what checks changed: kept with their check, listed over domains. */
#include "store/test_store.h"

#include <stdio.h>
#include <string.h>

#include "store/changes.h"
#include "store/domain_list.h"

struct fixture {
    struct store *store;
    int64_t one, two; /* groups */
    char *text;       /* what a list told: "example.com@100 mode-changed;" */
    struct store_change_place last;
};

static int64_t give(struct store *store, const char *group, const char *const *domains,
                    size_t count)
{
    struct store_owned owned = {.proof = "", .proven = 1};
    int64_t owner;

    assert_int_equal(store_add_group(store, group, 1, &owned.group), STS_OK);
    for (size_t i = 0; i < count; i++) {
        owned.domain = domains[i];
        assert_int_equal(store_give_domain(store, &owned, &owner), STS_OK);
    }
    return owned.group;
}

static struct fixture *fixture_new(void)
{
    static const char *const ours[] = {"example.com", "example.net"}, *const theirs[] = {
                                                                          "example.org"};
    struct fixture *f = talloc_zero(NULL, struct fixture);

    f->store = test_open(f, backend.fresh(f));
    f->one = give(f->store, "one", ours, 2);
    f->two = give(f->store, "two", theirs, 1);
    return f;
}

static int64_t check(struct fixture *f, const char *domain, int64_t at)
{
    const struct store_check check = {.domain = domain,
                                      .observed_at = at,
                                      .verdict = "ok",
                                      .posture = "enforce",
                                      .delivery = "protected",
                                      .facts = bytes_of("{}")};
    int64_t seq = 0;

    assert_int_equal(store_number_check(f->store, &check, &seq), STS_OK);
    return seq;
}

/* A check with that many changes, "c1", "c2", ... */
static int64_t changed(struct fixture *f, const char *domain, int64_t at, size_t count)
{
    static const struct store_change list[] = {{"c1", "info", "One {a}.", "{\"a\":\"b\"}"},
                                               {"c2", "high", "Two.", "{}"},
                                               {"c3", "low", "Three.", "{}"}};
    int64_t seq = check(f, domain, at);

    assert_int_equal(store_put_changes(f->store, seq, list, count), STS_OK);
    return seq;
}

static bool tell(void *arg, const struct store_listed_change *change)
{
    struct fixture *f = arg;

    f->last = change->place;
    f->text = talloc_asprintf_append(f->text, "%s@%d %s;", change->domain, (int)change->place.at,
                                     change->change.code);
    return true;
}

static const char *list(struct fixture *f, const struct store_change_filter *filter,
                        struct store_change_place after, size_t limit)
{
    f->text = talloc_strdup(f, "");
    assert_int_equal(store_changes(f->store, filter, after, limit, tell, f), STS_OK);
    return f->text;
}

static const char *all_of(struct fixture *f, int64_t group)
{
    const struct store_change_filter filter = {.sight = {.all = true, .group = group}};

    return list(f, &filter, STORE_LAST_CHANGE, 100);
}

static bool expect_whole(void *arg, const struct store_listed_change *change)
{
    ++*(int *)arg;
    assert_string_equal(change->change.severity, "info");
    assert_string_equal(change->change.sentence, "One {a}.");
    assert_string_equal(change->change.values, "{\"a\":\"b\"}");
    return false;
}

/* They come back whole, are replaced as a whole, and go when the check is forgotten. */
void changes_are_those_of_their_check(void **state)
{
    struct fixture *f = fixture_new();
    const struct store_change_filter filter = {.sight = {.all = true}};
    const struct store_change again = {"other", "low", "Other.", "{}"};
    int64_t first = changed(f, "example.com", 100, 2);
    int told = 0;

    (void)state;
    assert_int_equal(store_changes(f->store, &filter, STORE_LAST_CHANGE, 10, expect_whole, &told),
                     STS_OK);
    assert_int_equal(told, 1);
    assert_int_equal(store_put_changes(f->store, first, &again, 1), STS_OK);
    assert_string_equal(all_of(f, 0), "example.com@100 other;");
    changed(f, "example.com", 200, 1);
    assert_int_equal(store_prune(f->store, "example.com", 150), STS_OK);
    assert_string_equal(all_of(f, 0), "example.com@200 c1;");
    talloc_free(f);
}

void changes_are_listed_page_by_page(void **state)
{
    struct fixture *f = fixture_new();
    const struct store_change_filter filter = {.sight = {.all = true}};
    char *whole = talloc_strdup(f, "");
    struct store_change_place place = STORE_LAST_CHANGE;

    (void)state;
    changed(f, "example.com", 300, 3);
    changed(f, "example.net", 100, 1); /* stored late */
    changed(f, "example.net", 300, 0); /* of the same second, without any */
    changed(f, "example.org", 300, 2);
    for (int page = 0; page < 3; page++) {
        const char *part = list(f, &filter, place, 2);

        whole = talloc_asprintf_append(whole, "%s|", part);
        place = f->last;
    }
    assert_string_equal(whole, "example.org@300 c1;example.org@300 c2;|"
                               "example.com@300 c1;example.com@300 c2;|"
                               "example.com@300 c3;example.net@100 c1;|");
    assert_string_equal(list(f, &filter, place, 2), "");
    assert_int_equal(store_changes(f->store, &filter, place, 0, tell, f), STS_E_INVALID);
    talloc_free(f);
}

/* More domains than are sorted, so that the list is read the other way. */
static void own_many(struct fixture *f)
{
    struct store_pair *pairs = talloc_zero_array(f, struct store_pair, 300);

    for (int i = 0; i < 300; i++)
        pairs[i] = (struct store_pair){talloc_asprintf(pairs, "d%d.example", i), "proof"};
    assert_int_equal(store_give_domains(f->store, f->one, pairs, 300, 1, 1), STS_OK);
    for (int i = 0; i < 300; i++)
        pairs[i].word = "many";
    assert_int_equal(store_tag_domains(f->store, f->one, pairs, 300), STS_OK);
}

static void expect_filtered(struct fixture *f)
{
    const struct store_sight one = {.all = true, .group = f->one};
    const struct store_change_filter by_domain = {one, "example.net", NULL, 0},
                                     by_other = {one, "example.org", NULL, 0},
                                     by_tag = {one, NULL, "shop", 0},
                                     by_both = {one, "example.com", "shop", 0},
                                     recent = {one, NULL, NULL, 201};

    assert_string_equal(all_of(f, f->one), "example.com@300 c1;example.net@200 c1;");
    assert_string_equal(all_of(f, f->two), "example.org@250 c1;");
    assert_string_equal(list(f, &by_domain, STORE_LAST_CHANGE, 9), "example.net@200 c1;");
    assert_string_equal(list(f, &by_other, STORE_LAST_CHANGE, 9), "");
    assert_string_equal(list(f, &by_tag, STORE_LAST_CHANGE, 9), "example.net@200 c1;");
    assert_string_equal(list(f, &by_both, STORE_LAST_CHANGE, 9), "");
    assert_string_equal(list(f, &recent, STORE_LAST_CHANGE, 9), "example.com@300 c1;");
}

void changes_are_found_by_filter(void **state)
{
    struct fixture *f = fixture_new();
    const struct store_pair tag = {"example.net", "shop"};
    const struct store_change_filter many = {{.all = true, .group = f->one}, NULL, "many", 0};

    (void)state;
    changed(f, "example.com", 300, 1);
    changed(f, "example.net", 200, 1);
    changed(f, "example.org", 250, 1);
    changed(f, "nobodys.example", 260, 1);
    assert_int_equal(store_tag_domains(f->store, f->one, &tag, 1), STS_OK);
    expect_filtered(f);
    own_many(f);
    expect_filtered(f);
    assert_string_equal(list(f, &many, STORE_LAST_CHANGE, 9), "");
    changed(f, "d7.example", 10, 1);
    assert_string_equal(list(f, &many, STORE_LAST_CHANGE, 9), "d7.example@10 c1;");
    talloc_free(f);
}
