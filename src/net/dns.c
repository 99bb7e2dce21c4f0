/* SPDX-License-Identifier: MIT */
/* dns.c - libunbound in the loop.
 *
 * What libunbound does and a caller must know: an answer from its cache calls back inside the call
 * that asks, so every answer goes through a deferred event; `rcode` is 0 for NXDOMAIN and for a
 * cached SERVFAIL, so the header's counts; where it is not 0 the packet is garbage; a bogus answer
 * carries the forged data, so security is looked at first; a dead forwarder is noticed only after
 * 17 s, so there is a timer of our own. */
#include "net/dns.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>
#include <unbound.h>
#include <unbound-event.h>

#include "base/clock.h"
#include "base/text.h"
#include "net/dns_wire.h"
#include "net/loop.h"
#include "net/resolv_conf.h"
#include "net/room.h"

#define SYSTEM_TRUST_ANCHOR "/usr/share/dns/root.key" /* Debian's dns-root-data */
#define CLASS_IN            1
#define TYPE_A              1
#define TYPE_DS             43
#define TYPE_DNSKEY         48
#define ANCHOR_WORD_SIZE    16

/* libunbound's third argument to a callback */
enum { SEC_INSECURE, SEC_BOGUS, SEC_SECURE };

struct dns {
    struct net_loop *loop;
    struct ub_ctx *unbound;
    const char **resolvers;
    size_t resolver_count;
    const char *trust_anchor;
    struct dns_query *pending; /* doubly linked; asked and not yet answered */
};

struct dns_query {
    struct dns *dns; /* NULL: answered, or the resolver is gone */
    struct dns_query *next, **link;
    struct dns_answer *answer;
    struct net_timer *timer; /* the deadline */
    struct event *deliver;   /* answered; the callback is due */
    int id;                  /* libunbound's; 0: none */
    int64_t started;
    dns_done_fn done;
    void *arg;
};

/* ---- set-up ---------------------------------------------------------------------------------- */

static const struct {
    const char *name, *value;
} unbound_options[] = {
    {"do-not-query-localhost:", "no"}, /* many run a resolver on 127.0.0.1 */
    {"aggressive-nsec:", "no"},        /* evidence for each name, not synthesis from another's */
    {"num-queries-per-thread:", "512"}, {"msg-cache-size:", "2m"},
    {"rrset-cache-size:", "4m"},        {"key-cache-size:", "1m"},
    {"neg-cache-size:", "256k"},        {"infra-cache-numhosts:", "1000"},
    {"cache-max-ttl:", "2147483647"}, /* a TTL above a day is a finding: tell it as it is, */
    {"serve-original-ttl:", "yes"},   /* and not less for having asked before */
};

static enum sts_status fail(char **ret_why, char *why)
{
    *ret_why = why;
    return why ? STS_E_INVALID : STS_E_NOMEM;
}

static enum sts_status copy_resolvers(struct dns *dns, const struct dns_config *config)
{
    dns->resolvers = talloc_zero_array(dns, const char *, config->resolver_count);
    if (!dns->resolvers)
        return STS_E_NOMEM;
    for (size_t i = 0; i < config->resolver_count; i++) {
        dns->resolvers[i] = talloc_strdup(dns->resolvers, config->resolvers[i]);
        if (!dns->resolvers[i])
            return STS_E_NOMEM;
    }
    dns->resolver_count = config->resolver_count;
    return STS_OK;
}

static enum sts_status choose_resolvers(TALLOC_CTX *ctx, struct dns *dns,
                                        const struct dns_config *config, char **ret_why)
{
    enum sts_status status;

    if (config->resolver_count)
        return copy_resolvers(dns, config);
    status = resolv_conf_read(dns, RESOLV_CONF, &dns->resolvers, &dns->resolver_count);
    if (status == STS_E_IO)
        return fail(ret_why, talloc_asprintf(ctx, "%s: %s; name a resolver with --resolver",
                                             RESOLV_CONF, strerror(errno)));
    if (status == STS_OK && !dns->resolver_count)
        return fail(ret_why, talloc_asprintf(ctx,
                                             "%s names no resolver; name one with --resolver, or "
                                             "ask the root servers with --resolver none",
                                             RESOLV_CONF));
    return status;
}

static bool recursion_chosen(const struct dns *dns)
{
    return dns->resolver_count == 1 && strcmp(dns->resolvers[0], "none") == 0;
}

static enum sts_status set_resolvers(TALLOC_CTX *ctx, struct dns *dns,
                                     const struct dns_config *config, char **ret_why)
{
    enum sts_status status = choose_resolvers(ctx, dns, config, ret_why);

    if (status != STS_OK || recursion_chosen(dns))
        return status;
    for (size_t i = 0; i < dns->resolver_count; i++) {
        if (!resolver_is_valid(dns->resolvers[i]))
            return fail(ret_why, talloc_asprintf(ctx,
                                                 "%s is no resolver's address (ADDR or ADDR@PORT, "
                                                 "or none)",
                                                 dns->resolvers[i]));
        if (ub_ctx_set_fwd(dns->unbound, dns->resolvers[i]) != 0)
            return fail(ret_why,
                        talloc_asprintf(ctx, "%s cannot be used as resolver", dns->resolvers[i]));
    }
    return STS_OK;
}

