/* SPDX-License-Identifier: MIT */
/* port_test.c - where no MX host answers: does anybody's port 25 answer from here?
 *
 * Many networks close the port.  Two hosts that always listen are port_tested at (connect, close);
 * no word is said to them, and in a run they are port_tested at once in some minutes, however many
 * domains have no host that answers. */
#include "probe/work.h"

#include <string.h>

static const char *const domains[CONTROLS] = {"gmail.com", "outlook.com"};

struct port_tested {
    enum net_outcome outcome;
};

static void take(struct task *task, const struct port_tested *port_tested)
{
    task->control->outcome = port_tested->outcome;
    probe_task_done(task, STS_OK);
}

static void test_done(void *arg, enum net_outcome outcome)
{
    struct task *task = arg;
    struct port_tested *port_tested = talloc_zero(NULL, struct port_tested);

    TALLOC_FREE(task->test);
    TALLOC_FREE(task->slot);
    if (!port_tested) {
        probe_task_done(task, STS_E_NOMEM);
        return;
    }
    port_tested->outcome = outcome;
    lookup_publish(task->lookup, port_tested, LIMIT_CONTROL_KEPT_MS);
    take(task, port_tested);
}

static void may_test(void *arg)
{
    struct task *task = arg;
    struct net *net = task->probe->net;
    const struct port_test_request request = {
        .address = task->control->address,
        .port = net->observer.smtp_port,
        .deadline = probe_now(task->probe) + LIMIT_CONTROL_MS,
        .done = test_done,
        .arg = task,
    };

    if (port_test(task, net->loop, &request, &task->test) != STS_OK)
        probe_task_done(task, STS_E_NOMEM);
}

static enum sts_status line_up(struct task *task)
{
    return probe_take_slot(task, task->control->address, task->probe->net->observer.smtp_port,
                           may_test);
}

/* Another domain's test is answered, or it is our turn. */
static void port_test_known(void *arg)
{
    struct task *task = arg;
    const struct port_tested *port_tested = lookup_thing(task->lookup);

    probe_task_goes_on(task);
    if (port_tested)
        take(task, port_tested);
    else if (line_up(task) != STS_OK)
        probe_task_done(task, STS_E_NOMEM);
}

static enum sts_status test(struct probe *probe, void *arg)
{
    struct control *control = arg;
    struct task *task;
    enum sts_status status = STS_E_NOMEM;
    bool turn = false;
    char *key;

    if (!control->a->record_count || !net_may_connect(probe->net, control->a->records[0].address))
        return STS_OK;
    task = probe_task(probe);
    if (!task)
        return STS_E_NOMEM;
    control->address = control->a->records[0].address;
    task->control = control;
    task->waits_since = probe_now(probe);
    key = talloc_asprintf(task, "test %s", control->address);
    if (key)
        status = probe_look_up(task, key, port_test_known, &turn);
    return status == STS_OK && turn ? line_up(task) : status;
}

static enum sts_status control_mx_known(struct probe *probe, void *arg)
{
    struct control *control = arg;
    const struct dns_record *best = NULL;
    bool ipv4 = probe->net->observer.ipv4 && probe->net->route_ipv4;

    for (size_t i = 0; i < control->mx->record_count; i++)
        if (!best || control->mx->records[i].preference < best->preference)
            best = &control->mx->records[i];
    if (!best || strcmp(best->host, ".") == 0)
        return STS_OK;
    control->host = best->host;
    return probe_ask_shared(probe, best->host, ipv4 ? DNS_A : DNS_AAAA, &control->a, test, control);
}

enum sts_status probe_port_test(struct probe *probe)
{
    enum sts_status status = STS_OK;

    bool wanted = probe->place_only || probe_mx_is_unreachable(probe);

    if (probe->controls_begun || !wanted || probe->net->observer.no_smtp)
        return STS_OK;
    probe->controls_begun = true;
    for (size_t i = 0; i < CONTROLS && status == STS_OK; i++) {
        struct control *control = &probe->controls[i];

        *control = (struct control){.probe = probe, .domain = domains[i]};
        status =
            probe_ask_shared(probe, domains[i], DNS_MX, &control->mx, control_mx_known, control);
    }
    return status;
}

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

    if (!probe->controls_begun)
        return STS_OK;
    facts->port25_controls = talloc_zero_array(facts, struct port25_control, CONTROLS);
    if (!facts->port25_controls)
        return STS_E_NOMEM;
    for (size_t i = 0; i < CONTROLS; i++) {
        const struct control *control = &probe->controls[i];

        if (control->address)
            facts->port25_controls[facts->port25_control_count++] =
                (struct port25_control){control->host, control->address, (int)control->outcome};
    }
    tell_port(probe);
    return STS_OK;
}
