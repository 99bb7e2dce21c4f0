/* SPDX-License-Identifier: MIT */
/* dns.c - libunbound in the loop.
 *
 * What libunbound does and a caller must know: an answer from its cache calls back inside the call
 * that asks, so every answer goes through a deferred event; `rcode` is 0 for NXDOMAIN and for a
 * cached SERVFAIL, so the header's counts; where it is not 0 the packet is garbage; a bogus answer
 * carries the forged data, so security is looked at first; a dead forwarder is noticed only after
 * 17 s, so there is a timer of our own.
 *
 * There are three ways to ask, each a context of libunbound with a cache of its own: as the person
 * chose, from the root, and without validation.  An answer that fails on the first may be the fault
 * of the resolver, not of the name.  Where somebody looks into that (dns_doubt_by) such answers are
 * held back until he names the way that counts: then they are delivered, or asked again. */
#include "net/dns.h"

#include <string.h>
#include <sys/queue.h>

#include <event2/event.h>
#include <unbound.h>
#include <unbound-event.h>

#include "base/special_address.h"
#include "base/text.h"
#include "event/loop.h"
#include "net/dns_setup.h"
#include "net/dns_wire.h"
#include "net/limits.h"
#include "net/resources.h"

#define CLASS_IN    1
#define TYPE_DS     43
#define TYPE_DNSKEY 48

/* libunbound's third argument to a callback */
enum { SEC_INSECURE, SEC_BOGUS, SEC_SECURE };

struct dns {
    struct loop *loop;
    struct dns_setup *ways[DNS_WAY_COUNT]; /* NULL: not needed so far */
    enum dns_way way;                      /* that counts */
    int64_t sockets;
    /* as configured: */
    bool proven; /* some answer was secure */
    bool heard;  /* there was an answer at all, good or bogus */
    dns_doubt_fn doubt;
    void *doubter;
    bool root_silent;               /* the root servers did not answer a second question */
    int64_t trusted_until;          /* until then an answer that fails is believed */
    LIST_HEAD(, dns_query) pending; /* asked and not yet answered */
};

struct dns_query {
    struct loop *loop;
    struct dns *dns; /* NULL: answered, or the resolver is gone */
    LIST_ENTRY(dns_query) link;
    struct dns_answer *answer;
    struct dns_answer *first; /* bogus; the root servers are asked for a second one.  NULL: not */
    struct loop_timer *timer; /* the deadline */
    struct event *deliver;    /* answered; the callback is due */
    int id;                   /* libunbound's; 0: none */
    enum dns_way way;
    bool settled_way; /* this way and no other */
    bool held;        /* answered, and in doubt */
    int64_t started, patience;
    dns_done_fn done;
    void *arg;
};

/* ---- set-up ---------------------------------------------------------------------------------- */

/* The settings of another way come from the first. */
static enum sts_status open_way(struct dns *dns, enum dns_way way)
{
    static const char *const from_root[] = {"none"};
    const struct dns_setup *given = dns->ways[DNS_WAY_GIVEN];
    const struct dns_config config = {
        .resolvers = way == DNS_WAY_ROOT ? from_root : given->resolvers,
        .resolver_count = way == DNS_WAY_ROOT ? 1 : given->resolver_count,
        .trust_anchor = way == DNS_WAY_ROOT && given->trust_anchor ? given->trust_anchor : "none",
        .sockets = dns->sockets,
        .public_only = given->public_only,
    };
    enum sts_status status;
    char *why;

    if (dns->ways[way])
        return STS_OK;
    status = dns_setup_new(dns, dns->loop, &config, &dns->ways[way], &why);
    return status;
}

static void detach(struct dns_query *query)
{
    LIST_REMOVE(query, link);
    query->dns = NULL;
}

static void cancel(struct dns_query *query)
{
    if (query->id)
        ub_cancel(query->dns->ways[query->way]->unbound, query->id);
    query->id = 0;
}

/* The contexts go after this, with the memory. */
static int dns_drop(struct dns *dns)
{
    struct dns_query *query;

    while ((query = LIST_FIRST(&dns->pending))) {
        cancel(query);
        detach(query);
    }
    return 0;
}

enum sts_status dns_new(TALLOC_CTX *ctx, struct loop *loop, const struct dns_config *config,
                        struct dns **ret, char **ret_why)
{
    struct dns *dns = talloc_zero(ctx, struct dns);
    enum sts_status status;

    *ret_why = NULL;
    if (!dns)
        return STS_E_NOMEM;
    dns->loop = loop;
    dns->sockets = config->sockets;
    talloc_set_destructor(dns, dns_drop);
    status = dns_setup_new(dns, loop, config, &dns->ways[DNS_WAY_GIVEN], ret_why);
    if (status != STS_OK) {
        *ret_why = talloc_steal(ctx, *ret_why);
        talloc_free(dns);
        return status;
    }
    *ret = dns;
    return STS_OK;
}

