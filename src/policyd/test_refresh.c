/* SPDX-License-Identifier: MIT */
/* test_refresh.c - what is looked up, and when: with look-ups of our own making, and a clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "event/loop.h"
#include "policyd/limits.h"
#include "policyd/lookup.h"
#include "policyd/refresh.h"

#define NOW     1800000000
#define MINUTE  60
#define LOOKUPS 1000

/* ---- look-ups -------------------------------------------------------------------------------- */

struct policy_lookup {
    struct policy_lookup_request request;
    char domain[64];
};

static struct policy_lookup *under_way[LOOKUPS];
static int count;
static int64_t now_s, stepped_s; /* stepped_s: somebody has set the clock by so much */

time_t time(time_t *ret)
{
    time_t now = (time_t)(now_s + stepped_s);

    if (ret)
        *ret = now;
    return now;
}

int clock_gettime(clockid_t clock, struct timespec *ret)
{
    if (clock != CLOCK_BOOTTIME)
        return (int)syscall(SYS_clock_gettime, clock, ret);
    *ret = (struct timespec){.tv_sec = (time_t)(now_s - NOW) + MINUTE};
    return 0;
}

static int lookup_drop(struct policy_lookup *lookup)
{
    for (int i = 0; i < count; i++)
        if (under_way[i] == lookup)
            under_way[i] = under_way[--count];
    return 0;
}

enum sts_status policy_lookup_start(TALLOC_CTX *ctx, const struct policy_lookup_request *request,
                                    struct policy_lookup **ret)
{
    struct policy_lookup *lookup = talloc_zero(ctx, struct policy_lookup);

    assert_true(count < LOOKUPS);
    lookup->request = *request;
    strncpy(lookup->domain, request->domain, sizeof(lookup->domain) - 1);
    under_way[count++] = lookup;
    talloc_set_destructor(lookup, lookup_drop);
    *ret = lookup;
    return STS_OK;
}

/* The one of the domain and part; NULL: none is under way. */
static struct policy_lookup *lookup_of(const char *domain, enum policy_part part)
{
    struct policy_lookup *found = NULL;

    for (int i = 0; i < count; i++) {
        if (strcmp(under_way[i]->domain, domain) != 0 || under_way[i]->request.part != part)
            continue;
        assert_null(found); /* never two */
        found = under_way[i];
    }
    return found;
}

static void end(const char *domain, struct policy_found found)
{
    const struct policy_lookup *lookup = lookup_of(domain, found.part);

    assert_non_null(lookup);
    lookup->request.done(lookup->request.arg, &found);
}

static void end_record(const char *domain, const char *id)
{
    end(domain, (struct policy_found){.part = POLICY_PART_RECORD,
                                      .record = {id ? STS_SEEN_RECORD : STS_SEEN_NONE, id},
                                      .ttl = MINUTE});
}

static void end_policy(const char *domain, const char *why)
{
    static const char *const mx[] = {"mx.example.com"};
    static const struct live_policy policy = {NULL, STS_MODE_ENFORCE, 604800, mx, 1};

    end(domain, (struct policy_found){
                    .part = POLICY_PART_POLICY, .policy = why ? NULL : &policy, .why = why});
}

/* ---- the daemon ------------------------------------------------------------------------------ */

struct desk {
    struct net net;
    struct policy_cache *cache;
    struct refresh *refresh;
    int seen, failed, weaker;
};

static void on_seen(void *arg, const struct policy_entry *entry)
{
    (void)entry;
    ((struct desk *)arg)->seen++;
}

static void on_failed(void *arg, const char *domain, const struct policy_found *found)
{
    (void)domain;
    assert_non_null(found->why);
    ((struct desk *)arg)->failed++;
}

static void on_fetched(void *arg, int64_t begun_ms)
{
    const struct desk *desk = arg;

    assert_true(begun_ms <= loop_now(desk->net.loop));
}

static void on_weaker(void *arg, const char *domain, unsigned downgrades, int64_t expires)
{
    (void)domain;
    assert_true(downgrades);
    assert_true(expires > now_s);
    ((struct desk *)arg)->weaker++;
}

