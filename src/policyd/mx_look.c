/* SPDX-License-Identifier: MIT */
/* mx_look.c - addresses, a slot at one of them, a session. */
#include "policyd/mx_look.h"

#include "base/clock.h"
#include "event/loop.h"
#include "event/semaphore.h"
#include "net/dns.h"
#include "net/rate_limiter.h"
#include "net/smtp.h"
#include "policyd/limits.h"
#include "policyd/session_outcome.h"
#include "verdict/lookup.h"

struct mx_look {
    struct mx_look_request request;
    struct facts *facts; /* how we look: nothing else is in it */
    struct dns_answer *a, *aaaa;
    size_t open;  /* questions */
    size_t tried; /* addresses */
    const char *address;
    int64_t deadline;
    struct slot *slot;
    struct permit *permit;
    struct smtp_probe *session;
    struct loop_timer *end; /* where there is nothing to wait for */
};

static void try_next(struct mx_look *look);

static void end(struct mx_look *look, enum sts_outcome outcome)
{
    look->request.done(look->request.arg, look->address, outcome);
}

static void on_end(void *arg)
{
    end(arg, STS_OUTCOME_NOT_CONNECTED);
}

/* Not from within a start. */
static void end_soon(struct mx_look *look)
{
    loop_timer_again(look->end, loop_now(look->request.net->loop));
}

/* ---- a session ------------------------------------------------------------------------------- */

static void on_session(void *arg, struct smtp_session *session)
{
    struct mx_look *look = arg;
    enum sts_outcome outcome =
        session_outcome(look->facts, session, look->request.host, clock_now());

    TALLOC_FREE(look->session);
    TALLOC_FREE(look->permit);
    TALLOC_FREE(look->slot);
    if (outcome == STS_OUTCOME_NOT_CONNECTED)
        try_next(look);
    else
        end(look, outcome);
}

static void connect_now(void *arg)
{
    struct mx_look *look = arg;
    const struct net *net = look->request.net;
    const struct smtp_request request = {.host = look->request.host,
                                         .address = look->address,
                                         .port = net->observer.smtp_port,
                                         .helo = net->observer.helo,
                                         .deadline = look->deadline,
                                         .done = on_session,
                                         .arg = look};

    if (smtp_look(look, net->loop, net->trust, &request, &look->session) != STS_OK)
        end_soon(look);
}

static void slot_is_ours(void *arg)
{
    struct mx_look *look = arg;
    const struct semaphore_request request = {SEMAPHORE_CONTINUES, connect_now, look};
    bool in = false;

    if (semaphore_acquire(look, look->request.net->connections, &request, &look->permit, &in) !=
        STS_OK)
        end_soon(look);
    else if (in)
        connect_now(look);
}

/* ---- addresses ------------------------------------------------------------------------------- */

static const char *address_at(const struct dns_answer *answer, size_t *index)
{
    size_t count = dns_lookup_state(answer) == LOOKUP_FOUND ? answer->record_count : 0;

    if (*index < count)
        return answer->records[*index].address;
    *index -= count;
    return NULL;
}

/* NULL: there are no more. */
static const char *next_address(struct mx_look *look)
{
    while (look->tried < LIMIT_PROBED_ADDRESSES) {
        size_t index = look->tried++;
        const char *address = address_at(look->a, &index);

        if (!address)
            address = address_at(look->aaaa, &index);
        if (!address || net_may_connect(look->request.net, address))
            return address;
    }
    return NULL;
}

static void try_next(struct mx_look *look)
{
    const struct net *net = look->request.net;
    struct slot_request request = {
        .inbox = net->inbox, .port = net->observer.smtp_port, .ready = slot_is_ours, .arg = look};

    look->address = loop_now(net->loop) < look->deadline ? next_address(look) : NULL;
    request.address = look->address;
    if (!look->address ||
        rate_limiter_take(look, net->common->slots, &request, &look->slot) != STS_OK)
        end_soon(look);
}

static void on_answer(struct mx_look *look)
{
    look->open--;
    if (!look->open)
        try_next(look);
}

static void on_a(void *arg, struct dns_answer *answer)
{
    struct mx_look *look = arg;

    look->a = answer;
    on_answer(look);
}

static void on_aaaa(void *arg, struct dns_answer *answer)
{
    struct mx_look *look = arg;

    look->aaaa = answer;
    on_answer(look);
}

static void ask(struct mx_look *look, enum dns_type type, dns_done_fn done)
{
    const struct dns_request request = {.name = look->request.host,
                                        .type = type,
                                        .deadline = look->deadline,
                                        .done = done,
                                        .arg = look};
    struct dns_query *query;

    if (dns_ask(look, look->request.net->dns, &request, &query) == STS_OK)
        look->open++;
}

enum sts_status mx_look_start(TALLOC_CTX *ctx, const struct mx_look_request *request,
                              struct mx_look **ret)
{
    struct mx_look *look = talloc_zero(ctx, struct mx_look);
    struct loop *loop = request->net->loop;

    if (!look)
        return STS_E_NOMEM;
    look->request = *request;
    look->facts = talloc_zero(look, struct facts);
    look->request.host = talloc_strdup(look, request->host);
    if (!look->facts || !look->request.host ||
        loop_timer_start(look, loop, INT64_MAX / 2, on_end, look, &look->end) != STS_OK) {
        talloc_free(look);
        return STS_E_NOMEM;
    }
    look->facts->observer = request->net->observer;
    look->deadline = loop_now(loop) + LIMIT_PROBE_MS;
    if (request->net->route_ipv4)
        ask(look, DNS_A, on_a);
    if (request->net->route_ipv6)
        ask(look, DNS_AAAA, on_aaaa);
    if (!look->open)
        end_soon(look);
    *ret = look;
    return STS_OK;
}