const char *const *dns_resolvers(const struct dns *dns, enum dns_way way, size_t *ret_count)
{
    *ret_count = dns->ways[way]->resolver_count;
    return dns->ways[way]->resolvers;
}

const char *dns_trust_anchor(const struct dns *dns, enum dns_way way)
{
    return dns->ways[way]->trust_anchor;
}

bool dns_is_recursive(const struct dns *dns)
{
    return dns_setup_recursive(dns->ways[DNS_WAY_GIVEN]);
}

bool dns_has_proven(const struct dns *dns)
{
    return dns->proven;
}

bool dns_has_heard(const struct dns *dns)
{
    return dns->heard;
}

enum dns_way dns_way(const struct dns *dns)
{
    return dns->way;
}

/* ---- a question ------------------------------------------------------------------------------ */

static int query_drop(struct dns_query *query)
{
    if (query->dns) {
        cancel(query);
        detach(query);
    }
    if (query->deliver)
        event_free(query->deliver);
    return 0;
}

static void deliver(evutil_socket_t fd, short what, void *arg)
{
    struct dns_query *query = arg;

    (void)fd;
    (void)what;
    loop_woke(query->loop);
    query->answer->elapsed_ms = loop_now(query->loop) - query->started;
    query->done(query->arg, query->answer);
}

/* The answer is known: no more of libunbound, the callback at the next turn of the loop. */
static void settle_query(struct dns_query *query)
{
    detach(query);
    talloc_free(query->timer);
    query->timer = NULL;
    event_active(query->deliver, EV_TIMEOUT, 0);
}

static void finish(struct dns_query *query);

static void query_times_out(void *arg)
{
    struct dns_query *query = arg;

    cancel(query);
    query->answer->outcome = DNS_OUTCOME_TIMEOUT;
    finish(query);
}

static void bogus(struct dns_answer *answer, const char *why)
{
    answer->outcome = DNS_OUTCOME_FAILED;
    answer->rcode = "SERVFAIL"; /* what a validating resolver tells a sender */
    answer->security = DNS_SECURITY_BOGUS;
    if (why)
        answer->why_bogus = text_printable(answer, why, strlen(why), 0);
}

/* libunbound's own SERVFAIL, where nobody answers it, looks like a server's. */
static bool is_answer(const struct dns_answer *answer)
{
    return answer->outcome == DNS_OUTCOME_FOUND || answer->outcome == DNS_OUTCOME_NODATA ||
           answer->outcome == DNS_OUTCOME_NXDOMAIN || answer->security == DNS_SECURITY_BOGUS;
}

/* What the root servers say is no word of the resolver's. */
static void note_answer(const struct dns_query *query)
{
    struct dns *dns = query->dns;

    if (query->way == DNS_WAY_ROOT)
        return;
    dns->proven = dns->proven || query->answer->security == DNS_SECURITY_SECURE;
    dns->heard = dns->heard || is_answer(query->answer);
}

static void read_answer(struct dns_query *query, int rcode, const void *packet, int length, int sec,
                        const char *why)
{
    struct dns_answer *answer = query->answer;

    if (sec == SEC_BOGUS) {
        bogus(answer, why);
    } else if (rcode != 0 || length < 0) {
        answer->outcome = DNS_OUTCOME_FAILED;
        answer->rcode = dns_rcode_name(answer, rcode);
    } else {
        if (dns_wire_read(answer, packet, (size_t)length) != STS_OK) {
            answer->outcome = DNS_OUTCOME_FAILED;
            answer->rcode = OUT_OF_MEMORY;
        }
        if (query->dns->ways[query->way]->trust_anchor)
            answer->security = sec == SEC_SECURE ? DNS_SECURITY_SECURE : DNS_SECURITY_INSECURE;
    }
    note_answer(query);
}

/* ---- answers in doubt ------------------------------------------------------------------------ */

static bool is_doubtful(const struct dns_query *query)
{
    const struct dns *dns = query->dns;

    return dns->doubt && !query->settled_way && query->way == DNS_WAY_GIVEN &&
           query->answer->outcome == DNS_OUTCOME_FAILED &&
           loop_now(dns->loop) >= dns->trusted_until;
}

/* No time-out any more: the doubter has one of his own. */
static void hold(struct dns_query *query)
{
    TALLOC_FREE(query->timer);
    query->held = true;
    query->dns->doubt(query->dns->doubter);
}

static void put(struct dns_query *query);

