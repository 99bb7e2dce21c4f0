/* SPDX-License-Identifier: MIT */
/* test_password.c - passwords are hashed elsewhere, so many at a time, and nobody learns from the
 * time who has one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "accounts/limits.h"
#include "accounts/password.h"
#include "base/clock.h"
#include "event/loop.h"

/* Of "correct horse": by sha512crypt. */
#define OLD_METHOD                                                                                 \
    "$6$saltsaltsalt$"                                                                             \
    "Cy2drr8kDRji6smvDcT28wkqtq0R0VzVL5CkrjPQCITc5d/31j94knt9rGTcVSyjLXfjsiIsBh5ee8qR/3QDx1"

static void a_hash_fits_one_password(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *hash = password_hash(ctx, "correct horse"), *again = password_hash(ctx, "correct horse");

    (void)state;
    assert_int_equal(strncmp(hash, "$y$", 3), 0);
    assert_string_not_equal(hash, again);
    assert_true(password_matches("correct horse", hash));
    assert_false(password_matches("correct hors", hash));
    assert_false(password_matches("", hash));
    assert_false(password_matches("correct horse", NULL));
    assert_false(password_matches("*0", "*0"));
    assert_false(password_matches("", ""));
    talloc_free(ctx);
}

static void an_old_hash_is_known(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    assert_false(password_is_old(password_hash(ctx, "correct horse")));
    assert_true(password_is_old(OLD_METHOD));
    assert_true(password_is_old("$y$j9T$salt$"));
    assert_true(password_is_old(""));
    talloc_free(ctx);
}

static void a_password_has_a_length(void **state)
{
    char text[PASSWORD_MAX + 2];

    (void)state;
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(password_judge(text), PASSWORD_LONG);
    text[PASSWORD_MAX] = '\0';
    assert_int_equal(password_judge(text), PASSWORD_GOOD);
    text[PASSWORD_MIN] = '\0';
    assert_int_equal(password_judge(text), PASSWORD_GOOD);
    text[PASSWORD_MIN - 1] = '\0';
    assert_int_equal(password_judge(text), PASSWORD_SHORT);
}

/* ---- jobs ------------------------------------------------------------------------------------ */

struct lab {
    struct loop *loop;
    struct passwords *passwords;
    int wanted, done, matched;
    char *hash; /* the last new one */
};

static void on_done(void *arg, struct password_result *result)
{
    struct lab *lab = arg;

    assert_int_equal(result->status, STS_OK);
    lab->matched += result->matches;
    if (result->hash)
        lab->hash = talloc_steal(lab->loop, result->hash);
    if (++lab->done == lab->wanted)
        loop_stop(lab->loop);
}

static struct lab begin(TALLOC_CTX *ctx)
{
    struct lab lab = {0};

    assert_int_equal(loop_new(ctx, &lab.loop), STS_OK);
    assert_int_equal(passwords_new(ctx, lab.loop, &lab.passwords), STS_OK);
    return lab;
}

static struct jobs_handle *start(struct lab *lab, const char *password, const char *hash, bool make)
{
    struct password_request request = {
        .password = password, .hash = hash, .make = make, .done = on_done, .arg = lab};
    struct jobs_handle *handle = NULL;

    assert_int_equal(password_start(lab->loop, lab->passwords, &request, &handle), STS_OK);
    return handle;
}

static void what_is_asked_is_told_in_the_loop(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct lab lab = begin(ctx);
    struct jobs_handle *handles[4];

    (void)state;
    lab.wanted = 1;
    handles[0] = start(&lab, "correct horse", NULL, true);
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_true(password_matches("correct horse", lab.hash));
    talloc_free(handles[0]);
    lab.done = 0;
    lab.wanted = 3;
    handles[0] = start(&lab, "correct horse", lab.hash, false);
    handles[1] = start(&lab, "another one", lab.hash, false);
    handles[2] = start(&lab, "another one", NULL, false);
    handles[3] = start(&lab, "correct horse", lab.hash, false);
    talloc_free(handles[3]); /* cancelled */
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_int_equal(lab.matched, 1);
    talloc_free(ctx);
}

static void whoever_has_an_old_hash_gets_a_new_one(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct lab lab = begin(ctx);

    (void)state;
    lab.wanted = 1;
    (void)start(&lab, "correct horse", OLD_METHOD, false);
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_int_equal(lab.matched, 1);
    assert_false(password_is_old(lab.hash));
    talloc_free(ctx);
}

static void no_more_wait_than_can_be_served(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct lab lab = begin(ctx);
    struct jobs_handle *handles[PASSWORD_QUEUE_MAX], *more = NULL;
    struct password_request request = {.password = "x", .done = on_done, .arg = &lab};

    (void)state;
    for (int i = 0; i < PASSWORD_QUEUE_MAX; i++)
        handles[i] = start(&lab, "x", NULL, false);
    assert_int_equal(password_start(ctx, lab.passwords, &request, &more), STS_E_LIMIT);
    assert_null(more);
    for (int i = 0; i < PASSWORD_QUEUE_MAX; i++)
        talloc_free(handles[i]);
    assert_int_equal(password_start(ctx, lab.passwords, &request, &more), STS_OK);
    talloc_free(ctx);
}

static int64_t time_of(const char *password, const char *hash)
{
    int64_t begin = clock_monotonic_ms();

    for (int i = 0; i < 3; i++)
        (void)password_matches(password, hash);
    return clock_monotonic_ms() - begin;
}

/* Without a hash it would be nothing at all. */
static void nobody_takes_as_long_as_somebody(void **state)
{
    char *hash = password_hash(NULL, "correct horse");
    int64_t somebody = time_of("correct horse", hash), nobody = time_of("correct horse", NULL);

    (void)state;
    assert_true(nobody * 10 > somebody && somebody * 10 > nobody);
    talloc_free(hash);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hash_fits_one_password),
        cmocka_unit_test(an_old_hash_is_known),
        cmocka_unit_test(a_password_has_a_length),
        cmocka_unit_test(what_is_asked_is_told_in_the_loop),
        cmocka_unit_test(whoever_has_an_old_hash_gets_a_new_one),
        cmocka_unit_test(no_more_wait_than_can_be_served),
        cmocka_unit_test(nobody_takes_as_long_as_somebody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
