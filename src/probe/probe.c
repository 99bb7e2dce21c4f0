/* SPDX-License-Identifier: MIT */
/* probe.c - a probe's tasks, its start and its end. */
#include "probe/work.h"

#include "base/clock.h"
#include "mtasts/names.h"
#include "net/room.h"

#define WAIT_MS  1000 /* how soon one looks again whether a domain still waits for others */
#define DNS_PORT 53

static void end(struct probe *probe);

int64_t probe_now(const struct probe *probe)
{
    return loop_now(probe->net->loop);
}

/* ---- tasks ----------------------------------------------------------------------------------- */

static int task_drop(struct task *task)
{
    *task->link = task->next;
    if (task->next)
        task->next->link = task->link;
    return 0;
}

struct task *probe_task(struct probe *probe)
{
    struct task *task = talloc_zero(probe, struct task);

    if (!task)
        return NULL;
    task->probe = probe;
    task->next = probe->tasks;
    task->link = &probe->tasks;
    if (task->next)
        task->next->link = &task->next;
    probe->tasks = task;
    talloc_set_destructor(task, task_drop);
    return task;
}

/* Endpoints for reports may be slow: nothing else waits for them. */
static bool is_idle(const struct probe *probe)
{
    for (const struct task *task = probe->tasks; task; task = task->next)
        if (!task->rua)
            return false;
    return true;
}

/* The first time that nothing is under way: what could not be asked before. */
static enum sts_status afterwards(struct probe *probe)
{
    enum sts_status status = STS_OK;

    if (probe->afterwards_begun)
        return STS_OK;
    probe->afterwards_begun = true;
    status = probe_port_test(probe);
    if (status == STS_OK)
        status = probe_reference_hosts(probe);
    if (probe->place_only)
        return status == STS_OK ? probe_place_known(probe) : status;
    if (status == STS_OK)
        status = probe_handshakes(probe);
    if (status == STS_OK)
        status = probe_caa(probe);
    if (status == STS_OK)
        status = probe_patterns(probe);
    if (status == STS_OK)
        status = probe_misplaced_policy(probe);
    if (status == STS_OK)
        status = probe_name_servers(probe);
    return status;
}

void probe_task_done(struct task *task, enum sts_status status)
{
    struct probe *probe = task->probe;

    talloc_free(task);
    if (status == STS_OK && is_idle(probe))
        status = afterwards(probe);
    if (status != STS_OK)
        probe->facts->shortage = room_shortage(OUT_OF_MEMORY);
    if (!probe->tasks || status != STS_OK) /* without memory: what is known so far */
        end(probe);
}

/* ---- questions ------------------------------------------------------------------------------- */

static void take_answer(struct task *task, const struct dns_answer *answer)
{
    *task->answer = (struct dns_answer *)(uintptr_t)answer; /* nobody changes it any more */
    probe_task_done(task, task->then ? task->then(task->probe, task->then_arg) : STS_OK);
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
    struct task *task = arg;

    TALLOC_FREE(task->query);
    TALLOC_FREE(task->permit);
    if (task->lookup)
        lookup_publish(task->lookup, answer, keep_ms(answer));
    take_answer(task, answer);
}

static enum sts_status put(struct task *task)
{
    struct probe *probe = task->probe;
    struct dns_request request = {
        .name = task->name,
        .type = task->type,
        .deadline = probe_now(probe) + LIMIT_DNS_MS,
        .done = answered,
        .arg = task,
    };

    if (request.deadline > probe->deadline + LIMIT_GRACE_MS)
        request.deadline = probe->deadline + LIMIT_GRACE_MS;
    return dns_ask(probe->facts, probe->net->dns, &request, &task->query);
}

static void may_put(void *arg)
{
    struct task *task = arg;

    probe_task_goes_on(task);
    if (put(task) != STS_OK)
        probe_task_done(task, STS_E_NOMEM);
}