static void ask_again(struct dns_query *query, enum dns_way way)
{
    struct dns_answer *answer = query->answer;

    cancel(query);
    TALLOC_FREE(query->timer);
    query->held = false;
    query->way = way;
    answer->outcome = DNS_OUTCOME_UNKNOWN;
    answer->security = DNS_SECURITY_UNCHECKED;
    answer->rcode = answer->why_bogus = NULL;
    if (loop_timer_start(query, query->dns->loop, loop_now(query->dns->loop) + query->patience,
                         query_times_out, query, &query->timer) == STS_OK) {
        put(query);
    } else {
        answer->outcome = DNS_OUTCOME_FAILED;
        answer->rcode = OUT_OF_MEMORY;
        settle_query(query);
    }
}

/* ---- a second answer -------------------------------------------------------------------------
 *
 * The resolver passes the signatures of the root; those of one zone it may break all the same.  So
 * before a zone is called bogus the root servers are asked as well; and so before a host is said to
 * have nothing but addresses that lead nowhere, which is what a filter answers. */

static bool is_bogus(const struct dns_answer *answer)
{
    return answer->security == DNS_SECURITY_BOGUS;
}

/* All its addresses lead nowhere or to the machine that asks, as a filter has it. */
static bool is_blocked(const struct dns_answer *answer)
{
    for (size_t i = 0; i < answer->record_count; i++)
        if (!answer->records[i].address ||
            special_address_use(answer->records[i].address) != ADDRESS_USE_OWN)
            return false;
    return answer->outcome == DNS_OUTCOME_FOUND && answer->record_count;
}

static bool wants_second(const struct dns_query *query)
{
    const struct dns *dns = query->dns;

    return (is_bogus(query->answer) || is_blocked(query->answer)) && dns->doubt &&
           !query->settled_way && !query->first && dns->way == DNS_WAY_GIVEN &&
           query->way == DNS_WAY_GIVEN && !dns_is_recursive(dns) &&
           dns->ways[DNS_WAY_GIVEN]->trust_anchor && !dns_is_private(query->answer->name);
}

/* The second is there: which of the two counts? */
static void settle_second(struct dns_query *query)
{
    struct dns_answer *first = query->first, *second = query->answer;
    bool better = is_answer(second) && !is_bogus(second) && !is_blocked(second);

    query->first = NULL;
    if (better && is_bogus(first))
        second->resolver_bogus =
            talloc_strdup(second, first->why_bogus ? first->why_bogus : "bogus");
    else if (better)
        second->resolver_blocks = talloc_strdup(second, first->records[0].address);
    query->dns->root_silent |= second->outcome == DNS_OUTCOME_TIMEOUT;
    if (better || (is_bogus(first) && is_bogus(second))) {
        talloc_free(first);
    } else {
        first->bogus_unconfirmed = is_bogus(first);
        query->answer = first;
        talloc_free(second);
    }
    settle_query(query);
}

/* There will be no other answer to what was put last. */
static void finish(struct dns_query *query)
{
    if (query->first)
        settle_second(query);
    else
        settle_query(query);
}

static struct dns_answer *answer_new(TALLOC_CTX *ctx, const char *name, enum dns_type type);

/* False: it cannot be put. */
static bool ask_root(struct dns_query *query)
{
    struct dns *dns = query->dns;
    struct dns_answer *first = query->answer, *second = NULL;

    TALLOC_FREE(query->timer);
    if (!dns->root_silent && open_way(dns, DNS_WAY_ROOT) == STS_OK &&
        loop_timer_start(query, dns->loop, loop_now(dns->loop) + LIMIT_SECOND_MS, query_times_out,
                         query, &query->timer) == STS_OK)
        second = answer_new(talloc_parent(first), first->name, first->type);
    if (!second)
        return false;
    query->first = first;
    query->answer = second;
    query->way = DNS_WAY_ROOT;
    put(query);
    return true;
}

/* Nothing more is to be asked of the resolver. */
static void conclude(struct dns_query *query)
{
    if (wants_second(query)) {
        if (ask_root(query))
            return;
        query->answer->bogus_unconfirmed = is_bogus(query->answer);
    }
    settle_query(query);
}

/* ---- the way that counts --------------------------------------------------------------------- */

static void take_way(struct dns_query *query, enum dns_way way)
{
    if (!query->dns || query->settled_way || query->first)
        return;
    if (query->way != way && !dns_is_private(query->answer->name)) {
        ask_again(query, way);
    } else if (query->held) {
        query->held = false;
        conclude(query);
    }
}

void dns_doubt_by(struct dns *dns, dns_doubt_fn doubt, void *arg)
{
    dns->doubt = doubt;
    dns->doubter = arg;
}

void dns_take_way(struct dns *dns, enum dns_way way)
{
    struct dns_query *query, *next;

    if (open_way(dns, way) != STS_OK)
        way = DNS_WAY_GIVEN;
    dns->way = way;
    dns->trusted_until = loop_now(dns->loop) + LIMIT_PLACE_KEPT_MS;
    for (query = LIST_FIRST(&dns->pending); query; query = next) {
        next = LIST_NEXT(query, link);
        take_way(query, way);
    }
}

