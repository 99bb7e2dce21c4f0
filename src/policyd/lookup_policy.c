/* SPDX-License-Identifier: MIT */
/* lookup_policy.c - the policy is fetched from one address of the policy host after the other,
 * until one gives it. */
#include "policyd/lookup_work.h"

#include "event/loop.h"
#include "event/semaphore.h"
#include "net/https.h"
#include "net/rate_limiter.h"
#include "policyd/limits.h"
#include "verdict/cert.h"
#include "verdict/fetch.h"

static void try_next(struct policy_lookup *lookup);

/* ---- the end --------------------------------------------------------------------------------- */

/* No address was tried.  Where there is no route for a family, it is not looked up. */
static const char *why_untried(const struct policy_lookup *lookup)
{
    const struct policy_host *host = &lookup->facts->policy_host;
    const struct dns_answer *asked = host->a ? host->a : host->aaaa;
    bool asked_both = host->a && host->aaaa;
    enum lookup_state state = host_lookup_state(host->a, host->aaaa);

    if (state == LOOKUP_ABSENT)
        return "no-address";
    if (state == LOOKUP_BOGUS)
        return "bogus";
    if (state == LOOKUP_FOUND)
        return lookup->late ? "local" : "unreachable";
    return !asked || (!asked_both && dns_lookup_state(asked) == LOOKUP_ABSENT) ? "local"
                                                                               : "unreachable";
}

static const char *why_not(const struct policy_lookup *lookup)
{
    const struct policy_host *host = &lookup->facts->policy_host;
    const struct https_fetch *fetch;

    if (!host->fetch_count)
        return why_untried(lookup);
    fetch = &host->fetches[host->fetch_count - 1];
    if (fetch_is_open(lookup->facts, fetch))
        return "local";
    if (tls_faults(fetch->tls, host->name, lookup->view.now) & FAULTS_FATAL)
        return "certificate";
    if (!fetch->status)
        return "unreachable";
    return fetch->status == 200 ? "invalid" : "status";
}

/* As who intercepts TLS makes them: for the host, and of an issuer of its own.  NULL: it is not. */
static const char *strange_issuer(const struct policy_lookup *lookup)
{
    const struct policy_host *host = &lookup->facts->policy_host;
    const struct tls_session *tls =
        host->fetch_count ? host->fetches[host->fetch_count - 1].tls : NULL;
    unsigned faults = tls_faults(tls, host->name, lookup->view.now);
    const unsigned strange = FAULT_BIT(FAULT_UNTRUSTED_ROOT) | FAULT_BIT(FAULT_INCOMPLETE);

    return tls && tls->chain_count && (faults & strange) && !(faults & FAULTS_NAME)
               ? tls->chain[0].issuer
               : NULL;
}

static void end(struct policy_lookup *lookup, const struct live_policy *policy)
{
    const struct policy_found found = {.part = POLICY_PART_POLICY,
                                       .policy = policy,
                                       .why = policy ? NULL : why_not(lookup),
                                       .issuer = policy ? NULL : strange_issuer(lookup),
                                       .address = lookup->reached,
                                       .ttl = -1};

    lookup_done(lookup, &found);
}

/* ---- one address ----------------------------------------------------------------------------- */

/* As a sender takes it: a trusted certificate for the host, status 200, text/plain, usable text. */
static const struct live_policy *policy_of(struct policy_lookup *lookup, struct https_fetch *fetch)
{
    struct domain_view *view = &lookup->view;

    domain_view_free(view);
    *view = (struct domain_view){.mem = lookup, .facts = lookup->facts, .now = view->now};
    lookup->facts->policy_host.fetches = fetch;
    lookup->facts->policy_host.fetch_count = 1;
    published_read(view);
    if (view->no_memory || !view->published.policy_fetched || !fetch->media_type ||
        !bytes_equal(bytes_of(fetch->media_type), "text/plain"))
        return NULL;
    return live_policy_new(view, view->published.policy, NULL);
}

static void on_fetched(void *arg, struct https_fetch *fetch)
{
    struct policy_lookup *lookup = arg;
    const struct live_policy *policy = policy_of(lookup, fetch);

    lookup->reached = lookup->address;
    TALLOC_FREE(lookup->transfer);
    TALLOC_FREE(lookup->permit);
    TALLOC_FREE(lookup->slot);
    if (policy)
        end(lookup, policy);
    else
        try_next(lookup);
}

static void fetch_now(void *arg)
{
    struct policy_lookup *lookup = arg;
    const struct net *net = lookup->request.net;
    const struct https_request request = {
        .host = lookup->facts->policy_host.name,
        .address = lookup->address,
        .port = net->observer.https_port,
        .path = STS_POLICY_PATH,
        /* However long it waited for its turn: what was not tried has not failed. */
        .deadline = loop_now(net->loop) + LIMIT_FETCH_MS,
        .done = on_fetched,
        .arg = lookup};

    if (https_get(lookup->facts, net->https, &request, &lookup->transfer) == STS_OK)
        return;
    lookup->no_memory = true;
    lookup_settle(lookup);
}

static void slot_is_ours(void *arg)
{
    struct policy_lookup *lookup = arg;
    const struct semaphore_request request = {SEMAPHORE_CONTINUES, fetch_now, lookup};
    bool in = false;

    if (semaphore_acquire(lookup, lookup->request.net->connections, &request, &lookup->permit,
                          &in) != STS_OK) {
        lookup->no_memory = true;
        lookup_settle(lookup);
    } else if (in) {
        fetch_now(lookup);
    }
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

/* IPv4 first, since a network without IPv6 is the commoner one; NULL: there are no more. */
static const char *next_address(struct policy_lookup *lookup)
{
    const struct policy_host *host = &lookup->facts->policy_host;

    while (lookup->tried < LIMIT_FETCH_ADDRESSES) {
        size_t index = lookup->tried++;
        const char *address = address_at(host->a, &index);

        if (!address)
            address = address_at(host->aaaa, &index);
        if (!address)
            return NULL;
        if (net_may_connect(lookup->request.net, address))
            return address;
    }
    return NULL;
}

static void try_next(struct policy_lookup *lookup)
{
    const struct net *net = lookup->request.net;
    struct slot_request request = {.inbox = net->inbox,
                                   .port = net->observer.https_port,
                                   .ready = slot_is_ours,
                                   .arg = lookup};

    lookup->late = loop_now(net->loop) >= lookup->request.deadline;
    lookup->address = lookup->no_memory || lookup->late ? NULL : next_address(lookup);
    request.address = lookup->address;
    if (!lookup->address ||
        rate_limiter_take(lookup, net->common->slots, &request, &lookup->slot) != STS_OK)
        end(lookup, NULL);
}

void policy_lookup(struct policy_lookup *lookup)
{
    struct policy_host *host = &lookup->facts->policy_host;
    const struct net *net = lookup->request.net;
    char name[STS_NAME_SIZE];

    lookup->next = try_next;
    if (sts_policy_host(lookup->request.domain, name) == STS_OK)
        host->name = talloc_strdup(lookup->facts, name);
    if (host->name && net->route_ipv4)
        lookup_ask(lookup, host->name, DNS_A, &host->a);
    if (host->name && net->route_ipv6)
        lookup_ask(lookup, host->name, DNS_AAAA, &host->aaaa);
    lookup_settle(lookup);
}
