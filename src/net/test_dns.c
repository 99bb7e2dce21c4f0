/* SPDX-License-Identifier: MIT */
/* test_dns.c - libunbound's limits, each against a scripted name server on the loopback.
 *
 * The server answers by the first label of the question: what it says is in the table below. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <event2/event.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "event/loop.h"
#include "net/dns.h"
#include "net/dns_wire.h"
#include "net/resolv_conf.h"

struct lab {
    struct loop *loop;
    struct dns *dns;
    int socket;
    struct event *readable;
    int questions;
    struct dns_answer *answer;
    bool inside; /* the call that asks has not returned */
};

static struct lab lab;

/* ---- the server ------------------------------------------------------------------------------ */

static const struct script {
    const char *label;
    int rcode;
    bool silent;
    const char *records; /* lines "TYPE hex-rdata" owned by the name asked */
    size_t size;
} scripts[] = {
    {"a", 0, false, "\x00\x01\x04\xc0\x00\x02\x01", 7},
    {"txt", 0, false,
     "\x00\x10\x09\x03"
     "a\0b"
     "\x04"
     "c d;",
     12},
    {"mx", 0, false,
     "\x00\x0f\x09\x00\x0a\x02"
     "mX"
     "\x02"
     "eX"
     "\x00",
     12},
    {"null", 0, false, "\x00\x0f\x03\x00\x00\x00", 6},
    {"loop", 0, false, "\x00\x05\x02\xc0\x0c", 5},
    {"nodata", 0, false, NULL, 0},
    {"gone", 3, false, NULL, 0},
    {"servfail", 2, false, NULL, 0},
    {"refused", 5, false, NULL, 0},
    {"dead", 0, true, NULL, 0},
    {"caa", 0, false,
     "\x01\x01\x14\x80\x05"
     "isSueca.example; a",
     23},
};

static const struct script *script_of(const unsigned char *packet)
{
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++)
        if (packet[12] == strlen(scripts[i].label) &&
            memcmp(packet + 13, scripts[i].label, packet[12]) == 0)
            return &scripts[i];
    return NULL;
}

static void serve(int fd, short what, void *arg)
{
    unsigned char packet[512];
    struct sockaddr_in peer;
    socklen_t size = sizeof peer;
    ssize_t got = recvfrom(fd, packet, sizeof packet, 0, (struct sockaddr *)&peer, &size);
    const struct script *script = script_of(packet);
    size_t at = 12;

    (void)what;
    (void)arg;
    lab.questions++;
    if (got < 17 || !script || script->silent)
        return;
    while (packet[at])
        at += packet[at] + 1;
    at += 5; /* the root label, type, class */
    packet[2] |= 0x80;
    packet[3] = (unsigned char)(0x80 | script->rcode);
    memset(packet + 6, 0, 6);
    if (script->records && memcmp(packet + at - 4, script->records, 2) != 0 &&
        memcmp(script->records, "\x00\x05", 2) != 0)
        script = &scripts[5]; /* another type was asked: no data */
    if (script->records) {
        static const unsigned char class_and_ttl[] = {0, 1, 0, 0, 1, 44, 0};
        size_t length = script->size - 3;

        packet[7] = 1;
        packet[at++] = 0xc0;
        packet[at++] = 12;
        memcpy(packet + at, script->records, 2);
        memcpy(packet + at + 2, class_and_ttl, sizeof class_and_ttl);
        packet[at + 9] = (unsigned char)length;
        memcpy(packet + at + 10, script->records + 3, length);
        at += 10 + length;
    }
    sendto(fd, packet, at, 0, (struct sockaddr *)&peer, size);
}

static int set_up(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    TALLOC_CTX *ctx = talloc_new(NULL);
    char resolver[64], *why;
    const char *resolvers[] = {resolver};
    struct dns_config config = {
        .resolvers = resolvers, .resolver_count = 1, .trust_anchor = "none"};

    *state = ctx;
    lab = (struct lab){.socket = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0)};
    assert_int_equal(bind(lab.socket, (struct sockaddr *)&address, sizeof address), 0);
    getsockname(lab.socket, (struct sockaddr *)&address, &size);
    snprintf(resolver, sizeof resolver, "127.0.0.1@%d", ntohs(address.sin_port));
    assert_int_equal(loop_new(ctx, &lab.loop), STS_OK);
    lab.readable = event_new(loop_base(lab.loop), lab.socket, EV_READ | EV_PERSIST, serve, NULL);
    event_add(lab.readable, NULL);
    assert_int_equal(dns_new(ctx, lab.loop, &config, &lab.dns, &why), STS_OK);
    return 0;
}

static int tear_down(void **state)
{
    event_free(lab.readable);
    close(lab.socket);
    talloc_free(*state);
    return 0;
}

static void take(void *arg, struct dns_answer *answer)
{
    (void)arg;
    assert_false(lab.inside);
    lab.answer = answer;
    loop_stop(lab.loop);
}

