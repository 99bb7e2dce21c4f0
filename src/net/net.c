/* SPDX-License-Identifier: MIT */
/* net.c - setting up what all probes of a thread share. */
#include "net/net.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/special_address.h"
#include "event/inbox.h"
#include "event/loop.h"
#include "event/semaphore.h"
#include "mtasts/version.h"
#include "net/dns.h"
#include "net/https.h"
#include "net/limits.h"
#include "net/lookup_cache.h"
#include "net/place.h"
#include "net/proxy.h"
#include "net/rate_limiter.h"
#include "net/resources.h"
#include "net/routes.h"
#include "net/tls.h"

#define HOST_NAME_SIZE 256

/* This machine's name where it is a full one; a short name tells an MX host nothing. */
static const char *own_name(TALLOC_CTX *ctx)
{
    char name[HOST_NAME_SIZE] = "";

    if (gethostname(name, sizeof name - 1) != 0 || !strchr(name, '.'))
        return NULL;
    return talloc_strdup(ctx, name);
}

/* The first in every scan, all of them in a brief one. */
static const char *const left_out[] = {"report-endpoints", "second-handshakes", "caa"};

static enum sts_status describe(struct net *net, const struct net_options *options)
{
    struct observer *observer = &net->observer;
    bool any = !options->ipv4 && !options->ipv6;

    *observer = (struct observer){
        .version = MTASTS_VERSION,
        .resolvers_given = options->resolver_count > 0,
        .trust_anchor = dns_trust_anchor(net->dns, DNS_WAY_GIVEN),
        .ca_file = options->ca_file ? talloc_strdup(net, options->ca_file) : NULL,
        .helo = options->helo ? talloc_strdup(net, options->helo) : own_name(net),
        .https_port = options->https_port ? options->https_port : 443,
        .smtp_port = options->smtp_port ? options->smtp_port : 25,
        .timeout_ms = options->timeout_ms ? options->timeout_ms : LIMIT_DOMAIN_MS,
        .no_smtp = options->no_smtp,
        .ipv4 = any || options->ipv4,
        .ipv6 = any || options->ipv6,
        .public_only = options->public_only && !options->allow_private,
        .allow_private = options->allow_private,
    };
    observer->resolvers =
        (const char **)(uintptr_t)dns_resolvers(net->dns, DNS_WAY_GIVEN, &observer->resolver_count);
    observer->left_out = (const char **)(uintptr_t)left_out;
    observer->left_out_count = !net->patient ? 0
                               : !net->brief ? 1
                                             : sizeof(left_out) / sizeof(left_out[0]);
    if (!observer->ca_file != !options->ca_file || (options->helo && !observer->helo))
        return STS_E_NOMEM;
    return STS_OK;
}

enum sts_status net_common_new(TALLOC_CTX *ctx, const struct rate_limits *limits,
                               struct net_common **ret)
{
    struct net_common *common = talloc_zero(ctx, struct net_common);
    const struct ceiling address = {
        .at_a_time = limits->per_address ? limits->per_address : LIMIT_PER_ADDRESS,
        .per_second = limits->per_second,
    };
    const struct ceiling network = {
        .at_a_time = address.at_a_time * LIMIT_NETWORK_FACTOR,
        .per_second = address.per_second * LIMIT_NETWORK_FACTOR,
    };
    const struct ceiling ask_address = {
        .at_a_time = address.at_a_time * LIMIT_QUESTIONS_FACTOR,
        .per_second = address.per_second * LIMIT_QUESTIONS_FACTOR,
    };
    const struct ceiling ask_network = {
        .at_a_time = network.at_a_time * LIMIT_QUESTIONS_FACTOR,
        .per_second = network.per_second * LIMIT_QUESTIONS_FACTOR,
    };
    enum sts_status status;

    if (!common)
        return STS_E_NOMEM;
    status = inboxes_new(common, &common->inboxes);
    if (status == STS_OK)
        status = rate_limiter_new(common, common->inboxes, address, network, &common->slots);
    if (status == STS_OK)
        status =
            rate_limiter_new(common, common->inboxes, ask_address, ask_network, &common->questions);
    if (status == STS_OK)
        status = lookup_cache_new(common, common->inboxes, LIMIT_LOOKUP_ENTRIES, LIMIT_LOOKUP_BYTES,
                                  &common->lookups);
    if (status != STS_OK) {
        talloc_free(common);
        return status;
    }
    *ret = common;
    return STS_OK;
}

static enum sts_status know_libraries(TALLOC_CTX *ctx, char **ret_why)
{
    const char *tls = https_foreign_tls();

