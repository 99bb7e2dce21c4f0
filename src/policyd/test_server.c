/* SPDX-License-Identifier: MIT */
/* test_server.c - mail servers that ask, with look-ups of our own making: who waits, for what, and
 * what is told of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "event/loop.h"
#include "policyd/lookup.h"
#include "policyd/server.h"

#define LOOKUPS 16
#define SECURED "OK secure match=mx.example.com servername=hostname"

/* ---- look-ups -------------------------------------------------------------------------------- */

struct policy_lookup {
    struct policy_lookup_request request;
    char domain[64];
};

static struct policy_lookup *under_way[LOOKUPS];
static int count;

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
    snprintf(lookup->domain, sizeof(lookup->domain), "%s", request->domain);
    under_way[count++] = lookup;
    talloc_set_destructor(lookup, lookup_drop);
    *ret = lookup;
    return STS_OK;
}

static void end(const char *domain, struct policy_found found)
{
    for (int i = 0; i < count; i++) {
        const struct policy_lookup *lookup = under_way[i];

        if (strcmp(lookup->domain, domain) != 0 || lookup->request.part != found.part)
            continue;
        lookup->request.done(lookup->request.arg, &found);
        return;
    }
    fail_msg("nothing of %s is looked up", domain);
}

static void end_record(const char *domain, const char *id)
{
    end(domain, (struct policy_found){.part = POLICY_PART_RECORD,
                                      .record = {id ? STS_SEEN_RECORD : STS_SEEN_NONE, id},
                                      .ttl = 60});
}

static void end_policy(const char *domain, enum sts_mode mode, const char *why)
{
    static const char *const mx[] = {"mx.example.com"};
    const struct live_policy policy = {NULL, mode, 604800, mx, 1};

    end(domain, (struct policy_found){
                    .part = POLICY_PART_POLICY, .policy = why ? NULL : &policy, .why = why});
}

/* ---- the daemon ------------------------------------------------------------------------------ */

struct desk {
    struct net net;
    struct policyd *policyd;
    int listening;
    int decided, failed, unneeded;
    struct policyd_decision last; /* its texts are gone */
    char key[64];
};

static void on_decided(void *arg, const struct policyd_decision *decision)
{
    struct desk *desk = arg;

    desk->decided++;
    desk->last = *decision;
    snprintf(desk->key, sizeof(desk->key), "%.*s", (int)decision->key.length, decision->key.data);
}

static void on_failed(void *arg, const char *domain, const struct policy_found *found)
{
    assert_non_null(domain);
    assert_non_null(found->why);
    ((struct desk *)arg)->failed++;
}

static void on_weaker(void *arg, const char *domain, enum downgrade downgrade, int64_t expires)
{
    (void)arg, (void)domain, (void)downgrade, (void)expires;
    fail(); /* nothing is looked up twice here */
}

static void on_unneeded(void *arg, const struct override *override)
{
    assert_non_null(override);
    ((struct desk *)arg)->unneeded++;
}

static void on_stored(void *arg, const struct store_fault *fault)
{
    (void)arg;
    (void)fault;
}

/* A name of no file, which the kernel chooses. */
static int listen_anywhere(void)
{
    const struct sockaddr_un place = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&place, sizeof(sa_family_t)), 0);
    assert_int_equal(listen(fd, 10), 0);
    return fd;
}

static struct desk *desk_new(void)
{
    struct desk *desk = talloc_zero(NULL, struct desk);
    const struct policyd_request request = {.net = &desk->net,
                                            .sockets = &desk->listening,
                                            .socket_count = 1,
                                            .no_dane = true,
                                            .decided = on_decided,
                                            .failed = on_failed,
                                            .weaker = on_weaker,
                                            .unneeded = on_unneeded,
                                            .no_store = true,
                                            .stored = on_stored,
                                            .arg = desk};

    count = 0;
    desk->listening = listen_anywhere();
    assert_int_equal(loop_new(desk, &desk->net.loop), STS_OK);
    assert_int_equal(policyd_start(desk, &request, &desk->policyd), STS_OK);
    return desk;
}

static void desk_free(struct desk *desk)
{
    TALLOC_FREE(desk->policyd);
    assert_int_equal(count, 0); /* what is under way ends with it */
    close(desk->listening);
    talloc_free(desk);
}

/* ---- mail servers ---------------------------------------------------------------------------- */

static void on_turn(void *arg)
{
    loop_stop(arg);
}

static void turn(struct desk *desk)
{
    struct loop *loop = desk->net.loop;
    struct loop_timer *timer;

    for (int i = 0; i < 3; i++) { /* accepted, read, answered */
        assert_int_equal(loop_timer_start(desk, loop, loop_now(loop), on_turn, loop, &timer),
                         STS_OK);
        assert_int_equal(loop_run(loop), STS_OK);
        talloc_free(timer);
    }
}