static void on_looked(void *arg, const struct policy_entry *entry, const struct facts *facts)
{
    (void)arg;
    (void)entry;
    assert_null(facts);
}

static struct desk *desk_new(bool no_dane)
{
    struct desk *desk = talloc_zero(NULL, struct desk);
    struct refresh_request request = {.net = &desk->net,
                                      .seen = on_seen,
                                      .failed = on_failed,
                                      .fetched = on_fetched,
                                      .weaker = on_weaker,
                                      .looked = on_looked,
                                      .no_store = true,
                                      .arg = desk};

    now_s = NOW;
    stepped_s = 0;
    count = 0;
    assert_int_equal(loop_new(desk, &desk->net.loop), STS_OK);
    assert_int_equal(policy_cache_new(desk, LOOKUPS, no_dane, &desk->cache), STS_OK);
    request.cache = desk->cache;
    assert_int_equal(refresh_new(desk, &request, &desk->refresh), STS_OK);
    return desk;
}

static void desk_free(struct desk *desk)
{
    TALLOC_FREE(desk->refresh);
    assert_int_equal(count, 0); /* what is under way ends with it */
    talloc_free(desk);
}

/* A mail goes there. */
static struct policy_entry *use(struct desk *desk, const char *domain)
{
    struct policy_entry *entry = policy_cache_use(desk->cache, domain, refresh_now(desk->refresh));

    assert_non_null(entry);
    refresh_due(desk->refresh, entry);
    return entry;
}

static void on_turn(void *arg)
{
    loop_stop(arg);
}

static void turn(struct desk *desk)
{
    struct loop *loop = desk->net.loop;
    struct loop_timer *timer;

    assert_int_equal(loop_timer_start(desk, loop, loop_now(loop), on_turn, loop, &timer), STS_OK);
    assert_int_equal(loop_run(loop), STS_OK);
    talloc_free(timer);
}

/* ---- a first contact ------------------------------------------------------------------------- */

/* The policy is fetched when its record has been seen; DANE is looked up beside. */
static void test_order(void **state)
{
    struct desk *desk = desk_new(false);

    (void)state;
    use(desk, "a.example");
    assert_non_null(lookup_of("a.example", POLICY_PART_RECORD));
    assert_non_null(lookup_of("a.example", POLICY_PART_DANE));
    assert_null(lookup_of("a.example", POLICY_PART_POLICY));
    end_record("a.example", "1");
    assert_non_null(lookup_of("a.example", POLICY_PART_POLICY));
    end_policy("a.example", NULL);
    assert_int_equal(count, 1); /* DANE */
    assert_int_equal(desk->seen, 2);
    assert_int_equal(refresh_count(desk->refresh), 3);
    desk_free(desk);
}

/* However many mails come, each part is under way once; what is known is not looked up again. */
static void test_single_flight(void **state)
{
    struct desk *desk = desk_new(true);

    (void)state;
    for (int i = 0; i < 100; i++)
        use(desk, "a.example");
    assert_int_equal(count, 1);
    end_record("a.example", "1");
    for (int i = 0; i < 100; i++)
        use(desk, "a.example");
    assert_int_equal(count, 1);
    end_policy("a.example", NULL);
    for (int i = 0; i < 100; i++)
        use(desk, "a.example");
    assert_int_equal(count, 0);
    assert_int_equal(refresh_count(desk->refresh), 2);
    desk_free(desk);
}

static void test_no_policy(void **state)
{
    struct desk *desk = desk_new(true);

    (void)state;
    use(desk, "a.example");
    end_record("a.example", NULL);
    use(desk, "a.example");
    assert_int_equal(count, 0);
    now_s += MINUTE; /* its TTL is over, but nobody asks */
    assert_int_equal(count, 0);
    use(desk, "a.example");
    assert_non_null(lookup_of("a.example", POLICY_PART_RECORD));
    desk_free(desk);
}

/* ---- failures -------------------------------------------------------------------------------- */

