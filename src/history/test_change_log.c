/* SPDX-License-Identifier: MIT */
/* test_change_log.c - what checks changed is stored with them, and listed again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "history/change_list.h"
#include "history/change_log.h"
#include "history/limits.h"
#include "history/stored_check.h"
#include "history/test_history.h"
#include "rules/test_facts.h"

#define HOUR ((int64_t)3600)

static int open_store(void **state)
{
    struct store *store = test_store_open();
    struct store_owned owned = {.domain = TEST_DOMAIN, .proof = "", .proven = 1};
    int64_t owner;

    assert_int_equal(store_add_group(store, "us", 1, &owned.group), STS_OK);
    assert_int_equal(store_give_domain(store, &owned, &owner), STS_OK);
    *state = store;
    return 0;
}

static int close_store(void **state)
{
    test_store_close(*state);
    return 0;
}

static struct facts *facts_at(struct store *store, int64_t at, const char *mode)
{
    struct facts *facts = healthy(store);

    facts->observed_at = at;
    set_policy(facts, talloc_asprintf(facts,
                                      "version: STSv1\nmode: %s\nmx: mx1.example.com\n"
                                      "max_age: 2592000\n",
                                      mode));
    return facts;
}

static void put(struct store *store, struct facts *facts)
{
    struct diagnosis *diagnosis;

    assert_int_equal(diagnose(facts, facts, facts->observed_at, &diagnosis), STS_OK);
    assert_int_equal(stored_check_put(store, diagnosis), STS_OK);
}

static struct change_list *list_of(struct store *store)
{
    struct change_list *list = talloc_zero(store, struct change_list);

    list->filter.sight.all = true;
    list->after = STORE_LAST_CHANGE;
    list->limit = 100;
    assert_int_equal(change_list_read(store, list), STS_OK);
    return list;
}

/* "+1 mode-changed;...": hours behind NOW. */
static const char *told(struct store *store)
{
    const struct change_list *list = list_of(store);
    char *text = talloc_strdup(store, "");

    for (size_t i = 0; i < list->row_count; i++)
        text = talloc_asprintf_append(text, "%+d %s;", (int)((list->rows[i].place.at - NOW) / HOUR),
                                      list->rows[i].advisory->notes[0].code);
    return text;
}

static const char *value(struct listed_change row, const char *name)
{
    const struct sentence *s = &row.advisory->notes[0].sentence;

    for (size_t i = 0; i < s->param_count; i++)
        if (strcmp(s->params[i].name, name) == 0)
            return s->params[i].value;
    return NULL;
}

/* The failure is the test's where there is none. */
static struct listed_change find(struct store *store, const char *code)
{
    const struct change_list *list = list_of(store);

    for (size_t i = 0; i < list->row_count; i++)
        if (strcmp(list->rows[i].advisory->notes[0].code, code) == 0)
            return list->rows[i];
    fail_msg("no %s", code);
    return (struct listed_change){.advisory = NULL};
}

static bool has(struct store *store, const char *code)
{
    return strstr(told(store), talloc_asprintf(store, " %s;", code));
}

static void a_change_comes_back_as_it_was_found(void **state)
{
    struct listed_change row;

    put(*state, facts_at(*state, NOW, "enforce"));
    put(*state, facts_at(*state, NOW + HOUR, "enforce"));
    assert_string_equal(told(*state), "");
    put(*state, facts_at(*state, NOW + 2 * HOUR, "testing"));
    row = find(*state, "mode-changed");
    assert_int_equal(row.place.at, NOW + 2 * HOUR);
    assert_string_equal(row.advisory->domain, TEST_DOMAIN);
    assert_string_equal(row.advisory->notes[0].sentence.text,
                        "Policy mode changed from {before} to {after}.");
    assert_string_equal(value(row, "before"), "enforce");
    assert_string_equal(value(row, "after"), "testing");
    assert_string_equal(value(row, "seen_at"), "2026-11-23T17:00:00Z");
    assert_string_equal(value(row, "domain"), TEST_DOMAIN);
    assert_true(has(*state, "finding-appeared"));
}

