/* SPDX-License-Identifier: MIT */
/* question.c - a question waits for another domain's answer to it, if it is shared, then for a
 * permit, then for its answer, and starts what follows.  The time that it has begins when it is
 * put. */
#include "probe/question.h"

#include "event/semaphore.h"
#include "net/dns.h"
#include "net/limits.h"
#include "net/net.h"
#include "probe/task.h"
#include "probe/work.h"

struct question {
    struct task task;
    const char *name; /* of the facts */
    enum dns_type type;
    struct dns_answer **answer;
    question_fn then;
    void *arg;
    struct lookup *lookup; /* NULL: it is of this domain alone */
    struct permit *permit;
    struct dns_query *query;
};

struct dns_answer *question_unanswered(struct probe *probe, const char *name, enum dns_type type)
{
    struct dns_answer *answer = talloc_zero(probe->facts, struct dns_answer);

    if (!answer)
        return NULL;
    answer->name = name;
    answer->type = type;
    answer->ttl = answer->negative_ttl = -1;
    answer->elapsed_ms = probe_now(probe) - probe->started;
    return answer;
}

/* Those who wait for our answer have to ask themselves. */
static void question_cut(void *arg)
{
    struct question *question = arg;

    *question->answer = question_unanswered(question->task.probe, question->name, question->type);
    talloc_free(question->lookup);
    talloc_free(question->query);
}

static const struct task_kind question_kind = {sizeof(struct question), question_cut};

/* ---- the answer ------------------------------------------------------------------------------ */

static void take_answer(struct question *question, const struct dns_answer *answer)
{
    struct task *task = &question->task;

    *question->answer = (struct dns_answer *)(uintptr_t)answer; /* nobody changes it any more */
    task_done(task, question->then ? question->then(task->probe, question->arg) : STS_OK);
}

/* Others may have the answer for as long as the DNS allows; a failure only those who wait. */
static int64_t keep_ms(const struct dns_answer *answer)
{
    int64_t ttl = answer->outcome == DNS_OUTCOME_FOUND ? answer->ttl : answer->negative_ttl;

    if (answer->outcome != DNS_OUTCOME_FOUND && answer->outcome != DNS_OUTCOME_NODATA &&
        answer->outcome != DNS_OUTCOME_NXDOMAIN)
        return 0;
    return ttl < 0 ? 0 : ttl > LIMIT_LOOKUP_KEPT_MS / 1000 ? LIMIT_LOOKUP_KEPT_MS : ttl * 1000;
}

static void answered(void *arg, struct dns_answer *answer)
{
    struct question *question = arg;

    TALLOC_FREE(question->query);
    TALLOC_FREE(question->permit);
    if (question->lookup)
        lookup_publish(question->lookup, answer, keep_ms(answer));
    take_answer(question, answer);
}

/* ---- asking ---------------------------------------------------------------------------------- */

static enum sts_status put(struct question *question)
{
    struct probe *probe = question->task.probe;
    struct dns_request request = {
        .name = question->name,
        .type = question->type,
        .deadline = probe_now(probe) + LIMIT_DNS_MS,
        .done = answered,
        .arg = question,
    };

    if (request.deadline > probe->deadline + LIMIT_GRACE_MS)
        request.deadline = probe->deadline + LIMIT_GRACE_MS;
    return dns_ask(probe->facts, probe->net->dns, &request, &question->query);
}

static void may_put(void *arg)
{
    struct question *question = arg;

    task_goes_on(&question->task);
    if (put(question) != STS_OK)
        task_done(&question->task, STS_E_NOMEM);
}

static enum sts_status ask(void *arg)
{
    struct question *question = arg;
    struct probe *probe = question->task.probe;
    const struct semaphore_request request = {
        .line = probe->begun ? SEMAPHORE_CONTINUES : SEMAPHORE_BEGINS,
        .in = may_put,
        .arg = question,
    };
    enum sts_status status;
    bool in = false;

    question->task.waits_since = probe_now(probe);
    status = semaphore_acquire(question, probe->net->questions, &request, &question->permit, &in);
    if (status != STS_OK || !in)
        return status;
    question->task.waits_since = 0;
    return put(question);
}

/* Another domain's question is answered, or is ours now. */
static void shared_known(void *arg)
{
    struct question *question = arg;
    const struct dns_answer *answer = lookup_thing(question->lookup);

    task_goes_on(&question->task);
    if (answer)
        take_answer(question, answer);
    else if (ask(question) != STS_OK)
        task_done(&question->task, STS_E_NOMEM);
}

static enum sts_status ask_shared(struct question *question)
{
    const char *key = talloc_asprintf(question, "dns %d %s", (int)question->type, question->name);

    return task_look_up(&question->task, key, shared_known, ask, &question->lookup);
}

/* wish: name to arg. */
static enum sts_status begin(struct probe *probe, const struct question *wish, bool shared)
{
    struct question *question = task_new(probe, &question_kind);
    enum sts_status status = STS_E_NOMEM;

    if (!question)
        return STS_E_NOMEM;
    question->name = talloc_strdup(probe->facts, wish->name);
    question->type = wish->type;
    question->answer = wish->answer;
    question->then = wish->then;
    question->arg = wish->arg;
    if (question->name)
        status = shared ? ask_shared(question) : ask(question);
    return task_started(&question->task, status);
}

enum sts_status question_ask(struct probe *probe, const char *name, enum dns_type type,
                             struct dns_answer **answer, question_fn then, void *arg)
{
    const struct question wish = {
        .name = name, .type = type, .answer = answer, .then = then, .arg = arg};

    return begin(probe, &wish, false);
}

enum sts_status question_ask_shared(struct probe *probe, const char *name, enum dns_type type,
                                    struct dns_answer **answer, question_fn then, void *arg)
{
    const struct question wish = {
        .name = name, .type = type, .answer = answer, .then = then, .arg = arg};

    return begin(probe, &wish, true);
}

enum sts_status question_ask_addresses(struct probe *probe,
                                       const struct question_addresses *request)
{
    const struct question a = {.name = request->name,
                               .type = DNS_A,
                               .answer = request->a,
                               .then = request->then_a,
                               .arg = request->arg};
    const struct question aaaa = {.name = request->name,
                                  .type = DNS_AAAA,
                                  .answer = request->aaaa,
                                  .then = request->then_aaaa,
                                  .arg = request->arg};
    enum sts_status status = STS_OK;

    if (probe->net->observer.ipv4)
        status = begin(probe, &a, request->shared);
    if (status == STS_OK && probe->net->observer.ipv6)
        status = begin(probe, &aaaa, request->shared);
    return status;
}
