/* SPDX-License-Identifier: MIT */
/* shown.c - the certificates that hosts show to senders, each at its address. */
#include "verdict/shown.h"

#include <string.h>

#include "base/array.h"

struct gathering {
    TALLOC_CTX *ctx;
    struct shown_certificate *list;
    size_t count;
    const char *service, *host; /* of what is taken next */
    bool no_memory;
};

bool shown_before(const struct facts *facts, size_t mx)
{
    for (size_t i = 0; i < mx; i++)
        if (strcmp(facts->mx[i].name, facts->mx[mx].name) == 0)
            return true;
    return false;
}

static void take(struct gathering *g, const char *address, const struct tls_session *tls)
{
    const struct certificate *cert = tls && tls->chain_count ? &tls->chain[0] : NULL;
    struct shown_certificate *place;

    if (!cert)
        return;
    place = array_grow(g->ctx, &g->list, &g->count, sizeof(*place));
    if (place)
        *place = (struct shown_certificate){g->service, g->host, address, cert};
    g->no_memory |= !place;
}

static void take_again(struct gathering *g, const char *address, const struct tls_again *again,
                       size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!again[i].no_sni)
            take(g, address, again[i].tls);
}

static void begin_host(struct gathering *g, const char *service, const char *host)
{
    g->service = service;
    g->host = host;
}

static void take_policy_host(struct gathering *g, const struct policy_host *host)
{
    begin_host(g, "https", host->name);
    for (size_t i = 0; i < host->fetch_count; i++) {
        const struct https_fetch *fetch = &host->fetches[i];

        take(g, fetch->address, fetch->tls);
        take_again(g, fetch->address, fetch->again, fetch->again_count);
    }
}

static void take_mx_host(struct gathering *g, const struct mx_host *host)
{
    begin_host(g, "smtp", host->name);
    for (size_t i = 0; i < host->session_count; i++) {
        const struct smtp_session *session = &host->sessions[i];

        take(g, session->address, session->tls);
        take_again(g, session->address, session->again, session->again_count);
    }
}

enum sts_status shown_certificates(TALLOC_CTX *ctx, const struct facts *facts,
                                   struct shown_certificate **ret, size_t *ret_count)
{
    struct gathering g = {.ctx = ctx};

    take_policy_host(&g, &facts->policy_host);
    for (size_t i = 0; i < facts->mx_count; i++)
        if (!shown_before(facts, i))
            take_mx_host(&g, &facts->mx[i]);
    if (g.no_memory) {
        talloc_free(g.list);
        return STS_E_NOMEM;
    }
    *ret = g.list;
    *ret_count = g.count;
    return STS_OK;
}