    if (!tls)
        return STS_OK;
    *ret_why = talloc_asprintf(
        ctx,
        _("libcurl is built with %s; mtasts needs libcurl built with OpenSSL (Debian: libcurl4)"),
        tls);
    return *ret_why ? STS_E_INVALID : STS_E_NOMEM;
}

/* Where files are few, questions and connections wait for each other; none is to fail for it. */
static int64_t dns_sockets(const struct net_options *options, size_t files)
{
    int64_t share = (int64_t)(files / LIMIT_FILES_SHARE);

    if (options->dns_sockets)
        return options->dns_sockets;
    return share < DNS_SOCKETS ? share : DNS_SOCKETS;
}

static int64_t connections(const struct net_options *options, size_t files)
{
    int64_t left = (int64_t)files - LIMIT_FILES_RESERVED - dns_sockets(options, files);

    if (options->connections)
        return options->connections;
    return left < 1 ? 1 : left < LIMIT_CONNECTIONS ? left : LIMIT_CONNECTIONS;
}

static enum sts_status make_gates(struct net *net, const struct net_options *options, size_t files)
{
    enum sts_status status =
        semaphore_new(net, net->loop, (size_t)dns_sockets(options, files), &net->questions);

    if (status != STS_OK)
        return status;
    return semaphore_new(net, net->loop, (size_t)connections(options, files), &net->connections);
}

static enum sts_status use_proxy(struct net *net, const struct net_options *options)
{
    char *passed_by = options->no_proxy ? talloc_strdup(net, options->no_proxy) : NULL;
    enum sts_status status;

    if (!options->proxy)
        return STS_OK;
    if (!passed_by != !options->no_proxy)
        return STS_E_NOMEM;
    status = proxy_read(net, options->proxy, &net->proxy);
    if (status == STS_OK)
        https_use_proxy(net->https, net->proxy, passed_by);
    return status;
}

static enum sts_status make_place(struct net *net)
{
    const struct place_needs needs = {net->loop, net->dns, net->common->lookups, net->inbox,
                                      net->route_ipv4 || net->route_ipv6};

    return place_new(net, &needs, &net->place);
}

enum sts_status net_new(TALLOC_CTX *ctx, struct loop *loop, const struct net_options *options,
                        struct net **ret, char **ret_why)
{
    size_t files = resources_files();
    const struct dns_config config = {
        .resolvers = options->resolvers,
        .resolver_count = options->resolver_count,
        .sockets = dns_sockets(options, files),
        .trust_anchor = options->trust_anchor,
        .public_only = options->public_only && !options->allow_private,
    };
    struct net *net = talloc_zero(ctx, struct net);
    enum sts_status status;

    *ret_why = NULL;
    if (!net || !resources_memory(LIMIT_ROOM_START_BYTES)) {
        talloc_free(net);
        return STS_E_NOMEM;
    }
    net->common = options->common;
    net->strangers = options->public_only;
    net->loop = loop;
    net->clock = clock_jump_start();
    net->patient = options->patient;
    net->brief = options->brief;
    net->route_ipv4 = route_exists(AF_INET);
    net->route_ipv6 = route_exists(AF_INET6);
    net->shortage = files < LIMIT_FILES_LEAST ? resources_shortage(OUT_OF_FILES) : NULL;
    status = know_libraries(net, ret_why);
    if (status == STS_OK && !net->common)
        status = net_common_new(net, &options->limits, &net->common);
    if (status == STS_OK)
        status = make_gates(net, options, files);
    if (status == STS_OK)
        status = inbox_new(net, net->common->inboxes, net->loop, &net->inbox);
    if (status == STS_OK)
        status = tls_trust_new(net, options->ca_file, &net->trust, ret_why);
    if (status == STS_OK)
        status = dns_new(net, net->loop, &config, &net->dns, ret_why);
    if (status == STS_OK)
        status = make_place(net);
    if (status == STS_OK)
        status = https_new(net, net->loop, net->trust, &net->https);
    if (status == STS_OK)
        status = use_proxy(net, options);
    if (status == STS_OK)
        status = describe(net, options);
    if (status != STS_OK) {
        *ret_why = talloc_steal(ctx, *ret_why);
        talloc_free(net);
        return status;
    }
    *ret = net;
    return STS_OK;
}

bool net_may_connect(const struct net *net, const char *address)
{
    enum address_use use = special_address_use(address);

    return use != ADDRESS_USE_OWN && (use == ADDRESS_USE_PUBLIC || !net->observer.public_only);
}