static int client_new(struct desk *desk)
{
    struct sockaddr_un place;
    socklen_t length = sizeof(place);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    assert_int_equal(getsockname(desk->listening, (struct sockaddr *)&place, &length), 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&place, length), 0);
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    return fd;
}

static void ask(struct desk *desk, int client, const char *request)
{
    char text[200];
    int length = snprintf(text, sizeof(text), "%zu:%s,", strlen(request), request);

    assert_int_equal(send(client, text, (size_t)length, MSG_NOSIGNAL), length);
    turn(desk);
}

/* The reply that has come by now, without its netstring; "": none has. */
static const char *heard(struct desk *desk, int client)
{
    static char text[1000];
    ssize_t got;
    char *begin;

    turn(desk);
    got = recv(client, text, sizeof(text) - 1, 0);
    if (got <= 0)
        return "";
    text[got] = '\0';
    begin = strchr(text, ':');
    assert_non_null(begin);
    assert_int_equal(text[got - 1], ',');
    text[got - 1] = '\0';
    return begin + 1;
}

/* A domain whose policy is cached. */
static void secure(struct desk *desk, int client, const char *domain)
{
    char request[100];

    snprintf(request, sizeof(request), "postfix %s", domain);
    ask(desk, client, request);
    end_record(domain, "1");
    end_policy(domain, STS_MODE_ENFORCE, NULL);
    assert_string_equal(heard(desk, client), SECURED);
}

/* ---- who waits ------------------------------------------------------------------------------- */

/* Record, then policy: only then is there an answer, for all who wait, by one look-up. */
static void test_all_who_wait(void **state)
{
    struct desk *desk = desk_new();
    int first = client_new(desk), second = client_new(desk), other = client_new(desk);

    (void)state;
    ask(desk, first, "postfix A.Example.com");
    ask(desk, second, "postfix a.example.com");
    ask(desk, other, "postfix b.example.com");
    end_record("a.example.com", "1");
    assert_string_equal(heard(desk, first), "");
    end_policy("a.example.com", STS_MODE_ENFORCE, NULL);
    assert_string_equal(heard(desk, first), SECURED);
    assert_string_equal(heard(desk, second), SECURED);
    assert_string_equal(heard(desk, other), "");
    end_record("b.example.com", NULL);
    assert_string_equal(heard(desk, other), "NOTFOUND ");
    assert_int_equal(policyd_counts(desk->policyd).lookups, 3);
    assert_int_equal(policyd_counts(desk->policyd).requests, 3);
    assert_int_equal(policyd_counts(desk->policyd).connections, 3);
    assert_int_equal(policyd_counts(desk->policyd).domains, 2);
    close(first), close(second), close(other);
    desk_free(desk);
}

/* What is cached is answered at once, and what is told of it is the request as it came. */
static void test_cached(void **state)
{
    struct desk *desk = desk_new();
    int client = client_new(desk);

    (void)state;
    secure(desk, client, "a.example.com");
    ask(desk, client, "postfix A.EXAMPLE.COM:25");
    assert_int_equal(count, 0);
    assert_string_equal(heard(desk, client), SECURED);
    assert_int_equal(desk->decided, 2);
    assert_string_equal(desk->key, "A.EXAMPLE.COM:25");
    assert_int_equal(desk->last.answer, POLICY_ANSWER_STS);
    assert_int_equal(policyd_counts(desk->policyd).answers[POLICY_ANSWER_STS], 2);
    assert_true(policyd_heeds_policy(desk->policyd, "a.example.com"));
    assert_false(policyd_heeds_policy(desk->policyd, "b.example.com"));
    close(client);
    desk_free(desk);
}

/* Parents and hosts in brackets are not looked up. */
static void test_no_domain(void **state)
{
    static const struct {
        const char *request;
        enum policy_key_kind kind;
    } rows[] = {
        {"postfix .example.com", POLICY_KEY_PARENT},
        {"QUERY .com", POLICY_KEY_PARENT},
        {"postfix [mx.example.com]:587", POLICY_KEY_HOST},
        {"postfix 192.0.2.1", POLICY_KEY_ADDRESS},
        {"postfix a_b.example.com", POLICY_KEY_UNUSABLE},
    };
    struct desk *desk = desk_new();
    int client = client_new(desk);

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        ask(desk, client, rows[i].request);
        assert_string_equal(heard(desk, client), "NOTFOUND ");
        assert_int_equal(desk->last.kind, rows[i].kind);
        assert_null(desk->last.domain);
    }
    assert_int_equal(policyd_counts(desk->policyd).lookups, 0);
    assert_int_equal(policyd_counts(desk->policyd).domains, 0);
    close(client);
    desk_free(desk);
}

