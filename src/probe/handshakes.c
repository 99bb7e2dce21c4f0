/* SPDX-License-Identifier: MIT */
/* handshakes.c - further handshakes with peers whose first one went well (tls_offer.c says which).
 *
 * One address of each family is enough: the others mostly lead to the same servers, and these are
 * connections more.  A brief scan makes none: to millions of hosts they would be a second visit.
 *
 * Senders with DANE put the TLSA base domain into SNI (RFC 7672 section 8.1).  Where that is the
 * target of an alias and not the host, a server may show them another certificate than others, so
 * each address is asked with that name as well, in a scan too: there are few such hosts. */
#include "probe/work.h"

#include <string.h>

#include "mtasts/names.h"
#include "net/tls.h"

struct handshaking {
    const char *host, *address;
    const char *base; /* in place of the host, in the one handshake; NULL: as offer says */
    int64_t port;
    bool smtp;
    const struct tls_session *first;
    struct tls_offer offer; /* of the one under way */
    struct again *again;
    struct looked *looked; /* where the result goes: here or there */
    struct fetched *fetched;
    struct smtp_probe *probe;
    struct https_transfer *transfer;
};

static void next_handshake(struct task *task);

/* ---- the result ------------------------------------------------------------------------------ */

static void take_result(struct handshaking *work, const struct again *again)
{
    if (work->base)
        work->looked->by_base = again;
    else if (work->looked)
        work->looked->handshakes = again;
    if (!work->fetched)
        return;
    work->fetched->fetch->again = (struct tls_again *)(uintptr_t)again->list;
    work->fetched->fetch->again_count = again->count;
}

static void end_handshakes(struct task *task)
{
    struct handshaking *work = task->handshaking;

    TALLOC_FREE(task->slot);
    TALLOC_FREE(task->permit);
    take_result(work, work->again);
    if (task->lookup)
        lookup_publish(task->lookup, work->again, LIMIT_LOOKUP_KEPT_MS);
    else
        talloc_steal(task->probe->facts, work->again);
    probe_task_done(task, STS_OK);
}

static void handshake_over(struct task *task, int outcome, int phase, struct tls_session *tls)
{
    struct handshaking *work = task->handshaking;
    struct tls_again *one = &work->again->list[work->again->count++];

    *one = tls_offer_facts(&work->offer);
    one->outcome = outcome;
    one->phase = phase;
    one->tls = talloc_steal(work->again, tls);
    TALLOC_FREE(work->probe);
    TALLOC_FREE(work->transfer);
    next_handshake(task);
}

static void session_over(void *arg, struct smtp_session *session)
{
    handshake_over(arg, session->outcome, session->phase, session->tls);
}

static void fetch_over(void *arg, struct https_fetch *fetch)
{
    handshake_over(arg, fetch->outcome, fetch->phase, fetch->tls);
}

/* ---- one handshake --------------------------------------------------------------------------- */

static enum sts_status shake_by_smtp(struct task *task, int64_t deadline)
{
    struct handshaking *work = task->handshaking;
    const struct net *net = task->probe->net;
    const struct smtp_request request = {.host = work->base ? work->base : work->host,
                                         .address = work->address,
                                         .port = work->port,
                                         .helo = net->observer.helo,
                                         .offer = work->base ? NULL : &work->offer,
                                         .budget = task->probe->budget,
                                         .deadline = deadline,
                                         .done = session_over,
                                         .arg = task};

    return smtp_look(work, net->loop, net->trust, &request, &work->probe);
}

static enum sts_status shake_by_https(struct task *task, int64_t deadline)
{
    struct handshaking *work = task->handshaking;
    const struct https_request request = {.host = work->host,
                                          .address = work->address,
                                          .port = work->port,
                                          .path = STS_POLICY_PATH,
                                          .budget = task->probe->budget,
                                          .offer = &work->offer,
                                          .deadline = deadline,
                                          .done = fetch_over,
                                          .arg = task};

    return https_get(work, task->probe->net->https, &request, &work->transfer);
}

static bool is_more_to_learn(struct handshaking *work)
{
    size_t count = work->again->count;

    if (work->base)
        return !count;
    if (count == LIMIT_AGAIN)
        return false;
    return tls_offer_next(work->first, work->again->list, count, &work->offer) ||
           (work->smtp && tls_offer_without_sni(work->again->list, count, &work->offer));
}

