/* SPDX-License-Identifier: MIT */
/* test_lookup_cache.c - one looks, all know; who gives up passes it on; what is old or too much
 * goes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "event/inbox.h"
#include "event/loop.h"
#include "net/lookup_cache.h"

#define ENTRIES 3
#define BYTES   4096
#define THREADS 4
#define ASKED   400
#define KEYS    50
#define LONG_MS 60000

struct lab {
    TALLOC_CTX *ctx;
    struct loop *loop;
    struct inboxes *inboxes;
    struct inbox *inbox;
    struct lookup_cache *cache;
    int known;
};

static int set_up(void **state)
{
    struct lab *lab = talloc_zero(NULL, struct lab);

    lab->ctx = lab;
    assert_int_equal(loop_new(lab, &lab->loop), STS_OK);
    assert_int_equal(inboxes_new(lab, &lab->inboxes), STS_OK);
    assert_int_equal(inbox_new(lab, lab->inboxes, lab->loop, &lab->inbox), STS_OK);
    assert_int_equal(lookup_cache_new(lab, lab->inboxes, ENTRIES, BYTES, &lab->cache), STS_OK);
    *state = lab;
    return 0;
}

static int tear_down(void **state)
{
    talloc_free(*state);
    return 0;
}

static void known(void *arg)
{
    struct lab *lab = arg;

    lab->known++;
}

static void stop(void *arg)
{
    struct lab *lab = arg;

    loop_stop(lab->loop);
}

/* A turn of the loop for all that is due. */
static void turn(struct lab *lab)
{
    struct loop_timer *timer;

    assert_int_equal(loop_timer_start(lab, lab->loop, clock_monotonic_ms() + 10, stop, lab, &timer),
                     STS_OK);
    assert_int_equal(loop_run(lab->loop), STS_OK);
    talloc_free(timer);
}

static struct lookup *ask(struct lab *lab, const char *key, bool turn_expected)
{
    const struct lookup_request request = {
        .inbox = lab->inbox, .key = key, .known = known, .arg = lab};
    struct lookup *lookup;
    bool mine = !turn_expected;

    assert_int_equal(lookup_start(lab, lab->cache, &request, &lookup, &mine), STS_OK);
    assert_int_equal(mine, turn_expected);
    return lookup;
}

static void those_who_wait_and_those_who_come_later_know(void **state)
{
    struct lab *lab = *state;
    struct lookup *first = ask(lab, "a", true), *second = ask(lab, "a", false);
    struct lookup *other = ask(lab, "b", true), *third;

    turn(lab);
    assert_int_equal(lab->known, 0);
    lookup_publish(first, talloc_strdup(lab, "seen"), LONG_MS);
    assert_int_equal(lab->known, 0); /* no callback from inside */
    turn(lab);
    assert_int_equal(lab->known, 1);
    assert_string_equal(lookup_thing(second), "seen");
    third = ask(lab, "a", false);
    turn(lab);
    assert_int_equal(lab->known, 2);
    assert_ptr_equal(lookup_thing(third), lookup_thing(first));
    assert_null(lookup_thing(other));
}

static void who_gives_up_passes_it_on(void **state)
{
    struct lab *lab = *state;
    struct lookup *first = ask(lab, "a", true), *gone = ask(lab, "a", false);
    struct lookup *second = ask(lab, "a", false), *third = ask(lab, "a", false);

    talloc_free(gone);
    talloc_free(first);
    turn(lab);
    assert_int_equal(lab->known, 1); /* the second only, and it is to look */
    assert_null(lookup_thing(second));
    lookup_publish(second, talloc_strdup(lab, "late"), LONG_MS);
    turn(lab);
    assert_int_equal(lab->known, 2);
    assert_string_equal(lookup_thing(third), "late");
    talloc_free(ask(lab, "x", true)); /* nobody waits: as if it had not been */
    talloc_free(ask(lab, "x", true));
}