/* That somebody has gone is noticed when his answer comes; what was seen counts for who asks next.
 */
static void test_gone(void **state)
{
    struct desk *desk = desk_new();
    int client = client_new(desk), next;

    (void)state;
    ask(desk, client, "postfix a.example.com");
    close(client);
    turn(desk);
    end_record("a.example.com", NULL);
    turn(desk);
    assert_int_equal(policyd_counts(desk->policyd).connections, 0);
    next = client_new(desk);
    ask(desk, next, "postfix a.example.com");
    assert_string_equal(heard(desk, next), "NOTFOUND ");
    assert_int_equal(policyd_counts(desk->policyd).lookups, 1);
    ask(desk, next, "postfix b.example.com");
    desk_free(desk); /* while somebody waits */
    close(next);
}

/* ---- what fails ------------------------------------------------------------------------------ */

/* Without a policy before, nothing is protected; whose fault it was is said later. */
static void test_fetch_fails(void **state)
{
    struct desk *desk = desk_new();
    int client = client_new(desk);

    (void)state;
    ask(desk, client, "postfix a.example.com");
    end_record("a.example.com", "1");
    end_policy("a.example.com", STS_MODE_NONE, "certificate");
    assert_string_equal(heard(desk, client), "NOTFOUND ");
    assert_string_equal(desk->last.why, "certificate");
    assert_int_equal(desk->failed, 1);
    policyd_count_failure(desk->policyd, "a.example.com", false);
    policyd_count_failure(desk->policyd, "a.example.com", true);
    policyd_set_trouble(desk->policyd, true);
    assert_int_equal(policyd_counts(desk->policyd).failures, 1);
    assert_int_equal(policyd_counts(desk->policyd).local_failures, 1);
    assert_true(policyd_counts(desk->policyd).trouble);
    ask(desk, client, "postfix a.example.com");
    assert_string_equal(heard(desk, client), "NOTFOUND ");
    assert_string_equal(desk->last.why, "local");
    close(client);
    desk_free(desk);
}

/* ---- what the administrator says ------------------------------------------------------------- */

static struct overrides *overrides_of(struct desk *desk, const char *text)
{
    struct overrides *overrides = NULL;
    size_t line;

    assert_int_equal(overrides_read(desk, bytes_of(text), &overrides, &line), OVERRIDE_OK);
    return overrides;
}

/* It is answered at once; the domain is looked up all the same, and that it is not needed is said
 * once. */
static void test_override(void **state)
{
    struct desk *desk = desk_new();
    int client = client_new(desk);

    (void)state;
    assert_int_equal(
        policyd_override(desk->policyd, overrides_of(desk, "a.example.com none \"r\" never\n")),
        STS_OK);
    ask(desk, client, "postfix a.example.com");
    assert_string_equal(heard(desk, client), "NOTFOUND ");
    assert_int_equal(count, 1);
    assert_false(policyd_heeds_policy(desk->policyd, "a.example.com"));
    end_record("a.example.com", NULL);
    for (int i = 0; i < 3; i++) {
        ask(desk, client, "postfix a.example.com");
        assert_string_equal(heard(desk, client), "NOTFOUND ");
    }
    assert_int_equal(desk->unneeded, 1);
    assert_int_equal(policyd_counts(desk->policyd).overridden, 4);
    assert_int_equal(policyd_override(desk->policyd, NULL), STS_OK);
    ask(desk, client, "postfix a.example.com");
    assert_int_equal(policyd_counts(desk->policyd).overridden, 4);
    close(client);
    desk_free(desk);
}

/* Who waits when they are read anew is not led by one that is gone. */
static void test_overrides_are_read_while_one_waits(void **state)
{
    struct desk *desk = desk_new();
    struct overrides *overrides = overrides_of(desk, "a.example.com no-dane \"r\" never\n");
    int client = client_new(desk);

    (void)state;
    assert_int_equal(policyd_override(desk->policyd, overrides), STS_OK);
    ask(desk, client, "postfix a.example.com");
    assert_string_equal(heard(desk, client), "");
    assert_int_equal(policyd_override(desk->policyd, NULL), STS_OK);
    talloc_free(overrides);
    end_record("a.example.com", "1");
    end_policy("a.example.com", STS_MODE_ENFORCE, NULL);
    assert_string_equal(heard(desk, client), SECURED);
    assert_null(desk->last.override);
    close(client);
    desk_free(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_who_wait),
        cmocka_unit_test(test_cached),
        cmocka_unit_test(test_no_domain),
        cmocka_unit_test(test_gone),
        cmocka_unit_test(test_fetch_fails),
        cmocka_unit_test(test_override),
        cmocka_unit_test(test_overrides_are_read_while_one_waits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