/* The time for an answer begins when the question is put. */
static enum sts_status ask(struct task *task)
{
    struct probe *probe = task->probe;
    enum semaphore_line line = probe->begun ? SEMAPHORE_CONTINUES : SEMAPHORE_BEGINS;
    enum sts_status status;
    bool in = false;

    task->waits_since = probe_now(task->probe);
    status =
        semaphore_acquire(task, probe->net->questions, line, may_put, task, &task->permit, &in);
    if (status != STS_OK || !in)
        return status;
    task->waits_since = 0;
    return put(task);
}

enum sts_status probe_look_up(struct task *task, const char *key, lookup_fn known, bool *ret_turn)
{
    const struct probe *probe = task->probe;
    const struct lookup_request request = {
        .inbox = probe->net->inbox, .key = key, .known = known, .arg = task};

    return lookup_start(probe->facts, probe->net->common->lookups, &request, &task->lookup,
                        ret_turn);
}

/* Another domain's question is answered, or is ours now. */
static void shared_known(void *arg)
{
    struct task *task = arg;
    const struct dns_answer *answer = lookup_thing(task->lookup);

    probe_task_goes_on(task);

    if (answer)
        take_answer(task, answer);
    else if (ask(task) != STS_OK)
        probe_task_done(task, STS_E_NOMEM);
}

static enum sts_status ask_shared(struct task *task)
{
    char *key = talloc_asprintf(task, "dns %d %s", (int)task->type, task->name);
    enum sts_status status = STS_E_NOMEM;
    bool turn = false;

    task->waits_since = probe_now(task->probe);
    if (key)
        status = probe_look_up(task, key, shared_known, &turn);
    return status == STS_OK && turn ? ask(task) : status;
}

static enum sts_status begin_question(struct probe *probe, const char *name, enum dns_type type,
                                      struct dns_answer **answer, then_fn then, void *then_arg,
                                      bool shared)
{
    struct task *task = probe_task(probe);
    enum sts_status status = STS_E_NOMEM;

    if (!task)
        return STS_E_NOMEM;
    task->answer = answer;
    task->type = type;
    task->then = then;
    task->then_arg = then_arg;
    task->name = talloc_strdup(probe->facts, name);
    if (task->name)
        status = shared ? ask_shared(task) : ask(task);
    if (status != STS_OK)
        talloc_free(task);
    return status;
}

enum sts_status probe_ask(struct probe *probe, const char *name, enum dns_type type,
                          struct dns_answer **answer, then_fn then, void *then_arg)
{
    return begin_question(probe, name, type, answer, then, then_arg, false);
}

enum sts_status probe_ask_shared(struct probe *probe, const char *name, enum dns_type type,
                                 struct dns_answer **answer, then_fn then, void *then_arg)
{
    return begin_question(probe, name, type, answer, then, then_arg, true);
}

enum sts_status probe_ask_addresses(struct probe *probe, const char *name, struct dns_answer **a,
                                    struct dns_answer **aaaa, then_fn then_a, then_fn then_aaaa,
                                    void *arg, bool shared)
{
    enum sts_status status = STS_OK;

    if (probe->net->observer.ipv4)
        status = begin_question(probe, name, DNS_A, a, then_a, arg, shared);
    if (status == STS_OK && probe->net->observer.ipv6)
        status = begin_question(probe, name, DNS_AAAA, aaaa, then_aaaa, arg, shared);
    return status;
}

/* ---- waiting for others ---------------------------------------------------------------------- */

static void may_go_on(void *arg)
{
    struct task *task = arg;

    probe_task_goes_on(task);
    task->ready(task);
}

/* The peer bears it; do we? */
static void slot_is_ours(void *arg)
{
    struct task *task = arg;
    bool in = false;

    if (semaphore_acquire(task, task->probe->net->connections, SEMAPHORE_CONTINUES, may_go_on, task,
                          &task->permit, &in) != STS_OK)
        probe_task_done(task, STS_E_NOMEM);
    else if (in)
        may_go_on(task);
}

