/* SPDX-License-Identifier: MIT */
/* test_policy_doubts.c - whose fault it is, with looks at our own place that are made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "app/limits.h"
#include "app/policy_doubts.h"
#include "event/loop.h"

static struct lab {
    TALLOC_CTX *ctx;
    struct loop *loop;
    struct policy_doubts *doubts;
    own_place_fn done; /* of the look that is under way; NULL: none is */
    void *arg;
    size_t looks;
    enum sts_status look_status;
    char settled[200]; /* "a- b+": b is ours */
    char changed[200];
} lab;

static enum sts_status look(TALLOC_CTX *ctx, struct loop *loop, const struct net_options *net,
                            own_place_fn done, void *arg, struct own_place_look **ret)
{
    (void)loop;
    (void)net;
    lab.looks++;
    loop_stop(lab.loop);
    if (lab.look_status != STS_OK)
        return lab.look_status;
    lab.done = done;
    lab.arg = arg;
    *ret = talloc_zero_size(ctx, 1);
    return *ret ? STS_OK : STS_E_NOMEM;
}

static void on_settled(void *arg, const struct policy_doubt *doubt, bool ours)
{
    (void)arg;
    strncat(lab.settled, doubt->domain, sizeof(lab.settled) - strlen(lab.settled) - 1);
    strncat(lab.settled, ours ? "+ " : "- ", sizeof(lab.settled) - strlen(lab.settled) - 1);
}

static void on_changed(void *arg, enum own_trouble trouble, const char *detail)
{
    static const char *const names[OWN_TROUBLES] = {"fine", "unknown",  "memory", "files", "ports",
                                                    "jump", "resolver", "port",   "tls",   "clock"};

    (void)arg;
    strncat(lab.changed, names[trouble], sizeof(lab.changed) - strlen(lab.changed) - 1);
    strncat(lab.changed, detail ? detail : "", sizeof(lab.changed) - strlen(lab.changed) - 1);
    strncat(lab.changed, " ", sizeof(lab.changed) - strlen(lab.changed) - 1);
}

