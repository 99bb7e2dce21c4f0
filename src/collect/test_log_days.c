/* SPDX-License-Identifier: MIT */
/* test_log_days.c - each session is stored on its day, and the place is never before what is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <unistd.h>

#include "collect/limits.h"
#include "collect/log_days.h"
#include "store/rollups.h"
#include "store/session_counts.h"

#define DAY  20000
#define NOON (DAY * STORE_DAY_S + 43200)
#define EVENT                                                                                      \
    "{\"d\":\"a.example\",\"pr\":\"v=TLSRPTv1;rua=mailto:a@example.com\",\"policies\":["           \
    "{\"policy-type\":2,\"policy-domain\":\"a.example\",\"f\":0}]}"

struct place_of_test {
    TALLOC_CTX *ctx;
    char folder[32];
    struct store *store;
};

static int setup(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct place_of_test *place = talloc_zero(ctx, struct place_of_test);
    struct store_fault *fault;

    *place = (struct place_of_test){ctx, "/tmp/test-log-days-XXXXXX", NULL};
    assert_non_null(mkdtemp(place->folder));
    assert_int_equal(store_open(ctx, talloc_asprintf(ctx, "%s/x.db", place->folder), STORE_WRITE,
                                &place->store, &fault),
                     STS_OK);
    *state = place;
    return 0;
}

static int teardown(void **state)
{
    struct place_of_test *place = *state;
    char *file = talloc_asprintf(place->ctx, "%s/x.db", place->folder);

    talloc_free(place->store);
    assert_int_equal(unlink(file), 0);
    assert_int_equal(rmdir(place->folder), 0);
    talloc_free(place->ctx);
    return 0;
}

static bool add_up(void *arg, const struct store_counted_domain *domain)
{
    *(int64_t *)arg += domain->successful;
    return true;
}

static int64_t stored(struct store *store, int64_t day)
{
    int64_t sum = 0;

    assert_int_equal(store_counted_domains(store, day, 0, 100, add_up, &sum), STS_OK);
    return sum;
}

static int64_t place_stored(struct store *store)
{
    int64_t place = -1;

    assert_int_equal(store_run_number(store, "log x", &place), STS_OK);
    return place;
}

static struct log_days_place up_to(int64_t before, int64_t until)
{
    return (struct log_days_place){"x", "log x", before, until, until};
}

static void add(struct log_days *days, int64_t at)
{
    assert_int_equal(log_days_add(days, at, bytes_of(EVENT)), STS_OK);
}

static void each_session_is_on_its_day(void **state)
{
    struct place_of_test *test = *state;
    struct log_days *days = log_days_new(test->ctx);
    struct log_days_place place = up_to(0, NOON + 60);
    int64_t reached;

    add(days, NOON);
    add(days, NOON - STORE_DAY_S); /* a log that was rotated comes later */
    add(days, NOON - STORE_DAY_S + 1);
    assert_int_equal(log_days_store(days, test->store, &place, &reached), STS_OK);
    assert_int_equal(reached, NOON + 60);
    assert_int_equal(stored(test->store, DAY), 1);
    assert_int_equal(stored(test->store, DAY - 1), 2);
    assert_int_equal(place_stored(test->store), NOON + 60);
}

static void without_sessions_the_place_goes_on(void **state)
{
    struct place_of_test *test = *state;
    struct log_days *days = log_days_new(test->ctx);
    struct log_days_place place = up_to(0, NOON);
    int64_t reached;

    assert_int_equal(log_days_store(days, test->store, &place, &reached), STS_OK);
    assert_int_equal(place_stored(test->store), NOON);
    place = up_to(NOON, NOON - 60); /* an older log alone takes nothing back */
    assert_int_equal(log_days_store(days, test->store, &place, &reached), STS_OK);
    assert_int_equal(reached, NOON);
    assert_int_equal(place_stored(test->store), NOON);
}

static void days_are_bounded(void **state)
{
    struct place_of_test *test = *state;
    struct log_days *days = log_days_new(test->ctx);

    for (int64_t i = 0; i < LIMIT_KEEP_DAYS + 2; i++)
        add(days, NOON + i * STORE_DAY_S);
    assert_int_equal(log_days_add(days, NOON - STORE_DAY_S, bytes_of(EVENT)), STS_E_NOMEM);
    add(days, NOON); /* of a day that is there */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_session_is_on_its_day, setup, teardown),
        cmocka_unit_test_setup_teardown(without_sessions_the_place_goes_on, setup, teardown),
        cmocka_unit_test_setup_teardown(days_are_bounded, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