static enum sts_status take_slot(struct task *task, struct rate_limiter *slots, const char *address,
                                 int64_t port, slot_ready_fn ready)
{
    const struct slot_request request = {.inbox = task->probe->net->inbox,
                                         .address = address,
                                         .port = port,
                                         .ready = slot_is_ours,
                                         .arg = task};

    if (!net_may_connect(task->probe->net, address)) /* nobody asks for that: see there */
        return STS_E_INVALID;
    task->waits_since = probe_now(task->probe);
    task->ready = ready;
    return rate_limiter_take(task, slots, &request, &task->slot);
}

enum sts_status probe_take_slot(struct task *task, const char *address, int64_t port,
                                slot_ready_fn ready)
{
    return take_slot(task, task->probe->net->common->slots, address, port, ready);
}

enum sts_status probe_take_question(struct task *task, const char *address, slot_ready_fn ready)
{
    return take_slot(task, task->probe->net->common->questions, address, DNS_PORT, ready);
}

/* In a scan a domain waits for others' connections, and is to have its whole time for its own. */
void probe_task_goes_on(struct task *task)
{
    struct probe *probe = task->probe;
    int64_t now = probe_now(probe), waited = now - task->waits_since;

    task->waits_since = 0;
    if (!probe->net->patient || waited <= 0 || probe->over)
        return;
    probe->deadline = now + probe->net->observer.timeout_ms;
    if (probe->begun)
        return;
    probe->started = now;
    probe->facts->observed_at = clock_now();
}

static bool is_waiting(const struct probe *probe)
{
    for (const struct task *task = probe->tasks; task; task = task->next)
        if (task->waits_since)
            return true;
    return false;
}

/* ---- the end --------------------------------------------------------------------------------- */

static struct dns_answer *answer_unknown(struct probe *probe, const struct task *task)
{
    struct dns_answer *answer = talloc_zero(probe->facts, struct dns_answer);

    if (!answer)
        return NULL;
    answer->name = task->name;
    answer->type = (int)task->type;
    answer->ttl = answer->negative_ttl = -1;
    answer->elapsed_ms = probe_now(probe) - probe->started;
    return answer;
}

/* Hand over what a task has seen, then stop it. */
static void cut_off(struct task *task)
{
    if (task->answer)
        *task->answer = answer_unknown(task->probe, task);
    if (task->transfer && task->fetched)
        task->fetched->fetch = https_partial(task->transfer);
    if (task->smtp)
        task->looked->session = talloc_steal(task->probe->facts, smtp_partial(task->smtp));
    talloc_free(task->lookup); /* those who wait for our look have to look themselves */
    talloc_free(task->query);
    talloc_free(task->transfer);
    talloc_free(task->smtp);
    talloc_free(task->direct);
    talloc_free(task);
}

static void deliver(void *arg)
{
    struct probe *probe = arg;

    struct loop *loop = probe->net->loop;

    talloc_free(probe->timer);
    probe->timer = NULL;
    budget_enter(loop, probe->budget, -1); /* in a scan it is judged now */
    probe->done(probe->arg, probe->facts);
    budget_leave(loop);
}

static void collect(struct probe *probe)
{
    typedef enum sts_status (*collect_fn)(struct probe *);
    static const collect_fn parts[] = {
        probe_policy_collect,
        probe_mx_collect,
        probe_misplaced_records_collect,
        probe_port_test_collect,
        probe_name_servers_collect,
        probe_patterns_collect,
        probe_misplaced_policy_collect,
        probe_reference_hosts_collect,
        probe_rua_collect,
        probe_vantage_collect,
    };

    /* Where memory ran out the facts lack a part and say so. */
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i](probe) != STS_OK)
            probe->facts->shortage = room_shortage(OUT_OF_MEMORY);
}

static bool is_jump(int64_t seconds)
{
    return seconds > LIMIT_CLOCK_SECONDS || seconds < -LIMIT_CLOCK_SECONDS;
}

/* The machine slept meanwhile, so that connections have died; or the clock was set in this run, and
 * what the validator has proven is of another time. */
