/* SPDX-License-Identifier: MIT */
/* rua_https.c - does anybody answer where reports are to be posted?
 *
 * Each https: URI of the TLSRPT record gets one OPTIONS, which changes nothing and which whatever
 * takes POST mostly knows, be it for CORS; a 405 is as good a sign of life.  Nothing is ever
 * posted.  The addresses of the host are tried in turn, as a sender would, until one answers.
 *
 * A scan leaves this out, a thorough one too: many domains share an endpoint, and none asked for so
 * many visits. */
#include <string.h>

#include "net/rua_uri.h"
#include "probe/fetch.h"
#include "probe/work.h"

struct rua_work {
    SLIST_ENTRY(rua_work) link;
    struct probe *probe;
    struct rua_target *target;
    struct rua_uri uri;
    size_t awaited; /* answers of the DNS */
    const char *addresses[LIMIT_RUA_TRIES];
    size_t address_count;
    struct https_fetch *fetches[LIMIT_RUA_TRIES];
    size_t try_count;
};

static enum sts_status next_try(struct rua_work *work);

/* ---- one request ----------------------------------------------------------------------------- */

static int64_t port_of(const struct rua_work *work)
{
    return work->uri.port ? work->uri.port : work->probe->net->observer.https_port;
}

static enum sts_status answered(void *arg)
{
    struct rua_work *work = arg;
    enum sts_status status = STS_OK;

    if (work->fetches[work->try_count - 1]->outcome != NET_OK)
        status = next_try(work);
    if (status == STS_OK && work->probe->afterwards_begun)
        status = probe_reference_hosts(work->probe);
    return status;
}

static enum sts_status next_try(struct rua_work *work)
{
    size_t try = work->try_count;

    if (try == work->address_count)
        return STS_OK;
    work->try_count++;
    return fetch_start(work->probe,
                       &(struct fetch_request){.https = {.host = work->uri.host,
                                                         .address = work->addresses[try],
                                                         .port = port_of(work),
                                                         .port_in_url = work->uri.port != 0,
                                                         .path = work->uri.path,
                                                         .method = "OPTIONS"},
                                               .patience_ms = LIMIT_RUA_MS,
                                               .background = true,
                                               .fetch = &work->fetches[try],
                                               .then = answered,
                                               .arg = work});
}

/* ---- which addresses ------------------------------------------------------------------------- */

static void add_address(struct rua_work *work, const struct dns_answer *answer, size_t index)
{
    if (answer && index < answer->record_count && work->address_count < LIMIT_RUA_TRIES &&
        net_may_connect(work->probe->net, answer->records[index].address))
        work->addresses[work->address_count++] = answer->records[index].address;
}

/* The families take turns, so that a ceiling does not leave one out. */
static void choose_addresses(struct rua_work *work)
{
    const struct observer *observer = &work->probe->net->observer;

    for (size_t i = 0; i < LIMIT_RUA_TRIES; i++) {
        if (observer->ipv4)
            add_address(work, work->target->a, i);
        if (observer->ipv6)
            add_address(work, work->target->aaaa, i);
    }
    /* The proxy chooses the address: once is enough. */
    if (work->address_count && https_proxy(work->probe->net->https, work->uri.host))
        work->address_count = 1;
}

static struct rua_work *work_of(const struct probe *probe, const struct rua_target *target)
{
    struct rua_work *work = SLIST_FIRST(&probe->rua);

    while (work && work->target != target)
        work = SLIST_NEXT(work, link);
    return work;
}

enum sts_status probe_rua_address(struct probe *probe, void *arg)
{
    struct rua_work *work = work_of(probe, arg);

    if (!work || --work->awaited)
        return STS_OK;
    choose_addresses(work);
    return next_try(work);
}

/* ---- which targets --------------------------------------------------------------------------- */

static bool is_listed(const struct probe *probe, const struct rua_uri *uri)
{
    for (const struct rua_work *work = SLIST_FIRST(&probe->rua); work;
         work = SLIST_NEXT(work, link))
        if (work->uri.port == uri->port && !strcmp(work->uri.host, uri->host) &&
            !strcmp(work->uri.path, uri->path))
            return true;
    return false;
}

/* A stranger who publishes a port is not to choose what we connect to for another stranger. */
static bool is_other_port(const struct probe *probe, const struct rua_uri *uri)
{
    return probe->net->strangers && uri->port && uri->port != probe->net->observer.https_port;
}

enum sts_status probe_rua_https(struct probe *probe, struct rua_target *target)
{
    struct rua_work *work;

    if (probe->net->patient)
        return STS_OK;
    work = talloc_zero(probe, struct rua_work);
    if (!work)
        return STS_E_NOMEM;
    if (!rua_uri_read(work, target->uri, &work->uri) || is_listed(probe, &work->uri) ||
        is_other_port(probe, &work->uri)) {
        talloc_free(work);
        return STS_OK;
    }
    work->probe = probe;
    work->target = target;
    work->awaited = 2; /* A and AAAA */
    SLIST_INSERT_HEAD(&probe->rua, work, link);
    return STS_OK;
}

/* ---- what came of it ------------------------------------------------------------------------- */

bool probe_rua_is_unreachable(const struct probe *probe)
{
    bool asked = false;

    for (const struct rua_work *work = SLIST_FIRST(&probe->rua); work;
         work = SLIST_NEXT(work, link))
        for (size_t i = 0; i < work->try_count; i++) {
            const struct https_fetch *fetch = work->fetches[i];

            if (!fetch || fetch->port != probe->net->observer.https_port)
                continue;
            asked = true;
            if (fetch->phase != PHASE_CONNECT)
                return false;
        }
    return asked;
}

const struct tls_session *probe_rua_tls(const struct probe *probe, size_t index)
{
    for (const struct rua_work *work = SLIST_FIRST(&probe->rua); work;
         work = SLIST_NEXT(work, link))
        for (size_t i = 0; i < work->try_count; i++)
            if (work->fetches[i] && work->fetches[i]->tls && !index--)
                return work->fetches[i]->tls;
    return NULL;
}

static enum sts_status collect(struct rua_work *work)
{
    struct rua_target *target = work->target;

    target->fetches = talloc_zero_array(work->probe->facts, struct https_fetch, work->try_count);
    if (!target->fetches)
        return STS_E_NOMEM;
    for (size_t i = 0; i < work->try_count; i++)
        if (work->fetches[i])
            target->fetches[target->fetch_count++] = *work->fetches[i];
    return STS_OK;
}

enum sts_status probe_rua_collect(struct probe *probe)
{
    enum sts_status status = STS_OK;

    for (struct rua_work *work = SLIST_FIRST(&probe->rua); work && status == STS_OK;
         work = SLIST_NEXT(work, link))
        if (work->try_count)
            status = collect(work);
    return status;
}
