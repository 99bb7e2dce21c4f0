/* SPDX-License-Identifier: MIT */
/* dns_setup.c - libunbound as we want it: whom it asks, what it trusts, what it keeps. */
#include "net/dns_setup.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <unbound.h>
#include <unbound-event.h>

#include "base/i18n.h"
#include "base/special_address.h"
#include "event/loop.h"
#include "net/resolv_conf.h"

#define SYSTEM_TRUST_ANCHOR "/usr/share/dns/root.key" /* Debian's dns-root-data */
#define CLASS_IN            1
#define TYPE_A              1
#define ANCHOR_WORD_SIZE    16

static const struct {
    const char *name, *value;
} unbound_options[] = {
    {"do-not-query-localhost:", "no"}, /* many run a resolver on 127.0.0.1 */
    {"aggressive-nsec:", "no"},        /* evidence for each name, not synthesis from another's */
    {"rrset-roundrobin:", "no"},       /* two looks are alike, also where not all fits into one */
    {"qname-minimisation:", "no"},     /* with it a chain of aliases is followed without end */
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

static enum sts_status copy_resolvers(struct dns_setup *setup, const struct dns_config *config)
{
    setup->resolvers = talloc_zero_array(setup, const char *, config->resolver_count);
    if (!setup->resolvers)
        return STS_E_NOMEM;
    for (size_t i = 0; i < config->resolver_count; i++) {
        setup->resolvers[i] = talloc_strdup(setup->resolvers, config->resolvers[i]);
        if (!setup->resolvers[i])
            return STS_E_NOMEM;
    }
    setup->resolver_count = config->resolver_count;
    return STS_OK;
}

static enum sts_status choose_resolvers(TALLOC_CTX *ctx, struct dns_setup *setup,
                                        const struct dns_config *config, char **ret_why)
{
    enum sts_status status;

    if (config->resolver_count)
        return copy_resolvers(setup, config);
    status = resolv_conf_read(setup, RESOLV_CONF, &setup->resolvers, &setup->resolver_count);
    if (status == STS_E_IO)
        return fail(ret_why, talloc_asprintf(ctx, _("%s: %s; specify a resolver with --resolver"),
                                             RESOLV_CONF, strerror(errno)));
    if (status == STS_OK && !setup->resolver_count)
        return fail(ret_why,
                    talloc_asprintf(ctx,
                                    _("%s contains no resolver; specify one with --resolver, or "
                                      "use the root servers with --resolver none"),
                                    RESOLV_CONF));
    return status;
}

bool dns_setup_recursive(const struct dns_setup *setup)
{
    return setup->resolver_count == 1 && strcmp(setup->resolvers[0], "none") == 0;
}

static enum sts_status set_resolvers(TALLOC_CTX *ctx, struct dns_setup *setup,
                                     const struct dns_config *config, char **ret_why)
{
    enum sts_status status = choose_resolvers(ctx, setup, config, ret_why);

    if (status != STS_OK || dns_setup_recursive(setup))
        return status;
    for (size_t i = 0; i < setup->resolver_count; i++) {
        if (!resolver_is_valid(setup->resolvers[i]))
            return fail(
                ret_why,
                talloc_asprintf(ctx, _("--resolver %s: expected an IP address, ADDR@PORT or none"),
                                setup->resolvers[i]));
        if (ub_ctx_set_fwd(setup->unbound, setup->resolvers[i]) != 0)
            return fail(ret_why, talloc_asprintf(ctx, _("%s cannot be used as a resolver"),
                                                 setup->resolvers[i]));
    }
    return STS_OK;
}

static enum sts_status set_option(struct dns_setup *setup, const char *name, const char *value)
{
    return ub_ctx_set_option(setup->unbound, name, value) == 0 ? STS_OK : STS_E_INVALID;
}

/* ---- servers that are not asked ---------------------------------------------------------------
 *
 * In recursion of our own strangers name the servers.  What net_may_connect() forbids is refused to
 * libunbound by its prefixes; IPv4 ones also where they hide in IPv6.  A resolver that a person
 * chose may be anywhere, and whom that one asks is its own business. */

static enum sts_status refuse(struct dns_setup *setup, int family, const unsigned char *first,
                              unsigned bits)
{
    char address[INET6_ADDRSTRLEN], prefix[INET6_ADDRSTRLEN + 4];

    if (!inet_ntop(family, first, address, sizeof address))
        return STS_E_INVALID;
    snprintf(prefix, sizeof prefix, "%s/%u", address, bits);
    return set_option(setup, "do-not-query-address:", prefix);
}

static enum sts_status refuse_disguises(struct dns_setup *setup, const struct special_block *block)
{
    static const struct {
        unsigned char first[16];
        unsigned at; /* octets before the IPv4 address */
    } disguises[] = {
        {{[10] = 0xff, [11] = 0xff}, 12},  /* mapped */
        {{0, 0x64, 0xff, 0x9b}, 12},       /* NAT64 */
        {{0, 0x64, 0xff, 0x9b, 0, 1}, 12}, /* NAT64 of the network's own */
        {{0x20, 0x02}, 2},                 /* 6to4 */
    };
    enum sts_status status = STS_OK;

    for (size_t i = 0; i < sizeof disguises / sizeof disguises[0] && status == STS_OK; i++) {
        unsigned char first[16];

        memcpy(first, disguises[i].first, sizeof first);
        memcpy(first + disguises[i].at, block->first, 4);
        status = refuse(setup, AF_INET6, first, 8 * disguises[i].at + block->bits);
    }
    return status;
}

static enum sts_status refuse_servers(struct dns_setup *setup)
{
    const struct special_block *block;
    enum sts_status status = STS_OK;

    if (!dns_setup_recursive(setup))
        return STS_OK;
    for (size_t i = 0; (block = special_block_at(i)) && status == STS_OK; i++) {
        if (block->use != ADDRESS_USE_OWN &&
            (block->use == ADDRESS_USE_PUBLIC || !setup->public_only))
            continue;
        status = refuse(setup, block->family, block->first, block->bits);
        if (status == STS_OK && block->family == AF_INET)
            status = refuse_disguises(setup, block);
    }
    return status;
}

/* ---- names of private use -------------------------------------------------------------------- */

/* Zones that a network's resolver may serve for itself (RFC 6761, 6762, 8375; ICANN for internal.),
 * though the signed root denies that they exist; each with the dot before and behind it. */
static const char *const private_zones[] = {
    ".test.", ".invalid.",  ".home.arpa.", ".internal.", ".local.",
    ".lan.",  ".intranet.", ".private.",   ".corp.",     ".home.",
};
/* Of these libunbound would answer by itself, without asking anybody. */
static const char *const built_in_zones[] = {"test.", "invalid.", "home.arpa."};

bool dns_is_private(const char *name)
{
    size_t length = strlen(name);

    length -= length && name[length - 1] == '.';
    for (size_t i = 0; i < sizeof private_zones / sizeof private_zones[0]; i++) {
        const char *zone = private_zones[i];
        size_t tail = strlen(zone) - 1; /* without the last dot */

        if (length + 1 >= tail &&
            strncasecmp(name + length - (tail - 1), zone + 1, tail - 1) == 0 &&
            (length + 1 == tail || name[length - tail] == '.'))
            return true;
    }
    return false;
}

static enum sts_status set_private_zones(struct dns_setup *setup)
{
    enum sts_status status = set_option(setup, "unblock-lan-zones:", "yes");
    bool forwards = !dns_setup_recursive(setup);

    /* Whoever serves such a zone cannot prove it against the root. */
    for (size_t i = 0; i < sizeof private_zones / sizeof private_zones[0]; i++)
        if (status == STS_OK && forwards)
            status = set_option(setup, "domain-insecure:", private_zones[i] + 1);
    if (status == STS_OK && forwards)
        status = set_option(setup, "insecure-lan-zones:", "yes");
    return status;
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

static enum sts_status set_trust_anchor(TALLOC_CTX *ctx, struct dns_setup *setup, const char *file,
                                        char **ret_why)
{
    if (file ? strcmp(file, "none") == 0 : access(SYSTEM_TRUST_ANCHOR, R_OK) != 0)
        return STS_OK; /* answers will be "unchecked", and the facts say so */
    setup->trust_anchor = talloc_strdup(setup, file ? file : SYSTEM_TRUST_ANCHOR);
    if (!setup->trust_anchor)
        return STS_E_NOMEM;
    if (access(setup->trust_anchor, R_OK) != 0)
        return fail(ret_why, talloc_asprintf(ctx, _("trust anchor %s: %s"), setup->trust_anchor,
                                             strerror(errno)));
    if (!holds_anchor(setup->trust_anchor) ||
        ub_ctx_add_ta_file(setup->unbound, setup->trust_anchor) != 0)
        return fail(ret_why,
                    talloc_asprintf(ctx, _("trust anchor %s: no DS or DNSKEY record found"),
                                    setup->trust_anchor));
    return STS_OK;
}

static void ignore(void *arg, int rcode, void *packet, int length, int sec, char *why, int limited)
{
    (void)arg, (void)rcode, (void)packet, (void)length, (void)sec, (void)why, (void)limited;
}

/* libunbound reads its set-up at the first question: ask one that needs no network, so that a
 * broken trust anchor is known now. */
static enum sts_status settle(TALLOC_CTX *ctx, struct dns_setup *setup, char **ret_why)
{
    int id = 0, error;

    error = ub_resolve_event(setup->unbound, "localhost.", TYPE_A, CLASS_IN, NULL, ignore, &id);
    if (error == 0)
        return STS_OK;
    if (setup->trust_anchor)
        return fail(ret_why,
                    talloc_asprintf(ctx, _("trust anchor %s: invalid DS or DNSKEY record (%s)"),
                                    setup->trust_anchor, ub_strerror(error)));
    return fail(ret_why, talloc_asprintf(ctx, _("the resolver library could not be started: %s"),
                                         ub_strerror(error)));
}

static enum sts_status set_options(struct dns_setup *setup)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; i < sizeof unbound_options / sizeof unbound_options[0]; i++)
        if (status == STS_OK)
            status = set_option(setup, unbound_options[i].name, unbound_options[i].value);
    return status;
}

