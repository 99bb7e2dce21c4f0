/* SPDX-License-Identifier: MIT */
/* test_queue.c - nothing is lost or doubled between threads, and a full queue holds the giver up.
 */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "scan/queue.h"

#define GIVERS 3
#define TAKERS 3
#define EACH   5000

static struct queue *queue;

static void *give(void *arg)
{
    for (int i = 0; i < EACH; i++) {
        int *item = talloc_zero(NULL, int);

        *item = *(int *)arg + i;
        if (!queue_put(queue, item, NULL))
            return arg;
    }
    return NULL;
}

static void *take(void *arg)
{
    unsigned char *seen = arg;
    bool over = false;

    while (!over) {
        int *item = queue_take(queue, &over);

        if (!item) {
            sched_yield();
            continue;
        }
        seen[*item]++;
        talloc_free(item);
    }
    return NULL;
}

static void test_each_item_once(void **state)
{
    static unsigned char seen[TAKERS][GIVERS * EACH];
    pthread_t givers[GIVERS], takers[TAKERS];
    int first[GIVERS];
    void *failed;

    (void)state;
    assert_int_equal(queue_new(NULL, 7, &queue), STS_OK);
    for (int i = 0; i < TAKERS; i++)
        assert_int_equal(pthread_create(&takers[i], NULL, take, seen[i]), 0);
    for (int i = 0; i < GIVERS; i++) {
        first[i] = i * EACH;
        assert_int_equal(pthread_create(&givers[i], NULL, give, &first[i]), 0);
    }
    for (int i = 0; i < GIVERS; i++) {
        pthread_join(givers[i], &failed);
        assert_null(failed);
    }
    queue_close(queue);
    for (int i = 0; i < TAKERS; i++)
        pthread_join(takers[i], NULL);
    for (int i = 0; i < GIVERS * EACH; i++)
        assert_int_equal(seen[0][i] + seen[1][i] + seen[2][i], 1);
    talloc_free(queue);
}

static void test_full_and_closed(void **state)
{
    bool woke, over;

    (void)state;
    assert_int_equal(queue_new(NULL, 2, &queue), STS_OK);
    assert_true(queue_put(queue, talloc_new(NULL), &woke));
    assert_true(woke);
    assert_false(queue_is_full(queue));
    assert_true(queue_put(queue, talloc_new(NULL), &woke));
    assert_false(woke);
    assert_true(queue_is_full(queue));
    assert_true(queue_push(queue, talloc_new(NULL)));
    queue_close(queue);
    assert_false(queue_put(queue, talloc_new(NULL), NULL));
    for (int i = 0; i < 3; i++) {
        void *item = queue_take(queue, &over);

        assert_non_null(item);
        assert_false(over);
        talloc_free(item);
    }
    assert_null(queue_take(queue, &over));
    assert_true(over);
    talloc_free(queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_item_once),
        cmocka_unit_test(test_full_and_closed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
