/* SPDX-License-Identifier: MIT */
/* mx_session.c - a session with one address of an MX host.
 *
 * It waits for another domain's look at the same host and address, else to be admitted there, and
 * then for the session's end.  One look at a host and address is enough for all domains that use
 * them. */
#include "net/lookup_cache.h"
#include "net/resources.h"
#include "net/smtp.h"
#include "probe/task.h"
#include "probe/work.h"

struct mx_session {
    struct task task;
    struct mx_look *look;
    struct lookup *lookup;
    struct admission admission;
    struct smtp_probe *smtp;       /* under way */
    bool put_off;                  /* its turn comes when our others are over, */
    struct loop_timer *busy_timer; /* or has come */
};

/* Those who wait for our look have to look themselves. */
static void session_cut(void *arg)
{
    struct mx_session *work = arg;

    if (work->smtp)
        work->look->session = talloc_steal(work->task.probe->facts, smtp_partial(work->smtp));
    talloc_free(work->lookup);
    talloc_free(work->smtp);
}

static const struct task_kind session_kind = {sizeof(struct mx_session), session_cut};

static enum sts_status line_up(void *arg);

/* ---- too many connections ---------------------------------------------------------------------
 *
 * The sessions with a host's addresses, and with hosts that share a server, go on at once, which
 * some servers answer by 421.  Such a session is put off until none of ours is under way and then
 * tried again, one by one.  What waits for other domains is not waited for here, else two
 * domains could wait for each other. */

static void turn_has_come(void *arg)
{
    struct mx_session *work = arg;

    TALLOC_FREE(work->busy_timer);
    if (line_up(work) != STS_OK)
        task_done(&work->task, STS_E_NOMEM);
}

static bool is_under_way(const struct mx_session *work)
{
    return work->smtp || work->busy_timer || work->admission.slot;
}

/* The one that has waited longest, which is the last of the list. */
static enum sts_status next_put_off(struct probe *probe)
{
    struct mx_session *next = NULL;

    for (struct task *task = LIST_FIRST(&probe->tasks); task; task = LIST_NEXT(task, link)) {
        struct mx_session *work = (struct mx_session *)task;

        if (task->kind != &session_kind)
            continue;
        if (is_under_way(work))
            return STS_OK;
        if (work->put_off)
            next = work;
    }
    if (!next)
        return STS_OK;
    next->put_off = false;
    return loop_timer_start(next, probe->net->loop, probe_now(probe) + LIMIT_BUSY_MS, turn_has_come,
                            next, &next->busy_timer);
}

static bool is_busy(const struct smtp_session *session)
{
    return session->greeting_code == 421 || session->ehlo_code == 421 ||
           session->starttls_code == 421;
}

/* Does the domain have one session alone, then the server has others to thank for. */
static bool may_put_off(const struct mx_session *work, const struct smtp_session *session)
{
    const struct probe *probe = work->task.probe;
    size_t looks = 0;

    if (work->look->again == LIMIT_BUSY_AGAIN || !is_busy(session) || probe->put_off == LIMIT_BUSY)
        return false;
    for (size_t i = 0; i < probe->facts->mx_count; i++)
        for (const struct mx_look *look = SLIST_FIRST(&probe->mx[i].looks); look;
             look = SLIST_NEXT(look, link))
            looks++;
    return looks > 1;
}

static void put_off(struct mx_session *work, struct smtp_session *session)
{
    struct probe *probe = work->task.probe;

    work->look->session = talloc_steal(probe->facts, session); /* if the time is up first */
    work->look->again++;
    work->put_off = true;
    probe->put_off++;
}

/* ---- the session ----------------------------------------------------------------------------- */

static void session_over(void *arg, struct smtp_session *session)
{
    struct mx_session *work = arg;
    struct probe *probe = work->task.probe;

    TALLOC_FREE(work->smtp);
    admission_end(&work->admission);
    if (may_put_off(work, session)) {
        put_off(work, session);
        if (next_put_off(probe) != STS_OK)
            task_done(&work->task, STS_E_NOMEM);
        return;
    }
    lookup_publish(work->lookup, session,
                   resources_shortage(session->error) ? 0 : LIMIT_LOOKUP_KEPT_MS);
    work->look->session = session;
    task_done(&work->task, next_put_off(probe));
}

static void may_start(void *arg)
{
    struct mx_session *work = arg;
    struct probe *probe = work->task.probe;
    const struct smtp_request request = {
        .host = work->look->host,
        .address = work->look->session->address,
        .port = work->look->session->port,
        .helo = probe->net->observer.helo,
        .budget = probe->budget,
        .deadline = probe->deadline + LIMIT_GRACE_MS,
        .done = session_over,
        .arg = work,
    };

    if (smtp_look(probe, probe->net->loop, probe->net->trust, &request, &work->smtp) != STS_OK)
        task_done(&work->task, STS_E_NOMEM);
}

static enum sts_status line_up(void *arg)
{
    struct mx_session *work = arg;
    const struct smtp_session *session = work->look->session;

    return task_admit(&work->task, &work->admission, session->address, session->port, may_start);
}

/* Another domain's look is over, or it is our turn to look. */
static void session_known(void *arg)
{
    struct mx_session *work = arg;
    const struct smtp_session *session = lookup_thing(work->lookup);

    task_goes_on(&work->task);
    if (session) {
        work->look->session = session;
        task_done(&work->task, STS_OK);
    } else if (line_up(work) != STS_OK) {
        task_done(&work->task, STS_E_NOMEM);
    }
}

/* ---- the start ------------------------------------------------------------------------------- */

/* What stands in the facts where the time was up before the session began. */
static struct smtp_session *session_unknown(struct probe *probe, const char *address)
{
    struct smtp_session *session = talloc_zero(probe->facts, struct smtp_session);

    if (!session)
        return NULL;
    session->address = address;
    session->port = probe->net->observer.smtp_port;
    session->phase = PHASE_CONNECT;
    session->connect_ms = session->greeting_ms = session->tls_ms = session->total_ms = -1;
    return session;
}

static struct mx_look *look_new(struct mx_work *mx, const char *address, int order)
{
    struct probe *probe = mx->probe;
    struct mx_look *look = talloc_zero(probe, struct mx_look);

    if (!look)
        return NULL;
    *look = (struct mx_look){.order = order,
                             .host = probe->facts->mx[mx->index].name,
                             .session = session_unknown(probe, address)};
    if (!look->session)
        return NULL;
    SLIST_INSERT_HEAD(&mx->looks, look, link);
    return look;
}

enum sts_status probe_mx_session(struct mx_work *mx, const char *address, int order)
{
    struct mx_look *look = look_new(mx, address, order);
    struct mx_session *work = look ? task_new(mx->probe, &session_kind) : NULL;
    const char *key;

    if (!work)
        return STS_E_NOMEM;
    work->look = look;
    key = talloc_asprintf(work, "smtp %s %s %lld", look->host, address,
                          (long long)look->session->port);
    return task_started(&work->task,
                        task_look_up(&work->task, key, session_known, line_up, &work->lookup));
}
