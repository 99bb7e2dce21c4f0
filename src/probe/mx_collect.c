/* SPDX-License-Identifier: MIT */
/* mx_collect.c - the sessions with a host's addresses into the facts, in the order of the
 * addresses, and the host's TLSA records tried on the chains that they showed. */
#include <stdlib.h>

#include "net/tls.h"
#include "probe/work.h"

static int by_order(const void *left, const void *right)
{
    const struct mx_look *const *a = left, *const *b = right;

    return (*a)->order - (*b)->order;
}

/* The session may be another domain's too: what is tried goes into a copy. */
static enum sts_status try_chain(struct probe *probe, const struct dns_answer *tlsa,
                                 struct tls_session **tls)
{
    if (!*tls || !(*tls)->chain_count)
        return STS_OK;
    *tls = talloc_memdup(probe->facts, *tls, sizeof **tls);
    return *tls ? tls_dane_try(probe->facts, probe->net->trust, *tls, probe_mx_base(tlsa), tlsa)
                : STS_E_NOMEM;
}

static enum sts_status try_session(struct probe *probe, const struct dns_answer *tlsa,
                                   struct smtp_session *session)
{
    enum sts_status status = try_chain(probe, tlsa, &session->tls);

    if (status != STS_OK || !session->by_base)
        return status;
    session->by_base = talloc_memdup(probe->facts, session->by_base, sizeof *session->by_base);
    return session->by_base ? try_chain(probe, tlsa, &session->by_base->tls) : STS_E_NOMEM;
}

static enum sts_status try_tlsa(struct probe *probe, struct mx_host *host)
{
    const struct dns_answer *tlsa = probe_mx_records(host);
    enum sts_status status = STS_OK;

    if (!tlsa)
        return STS_OK;
    host->tlsa_base = probe_mx_base(tlsa);
    for (size_t i = 0; i < host->session_count && status == STS_OK; i++)
        status = try_session(probe, tlsa, &host->sessions[i]);
    return status;
}

/* The session may be another domain's too, and its further handshakes of another time. */
static void take_session(struct smtp_session *session, const struct mx_look *look)
{
    *session = *look->session;
    if (look->by_base && look->by_base->count)
        session->by_base = (struct tls_again *)(uintptr_t)look->by_base->list;
    if (!look->handshakes)
        return;
    session->again = (struct tls_again *)(uintptr_t)look->handshakes->list; /* read from now on */
    session->again_count = look->handshakes->count;
}

static enum sts_status collect_host(struct probe *probe, struct mx_host *host,
                                    struct mx_look *first)
{
    struct mx_look *sorted[2 * LIMIT_ADDRESSES];
    size_t count = 0;

    for (struct mx_look *look = first; look; look = SLIST_NEXT(look, link))
        sorted[count++] = look;
    if (!count)
        return STS_OK;
    qsort(sorted, count, sizeof sorted[0], by_order);
    host->sessions = talloc_zero_array(probe->facts, struct smtp_session, count);
    if (!host->sessions)
        return STS_E_NOMEM;
    for (size_t i = 0; i < count; i++)
        take_session(&host->sessions[i], sorted[i]);
    host->session_count = count;
    return try_tlsa(probe, host);
}

enum sts_status probe_mx_collect(struct probe *probe)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; probe->mx && i < probe->facts->mx_count && status == STS_OK; i++)
        status = collect_host(probe, &probe->facts->mx[i], SLIST_FIRST(&probe->mx[i].looks));
    return status;
}