static bool clock_has_jumped(const struct probe *probe)
{
    int64_t began = clock_now() - (probe_now(probe) - probe->started) / 1000;

    return is_jump(began - probe->facts->observed_at) || is_jump(clock_jump(probe->net->clock));
}

/* What failed for want of something of our own says nothing of the domain. */
static void note_shortage(struct probe *probe)
{
    struct facts *facts = probe->facts;

    if (!facts->shortage)
        facts->shortage = room_shortage_of(facts);
    if (!facts->shortage && !room_memory(LIMIT_ROOM_LEFT_BYTES))
        facts->shortage = room_shortage(OUT_OF_MEMORY);
    if (!facts->shortage && clock_has_jumped(probe))
        facts->shortage = "clock";
}

static void end(struct probe *probe)
{
    if (probe->over)
        return;
    probe->over = true;
    budget_enter(probe->net->loop, probe->budget, -1);
    while (probe->tasks)
        cut_off(probe->tasks);
    collect(probe);
    budget_leave(probe->net->loop);
    note_shortage(probe);
    probe->facts->elapsed_ms = probe_now(probe) - probe->started;
    talloc_free(probe->timer);
    probe->timer = NULL;
    if (loop_timer_start(probe, probe->net->loop, 0, deliver, probe, &probe->timer) != STS_OK)
        probe->done(probe->arg, probe->facts);
}

static enum sts_status set_timer(struct probe *probe, int64_t due);

/* The deadline may have moved meanwhile, see probe_task_goes_on(). */
static void time_is_up(void *arg)
{
    struct probe *probe = arg;
    int64_t now = probe_now(probe);
    bool waits = probe->net->patient && is_waiting(probe);

    if (waits || probe->deadline > now) {
        if (set_timer(probe, waits ? now + WAIT_MS : probe->deadline) == STS_OK)
            return;
    }
    probe->facts->deadline_reached = true;
    end(probe);
}

static enum sts_status set_timer(struct probe *probe, int64_t due)
{
    TALLOC_FREE(probe->timer);
    return loop_timer_start(probe, probe->net->loop, due, time_is_up, probe, &probe->timer);
}

/* No more of it: others wait. */
static void budget_is_spent(void *arg)
{
    struct probe *probe = arg;

    if (probe->over)
        return;
    probe->facts->budget_reached = true;
    end(probe);
}

void probe_interrupt(struct probe *probe)
{
    if (probe->over)
        return;
    probe->facts->interrupted = true;
    end(probe);
}

/* ---- the start ------------------------------------------------------------------------------- */

static enum sts_status ask_questions(struct probe *probe, void *arg)
{
    struct facts *facts = probe->facts;
    struct policy_host *host = &facts->policy_host;
    const struct {
        const char *prefix;
        enum dns_type type;
        struct dns_answer **answer;
        then_fn then;
    } questions[] = {
        {"", DNS_MX, &facts->mx_answer, probe_mx_known},
        {STS_RECORD_PREFIX, DNS_TXT, &facts->sts_txt, probe_sts_known},
        {STS_TLSRPT_PREFIX, DNS_TXT, &facts->tlsrpt_txt, probe_tlsrpt_known},
        {"", DNS_NS, &facts->ns, probe_ns_known},
    };
    enum sts_status status = STS_OK;

    (void)arg;
    probe->begun = true;
    for (size_t i = 0; i < sizeof questions / sizeof questions[0] && status == STS_OK; i++) {
        char *name = talloc_asprintf(probe, "%s%s", questions[i].prefix, facts->domain);

        status = name ? probe_ask(probe, name, questions[i].type, questions[i].answer,
                                  questions[i].then, NULL)
                      : STS_E_NOMEM;
    }
    if (status == STS_OK)
        status = probe_ask_addresses(probe, host->name, &host->a, &host->aaaa, probe_policy_a,
                                     probe_policy_aaaa, NULL, false);
    return status;
}

/* The validator proves for each question by itself whether the zone is signed, until one proof is
 * in its cache: with ten at once that is most of the work.  Where there is more to do than to wait
 * for, the first goes alone; one domain by itself had better not lose the round trip. */