static struct dns_answer *ask(TALLOC_CTX *ctx, const char *name, enum dns_type type, int64_t ms)
{
    const struct dns_request request = {
        .name = name, .type = type, .deadline = clock_monotonic_ms() + ms, .done = take};
    struct dns_query *query;

    lab.answer = NULL;
    lab.inside = true;
    assert_int_equal(dns_ask(ctx, lab.dns, &request, &query), STS_OK);
    lab.inside = false;
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_non_null(lab.answer);
    talloc_free(query);
    return lab.answer;
}

/* ---- the cases ------------------------------------------------------------------------------- */

static void a_record_comes_with_its_ttl(void **state)
{
    struct dns_answer *answer = ask(*state, "a.example", DNS_A, 3000);

    assert_int_equal(answer->outcome, DNS_OUTCOME_FOUND);
    assert_string_equal(answer->records[0].address, "192.0.2.1");
    assert_int_equal(answer->ttl, 300);
}

static void a_cached_answer_does_not_call_back_inside_the_call(void **state)
{
    int questions;

    ask(*state, "a.example", DNS_A, 3000);
    questions = lab.questions;
    assert_int_equal(ask(*state, "a.example", DNS_A, 3000)->outcome, DNS_OUTCOME_FOUND);
    assert_int_equal(lab.questions, questions);
}

static void txt_strings_are_joined_and_may_hold_nul(void **state)
{
    struct dns_answer *answer = ask(*state, "txt.example", DNS_TXT, 3000);

    assert_int_equal(answer->record_count, 1);
    assert_int_equal(answer->records[0].text.length, 7);
    assert_memory_equal(answer->records[0].text.data, "a\0bc d;", 7);
    assert_int_equal(answer->records[0].strings, 2);
}

static void mx_targets_are_lower_case(void **state)
{
    struct dns_answer *answer = ask(*state, "mx.example", DNS_MX, 3000);

    assert_string_equal(answer->records[0].host, "mx.ex");
    assert_int_equal(answer->records[0].preference, 10);
}

static void null_mx_is_the_root(void **state)
{
    struct dns_answer *answer = ask(*state, "null.example", DNS_MX, 3000);

    assert_int_equal(answer->record_count, 1);
    assert_string_equal(answer->records[0].host, ".");
}

static void caa_is_flags_tag_and_value(void **state)
{
    struct dns_answer *answer = ask(*state, "caa.example", DNS_CAA, 3000);

    assert_int_equal(answer->record_count, 1);
    assert_int_equal(answer->records[0].flags, 128);
    assert_string_equal(answer->records[0].tag, "issue");
    assert_int_equal(answer->records[0].text.length, 13);
    assert_memory_equal(answer->records[0].text.data, "ca.example; a", 13);
}

/* An answer of one CAA record with this data. */
static struct dns_answer *read_caa(TALLOC_CTX *ctx, const char *rdata, size_t length)
{
    static const unsigned char head[] = {0, 1, 0x80, 0, 0,   1,  0, 1, 0, 0, 0, 0, 1, 'x', 0,
                                         1, 1, 0,    1, 192, 12, 1, 1, 0, 1, 0, 0, 1, 44,  0};
    struct dns_answer *answer = talloc_zero(ctx, struct dns_answer);
    unsigned char packet[600];

    memcpy(packet, head, sizeof head);
    packet[sizeof head] = (unsigned char)length;
    memcpy(packet + sizeof head + 1, rdata, length);
    answer->name = "x";
    answer->type = DNS_CAA;
    assert_int_equal(dns_wire_read(answer, packet, sizeof head + 1 + length), STS_OK);
    return answer;
}