/* Stored again, judged again: a change is there once. */
static void the_same_check_once_more_changes_nothing(void **state)
{
    const char *once;

    put(*state, facts_at(*state, NOW, "enforce"));
    put(*state, facts_at(*state, NOW + HOUR, "testing"));
    once = told(*state);
    assert_true(strlen(once) > 0);
    put(*state, facts_at(*state, NOW + HOUR, "testing"));
    assert_string_equal(told(*state), once);
    put(*state, facts_at(*state, NOW, "enforce"));
    assert_string_equal(told(*state), once);
}

/* What was not seen meanwhile stays as it was. */
static void what_was_not_seen_is_no_change(void **state)
{
    struct facts *blind;

    put(*state, facts_at(*state, NOW, "enforce"));
    blind = facts_at(*state, NOW + HOUR, "enforce");
    blind->mx_answer = NULL;
    blind->mx_count = 0;
    put(*state, blind);
    put(*state, facts_at(*state, NOW + 2 * HOUR, "enforce"));
    assert_false(has(*state, "mx-gone"));
    assert_false(has(*state, "mx-appeared"));
}

static void one_that_is_stored_late_is_compared_with_those_before_it(void **state)
{
    put(*state, facts_at(*state, NOW, "enforce"));
    put(*state, facts_at(*state, NOW + 2 * HOUR, "enforce"));
    put(*state, facts_at(*state, NOW + HOUR, "testing"));
    assert_int_equal(find(*state, "mode-changed").place.at, NOW + HOUR);
    put(*state, facts_at(*state, NOW + 3 * HOUR, "enforce")); /* as the newest one has it */
    assert_int_equal(find(*state, "mode-changed").place.at, NOW + HOUR);
}

/* The order in which the DNS answers says nothing. */
static void what_is_shown_has_no_order(void **state)
{
    struct check_shown hashes[2];

    for (int i = 0; i < 2; i++) {
        struct facts *facts = facts_at(*state, NOW, "enforce");
        struct diagnosis *diagnosis;
        size_t first = facts->mx_count;

        add_mx(facts, i ? "mx8.example.com" : "mx9.example.com", "192.0.2.8");
        add_mx(facts, i ? "mx9.example.com" : "mx8.example.com", "192.0.2.8");
        assert_int_equal(facts->mx_count, first + 2);
        assert_int_equal(diagnose(facts, facts, NOW, &diagnosis), STS_OK);
        assert_int_equal(check_shown_of(facts, diagnosis, &hashes[i]), STS_OK);
    }
    assert_memory_equal(hashes[0].hash, hashes[1].hash, sizeof hashes[0].hash);
}

/* Whatever strangers publish: a row has a ceiling. */
static void values_are_bounded(void **state)
{
    struct facts *facts = facts_at(*state, NOW + HOUR, "enforce");
    char *longest = talloc_zero_size(facts, 60001);
    const char *after;

    memset(longest, 'x', 60000);
    put(*state, facts_at(*state, NOW, "enforce"));
    facts->tlsrpt_txt =
        txt(facts, "_smtp._tls.example.com",
            talloc_asprintf(facts, "v=TLSRPTv1; rua=mailto:%s@a.example", longest), NULL);
    put(*state, facts);
    after = value(find(*state, "tlsrpt-changed"), "after");
    assert_true(strlen(after) > 1000 && strlen(after) <= LIMIT_CHANGE_VALUE + strlen("…"));
}

static void places_are_read_as_they_are_written(void **state)
{
    static const char *const wrong[] = {"",        "1",     "1.2",    "1.2.",
                                        "1.2.3.4", "a.b.c", "1.2.3 ", "1234567890123456789012.1.1"};
    struct store_change_place place;

    (void)state;
    assert_true(change_list_place_read("1764500000.17.3", &place));
    assert_int_equal(place.at, 1764500000);
    assert_int_equal(place.check, 17);
    assert_int_equal(place.row, 3);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(change_list_place_read(wrong[i], &place));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_store, close_store)
    const struct CMUnitTest tests[] = {
        CASE(a_change_comes_back_as_it_was_found),
        CASE(the_same_check_once_more_changes_nothing),
        CASE(what_was_not_seen_is_no_change),
        CASE(one_that_is_stored_late_is_compared_with_those_before_it),
        CASE(what_is_shown_has_no_order),
        CASE(values_are_bounded),
        cmocka_unit_test(places_are_read_as_they_are_written),
    };
#undef CASE

    return cmocka_run_group_tests(tests, NULL, NULL);
}