static int set_up(void **state)
{
    static const struct net_options net = {0};
    struct policy_doubts_request request = {.net = &net,
                                            .look = look,
                                            .pause_ms = 1,
                                            .retry_ms = 1,
                                            .settled = on_settled,
                                            .changed = on_changed};

    (void)state;
    lab = (struct lab){.ctx = talloc_new(NULL)};
    assert_int_equal(loop_new(lab.ctx, &lab.loop), STS_OK);
    request.loop = lab.loop;
    assert_int_equal(policy_doubts_new(lab.ctx, &request, &lab.doubts), STS_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    talloc_free(lab.ctx);
    return 0;
}

static void fails(const char *domain)
{
    const struct policy_doubt doubt = {.domain = domain, .why = "unreachable"};

    policy_doubts_add(lab.doubts, &doubt);
}

static void shows(const char *domain, const char *issuer, const char *address)
{
    const struct policy_doubt doubt = {
        .domain = domain, .why = "certificate", .issuer = issuer, .address = address};

    policy_doubts_add(lab.doubts, &doubt);
}

/* The look that is due is over, and this was seen; UNKNOWN: neither port nor TLS could be tried. */
static void place_is(enum vantage_name name, enum vantage_state value, const char *detail)
{
    struct vantage_point points[] = {{VANTAGE_RESOLVER, VANTAGE_STATE_OK, NULL},
                                     {VANTAGE_PORT443, VANTAGE_STATE_OK, NULL},
                                     {VANTAGE_TLS, VANTAGE_STATE_OK, NULL},
                                     {VANTAGE_CLOCK, VANTAGE_STATE_OK, NULL}};
    struct vantage vantage = {.points = points, .point_count = 4};
    const struct facts facts = {.domain = "", .vantage = &vantage};

    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_non_null(lab.done);
    for (size_t i = 0; i < vantage.point_count; i++)
        if (points[i].name == name)
            points[i] = (struct vantage_point){name, value, detail};
    lab.done(lab.arg, &facts);
    lab.done = NULL;
}

static void place_is_fine(void)
{
    place_is(VANTAGE_RESOLVER, VANTAGE_STATE_OK, NULL);
}

static void a_fine_place_blames_the_domain(void **state)
{
    (void)state;
    fails("a");
    fails("b");
    assert_string_equal(lab.settled, "");
    place_is_fine();
    assert_string_equal(lab.settled, "a- b- ");
    assert_string_equal(lab.changed, "");
    assert_int_equal(lab.looks, 1);
    assert_int_equal(policy_doubts_trouble(lab.doubts), OWN_FINE);
}

/* Each of our own troubles; it is told once, and its end. */
static void our_own_trouble_blames_nobody(void **state)
{
    static const struct {
        enum vantage_name name;
        enum vantage_state value;
        const char *detail, *changed;
    } rows[] = {{VANTAGE_RESOLVER, VANTAGE_STATE_CLOSED, "192.0.2.1", "resolver192.0.2.1 fine "},
                {VANTAGE_PORT443, VANTAGE_STATE_CLOSED, NULL, "port fine "},
                {VANTAGE_TLS, VANTAGE_STATE_WRONG, "CN=Box", "tlsCN=Box fine "},
                {VANTAGE_CLOCK, VANTAGE_STATE_WRONG, NULL, "clock fine "}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tear_down(state);
        set_up(state);
        fails("a");
        place_is(rows[i].name, rows[i].value, rows[i].detail);
        assert_string_equal(lab.settled, "a+ ");
        assert_true(own_trouble_is_ours(policy_doubts_trouble(lab.doubts)));
        fails("b");
        /* Of one host that passes; where the port is closed, it began before that was seen. */
        policy_doubts_fetched(lab.doubts, loop_now(lab.loop) +
                                              (rows[i].name == VANTAGE_PORT443 ? -1000 : 1000));
        assert_string_equal(lab.settled, "a+ ");
        /* What cannot be looked at has not become better; nobody need fail for another look. */
        place_is(VANTAGE_PORT443, VANTAGE_STATE_UNKNOWN, NULL);
        assert_string_equal(lab.settled, "a+ b+ ");
        place_is_fine();
        fails("c");
        policy_doubts_fetched(lab.doubts, loop_now(lab.loop) + 1000);
        assert_string_equal(lab.settled, "a+ b+ c- ");
        assert_string_equal(lab.changed, rows[i].changed);
    }
}

/* Nothing of it is the resolver's doing. */
static void a_shortage_is_said(void **state)
{
    static const char *const rows[][2] = {
        {"memory", "memory "}, {"files", "files "}, {"ports", "ports "}, {"clock", "jump "}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct facts facts = {.domain = "", .shortage = rows[i][0]};

        tear_down(state);
        set_up(state);
        fails("a");
        assert_int_equal(loop_run(lab.loop), STS_OK);
        lab.done(lab.arg, &facts);
        assert_string_equal(lab.settled, "a+ ");
        assert_string_equal(lab.changed, rows[i][1]);
    }
}

/* Only the well-known hosts are blocked, as by a list of what may be reached. */
static void what_is_fetched_opens_the_port(void **state)
{
    (void)state;
    fails("a");
    place_is(VANTAGE_PORT443, VANTAGE_STATE_CLOSED, NULL);
    assert_string_equal(lab.settled, "a+ ");
    policy_doubts_fetched(lab.doubts, loop_now(lab.loop) + 1000);
    assert_string_equal(lab.changed, "port fine ");
    fails("b");
    place_is(VANTAGE_PORT443, VANTAGE_STATE_CLOSED, NULL);
    assert_string_equal(lab.settled, "a+ ");
    policy_doubts_fetched(lab.doubts, loop_now(lab.loop) + 1000);
    assert_string_equal(lab.settled, "a+ b- ");
    assert_string_equal(lab.changed, "port fine ");
}

/* When nothing can be fetched any more, it is our own network again. */
static void behind_a_wall_many_failures_are_ours(void **state)
{
    (void)state;
    fails("a");
    place_is(VANTAGE_PORT443, VANTAGE_STATE_CLOSED, NULL);
    policy_doubts_fetched(lab.doubts, loop_now(lab.loop) + 1000);
    for (int i = 0; i < LIMIT_WALLED_DOUBTS; i++)
        fails("b");
    place_is(VANTAGE_PORT443, VANTAGE_STATE_CLOSED, NULL);
    assert_string_equal(lab.settled, "a+ b+ b+ b+ b+ b+ b+ b+ b+ ");
    assert_string_equal(lab.changed, "port fine port ");
}

static void what_is_fetched_later_blames_the_domain(void **state)
{
    (void)state;
    fails("a");
    policy_doubts_fetched(lab.doubts, loop_now(lab.loop) - 1000); /* it began before that */
    assert_string_equal(lab.settled, "");
    policy_doubts_fetched(lab.doubts, loop_now(lab.loop) + 1000);
    assert_string_equal(lab.settled, "a- ");
    assert_int_equal(lab.looks, 0);
}

static void the_same_issuer_at_many_hosts_is_ours(void **state)
{
    (void)state;
    shows("a", "CN=Box", "192.0.2.1");
    shows("b", "CN=Box", "192.0.2.2");
    fails("c");
    shows("d", "CN=Box", "192.0.2.3");
    place_is(VANTAGE_TLS, VANTAGE_STATE_UNKNOWN, NULL);
    assert_string_equal(lab.settled, "a+ b+ c+ d+ ");
    assert_string_equal(lab.changed, "tlsCN=Box ");
}

static void two_issuers_or_one_host_are_not(void **state)
{
    static const char *const others[][2] = {
        {"CN=Box", "192.0.2.2"}, {"CN=Other", "192.0.2.3"}, {NULL, "192.0.2.3"}};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        tear_down(state);
        set_up(state);
        shows("a", "CN=Box", "192.0.2.1");
        shows("b", "CN=Box", "192.0.2.2");
        shows("c", others[i][0], others[i][1]);
        place_is(VANTAGE_TLS, VANTAGE_STATE_UNKNOWN, NULL);
        assert_string_equal(lab.settled, ""); /* nothing good was seen either */
        assert_string_equal(lab.changed, "");
        policy_doubts_fetched(lab.doubts, loop_now(lab.loop) + 1000);
        assert_string_equal(lab.settled, "a- b- c- ");
    }
}

static void where_nothing_can_be_looked_at_it_is_tried_again(void **state)
{
    (void)state;
    lab.look_status = STS_E_NOMEM;
    fails("a");
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_int_equal(lab.looks, 1);
    lab.look_status = STS_OK;
    place_is_fine();
    assert_int_equal(lab.looks, 2);
    assert_string_equal(lab.settled, "a- ");
}

/* More than so many at a time. */
static void a_flood_is_ours(void **state)
{
    static char name[] = "x";

    (void)state;
    for (int i = 0; i < 4096; i++)
        fails(name);
    assert_string_equal(lab.settled, "");
    fails("y");
    assert_string_equal(lab.settled, "y+ ");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_fine_place_blames_the_domain),
        TEST(our_own_trouble_blames_nobody),
        TEST(a_shortage_is_said),
        TEST(what_is_fetched_opens_the_port),
        TEST(behind_a_wall_many_failures_are_ours),
        TEST(what_is_fetched_later_blames_the_domain),
        TEST(the_same_issuer_at_many_hosts_is_ours),
        TEST(two_issuers_or_one_host_are_not),
        TEST(where_nothing_can_be_looked_at_it_is_tried_again),
        TEST(a_flood_is_ours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
