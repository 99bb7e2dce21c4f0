/* SPDX-License-Identifier: MIT */
/* test_rollout_memory.c - where one allocation fails, an advisory is whole or says that it is not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/test_failing.h"

#include "rollout/plan.h"
#include "rules/test_facts.h"

#define ALLOCATIONS_MIN 10 /* fewer: malloc() is not ours */
#define ALLOCATIONS_MAX 20000

typedef void maker(struct advisory *a, const struct situation *s, const struct plan_wish *wish);

static maker *const makers[] = {plan_next, plan_remove, plan_rollback, plan_migration};

/* ---- facts ----------------------------------------------------------------------------------- */

static void nothing(struct facts *f)
{
    (void)f;
}

static void testing(struct facts *f)
{
    set_policy(f, "version: STSv1\nmode: testing\nmx: *.example.com\nmax_age: 86400\n");
}

static void absent(struct facts *f)
{
    f->sts_txt = answer(f, "_mta-sts.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    fetch_stops(fetch(f), NET_OK, PHASE_DONE);
    fetch(f)->status = 404;
    add_mx(f, "mx2.example.com", "198.18.2.26");
}

static void refused(struct facts *f)
{
    set_policy(f, "version: STSv1\nmode: enforce\nmx: old.example.com\nmax_age: 604800\n");
}

static void (*const changes[])(struct facts *f) = {nothing, testing, absent, refused};

/* ---- whole or not ---------------------------------------------------------------------------- */

static struct advisory *made(TALLOC_CTX *ctx, const struct diagnosis *d, maker *make)
{
    static const char *const moved[] = {"mx9.example.com"};
    static const struct plan_wish wish = {.new_mx = moved, .new_mx_count = 1, .nsupdate = true};
    struct advisory *a = advisory_new(ctx, d->facts->domain, d->facts, NOW);
    struct history past = {0};
    struct situation s;

    if (!a)
        return NULL;
    situation_read(&s, d, &past, 0, NOW);
    make(a, &s, &wish);
    return a;
}

static void assert_same(const struct advisory *a, const struct advisory *whole, long n)
{
    if (a->note_count != whole->note_count || a->step_count != whole->step_count ||
        a->artefact_count != whole->artefact_count || a->member_count != whole->member_count ||
        a->general_count != whole->general_count || a->severity != whole->severity ||
        strcmp(a->headline.text, whole->headline.text) != 0)
        fail_msg("allocation %ld: %zu steps of %zu, %zu notes of %zu, %zu files of %zu", n,
                 a->step_count, whole->step_count, a->note_count, whole->note_count,
                 a->artefact_count, whole->artefact_count);
    for (size_t i = 0; i < a->artefact_count; i++)
        assert_string_equal(a->artefacts[i].text, whole->artefacts[i].text);
    for (size_t i = 0; i < a->step_count; i++) {
        assert_string_equal(a->steps[i].sentence.text, whole->steps[i].sentence.text);
        assert_int_equal(a->steps[i].sentence.param_count, whole->steps[i].sentence.param_count);
    }
    for (size_t i = 0; i < a->note_count; i++)
        assert_int_equal(a->notes[i].sentence.param_count, whole->notes[i].sentence.param_count);
}

static void each_allocation(const struct diagnosis *d, maker *make)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const struct advisory *whole = made(ctx, d, make);
    bool reached = true;
    long n;

    assert_true(whole && !whole->no_memory);
    for (n = 1; reached && n < ALLOCATIONS_MAX; n++) {
        TALLOC_CTX *work = talloc_new(ctx);
        const struct advisory *a;

        failing_begin(n);
        a = made(work, d, make);
        reached = failing_end();
        if (a && !a->no_memory)
            assert_same(a, whole, n);
        else
            assert_true(reached);
        talloc_free(work);
    }
    assert_true(!reached && n > ALLOCATIONS_MIN);
    talloc_free(ctx);
}

static void whole_or_not(void **state)
{
    (void)state;
    if (!failing_is_possible())
        skip();
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        struct facts *f = healthy(NULL);
        struct diagnosis *d;

        changes[i](f);
        assert_int_equal(diagnose(f, f, NOW, &d), STS_OK);
        for (size_t k = 0; k < sizeof(makers) / sizeof(makers[0]); k++)
            each_allocation(d, makers[k]);
        talloc_free(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(whole_or_not)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
