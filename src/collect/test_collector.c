/* SPDX-License-Identifier: MIT */
/* test_collector.c - real sockets, a real store, a clock of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/collector.h"
#include "collect/collector_metrics.h"
#include "collect/limits.h"
#include "event/datagrams.h"
#include "store/session_counts.h"

#define DAY  20000
#define NOON (DAY * INT64_C(86400) + 43200)

static int64_t clock_time;

static int64_t now(void)
{
    return clock_time;
}

struct lab {
    TALLOC_CTX *ctx;
    struct loop *loop;
    struct collector *collector;
    char *folder, *where, *store;
    int socket, client;
    size_t flushed, failed, malformed, awaited;
    bool ended, all_stored;
};

static void on_malformed(void *arg, enum session_event_fault fault, struct bytes datagram)
{
    struct lab *lab = arg;

    assert_true(fault != SESSION_EVENT_NONE);
    assert_true(datagram.length > 0);
    lab->malformed++;
}

static void on_full(void *arg)
{
    (void)arg;
}

static void on_flushed(void *arg, const struct store_fault *fault)
{
    struct lab *lab = arg;

    lab->failed += fault != NULL;
    lab->flushed += fault == NULL;
    if (lab->flushed + lab->failed == lab->awaited)
        loop_stop(lab->loop);
}

static void on_ended(void *arg, bool all_stored)
{
    struct lab *lab = arg;

    lab->ended = true;
    lab->all_stored = all_stored;
    loop_stop(lab->loop);
}

static struct lab *begin(const char *store)
{
    struct lab *lab = talloc_zero(NULL, struct lab);
    struct collector_request request = {.sockets = &lab->socket,
                                        .socket_count = 1,
                                        .collector = "relay.example",
                                        .now = now,
                                        .flush_ms = 10,
                                        .malformed = on_malformed,
                                        .full = on_full,
                                        .flushed = on_flushed,
                                        .ended = on_ended,
                                        .arg = lab};

    clock_time = NOON;
    lab->ctx = lab;
    lab->folder = talloc_strdup(lab, "/tmp/collector-XXXXXX");
    assert_non_null(mkdtemp(lab->folder));
    lab->where = talloc_asprintf(lab, "unix:%s/socket", lab->folder);
    lab->store = talloc_asprintf(lab, "%s/%s", lab->folder, store);
    request.store = lab->store;
    assert_int_equal(loop_new(lab, &lab->loop), STS_OK);
    assert_int_equal(datagrams_open(lab->where, &lab->socket), LISTENER_OK);
    assert_true(datagrams_is(lab->socket));
    assert_int_equal(collector_start(lab, lab->loop, &request, &lab->collector), STS_OK);
    assert_true(datagrams_connect(lab->where, 0, &lab->client));
    return lab;
}

static void end(struct lab *lab)
{
    char *command = talloc_asprintf(lab, "rm -rf %s", lab->folder);

    close(lab->client);
    TALLOC_FREE(lab->collector);
    close(lab->socket);
    assert_int_equal(system(command), 0);
    talloc_free(lab);
}

static void send_one(struct lab *lab, const char *domain)
{
    char *datagram = talloc_asprintf(
        lab,
        "{\"d\":\"%s\",\"pr\":\"v=TLSRPTv1;rua=mailto:a@example.com\",\"policies\":["
        "{\"policy-type\":9,\"f\":0}]}",
        domain);

    assert_true(datagrams_send(lab->client, bytes_of(datagram)));
    talloc_free(datagram);
}

static void run(struct lab *lab)
{
    assert_int_equal(loop_run(lab->loop), STS_OK);
}

static bool tell(void *arg, const struct store_counted_domain *domain)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%s %lld/%lld;", domain->domain,
                                   (long long)domain->successful, (long long)domain->failed);
    return true;
}

static bool tell_collector(void *arg, const struct store_collector_day *day)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%s %lld %lld", day->collector,
                                   (long long)day->collected.received,
                                   (long long)day->collected.malformed);
    return true;
}

static const char *stored(struct lab *lab, int64_t day)
{
    char *text = talloc_strdup(lab, "");
    struct store_fault *fault;
    struct store *store;

    assert_int_equal(store_open(lab, lab->store, STORE_READ, &store, &fault), STS_OK);
    assert_int_equal(store_counted_domains(store, day, 0, 100, tell, &text), STS_OK);
    assert_int_equal(store_collector_days(store, day, tell_collector, &text), STS_OK);
    return text;
}

static void the_end_stores_everything(void **state)
{
    struct lab *lab = begin("store.db");

    (void)state;
    send_one(lab, "a.example");
    send_one(lab, "b.example");
    send_one(lab, "a.example");
    assert_true(datagrams_send(lab->client, bytes_of("{\"d\":")));
    assert_true(datagrams_send(lab->client, bytes_of("nonsense")));
    collector_end(lab->collector);
    run(lab);
    assert_true(lab->ended && lab->all_stored);
    assert_int_equal(lab->malformed, 1); /* one line for a kind of fault */
    assert_int_equal(collector_counts(lab->collector).received, 5);
    assert_int_equal(collector_counts(lab->collector).repeated, 1);
    assert_int_equal(collector_counts(lab->collector).waiting_bytes, 0);
    assert_string_equal(stored(lab, DAY), "a.example 2/0;b.example 1/0;relay.example 5 2");
    end(lab);
}

