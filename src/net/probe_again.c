/* SPDX-License-Identifier: MIT */
/* probe_again.c - further handshakes with peers whose first one went well (tls_offer.c says which).
 *
 * One address of each family is enough: the others mostly lead to the same servers, and these are
 * connections more.  A scan makes none: to millions of hosts they would be a second visit. */
#include "net/probe_work.h"

#include <string.h>

#include "base/clock.h"
#include "net/tls.h"

struct handshaking {
    const char *host, *address;
    int64_t port;
    bool smtp;
    const struct tls_session *first;
    struct tls_offer offer; /* of the one under way */
    struct again *again;
    struct looked *looked; /* where the result goes: here or there */
    struct fetched *fetched;
    struct smtp_probe *probe;
    struct https_request *request;
};

static void next_handshake(struct task *task);

/* ---- the result ------------------------------------------------------------------------------ */

static void take_result(struct handshaking *work, const struct again *again)
{
    if (work->looked)
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
    TALLOC_FREE(task->pass);
    take_result(work, work->again);
    if (task->claim)
        memo_tell(task->claim, work->again, LIMIT_MEMO_MS);
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
    TALLOC_FREE(work->request);
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
    const struct smtp_target target = {.host = work->host,
                                       .address = work->address,
                                       .port = work->port,
                                       .helo = net->observer.helo,
                                       .offer = &work->offer};

    return smtp_look(work, net->loop, net->trust, &target, deadline, session_over, task,
                     &work->probe);
}

static enum sts_status shake_by_https(struct task *task, int64_t deadline)
{
    struct handshaking *work = task->handshaking;
    const struct https_target target = {.host = work->host,
                                        .address = work->address,
                                        .port = work->port,
                                        .path = HTTPS_POLICY_PATH,
                                        .offer = &work->offer};

    return https_get(work, task->probe->net->https, &target, deadline, fetch_over, task,
                     &work->request);
}

static void next_handshake(struct task *task)
{
    struct handshaking *work = task->handshaking;
    int64_t deadline = clock_monotonic_ms() + LIMIT_AGAIN_MS;
    enum sts_status status;

    if (work->again->count == LIMIT_AGAIN || deadline > task->probe->deadline ||
        !tls_offer_next(work->first, work->again->list, work->again->count, &work->offer)) {
        end_handshakes(task);
        return;
    }
    status = work->smtp ? shake_by_smtp(task, deadline) : shake_by_https(task, deadline);
    if (status != STS_OK)
        probe_task_done(task, status);
}

static void may_begin(void *arg)
{
    probe_task_goes_on(arg);
    next_handshake(arg);
}

/* ---- the start ------------------------------------------------------------------------------- */

/* Another domain has done it, or it is our turn. */
static void known(void *arg)
{
    struct task *task = arg;
    struct handshaking *work = task->handshaking;
    const struct again *again = memo_thing(task->claim);

    if (again) {
        take_result(work, again);
        probe_task_done(task, STS_OK);
    } else if (probe_take_slot(task, work->address, work->port, may_begin) != STS_OK) {
        probe_task_done(task, STS_E_NOMEM);
    }
}

static enum sts_status claim(struct task *task)
{
    struct handshaking *work = task->handshaking;
    struct probe *probe = task->probe;
    char *key =
        talloc_asprintf(task, "again %s %s %lld", work->host, work->address, (long long)work->port);
    enum sts_status status = STS_E_NOMEM;
    bool turn = false;

    task->waits_since = clock_monotonic_ms();
    if (key)
        status = memo_ask(probe->facts, probe->net->common->memo, probe->net->box, key, known, task,
                          &task->claim, &turn);
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
    return work->smtp ? claim(task) : probe_take_slot(task, work->address, work->port, may_begin);
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

static enum sts_status with_mx_host(struct probe *probe, struct looked *looked)
{
    enum sts_status status = STS_OK;

    for (; looked && status == STS_OK; looked = looked->next) {
        const struct smtp_session *session = looked->session;

        if (looked->order % LIMIT_ADDRESSES == 0 &&
            went_well(session->outcome, session->tls, session->total_ms))
            status = begin(probe, &(struct handshaking){.host = looked->host,
                                                        .address = session->address,
                                                        .port = session->port,
                                                        .smtp = true,
                                                        .first = session->tls,
                                                        .looked = looked});
    }
    return status;
}

enum sts_status probe_again(struct probe *probe)
{
    enum sts_status status = probe->net->patient ? STS_OK : with_policy_host(probe);

    for (size_t i = 0;
         !probe->net->patient && probe->mx && i < probe->facts->mx_count && status == STS_OK; i++)
        status = with_mx_host(probe, probe->mx[i].looked);
    return status;
}