/* ---- asking ---------------------------------------------------------------------------------- */

static void answered(void *arg, int rcode, void *packet, int length, int sec, char *why,
                     int limited)
{
    struct dns_query *query = arg;

    (void)limited;
    if (!query->dns) /* the resolver is being taken down */
        return;
    loop_woke(query->loop);
    query->id = 0;
    read_answer(query, rcode, packet, length, sec, why);
    if (query->first)
        settle_second(query);
    else if (is_doubtful(query))
        hold(query);
    else
        conclude(query);
}

static struct dns_answer *answer_new(TALLOC_CTX *ctx, const char *name, enum dns_type type)
{
    struct dns_answer *answer = talloc_zero(ctx, struct dns_answer);

    if (!answer)
        return NULL;
    answer->name = talloc_strdup(answer, name);
    answer->type = type;
    answer->ttl = answer->negative_ttl = -1;
    if (!answer->name)
        TALLOC_FREE(answer);
    return answer;
}

static struct dns_query *query_new(TALLOC_CTX *ctx, struct dns *dns, const char *name,
                                   enum dns_type type)
{
    struct dns_query *query = talloc_zero(ctx, struct dns_query);

    if (!query)
        return NULL;
    query->answer = answer_new(ctx, name, type);
    query->deliver = event_new(loop_base(dns->loop), -1, 0, deliver, query);
    talloc_set_destructor(query, query_drop);
    if (!query->deliver || !query->answer) {
        talloc_free(query);
        return NULL;
    }
    query->loop = dns->loop;
    query->started = loop_now(dns->loop);
    return query;
}

static void attach(struct dns *dns, struct dns_query *query)
{
    query->dns = dns;
    LIST_INSERT_HEAD(&dns->pending, query, link);
}

/* The answer may come inside the call that asks. */
static void put(struct dns_query *query)
{
    struct dns_answer *answer = query->answer;
    enum dns_way way = query->way;
    int id = 0, error;

    error = ub_resolve_event(query->dns->ways[way]->unbound, answer->name,
                             dns_type_number(answer->type), CLASS_IN, query, answered, &id);
    if (!query->dns || query->held || query->way != way) /* that has come further */
        return;
    query->id = id;
    if (error != 0) {
        answer->outcome = DNS_OUTCOME_FAILED;
        answer->rcode = error == UB_SYNTAX ? "not a DNS name" : ub_strerror(error);
        finish(query);
    }
}

static enum sts_status begin(struct dns *dns, struct dns_query *query,
                             const struct dns_request *request)
{
    enum sts_status status = loop_timer_start(query, dns->loop, request->deadline, query_times_out,
                                              query, &query->timer);

    if (status != STS_OK) {
        talloc_free(query);
        return status;
    }
    query->done = request->done;
    query->arg = request->arg;
    query->patience = request->deadline - query->started;
    attach(dns, query);
    put(query);
    return STS_OK;
}

enum sts_status dns_ask(TALLOC_CTX *ctx, struct dns *dns, const struct dns_request *request,
                        struct dns_query **ret)
{
    struct dns_query *query = query_new(ctx, dns, request->name, request->type);
    enum sts_status status;

    if (!query)
        return STS_E_NOMEM;
    query->way = dns_is_private(request->name) ? DNS_WAY_GIVEN : dns->way;
    status = begin(dns, query, request);
    if (status == STS_OK)
        *ret = query;
    return status;
}

enum sts_status dns_ask_way(TALLOC_CTX *ctx, struct dns *dns, enum dns_way way,
                            const struct dns_request *request, struct dns_query **ret)
{
    enum sts_status status = open_way(dns, way);
    struct dns_query *query =
        status == STS_OK ? query_new(ctx, dns, request->name, request->type) : NULL;

    if (!query)
        return STS_E_NOMEM;
    query->way = way;
    query->settled_way = true;
    status = begin(dns, query, request);
    if (status == STS_OK)
        *ret = query;
    return status;
}

static void ignore(void *arg, int rcode, void *packet, int length, int sec, char *why, int limited)
{
    (void)arg, (void)rcode, (void)packet, (void)length, (void)sec, (void)why, (void)limited;
}

void dns_warm(struct dns *dns, const char *name)
{
    static const int types[] = {TYPE_DS, TYPE_DNSKEY};

    struct dns_setup *setup = dns->ways[dns->way];

    if (!setup->trust_anchor)
        return;
    for (;;) {
        int id;

        for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
            if (*name || types[i] != TYPE_DS)
                (void)ub_resolve_event(setup->unbound, *name ? name : ".", types[i], CLASS_IN, NULL,
                                       ignore, &id);
        if (!*name)
            return;
        name += strcspn(name, ".");
        name += *name == '.';
    }
}
