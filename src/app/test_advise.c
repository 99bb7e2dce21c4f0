/* SPDX-License-Identifier: MIT */
/* test_advise.c - what is advised depends on what is wanted, on what the store remembers and on
 * what the person says; a store that fails is no reason to be silent in an emergency. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "app/advise.h"
#include "app/test_files.h"
#include "facts/test_domain.h"
#include "history/test_history.h"

static void on_fault(void *arg, const struct fault *fault)
{
    assert_int_equal(fault->status, STS_E_IO);
    assert_non_null(fault->store);
    ++*(size_t *)arg;
}

static const char *value_of(const struct advisory *a, const char *name)
{
    for (size_t i = 0; i < a->member_count; i++)
        if (strcmp(a->members[i].name, name) == 0)
            return a->members[i].kind == MEMBER_TEXT
                       ? a->members[i].text
                       : talloc_asprintf((void *)(uintptr_t)a, "%lld",
                                         (long long)a->members[i].number);
    return NULL;
}

static struct advisory *advise(TALLOC_CTX *ctx, const struct advise_request *request, int64_t at)
{
    struct facts *facts = healthy(ctx);
    struct advisory *a;

    facts->observed_at = at;
    assert_int_equal(advise_domain(ctx, request, facts, &a), STS_OK);
    assert_false(a->no_memory);
    assert_non_null(a->headline.text);
    return a;
}

static void each_wish_has_its_advice(void **state)
{
    static const char *const hosts[] = {"mx.new.example"};
    const struct plan_wish wish = {.new_mx = hosts, .new_mx_count = 1};
    const char *headlines[ADVISE_ROLLBACK + 1];

    for (size_t i = 0; i <= ADVISE_ROLLBACK; i++) {
        const struct advise_request request = {
            .kind = (enum advise_kind)i, .wish = wish, .fault = on_fault};

        headlines[i] = advise(*state, &request, NOW)->headline.text;
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(headlines[i], headlines[j]);
    }
}

static void as_the_person_says(void **state)
{
    struct advise_request request = {.fault = on_fault};
    char expected[32];

    assert_string_equal(value_of(advise(*state, &request, NOW), "since"), "0");
    request.since_told = NOW - 3 * DAY;
    snprintf(expected, sizeof(expected), "%lld", (long long)request.since_told);
    assert_string_equal(value_of(advise(*state, &request, NOW), "since"), expected);
}

static void as_of_another_time(void **state)
{
    struct advise_request request = {.at_now = true, .now = NOW + 5 * DAY, .fault = on_fault};

    assert_int_equal(advise(*state, &request, NOW)->now, NOW + 5 * DAY);
    request.at_now = false;
    assert_int_equal(advise(*state, &request, NOW)->now, NOW);
}

static void as_the_store_remembers(void **state)
{
    struct store *store = test_store_open();
    const struct advise_request request = {.store = store, .fault = on_fault};
    char expected[32];

    for (int day = 20; day > 0; day -= 2) {
        test_put_policy(store, "20261101000000", "enforce", 2592000, NOW - day * DAY);
        test_put_check(store, NOW - day * DAY, NULL, NULL);
    }
    snprintf(expected, sizeof(expected), "%lld", (long long)(NOW - 20 * DAY));
    assert_string_equal(value_of(advise(*state, &request, NOW), "since"), expected);
    test_store_close(store);
}

/* What is written, and what is about to be. */
static void damage(const struct store *store)
{
    char *log = talloc_asprintf(NULL, "%s-wal", store_name(store));

    assert_int_equal(truncate(store_name(store), 0), 0);
    assert_int_equal(truncate(log, 0), 0);
    talloc_free(log);
}

static void a_store_that_cannot_be_read(void **state)
{
    char *path = talloc_asprintf(*state, "%s/db", test_directory(*state));
    struct store *store, *reader;
    size_t faults = 0;
    struct advise_request request = {.fault = on_fault, .arg = &faults};
    struct facts *facts = healthy(*state);
    struct store_fault *fault;
    struct advisory *a;

    assert_int_equal(store_open(NULL, path, STORE_WRITE, &store, &fault), STS_OK);
    assert_int_equal(store_open(NULL, path, STORE_READ, &reader, &fault), STS_OK);
    damage(store);
    facts->observed_at = NOW;
    request.store = reader;
    assert_int_equal(advise_domain(*state, &request, facts, &a), STS_E_IO);
    assert_int_equal(faults, 1);
    request.kind = ADVISE_ROLLBACK;
    a = advise(*state, &request, NOW);
    assert_int_equal(faults, 2);
    assert_true(a->note_count > 0); /* that the past is not known */
    talloc_free(reader);
    talloc_free(store);
}

static int setup(void **state)
{
    *state = talloc_new(NULL);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    talloc_free(*state);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_wish_has_its_advice), TEST(as_the_person_says),          TEST(as_of_another_time),
        TEST(as_the_store_remembers),   TEST(a_store_that_cannot_be_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