/* More than is kept for one flush, before it is time for any. */
static void what_is_half_full_is_written_early(void **state)
{
    struct lab *lab = begin("store.db");
    char *receiver = talloc_zero_size(lab, 901), *datagram;
    struct collector_counts counts = {0};
    size_t taken = 0;

    (void)state;
    memset(receiver, 'a', 900);
    for (; counts.waiting_bytes <= LIMIT_COUNTED_BYTES && !counts.lost; taken++) {
        datagram = talloc_asprintf(
            lab,
            "{\"d\":\"%zu.example\",\"pr\":\"v=TLSRPTv1;rua=mailto:%s@example.com\","
            "\"policies\":[{\"policy-type\":9,\"f\":0}]}",
            taken, receiver);
        collector_take(lab->collector, bytes_of(datagram));
        counts = collector_counts(lab->collector);
        talloc_free(datagram);
    }
    assert_int_equal(counts.received, taken);
    assert_int_equal(counts.lost, 0);
    lab->awaited = 1;
    run(lab);
    assert_int_equal(lab->flushed, 1);
    end(lab);
}

/* Lines that are none, and those whose record cannot be looked up, in all counters. */
static void what_is_refused_is_counted(void **state)
{
    struct lab *lab = begin("store.db");
    struct collector_counts counts;
    char *text;

    (void)state;
    collector_refuse(lab->collector, SESSION_EVENT_NO_POLICY);
    collector_refuse(lab->collector, SESSION_EVENT_NO_MEMORY);
    collector_refuse(lab->collector, SESSION_EVENT_NONE);
    collector_end(lab->collector);
    run(lab);
    counts = collector_counts(lab->collector);
    assert_int_equal(counts.received, 3);
    assert_int_equal(counts.faults[SESSION_EVENT_NO_POLICY], 1);
    assert_int_equal(counts.faults[SESSION_EVENT_NONE], 0);
    assert_int_equal(counts.lost, 2);
    assert_int_equal(lab->malformed, 0); /* whoever refuses it says so */
    assert_string_equal(stored(lab, DAY), "relay.example 3 1");
    text = collector_metrics(lab, &counts);
    assert_non_null(strstr(text, "\nmtasts_collect_lost_events_total 2\n"));
    assert_non_null(
        strstr(text, "\nmtasts_collect_rejected_events_total{reason=\"no-policy\"} 1\n"));
    end(lab);
}

static void a_session_is_counted_on_the_day_it_came(void **state)
{
    struct lab *lab = begin("store.db");

    (void)state;
    clock_time = (DAY + 1) * INT64_C(86400) - 1;
    send_one(lab, "a.example");
    lab->awaited = 1;
    run(lab);
    clock_time++;
    send_one(lab, "b.example");
    lab->awaited = 2;
    run(lab);
    assert_string_equal(stored(lab, DAY), "a.example 1/0;relay.example 1 0");
    assert_string_equal(stored(lab, DAY + 1), "b.example 1/0;relay.example 1 0");
    clock_time += LIMIT_KEEP_DAYS * INT64_C(86400);
    send_one(lab, "c.example");
    collector_end(lab->collector);
    run(lab);
    assert_string_equal(stored(lab, DAY), "");
    assert_string_equal(stored(lab, DAY + 1), "b.example 1/0;relay.example 1 0");
    end(lab);
}

/* A store that cannot be opened: counting goes on, and what was counted is stored once it can. */
static void a_store_that_is_away_is_waited_for(void **state)
{
    struct lab *lab = begin("later/store.db");
    char *folder = talloc_asprintf(lab, "%s/later", lab->folder);

    (void)state;
    send_one(lab, "a.example");
    lab->awaited = 1;
    run(lab);
    assert_int_equal(lab->failed, 1);
    assert_true(collector_counts(lab->collector).waiting_bytes > 0);
    send_one(lab, "a.example");
    assert_int_equal(mkdir(folder, 0700), 0);
    collector_end(lab->collector);
    run(lab);
    assert_true(lab->all_stored);
    assert_string_equal(stored(lab, DAY), "a.example 2/0;relay.example 2 0");
    end(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_end_stores_everything),
        cmocka_unit_test(what_is_half_full_is_written_early),
        cmocka_unit_test(what_is_refused_is_counted),
        cmocka_unit_test(a_session_is_counted_on_the_day_it_came),
        cmocka_unit_test(a_store_that_is_away_is_waited_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
