/* SPDX-License-Identifier: MIT */
/* test_expiry.c - of each host the certificate that expires first, and the days that are left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "facts/test_domain.h"
#include "verdict/expiry.h"

static struct facts *facts;
static struct expiry *list;
static size_t count;

static int fresh(void **state)
{
    (void)state;
    facts = healthy(NULL);
    leaf(fetch(facts)->tls)->not_after = NOW + 60 * DAY;
    leaf(session(facts)->tls)->not_after = NOW + 30 * DAY;
    return 0;
}

static int gone(void **state)
{
    (void)state;
    talloc_free(facts);
    return 0;
}

static void look(void)
{
    assert_int_equal(expiries(facts, facts, NOW, &list, &count), STS_OK);
}

static void policy_host_and_mx_hosts(void **state)
{
    (void)state;
    look();
    assert_int_equal(count, 2);
    assert_string_equal(list[0].service, "https");
    assert_string_equal(list[0].host, "mta-sts.example.com");
    assert_int_equal(list[0].days, 60);
    assert_string_equal(list[1].service, "smtp");
    assert_string_equal(list[1].host, "mx1.example.com");
    assert_int_equal(list[1].days, 30);
}

static void the_first_to_expire(void **state)
{
    struct smtp_session *second;

    (void)state;
    second = add_session(facts, facts->mx, "198.18.2.26");
    second->tls->chain[0].not_after = NOW + 7 * DAY;
    look();
    assert_int_equal(count, 2);
    assert_int_equal(list[1].days, 7);
}

static struct tls_again *again(int64_t days)
{
    struct tls_again *one = talloc_zero(facts, struct tls_again);

    one->tls = tls_new(facts, "mx1.example.com");
    leaf(one->tls)->not_after = NOW + days * DAY;
    session(facts)->again = one;
    session(facts)->again_count = 1;
    return one;
}

static void another_kind_of_key(void **state)
{
    struct tls_again *rsa = again(3);

    (void)state;
    look();
    assert_int_equal(list[1].days, 3);
    rsa->no_sni = true; /* senders always name the host */
    look();
    assert_int_equal(list[1].days, 30);
    rsa->no_sni = false;
    rsa->tls = NULL;
    look();
    assert_int_equal(list[1].days, 30);
}

static void a_host_once(void **state)
{
    (void)state;
    add_mx(facts, "mx2.example.com", "198.18.2.27");
    add_mx(facts, "mx1.example.com", "198.18.2.25");
    look();
    assert_int_equal(count, 3);
    assert_string_equal(list[2].host, "mx2.example.com");
}

static void nothing_seen(void **state)
{
    (void)state;
    fetch_stops(fetch(facts), NET_REFUSED, PHASE_CONNECT);
    session_stops(session(facts), NET_REFUSED, PHASE_CONNECT);
    look();
    assert_int_equal(count, 0);
}

static void whole_days(void **state)
{
    static const struct {
        int64_t left, days;
    } cases[] = {
        {0, 0},   {1, 0},     {DAY - 1, 0},   {DAY, 1},
        {-1, -1}, {-DAY, -1}, {-DAY - 1, -2}, {2 * DAY + 5, 2},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        leaf(fetch(facts)->tls)->not_after = NOW + cases[i].left;
        look();
        assert_int_equal(list[0].days, expiry_days(leaf(fetch(facts)->tls), NOW));
        if (list[0].days != cases[i].days)
            fail_msg("%lld: %lld", (long long)cases[i].left, (long long)list[0].days);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(policy_host_and_mx_hosts, fresh, gone),
        cmocka_unit_test_setup_teardown(the_first_to_expire, fresh, gone),
        cmocka_unit_test_setup_teardown(another_kind_of_key, fresh, gone),
        cmocka_unit_test_setup_teardown(a_host_once, fresh, gone),
        cmocka_unit_test_setup_teardown(nothing_seen, fresh, gone),
        cmocka_unit_test_setup_teardown(whole_days, fresh, gone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
