/* SPDX-License-Identifier: MIT */
/* test_shown.c - which certificates senders are shown, and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "facts/test_domain.h"
#include "verdict/shown.h"

/* "service host address", a line each. */
static char *lines_of(struct facts *facts)
{
    struct shown_certificate *list;
    size_t count;
    char *lines = talloc_strdup(facts, "");

    assert_int_equal(shown_certificates(facts, facts, &list, &count), STS_OK);
    for (size_t i = 0; i < count; i++) {
        assert_non_null(list[i].cert);
        lines = talloc_asprintf_append(lines, "%s %s %s\n", list[i].service, list[i].host,
                                       list[i].address);
    }
    return lines;
}

static void each_host_once(void **state)
{
    struct facts *facts = healthy(NULL);

    (void)state;
    add_mx(facts, "mx2.example.com", "198.18.2.27");
    add_mx(facts, "mx1.example.com", "198.18.2.25");
    add_session(facts, facts->mx, "198.18.2.26");
    assert_string_equal(lines_of(facts), "https mta-sts.example.com 198.18.2.1\n"
                                         "smtp mx1.example.com 198.18.2.25\n"
                                         "smtp mx1.example.com 198.18.2.26\n"
                                         "smtp mx2.example.com 198.18.2.27\n");
    assert_true(shown_before(facts, 2));
    assert_false(shown_before(facts, 1));
    talloc_free(facts);
}

/* With another kind of key, but not to clients that name no host. */
static void what_further_handshakes_show(void **state)
{
    for (int no_sni = 0; no_sni < 2; no_sni++) {
        struct facts *facts = healthy(NULL);
        struct tls_again *again = talloc_zero(facts, struct tls_again);

        again->tls = tls_new(facts, "mx1.example.com");
        again->no_sni = no_sni;
        session(facts)->again = again;
        session(facts)->again_count = 1;
        assert_string_equal(lines_of(facts), no_sni ? "https mta-sts.example.com 198.18.2.1\n"
                                                      "smtp mx1.example.com 198.18.2.25\n"
                                                    : "https mta-sts.example.com 198.18.2.1\n"
                                                      "smtp mx1.example.com 198.18.2.25\n"
                                                      "smtp mx1.example.com 198.18.2.25\n");
        talloc_free(facts);
    }
    (void)state;
}

static void none(void **state)
{
    struct facts *facts = healthy(NULL);

    fetch_stops(fetch(facts), NET_REFUSED, PHASE_CONNECT);
    session_stops(session(facts), NET_REFUSED, PHASE_CONNECT);
    assert_string_equal(lines_of(facts), "");
    talloc_free(facts);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_host_once),
        cmocka_unit_test(what_further_handshakes_show),
        cmocka_unit_test(none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