static void what_is_not_to_be_kept_is_for_those_who_wait(void **state)
{
    struct lab *lab = *state;
    struct lookup *first = ask(lab, "a", true), *second = ask(lab, "a", false);

    lookup_publish(first, talloc_strdup(lab, "once"), 0);
    turn(lab);
    assert_string_equal(lookup_thing(second), "once");
    lookup_publish(ask(lab, "a", true), talloc_strdup(lab, "again"), LONG_MS);
    assert_string_equal(lookup_thing(second), "once");
}

static void tell(struct lab *lab, const char *key, size_t bytes)
{
    struct lookup *lookup = ask(lab, key, true);

    lookup_publish(lookup, talloc_zero_size(lab, bytes), LONG_MS);
    talloc_free(lookup);
}

static void the_longest_unused_makes_room(void **state)
{
    struct lab *lab = *state;
    struct lookup *held;

    tell(lab, "a", 1);
    tell(lab, "b", 1);
    tell(lab, "c", 1);
    held = ask(lab, "a", false); /* used again */
    tell(lab, "d", 1);
    talloc_free(ask(lab, "a", false));
    talloc_free(ask(lab, "b", true));
    tell(lab, "large", BYTES + 1); /* too large to keep, and so is all else beside it */
    talloc_free(ask(lab, "large", true));
    assert_non_null(lookup_thing(held));
}

/* ---- from several threads -------------------------------------------------------------------- */

struct asker {
    struct lab lab;
    struct lookup_cache *cache;
    pthread_t thread;
    struct lookup *lookups[ASKED];
    char keys[ASKED][8];
    int looks, answers;
};

struct one {
    struct asker *asker;
    int index;
};

static void check_one(void *arg)
{
    struct one *one = arg;
    struct asker *asker = one->asker;
    const char *thing = lookup_thing(asker->lookups[one->index]);

    if (!thing) {
        lookup_publish(asker->lookups[one->index], talloc_strdup(NULL, asker->keys[one->index]),
                       LONG_MS);
        asker->looks++;
    } else {
        assert_string_equal(thing, asker->keys[one->index]);
    }
    if (++asker->answers == ASKED)
        loop_stop(asker->lab.loop);
}

static void *ask_all(void *arg)
{
    struct asker *asker = arg;
    TALLOC_CTX *mem = asker->lab.ctx;
    struct one *ones = talloc_zero_array(mem, struct one, ASKED);

    for (int i = 0; i < ASKED; i++) {
        const struct lookup_request request = {
            .inbox = asker->lab.inbox, .key = asker->keys[i], .known = check_one, .arg = &ones[i]};
        bool mine;

        ones[i] = (struct one){asker, i};
        snprintf(asker->keys[i], sizeof asker->keys[i], "%d", i % KEYS);
        assert_int_equal(lookup_start(mem, asker->cache, &request, &asker->lookups[i], &mine),
                         STS_OK);
        if (mine)
            check_one(&ones[i]);
    }
    if (asker->answers < ASKED)
        assert_int_equal(loop_run(asker->lab.loop), STS_OK);
    return NULL;
}

static void threads_share_what_they_saw(void **state)
{
    struct lab *lab = *state;
    static struct asker askers[THREADS];
    struct lookup_cache *cache;
    int looks = 0;

    assert_int_equal(lookup_cache_new(lab, lab->inboxes, KEYS, 1 << 20, &cache), STS_OK);
    for (int i = 0; i < THREADS; i++) {
        struct lab *own = &askers[i].lab;

        askers[i].cache = cache;
        own->ctx = talloc_new(NULL);
        assert_int_equal(loop_new(own->ctx, &own->loop), STS_OK);
        assert_int_equal(inbox_new(own->ctx, lab->inboxes, own->loop, &own->inbox), STS_OK);
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&askers[i].thread, NULL, ask_all, &askers[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(askers[i].thread, NULL);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(askers[i].answers, ASKED);
        looks += askers[i].looks;
        talloc_free(askers[i].lab.ctx);
    }
    assert_int_equal(looks, KEYS);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(those_who_wait_and_those_who_come_later_know),
        CASE(who_gives_up_passes_it_on),
        CASE(what_is_not_to_be_kept_is_for_those_who_wait),
        CASE(the_longest_unused_makes_room),
        CASE(threads_share_what_they_saw),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