static enum sts_status set_sockets(struct dns_setup *setup, int64_t count)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long)count);
    return set_option(setup, "outgoing-range:", text);
}

/* The library writes its complaints to standard error, which is ours. */
static void silence(struct dns_setup *setup)
{
    ub_ctx_debugout(setup->unbound, NULL);
    ub_ctx_debuglevel(setup->unbound, 0);
}

/* libunbound takes no word on its zones before it has read its set-up (settle). */
static enum sts_status open_zones(struct dns_setup *setup)
{
    for (size_t i = 0; i < sizeof built_in_zones / sizeof built_in_zones[0]; i++)
        if (ub_ctx_zone_remove(setup->unbound, built_in_zones[i]) != 0)
            return STS_E_INVALID;
    return STS_OK;
}

static int setup_drop(struct dns_setup *setup)
{
    ub_ctx_delete(setup->unbound);
    return 0;
}

static enum sts_status configure(TALLOC_CTX *ctx, struct dns_setup *setup,
                                 const struct dns_config *config, char **ret_why)
{
    enum sts_status status = set_options(setup);

    if (status == STS_OK)
        status = set_sockets(setup, config->sockets ? config->sockets : DNS_SOCKETS);
    if (status == STS_OK)
        status = set_resolvers(ctx, setup, config, ret_why);
    if (status == STS_OK)
        status = refuse_servers(setup);
    if (status == STS_OK)
        status = set_private_zones(setup);
    if (status == STS_OK)
        status = set_trust_anchor(ctx, setup, config->trust_anchor, ret_why);
    if (status == STS_OK)
        status = settle(ctx, setup, ret_why);
    return status == STS_OK ? open_zones(setup) : status;
}

enum sts_status dns_setup_new(TALLOC_CTX *ctx, struct loop *loop, const struct dns_config *config,
                              struct dns_setup **ret, char **ret_why)
{
    struct dns_setup *setup = talloc_zero(ctx, struct dns_setup);
    enum sts_status status;

    if (!setup)
        return STS_E_NOMEM;
    setup->unbound = ub_ctx_create_event(loop_base(loop));
    if (!setup->unbound) {
        talloc_free(setup);
        return STS_E_NOMEM;
    }
    talloc_set_destructor(setup, setup_drop);
    silence(setup);
    setup->public_only = config->public_only;
    status = configure(ctx, setup, config, ret_why);
    if (status != STS_OK) {
        talloc_free(setup);
        return status;
    }
    *ret = setup;
    return STS_OK;
}
