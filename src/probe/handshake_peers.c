/* SPDX-License-Identifier: MIT */
/* handshake_peers.c - with whom further handshakes are made: peers whose first one went well.
 *
 * One address of each family is enough: the others mostly lead to the same servers, and these are
 * connections more.  A brief scan makes none: to millions of hosts they would be a second visit.
 *
 * Senders with DANE put the TLSA base domain into SNI (RFC 7672 section 8.1).  Where that is the
 * target of an alias and not the host, a server may show them another certificate than others, so
 * each address is asked with that name as well, in a scan too: there are few such hosts. */
#include <string.h>

#include "net/https.h"
#include "probe/handshakes.h"
#include "probe/work.h"

static bool went_well(enum net_outcome outcome, const struct tls_session *tls, int64_t total_ms)
{
    return outcome == NET_OK && tls && tls->outcome == TLS_OK && tls->chain_count &&
           total_ms < LIMIT_AGAIN_MS &&
           (strcmp(tls->version, "TLSv1.3") == 0 || strcmp(tls->version, "TLSv1.2") == 0);
}

static enum sts_status with_policy_host(struct probe *probe)
{
    const char *host = probe->facts->policy_host.name;
    enum sts_status status = STS_OK;

    if (https_proxy(probe->net->https, host)) /* it would be the proxy that bears it or not */
        return STS_OK;
    for (struct policy_fetch *fetched = SLIST_FIRST(&probe->policy_fetches);
         fetched && status == STS_OK; fetched = SLIST_NEXT(fetched, link)) {
        const struct https_fetch *fetch = fetched->fetch;

        if (fetched->order % LIMIT_ADDRESSES == 0 &&
            went_well(fetch->outcome, fetch->tls, fetch->total_ms))
            status = handshakes_start(probe, &(struct handshakes_request){.host = host,
                                                                          .address = fetch->address,
                                                                          .port = fetch->port,
                                                                          .first = fetch->tls,
                                                                          .fetched = fetched});
    }
    return status;
}

/* base NULL: what tls_offer.c says. */
static enum sts_status with_address(struct probe *probe, struct mx_look *look, const char *base)
{
    const struct smtp_session *session = look->session;

    if (!went_well(session->outcome, session->tls, session->total_ms))
        return STS_OK;
    return handshakes_start(probe, &(struct handshakes_request){.host = look->host,
                                                                .address = session->address,
                                                                .base = base,
                                                                .port = session->port,
                                                                .first = session->tls,
                                                                .look = look});
}

static enum sts_status with_mx_host(struct probe *probe, struct mx_look *look)
{
    enum sts_status status = STS_OK;

    for (; look && status == STS_OK; look = SLIST_NEXT(look, link))
        if (look->order % LIMIT_ADDRESSES == 0)
            status = with_address(probe, look, NULL);
    return status;
}

static enum sts_status by_base(struct probe *probe, const struct mx_host *host,
                               struct mx_look *look)
{
    const struct dns_answer *tlsa = probe_mx_records(host);
    enum sts_status status = STS_OK;

    if (!tlsa || strcmp(probe_mx_base(tlsa), host->name) == 0)
        return STS_OK;
    for (; look && status == STS_OK; look = SLIST_NEXT(look, link))
        status = with_address(probe, look, probe_mx_base(tlsa));
    return status;
}

enum sts_status probe_handshakes(struct probe *probe)
{
    bool all = !probe->net->brief;
    enum sts_status status = all ? with_policy_host(probe) : STS_OK;

    for (size_t i = 0; probe->mx && i < probe->facts->mx_count && status == STS_OK; i++) {
        struct mx_look *look = SLIST_FIRST(&probe->mx[i].looks);

        if (all)
            status = with_mx_host(probe, look);
        if (status == STS_OK)
            status = by_base(probe, &probe->facts->mx[i], look);
    }
    return status;
}
