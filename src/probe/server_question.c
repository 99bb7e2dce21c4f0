/* SPDX-License-Identifier: MIT */
/* server_question.c - a question to one name server waits to be admitted there, then for its
 * answer. Nothing follows from it before all are known. */
#include "probe/server_question.h"

#include "net/dns_direct.h"
#include "net/limits.h"
#include "net/net.h"
#include "probe/question.h"
#include "probe/task.h"
#include "probe/work.h"

struct server_question {
    struct task task;
    struct server_question_request request;
    struct admission admission;
    struct dns_direct *direct;
};

static void server_question_cut(void *arg)
{
    struct server_question *work = arg;
    const struct server_question_request *request = &work->request;

    *request->answer = question_unanswered(work->task.probe, request->name, request->type);
    talloc_free(work->direct);
}

static const struct task_kind server_question_kind = {sizeof(struct server_question),
                                                      server_question_cut};

static void answered(void *arg, struct dns_answer *answer, bool authoritative)
{
    struct server_question *work = arg;

    *work->request.answer = answer;
    *work->request.authoritative = authoritative;
    TALLOC_FREE(work->direct);
    task_done(&work->task, STS_OK);
}

static void may_ask(void *arg)
{
    struct server_question *work = arg;
    struct probe *probe = work->task.probe;
    const struct dns_direct_request request = {
        .server = work->request.address,
        .name = work->request.name,
        .type = work->request.type,
        .deadline = probe_now(probe) + LIMIT_DIRECT_MS,
        .done = answered,
        .arg = work,
    };

    if (dns_direct_ask(probe->facts, probe->net->loop, &request, &work->direct) != STS_OK)
        task_done(&work->task, STS_E_NOMEM);
}

enum sts_status server_question_ask(struct probe *probe,
                                    const struct server_question_request *request)
{
    struct server_question *work = task_new(probe, &server_question_kind);

    if (!work)
        return STS_E_NOMEM;
    work->request = *request;
    return task_started(
        &work->task, task_admit_question(&work->task, &work->admission, request->address, may_ask));
}