static void caa_is_bounded(void **state)
{
    static const struct {
        const char *rdata;
        size_t length, records, value;
    } cases[] = {
        {"\0\5issueca", 9, 1, 2}, {"\0\5issue", 7, 1, 0}, /* an empty value: no CA at all */
        {"\0\5issu", 6, 0, 0},                            /* the tag goes beyond the end */
        {"\0\377issue", 7, 0, 0}, {"\0\0issue", 7, 0, 0}, /* no tag */
        {"\0\5", 2, 0, 0},        {"\0", 1, 0, 0},        {"", 0, 0, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dns_answer *answer = read_caa(*state, cases[i].rdata, cases[i].length);

        assert_int_equal(answer->record_count, cases[i].records);
        if (cases[i].records)
            assert_int_equal(answer->records[0].text.length, cases[i].value);
    }
}

static void outcomes_are_told_apart(void **state)
{
    static const struct {
        const char *name, *rcode;
        int outcome;
    } cases[] = {
        {"nodata.example", NULL, DNS_OUTCOME_NODATA},
        {"gone.example", NULL, DNS_OUTCOME_NXDOMAIN},
        {"servfail.example", "SERVFAIL", DNS_OUTCOME_FAILED},
        {"servfail.example", "SERVFAIL", DNS_OUTCOME_FAILED}, /* from the cache: rcode argument 0 */
        {"refused.example", "SERVFAIL", DNS_OUTCOME_FAILED},
        {"loop.example", "SERVFAIL", DNS_OUTCOME_FAILED},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dns_answer *answer = ask(*state, cases[i].name, DNS_A, 20000);

        assert_int_equal(answer->outcome, cases[i].outcome);
        if (cases[i].rcode)
            assert_non_null(answer->rcode);
    }
}

static void a_dead_resolver_is_given_up_at_our_deadline(void **state)
{
    int64_t start = clock_monotonic_ms();

    assert_int_equal(ask(*state, "dead.example", DNS_A, 300)->outcome, DNS_OUTCOME_TIMEOUT);
    assert_true(clock_monotonic_ms() - start < 3000);
}

static void unexpected(void *arg, struct dns_answer *answer)
{
    (void)arg;
    (void)answer;
    fail_msg("a cancelled query called back");
}

static void stop(void *arg)
{
    (void)arg;
    loop_stop(lab.loop);
}

static void a_freed_query_never_calls_back(void **state)
{
    struct dns_query *query;
    struct loop_timer *timer;
    int64_t now = clock_monotonic_ms();
    const struct dns_request rows[] = {
        {"dead.example", DNS_MX, now + 100, unexpected, NULL}, /* in flight */
        {"a.example", DNS_A, now + 100, unexpected, NULL},     /* answered, not yet delivered */
    };

    ask(*state, "a.example", DNS_A, 3000);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(dns_ask(*state, lab.dns, &rows[i], &query), STS_OK);
        talloc_free(query);
    }
    assert_int_equal(loop_timer_start(*state, lab.loop, now + 200, stop, NULL, &timer), STS_OK);
    assert_int_equal(loop_run(lab.loop), STS_OK);
}

static void a_name_that_is_none_fails_and_does_not_crash(void **state)
{
    char name[300];

    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_int_equal(ask(*state, name, DNS_A, 3000)->outcome, DNS_OUTCOME_FAILED);
}

static void a_bad_configuration_is_explained(void **state)
{
    static const struct {
        const char *resolver, *anchor, *why;
    } cases[] = {
        {"192.0.2.300", NULL, "192.0.2.300"},
        {"192.0.2.1@0", NULL, "192.0.2.1@0"},
        {"resolver.example", NULL, "resolver.example"},
        {"127.0.0.1", "/nonexistent/root.key", "/nonexistent/root.key"},
        {"127.0.0.1", "/dev/null", "/dev/null"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dns_config config = {
            .resolvers = &cases[i].resolver, .resolver_count = 1, .trust_anchor = cases[i].anchor};
        struct dns *dns;
        char *why;

        assert_int_equal(dns_new(*state, lab.loop, &config, &dns, &why), STS_E_INVALID);
        assert_non_null(strstr(why, cases[i].why));
    }
}

static void a_resolver_is_an_address_with_a_zone_and_a_port(void **state)
{
    static const struct {
        const char *text;
        bool valid;
    } cases[] = {
        {"192.0.2.1", true},      {"192.0.2.1@5353", true},
        {"2001:db8::1@53", true}, {"fe80::1%eth0", true},
        {"fe80::1%2@53", true},   {"192.0.2.1%eth0", false},
        {"fe80::1%", false},      {"fe80::1%@53", false},
        {"fe80::1@", false},      {"192.0.2.1@0", false},
        {"192.0.2.1@+53", false}, {"192.0.2.1@65536", false},
        {"192.0.2.1@53x", false}, {"", false},
        {"ns.example", false},    {"fe80::1%a-name-that-no-interface-of-any-system-has", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(resolver_is_valid(cases[i].text), cases[i].valid);
}

static void messages_that_are_none_are_facts(void **state)
{
    static const char *const packets[] = {"", "\x00",
                                          "\x00\x01\x80\x00\x00\x01\x00\x01\x00\x00\x00\x00"};
    static const size_t sizes[] = {0, 1, 12};

    for (size_t i = 0; i < 3; i++) {
        struct dns_answer *answer = talloc_zero(*state, struct dns_answer);

        answer->name = "x.example";
        answer->type = DNS_A;
        assert_int_equal(dns_wire_read(answer, packets[i], sizes[i]), STS_OK);
        assert_int_equal(answer->outcome, DNS_OUTCOME_FAILED);
        assert_string_equal(answer->rcode, "malformed");
    }
}

#define with_server(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_server(a_record_comes_with_its_ttl),
        with_server(a_cached_answer_does_not_call_back_inside_the_call),
        with_server(txt_strings_are_joined_and_may_hold_nul),
        with_server(mx_targets_are_lower_case),
        with_server(null_mx_is_the_root),
        with_server(caa_is_flags_tag_and_value),
        with_server(caa_is_bounded),
        with_server(outcomes_are_told_apart),
        with_server(a_dead_resolver_is_given_up_at_our_deadline),
        with_server(a_freed_query_never_calls_back),
        with_server(a_name_that_is_none_fails_and_does_not_crash),
        with_server(a_bad_configuration_is_explained),
        cmocka_unit_test(a_resolver_is_an_address_with_a_zone_and_a_port),
        with_server(messages_that_are_none_are_facts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
