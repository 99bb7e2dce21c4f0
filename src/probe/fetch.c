/* SPDX-License-Identifier: MIT */
/* fetch.c - a fetch waits to be admitted at its address, then for the answer, and starts what
 * follows. */
#include "probe/fetch.h"

#include "net/limits.h"
#include "net/net.h"
#include "probe/task.h"
#include "probe/work.h"

struct fetch_task {
    struct task task;
    struct fetch_request request;
    struct admission admission;
    struct https_transfer *transfer; /* NULL: not begun */
};

static void fetch_cut(void *arg)
{
    struct fetch_task *work = arg;

    if (work->transfer)
        *work->request.fetch = https_partial(work->transfer);
    talloc_free(work->transfer);
}

static const struct task_kind fetch_kind = {sizeof(struct fetch_task), fetch_cut};

static void fetched(void *arg, struct https_fetch *fetch)
{
    struct fetch_task *work = arg;
    const struct fetch_request *request = &work->request;

    *request->fetch = fetch;
    TALLOC_FREE(work->transfer);
    admission_end(&work->admission);
    task_done(&work->task, request->then ? request->then(request->arg) : STS_OK);
}

/* A little longer than the look: its end is the look's to say. */
static int64_t deadline_of(const struct fetch_task *work)
{
    const struct probe *probe = work->task.probe;
    int64_t latest = probe->deadline + LIMIT_GRACE_MS;
    int64_t own = probe_now(probe) + work->request.patience_ms;

    return work->request.patience_ms && own < latest ? own : latest;
}

static void may_fetch(void *arg)
{
    struct fetch_task *work = arg;
    struct probe *probe = work->task.probe;
    struct https_request https = work->request.https;

    https.budget = probe->budget;
    https.deadline = deadline_of(work);
    https.done = fetched;
    https.arg = work;
    if (https_get(probe->facts, probe->net->https, &https, &work->transfer) != STS_OK)
        task_done(&work->task, STS_E_NOMEM);
}

enum sts_status fetch_start(struct probe *probe, const struct fetch_request *request)
{
    struct fetch_task *work = task_new(probe, &fetch_kind);

    if (!work)
        return STS_E_NOMEM;
    work->task.background = request->background;
    work->request = *request;
    return task_started(&work->task,
                        task_admit(&work->task, &work->admission, request->https.address,
                                   request->https.port, may_fetch));
}