/* Does the file hold a DS or DNSKEY record?  libunbound takes a file without one for a set-up
 * without validation and says nothing. */
static bool holds_anchor(const char *path)
{
    FILE *file = fopen(path, "re");
    char word[ANCHOR_WORD_SIZE];
    bool found = false;

    if (!file)
        return false;
    while (!found && fscanf(file, "%15s", word) == 1)
        found = strcmp(word, "DS") == 0 || strcmp(word, "DNSKEY") == 0;
    fclose(file);
    return found;
}

static enum sts_status set_trust_anchor(TALLOC_CTX *ctx, struct dns *dns, const char *file,
                                        char **ret_why)
{
    if (file ? strcmp(file, "none") == 0 : access(SYSTEM_TRUST_ANCHOR, R_OK) != 0)
        return STS_OK; /* answers will be "unchecked", and the facts say so */
    dns->trust_anchor = talloc_strdup(dns, file ? file : SYSTEM_TRUST_ANCHOR);
    if (!dns->trust_anchor)
        return STS_E_NOMEM;
    if (access(dns->trust_anchor, R_OK) != 0)
        return fail(ret_why, talloc_asprintf(ctx, "trust anchor %s: %s", dns->trust_anchor,
                                             strerror(errno)));
    if (!holds_anchor(dns->trust_anchor) ||
        ub_ctx_add_ta_file(dns->unbound, dns->trust_anchor) != 0)
        return fail(ret_why, talloc_asprintf(ctx, "trust anchor %s: no DS or DNSKEY record in it",
                                             dns->trust_anchor));
    return STS_OK;
}

static void ignore(void *arg, int rcode, void *packet, int length, int sec, char *why, int limited)
{
    (void)arg, (void)rcode, (void)packet, (void)length, (void)sec, (void)why, (void)limited;
}

/* libunbound reads its set-up at the first question: ask one that needs no network, so that a
 * broken trust anchor is known now. */
static enum sts_status settle(TALLOC_CTX *ctx, struct dns *dns, char **ret_why)
{
    int id = 0, error;

    error = ub_resolve_event(dns->unbound, "localhost.", TYPE_A, CLASS_IN, NULL, ignore, &id);
    if (error == 0)
        return STS_OK;
    if (dns->trust_anchor)
        return fail(ret_why,
                    talloc_asprintf(ctx, "trust anchor %s: not readable as DS or DNSKEY (%s)",
                                    dns->trust_anchor, ub_strerror(error)));
    return fail(ret_why,
                talloc_asprintf(ctx, "the resolver library cannot start: %s", ub_strerror(error)));
}

static void detach(struct dns_query *query)
{
    *query->link = query->next;
    if (query->next)
        query->next->link = query->link;
    query->dns = NULL;
}

static int dns_drop(struct dns *dns)
{
    while (dns->pending) {
        struct dns_query *query = dns->pending;

        ub_cancel(dns->unbound, query->id);
        detach(query);
    }
    ub_ctx_delete(dns->unbound);
    return 0;
}

static enum sts_status set_options(struct dns *dns)
{
    for (size_t i = 0; i < sizeof unbound_options / sizeof unbound_options[0]; i++)
        if (ub_ctx_set_option(dns->unbound, unbound_options[i].name, unbound_options[i].value) != 0)
            return STS_E_INVALID;
    return STS_OK;
}

static enum sts_status set_sockets(struct dns *dns, int64_t count)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long)count);
    return ub_ctx_set_option(dns->unbound, "outgoing-range:", text) == 0 ? STS_OK : STS_E_INVALID;
}

/* The library writes its complaints to standard error, which is ours. */
static void silence(struct dns *dns)
{
    ub_ctx_debugout(dns->unbound, NULL);
    ub_ctx_debuglevel(dns->unbound, 0);
}

enum sts_status dns_new(TALLOC_CTX *ctx, struct net_loop *loop, const struct dns_config *config,
                        struct dns **ret, char **ret_why)
{
    struct dns *dns = talloc_zero(ctx, struct dns);
    enum sts_status status;