/* Uses the domain each minute, the record being the same; minutes until its policy is fetched. */
static int minutes_until_fetched(struct desk *desk, const char *id)
{
    for (int minutes = 1; minutes < 200; minutes++) {
        now_s += MINUTE;
        use(desk, "a.example");
        if (lookup_of("a.example", POLICY_PART_RECORD))
            end_record("a.example", id);
        if (lookup_of("a.example", POLICY_PART_POLICY))
            return minutes;
    }
    return -1;
}

/* 5 minutes, doubled up to an hour; another id ends the pause at once, and begins anew. */
static void test_pauses(void **state)
{
    static const int pauses[] = {5, 10, 20, 40, 60, 60};
    struct desk *desk = desk_new(true);

    (void)state;
    use(desk, "a.example");
    end_record("a.example", "1");
    for (size_t i = 0; i < sizeof(pauses) / sizeof(*pauses); i++) {
        end_policy("a.example", "status");
        assert_int_equal(minutes_until_fetched(desk, "1"), pauses[i]);
    }
    end_policy("a.example", "status");
    assert_int_equal(minutes_until_fetched(desk, "2"), 1);
    end_policy("a.example", "status");
    assert_int_equal(minutes_until_fetched(desk, "2"), 5);
    end_policy("a.example", NULL);
    assert_int_equal(minutes_until_fetched(desk, "2"), -1);
    assert_int_equal(desk->failed, 8);
    desk_free(desk);
}

/* What was fetched goes on to count when the record is gone, which is told. */
static void test_record_gone(void **state)
{
    struct desk *desk = desk_new(true);
    struct policy_entry *entry = use(desk, "a.example");

    (void)state;
    end_record("a.example", "1");
    end_policy("a.example", NULL);
    now_s += MINUTE;
    use(desk, "a.example");
    end_record("a.example", NULL);
    assert_int_equal(desk->weaker, 1);
    assert_true(policy_entry_is_ready(entry, refresh_now(desk->refresh)));
    assert_non_null(policy_entry_known(entry, refresh_now(desk->refresh)).policy);
    desk_free(desk);
}

/* Whatever somebody sets the clock to, nothing gets older or younger by it. */
static void test_clock(void **state)
{
    static const int64_t steps[] = {3600, -3600, 40000000, -400000000};
    struct desk *desk = desk_new(true);
    struct policy_entry *entry = use(desk, "a.example");

    (void)state;
    end_record("a.example", "1");
    end_policy("a.example", NULL);
    for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
        stepped_s = steps[i];
        assert_int_equal(refresh_now(desk->refresh), NOW);
        use(desk, "a.example");
        assert_int_equal(count, 0);
        assert_non_null(policy_entry_known(entry, refresh_now(desk->refresh)).policy);
    }
    now_s += 604801;
    assert_null(policy_entry_known(entry, refresh_now(desk->refresh)).policy);
    desk_free(desk);
}

/* ---- many ------------------------------------------------------------------------------------ */

/* No more than LIMIT_LOOKUPS at a time; the others follow when their turn has come. */
static void test_many(void **state)
{
    struct desk *desk = desk_new(true);
    char name[32];

    (void)state;
    for (int i = 0; i < LIMIT_LOOKUPS + 2; i++) {
        snprintf(name, sizeof(name), "d%d.example", i);
        use(desk, name);
    }
    assert_int_equal(count, LIMIT_LOOKUPS);
    assert_null(lookup_of(name, POLICY_PART_RECORD));
    for (int i = 0; i < 2; i++) {
        snprintf(name, sizeof(name), "d%d.example", i);
        end_record(name, NULL);
    }
    turn(desk);
    assert_int_equal(count, LIMIT_LOOKUPS);
    snprintf(name, sizeof(name), "d%d.example", LIMIT_LOOKUPS + 1);
    assert_non_null(lookup_of(name, POLICY_PART_RECORD));
    desk_free(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),       cmocka_unit_test(test_single_flight),
        cmocka_unit_test(test_no_policy),   cmocka_unit_test(test_pauses),
        cmocka_unit_test(test_record_gone), cmocka_unit_test(test_many),
        cmocka_unit_test(test_clock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