static void next_handshake(struct task *task)
{
    struct handshaking *work = task->handshaking;
    int64_t deadline = probe_now(task->probe) + LIMIT_AGAIN_MS;
    enum sts_status status;

    if (deadline > task->probe->deadline || !is_more_to_learn(work)) {
        end_handshakes(task);
        return;
    }
    status = work->smtp ? shake_by_smtp(task, deadline) : shake_by_https(task, deadline);
    if (status != STS_OK)
        probe_task_done(task, status);
}

static void may_begin(void *arg)
{
    next_handshake(arg);
}

/* ---- the start ------------------------------------------------------------------------------- */

/* Another domain has done it, or it is our turn. */
static void known(void *arg)
{
    struct task *task = arg;
    struct handshaking *work = task->handshaking;
    const struct again *again = lookup_thing(task->lookup);

    if (again) {
        take_result(work, again);
        probe_task_done(task, STS_OK);
    } else if (probe_take_slot(task, work->address, work->port, may_begin) != STS_OK) {
        probe_task_done(task, STS_E_NOMEM);
    }
}

static enum sts_status look_up(struct task *task)
{
    struct handshaking *work = task->handshaking;
    char *key = talloc_asprintf(task, "again %s %s %lld %s", work->host, work->address,
                                (long long)work->port, work->base ? work->base : "");
    enum sts_status status = STS_E_NOMEM;
    bool turn = false;

    task->waits_since = probe_now(task->probe);
    if (key)
        status = probe_look_up(task, key, known, &turn);
    return status == STS_OK && turn ? probe_take_slot(task, work->address, work->port, may_begin)
                                    : status;
}

static enum sts_status begin(struct probe *probe, const struct handshaking *wish)
{
    struct task *task = probe_task(probe);
    struct handshaking *work = task ? talloc_memdup(task, wish, sizeof *wish) : NULL;

    if (!work)
        return STS_E_NOMEM;
    task->handshaking = work;
    work->again = talloc_zero(work, struct again);
    if (!work->again)
        return STS_E_NOMEM;
    return work->smtp ? look_up(task) : probe_take_slot(task, work->address, work->port, may_begin);
}

/* ---- with whom ------------------------------------------------------------------------------- */

static bool went_well(int outcome, const struct tls_session *tls, int64_t total_ms)
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
    for (struct fetched *fetched = probe->fetches; fetched && status == STS_OK;
         fetched = fetched->next) {
        const struct https_fetch *fetch = fetched->fetch;

        if (fetched->order % LIMIT_ADDRESSES == 0 &&
            went_well(fetch->outcome, fetch->tls, fetch->total_ms))
            status = begin(probe, &(struct handshaking){.host = host,
                                                        .address = fetch->address,
                                                        .port = fetch->port,
                                                        .first = fetch->tls,
                                                        .fetched = fetched});
    }
    return status;
}

/* base NULL: what tls_offer.c says. */
static enum sts_status with_address(struct probe *probe, struct looked *looked, const char *base)
{
    const struct smtp_session *session = looked->session;

    if (!went_well(session->outcome, session->tls, session->total_ms))
        return STS_OK;
    return begin(probe, &(struct handshaking){.host = looked->host,
                                              .address = session->address,
                                              .base = base,
                                              .port = session->port,
                                              .smtp = true,
                                              .first = session->tls,
                                              .looked = looked});
}

static enum sts_status with_mx_host(struct probe *probe, struct looked *looked)
{
    enum sts_status status = STS_OK;

    for (; looked && status == STS_OK; looked = looked->next)
        if (looked->order % LIMIT_ADDRESSES == 0)
            status = with_address(probe, looked, NULL);
    return status;
}

static enum sts_status by_base(struct probe *probe, const struct mx_host *host,
                               struct looked *looked)
{
    const struct dns_answer *tlsa = probe_mx_records(host);
    enum sts_status status = STS_OK;

    if (!tlsa || strcmp(probe_mx_base(tlsa), host->name) == 0)
        return STS_OK;
    for (; looked && status == STS_OK; looked = looked->next)
        status = with_address(probe, looked, probe_mx_base(tlsa));
    return status;
}

enum sts_status probe_handshakes(struct probe *probe)
{
    bool all = !probe->net->brief;
    enum sts_status status = all ? with_policy_host(probe) : STS_OK;

    for (size_t i = 0; probe->mx && i < probe->facts->mx_count && status == STS_OK; i++) {
        struct looked *looked = probe->mx[i].looked;

        if (all)
            status = with_mx_host(probe, looked);
        if (status == STS_OK)
            status = by_base(probe, &probe->facts->mx[i], looked);
    }
    return status;
}