    *ret_why = NULL;
    if (!dns)
        return STS_E_NOMEM;
    dns->loop = loop;
    dns->unbound = ub_ctx_create_event(net_loop_base(loop));
    if (!dns->unbound) {
        talloc_free(dns);
        return STS_E_NOMEM;
    }
    talloc_set_destructor(dns, dns_drop);
    silence(dns);
    status = set_options(dns);
    if (status == STS_OK)
        status = set_sockets(dns, config->sockets ? config->sockets : DNS_SOCKETS);
    if (status == STS_OK)
        status = set_resolvers(ctx, dns, config, ret_why);
    if (status == STS_OK)
        status = set_trust_anchor(ctx, dns, config->trust_anchor, ret_why);
    if (status == STS_OK)
        status = settle(ctx, dns, ret_why);
    if (status != STS_OK) {
        talloc_free(dns);
        return status;
    }
    *ret = dns;
    return STS_OK;
}

const char *const *dns_resolvers(const struct dns *dns, size_t *ret_count)
{
    *ret_count = dns->resolver_count;
    return dns->resolvers;
}

const char *dns_trust_anchor(const struct dns *dns)
{
    return dns->trust_anchor;
}

/* ---- a question ------------------------------------------------------------------------------ */

static int query_drop(struct dns_query *query)
{
    if (query->dns) {
        ub_cancel(query->dns->unbound, query->id);
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
    query->answer->elapsed_ms = clock_monotonic_ms() - query->started;
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

static void query_times_out(void *arg)
{
    struct dns_query *query = arg;

    ub_cancel(query->dns->unbound, query->id);
    query->answer->outcome = DNS_OUTCOME_TIMEOUT;
    settle_query(query);
}

static void bogus(struct dns_answer *answer, const char *why)
{
    answer->outcome = DNS_OUTCOME_FAILED;
    answer->rcode = "SERVFAIL"; /* what a validating resolver tells a sender */
    answer->security = DNS_SECURITY_BOGUS;
    if (why)
        answer->why_bogus = text_printable(answer, why, strlen(why), 0);
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
        if (query->dns->trust_anchor)
            answer->security = sec == SEC_SECURE ? DNS_SECURITY_SECURE : DNS_SECURITY_INSECURE;
    }
}

static void answered(void *arg, int rcode, void *packet, int length, int sec, char *why,
                     int limited)
{
    struct dns_query *query = arg;

    (void)limited;
    if (!query->dns) /* the resolver is being taken down */
        return;
    read_answer(query, rcode, packet, length, sec, why);
    settle_query(query);
}

static struct dns_query *query_new(TALLOC_CTX *ctx, struct dns *dns, const char *name, int type)
{
    struct dns_query *query = talloc_zero(ctx, struct dns_query);

    if (!query)
        return NULL;
    query->answer = talloc_zero(ctx, struct dns_answer);
    query->deliver = event_new(net_loop_base(dns->loop), -1, 0, deliver, query);
    talloc_set_destructor(query, query_drop);
    if (query->answer)
        query->answer->name = talloc_strdup(query->answer, name);
    if (!query->deliver || !query->answer || !query->answer->name) {
        talloc_free(query);
        return NULL;
    }
    query->answer->type = type;
    query->answer->ttl = query->answer->negative_ttl = -1;
    query->started = clock_monotonic_ms();
    return query;
}

static void attach(struct dns *dns, struct dns_query *query)
{
    query->dns = dns;
    query->next = dns->pending;
    query->link = &dns->pending;
    if (query->next)
        query->next->link = &query->next;
    dns->pending = query;
}

enum sts_status dns_ask(TALLOC_CTX *ctx, struct dns *dns, const char *name, enum dns_type type,
                        int64_t deadline, dns_done_fn done, void *arg, struct dns_query **ret)
{
    struct dns_query *query = query_new(ctx, dns, name, type);
    enum sts_status status;
    int id = 0, error;

    if (!query)
        return STS_E_NOMEM;
    query->done = done;
    query->arg = arg;
    status = net_timer_start(query, dns->loop, deadline, query_times_out, query, &query->timer);
    if (status != STS_OK) {
        talloc_free(query);
        return status;
    }
    attach(dns, query);
    error =
        ub_resolve_event(dns->unbound, name, dns_type_number(type), CLASS_IN, query, answered, &id);
    if (query->dns) { /* not answered from the cache inside the call */
        query->id = id;
        if (error != 0) {
            query->answer->outcome = DNS_OUTCOME_FAILED;
            query->answer->rcode = error == UB_SYNTAX ? "not a DNS name" : ub_strerror(error);
            settle_query(query);
        }
    }
    *ret = query;
    return STS_OK;
}

void dns_warm(struct dns *dns, const char *name)
{
    static const int types[] = {TYPE_DS, TYPE_DNSKEY};

    if (!dns->trust_anchor)
        return;
    for (;;) {
        int id;

        for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
            if (*name || types[i] != TYPE_DS)
                (void)ub_resolve_event(dns->unbound, *name ? name : ".", types[i], CLASS_IN, NULL,
                                       ignore, &id);
        if (!*name)
            return;
        name += strcspn(name, ".");
        name += *name == '.';
    }
}