static enum sts_status ask_at_once(struct probe *probe)
{
    struct facts *facts = probe->facts;
    bool patient = probe->net->patient;
    enum sts_status status;

    if (!patient)
        dns_warm(probe->net->dns, facts->domain);
    status = probe_ask(probe, facts->domain, DNS_SOA, &facts->domain_soa,
                       patient ? ask_questions : NULL, NULL);
    return status == STS_OK && !patient ? ask_questions(probe, NULL) : status;
}

/* Better not begun than told of the domain what is our own want. */
static enum sts_status begin(struct probe *probe)
{
    struct facts *facts = probe->facts;

    facts->shortage = probe->net->shortage;
    if (!facts->shortage && !room_memory(LIMIT_ROOM_BYTES))
        facts->shortage = room_shortage(OUT_OF_MEMORY);
    if (!facts->shortage)
        return ask_at_once(probe);
    end(probe);
    return STS_OK;
}

static struct facts *facts_new(TALLOC_CTX *ctx, const struct net *net, const char *domain,
                               const char *domain_given)
{
    struct facts *facts = talloc_zero(ctx, struct facts);

    if (!facts)
        return NULL;
    facts->domain = talloc_strdup(facts, domain);
    facts->domain_given = talloc_strdup(facts, domain_given);
    facts->policy_host.name = talloc_asprintf(facts, STS_POLICY_HOST_PREFIX "%s", domain);
    facts->observed_at = clock_now();
    facts->observer = net->observer;
    if (!facts->domain || !facts->domain_given || !facts->policy_host.name) {
        talloc_free(facts);
        return NULL;
    }
    return facts;
}

static enum sts_status probe_new(TALLOC_CTX *ctx, struct net *net,
                                 const struct probe_request *request, struct probe **ret)
{
    struct facts *facts = facts_new(ctx, net, request->domain, request->domain_given);
    struct probe *probe = talloc_zero(ctx, struct probe);
    enum sts_status status = STS_E_NOMEM;

    if (facts && probe) {
        *probe = (struct probe){.net = net,
                                .facts = facts,
                                .started = loop_now(net->loop),
                                .done = request->done,
                                .arg = request->arg};
        probe->deadline = probe->started + net->observer.timeout_ms;
        status = set_timer(probe, probe->deadline);
    }
    if (status == STS_OK)
        status =
            budget_new(probe, net->loop, request->domain, budget_is_spent, probe, &probe->budget);
    if (status == STS_OK)
        status = probe_vantage(probe);
    if (status != STS_OK) {
        talloc_free(probe);
        talloc_free(facts);
        return status;
    }
    *ret = probe;
    return STS_OK;
}

static void drop(struct probe *probe)
{
    struct facts *facts = probe->facts;

    talloc_free(probe);
    talloc_free(facts);
}

enum sts_status probe_start(TALLOC_CTX *ctx, struct net *net, const struct probe_request *request,
                            struct probe **ret)
{
    struct probe *probe;
    enum sts_status status = probe_new(ctx, net, request, &probe);

    if (status != STS_OK)
        return status;
    status = begin(probe);
    if (status == STS_OK)
        *ret = probe;
    else
        drop(probe);
    return status;
}

static void begin_place(void *arg)
{
    probe_task_done(arg, STS_OK); /* what is asked "afterwards" is all there is */
}

enum sts_status probe_place(TALLOC_CTX *ctx, struct net *net, probe_done_fn done, void *arg,
                            struct probe **ret)
{
    struct probe *probe;
    const struct probe_request request = {
        .domain = "", .domain_given = "", .done = done, .arg = arg};
    enum sts_status status = probe_new(ctx, net, &request, &probe);
    struct task *task;

    if (status != STS_OK)
        return status;
    probe->place_only = probe->begun = true;
    task = probe_task(probe);
    status =
        task ? loop_timer_start(task, net->loop, 0, begin_place, task, &task->wait) : STS_E_NOMEM;
    if (status == STS_OK)
        *ret = probe;
    else
        drop(probe);
    return status;
}
