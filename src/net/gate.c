/* SPDX-License-Identifier: MIT */
/* gate.c - two queues and a count. */
#include "net/gate.h"

#include <sys/queue.h>

#include <event2/event.h>

#include "net/loop.h"

struct gate {
    struct net_loop *loop;
    struct event *serve; /* active: somebody has left, and others wait */
    size_t room, inside;
    TAILQ_HEAD(line, pass) waiting[GATE_LINES];
};

struct pass {
    struct gate *gate;
    enum gate_line line;
    bool inside;
    TAILQ_ENTRY(pass) link;
    gate_fn in;
    void *arg;
};

static struct pass *first(const struct gate *gate)
{
    for (size_t i = 0; i < GATE_LINES; i++)
        if (!TAILQ_EMPTY(&gate->waiting[i]))
            return TAILQ_FIRST(&gate->waiting[i]);
    return NULL;
}

static void serve(evutil_socket_t fd, short what, void *arg)
{
    struct gate *gate = arg;
    struct pass *pass;

    (void)fd;
    (void)what;
    net_loop_woke(gate->loop);
    while (gate->inside < gate->room && (pass = first(gate))) {
        TAILQ_REMOVE(&gate->waiting[pass->line], pass, link);
        pass->inside = true;
        gate->inside++;
        pass->in(pass->arg);
    }
}

static int gate_drop(struct gate *gate)
{
    event_free(gate->serve);
    return 0;
}

enum sts_status gate_new(TALLOC_CTX *ctx, struct net_loop *loop, size_t room, struct gate **ret)
{
    struct gate *gate = talloc_zero(ctx, struct gate);

    if (!gate)
        return STS_E_NOMEM;
    gate->loop = loop;
    gate->room = room;
    for (size_t i = 0; i < GATE_LINES; i++)
        TAILQ_INIT(&gate->waiting[i]);
    gate->serve = event_new(net_loop_base(loop), -1, 0, serve, gate);
    if (!gate->serve) {
        talloc_free(gate);
        return STS_E_NOMEM;
    }
    talloc_set_destructor(gate, gate_drop);
    *ret = gate;
    return STS_OK;
}

static int pass_drop(struct pass *pass)
{
    struct gate *gate = pass->gate;

    if (!pass->inside) {
        TAILQ_REMOVE(&gate->waiting[pass->line], pass, link);
        return 0;
    }
    gate->inside--;
    if (first(gate))
        event_active(gate->serve, EV_TIMEOUT, 0);
    return 0;
}

enum sts_status gate_enter(TALLOC_CTX *ctx, struct gate *gate, enum gate_line line, gate_fn in,
                           void *arg, struct pass **ret, bool *ret_in)
{
    struct pass *pass = talloc_zero(ctx, struct pass);

    if (!pass)
        return STS_E_NOMEM;
    *pass = (struct pass){.gate = gate, .line = line, .in = in, .arg = arg};
    pass->inside = gate->inside < gate->room && !first(gate);
    if (pass->inside)
        gate->inside++;
    else
        TAILQ_INSERT_TAIL(&gate->waiting[line], pass, link);
    talloc_set_destructor(pass, pass_drop);
    *ret = pass;
    *ret_in = pass->inside;
    return STS_OK;
}
