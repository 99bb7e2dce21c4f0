/* SPDX-License-Identifier: MIT */
/* handshakes.c - further handshakes with one address, one after another.
 *
 * With an MX host they wait for another domain's, which may be with the same address; then to be
 * admitted there.  One admission does for all of them.  Each result says whether another is worth
 * the while (tls_offer.c); the last one's ends the task.  One that the time is too short for is not
 * begun. */
#include "probe/handshakes.h"

#include "mtasts/names.h"
#include "net/https.h"
#include "net/smtp.h"
#include "net/tls.h"
#include "probe/task.h"

struct handshakes {
    struct task task;
    struct handshakes_request request;
    struct tls_offer offer; /* of the one under way */
    struct handshake_list *done;
    struct lookup *lookup; /* NULL: nobody shares them */
    struct admission admission;
    struct smtp_probe *smtp;
    struct https_transfer *transfer;
};

static void handshakes_cut(void *arg)
{
    struct handshakes *work = arg;

    talloc_free(work->lookup); /* those who wait have to make their own */
}

static const struct task_kind handshakes_kind = {sizeof(struct handshakes), handshakes_cut};

static void next_handshake(struct handshakes *work);

/* ---- the result ------------------------------------------------------------------------------ */

static void take_result(const struct handshakes_request *request, const struct handshake_list *done)
{
    if (request->base)
        request->look->by_base = done;
    else if (request->look)
        request->look->handshakes = done;
    if (!request->fetched)
        return;
    request->fetched->fetch->again = (struct tls_again *)(uintptr_t)done->list;
    request->fetched->fetch->again_count = done->count;
}

static void end_handshakes(struct handshakes *work)
{
    admission_end(&work->admission);
    take_result(&work->request, work->done);
    if (work->lookup)
        lookup_publish(work->lookup, work->done, LIMIT_LOOKUP_KEPT_MS);
    else
        talloc_steal(work->task.probe->facts, work->done);
    task_done(&work->task, STS_OK);
}

static void handshake_over(struct handshakes *work, enum net_outcome outcome, enum net_phase phase,
                           struct tls_session *tls)
{
    struct tls_again *one = &work->done->list[work->done->count++];

    *one = tls_offer_facts(&work->offer);
    one->outcome = outcome;
    one->phase = phase;
    one->tls = talloc_steal(work->done, tls);
    TALLOC_FREE(work->smtp);
    TALLOC_FREE(work->transfer);
    next_handshake(work);
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

static enum sts_status shake_by_smtp(struct handshakes *work, int64_t deadline)
{
    const struct probe *probe = work->task.probe;
    const struct handshakes_request *peer = &work->request;
    const struct smtp_request request = {.host = peer->base ? peer->base : peer->host,
                                         .address = peer->address,
                                         .port = peer->port,
                                         .helo = probe->net->observer.helo,
                                         .offer = peer->base ? NULL : &work->offer,
                                         .budget = probe->budget,
                                         .deadline = deadline,
                                         .done = session_over,
                                         .arg = work};

    return smtp_look(work, probe->net->loop, probe->net->trust, &request, &work->smtp);
}

static enum sts_status shake_by_https(struct handshakes *work, int64_t deadline)
{
    const struct probe *probe = work->task.probe;
    const struct https_request request = {.host = work->request.host,
                                          .address = work->request.address,
                                          .port = work->request.port,
                                          .path = STS_POLICY_PATH,
                                          .budget = probe->budget,
                                          .offer = &work->offer,
                                          .deadline = deadline,
                                          .done = fetch_over,
                                          .arg = work};

    return https_get(work, probe->net->https, &request, &work->transfer);
}

static bool is_more_to_learn(struct handshakes *work)
{
    const struct tls_again *done = work->done->list;
    size_t count = work->done->count;

    if (work->request.base)
        return !count;
    if (count == LIMIT_AGAIN)
        return false;
    return tls_offer_next(work->request.first, done, count, &work->offer) ||
           (work->request.look && tls_offer_without_sni(done, count, &work->offer));
}

static void next_handshake(struct handshakes *work)
{
    const struct probe *probe = work->task.probe;
    int64_t deadline = probe_now(probe) + LIMIT_AGAIN_MS;
    enum sts_status status;

    if (deadline > probe->deadline || !is_more_to_learn(work)) {
        end_handshakes(work);
        return;
    }
    status = work->request.look ? shake_by_smtp(work, deadline) : shake_by_https(work, deadline);
    if (status != STS_OK)
        task_done(&work->task, status);
}

/* ---- the start ------------------------------------------------------------------------------- */

static void may_begin(void *arg)
{
    next_handshake(arg);
}

static enum sts_status line_up(void *arg)
{
    struct handshakes *work = arg;

    return task_admit(&work->task, &work->admission, work->request.address, work->request.port,
                      may_begin);
}

/* Another domain has made them, or it is our turn. */
static void known(void *arg)
{
    struct handshakes *work = arg;
    const struct handshake_list *done = lookup_thing(work->lookup);

    task_goes_on(&work->task);
    if (done) {
        take_result(&work->request, done);
        task_done(&work->task, STS_OK);
    } else if (line_up(work) != STS_OK) {
        task_done(&work->task, STS_E_NOMEM);
    }
}

static enum sts_status look_up(struct handshakes *work)
{
    const struct handshakes_request *peer = &work->request;
    const char *key = talloc_asprintf(work, "again %s %s %lld %s", peer->host, peer->address,
                                      (long long)peer->port, peer->base ? peer->base : "");

    return task_look_up(&work->task, key, known, line_up, &work->lookup);
}

enum sts_status handshakes_start(struct probe *probe, const struct handshakes_request *request)
{
    struct handshakes *work = task_new(probe, &handshakes_kind);
    enum sts_status status = STS_E_NOMEM;

    if (!work)
        return STS_E_NOMEM;
    work->request = *request;
    work->done = talloc_zero(work, struct handshake_list);
    if (work->done)
        status = request->look ? look_up(work) : line_up(work);
    return task_started(&work->task, status);
}
