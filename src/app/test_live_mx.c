/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/live_mx.h"
#include "facts/test_domain.h"

static struct live_mx found_of(TALLOC_CTX *ctx, const struct facts *facts)
{
    struct diagnosis *diagnosis;
    struct live_mx live;

    assert_int_equal(diagnose(ctx, facts, facts->observed_at, &diagnosis), STS_OK);
    assert_int_equal(live_mx_of(ctx, diagnosis, &live), STS_OK);
    return live;
}

static void hosts_by_preference(void **state)
{
    struct facts *facts = healthy(NULL);
    struct live_mx live = found_of(facts, facts);

    (void)state;
    assert_int_equal(live.state, LIVE_MX_FOUND);
    assert_int_equal(live.count, facts->mx_count);
    assert_string_equal(live.hosts[0], facts->mx[0].name);
    talloc_free(facts);
}

/* A lookup that failed says nothing of the domain. */
static void a_failed_lookup(void **state)
{
    static const enum dns_outcome outcomes[] = {DNS_OUTCOME_TIMEOUT, DNS_OUTCOME_FAILED,
                                                DNS_OUTCOME_UNKNOWN};

    (void)state;
    for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++) {
        struct facts *facts = healthy(NULL);

        facts->mx_answer->outcome = outcomes[i];
        assert_int_equal(found_of(facts, facts).state, LIVE_MX_UNSEEN);
        talloc_free(facts);
    }
}

static void no_mail(void **state)
{
    struct facts *facts = healthy(NULL);

    (void)state;
    facts->mx_count = 1;
    facts->mx[0].name = ".";
    assert_int_equal(found_of(facts, facts).state, LIVE_MX_NONE);
    talloc_free(facts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_by_preference),
        cmocka_unit_test(a_failed_lookup),
        cmocka_unit_test(no_mail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
