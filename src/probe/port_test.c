/* SPDX-License-Identifier: MIT */
/* port_test.c - where no MX host answers: does anybody's port 25 answer from here?
 *
 * Many networks close the port.  Two hosts that always listen are tested (connect, close); no word
 * is said to them, and in a run they are tested once in some minutes, however many domains have no
 * host that answers.  MX, then the address of the first host, then the test, for each of two
 * domains. */
#include <string.h>

#include "net/port_test.h"
#include "probe/question.h"
#include "probe/task.h"
#include "probe/work.h"

#define CONTROLS 2

static const char *const domains[CONTROLS] = {"gmail.com", "outlook.com"};

struct port_control {
    struct probe *probe;
    const char *host, *address;
    struct dns_answer *mx, *a;
    enum net_outcome outcome;
};

struct port_tests {
    struct port_control controls[CONTROLS];
};

/* What domains share. */
struct port_tested {
    enum net_outcome outcome;
};

/* ---- one test -------------------------------------------------------------------------------- */

struct port_test_task {
    struct task task;
    struct port_control *control;
    struct lookup *lookup;
    struct admission admission;
    struct port_test *test;
};

static void port_test_cut(void *arg)
{
    struct port_test_task *work = arg;

    talloc_free(work->lookup); /* those who wait have to test themselves */
}

static const struct task_kind port_test_kind = {sizeof(struct port_test_task), port_test_cut};

static void take(struct port_test_task *work, const struct port_tested *tested)
{
    work->control->outcome = tested->outcome;
    task_done(&work->task, STS_OK);
}

static void test_done(void *arg, enum net_outcome outcome)
{
    struct port_test_task *work = arg;
    struct port_tested *tested = talloc_zero(NULL, struct port_tested);

    TALLOC_FREE(work->test);
    admission_end(&work->admission);
    if (!tested) {
        task_done(&work->task, STS_E_NOMEM);
        return;
    }
    tested->outcome = outcome;
    lookup_publish(work->lookup, tested, LIMIT_CONTROL_KEPT_MS);
    take(work, tested);
}

static void may_test(void *arg)
{
    struct port_test_task *work = arg;
    const struct probe *probe = work->task.probe;
    const struct port_test_request request = {
        .address = work->control->address,
        .port = probe->net->observer.smtp_port,
        .deadline = probe_now(probe) + LIMIT_CONTROL_MS,
        .done = test_done,
        .arg = work,
    };

    if (port_test(work, probe->net->loop, &request, &work->test) != STS_OK)
        task_done(&work->task, STS_E_NOMEM);
}

static enum sts_status line_up(void *arg)
{
    struct port_test_task *work = arg;

    return task_admit(&work->task, &work->admission, work->control->address,
                      work->task.probe->net->observer.smtp_port, may_test);
}

/* Another domain's test is answered, or it is our turn. */
static void port_test_known(void *arg)
{
    struct port_test_task *work = arg;
    const struct port_tested *tested = lookup_thing(work->lookup);

    task_goes_on(&work->task);
    if (tested)
        take(work, tested);
    else if (line_up(work) != STS_OK)
        task_done(&work->task, STS_E_NOMEM);
}

static enum sts_status test(struct port_control *control)
{
    struct port_test_task *work = task_new(control->probe, &port_test_kind);
    const char *key;

    if (!work)
        return STS_E_NOMEM;
    work->control = control;
    key = talloc_asprintf(work, "test %s", control->address);
    return task_started(&work->task,
                        task_look_up(&work->task, key, port_test_known, line_up, &work->lookup));
}

/* ---- which hosts ----------------------------------------------------------------------------- */

static enum sts_status control_a_known(struct probe *probe, void *arg)
{
    struct port_control *control = arg;

    if (!control->a->record_count || !net_may_connect(probe->net, control->a->records[0].address))
        return STS_OK;
    control->address = control->a->records[0].address;
    return test(control);
}

static enum sts_status control_mx_known(struct probe *probe, void *arg)
{
    struct port_control *control = arg;
    const struct dns_record *best = NULL;
    bool ipv4 = probe->net->observer.ipv4 && probe->net->route_ipv4;

    for (size_t i = 0; i < control->mx->record_count; i++)
        if (!best || control->mx->records[i].preference < best->preference)
            best = &control->mx->records[i];
    if (!best || strcmp(best->host, ".") == 0)
        return STS_OK;
    control->host = best->host;
    return question_ask_shared(probe, best->host, ipv4 ? DNS_A : DNS_AAAA, &control->a,
                               control_a_known, control);
}

enum sts_status probe_port_test(struct probe *probe)
{
    bool wanted = probe->place_only || probe_mx_is_unreachable(probe);
    enum sts_status status = STS_OK;

    if (!wanted || probe->net->observer.no_smtp)
        return STS_OK;
    probe->port_tests = talloc_zero(probe, struct port_tests);
    if (!probe->port_tests)
        return STS_E_NOMEM;
    for (size_t i = 0; i < CONTROLS && status == STS_OK; i++) {
        struct port_control *control = &probe->port_tests->controls[i];

        control->probe = probe;
        status =
            question_ask_shared(probe, domains[i], DNS_MX, &control->mx, control_mx_known, control);
    }
    return status;
}

/* ---- into the facts -------------------------------------------------------------------------- */

static void tell_port(struct probe *probe)
{
    const struct facts *facts = probe->facts;
    enum vantage_state state = VANTAGE_STATE_UNKNOWN;

    for (size_t i = 0; i < facts->port25_control_count; i++) {
        if (facts->port25_controls[i].outcome == NET_OK)
            state = VANTAGE_STATE_OK;
        else if (state == VANTAGE_STATE_UNKNOWN)
            state = VANTAGE_STATE_CLOSED;
    }
    probe_vantage_set(probe, VANTAGE_PORT25, state, NULL);
}

enum sts_status probe_port_test_collect(struct probe *probe)
{
    struct facts *facts = probe->facts;

    if (!probe->port_tests)
        return STS_OK;
    facts->port25_controls = talloc_zero_array(facts, struct port25_control, CONTROLS);
    if (!facts->port25_controls)
        return STS_E_NOMEM;
    for (size_t i = 0; i < CONTROLS; i++) {
        const struct port_control *control = &probe->port_tests->controls[i];

        if (control->address)
            facts->port25_controls[facts->port25_control_count++] =
                (struct port25_control){control->host, control->address, control->outcome};
    }
    tell_port(probe);
    return STS_OK;
}
