/* SPDX-License-Identifier: MIT */
/* live.c - observe many domains side by side and show each in the order given. */
#include "cmd/live.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "cmd/cmd.h"
#include "cmd/environment.h"
#include "cmd/say.h"
#include "cmd/service.h"
#include "cmd/signals.h"
#include "event/loop.h"
#include "probe/probe.h"
#include "verdict/place.h"

#define JOBS_DEFAULT 8
#define POLL_MS      100 /* how soon an interrupt is noticed */

struct live;

struct task {
    struct live *live;
    struct probe *probe;      /* NULL: not running */
    struct live_output shown; /* the text until it is printed */
    bool no_memory;           /* where that was made */
    bool done;
};

struct live {
    const struct options *options;
    live_show_fn show;
    void *arg; /* of it */
    struct net *net;
    struct input_names names;
    struct task *tasks;
    size_t begun, printed, running, jobs;
    struct loop_timer *poll;
    bool interrupted;
    int status;
};

/* ---- interrupts ------------------------------------------------------------------------------ */

static void poll_signals(void *arg);

static void poll_again(struct live *live)
{
    TALLOC_FREE(live->poll);
    if (loop_timer_start(live, net_get_loop(live->net), loop_now(net_get_loop(live->net)) + POLL_MS,
                         poll_signals, live, &live->poll) != STS_OK)
        live->poll = NULL; /* interrupts go unnoticed; the deadlines hold */
}

static void poll_signals(void *arg)
{
    struct live *live = arg;

    if (signals_seen() && !live->interrupted) {
        live->interrupted = true;
        for (size_t i = 0; i < live->begun; i++) {
            if (live->tasks[i].probe)
                probe_interrupt(live->tasks[i].probe);
        }
    }
    service_alive();
    poll_again(live);
}

/* ---- what each domain leads to --------------------------------------------------------------- */

int live_print(const struct live_output *shown, bool no_memory)
{
    if (no_memory)
        return say_no_memory();
    if (shown->text)
        return say_text(shown->text);
    say_progress(NULL);
    return 0;
}

static void print_done(struct live *live)
{
    while (live->printed < live->begun && live->tasks[live->printed].done) {
        struct task *task = &live->tasks[live->printed++];

        live->status = exit_status_worse(live->status, live_print(&task->shown, task->no_memory));
        TALLOC_FREE(task->shown.text);
    }
}

static void show_progress(struct live *live)
{
    char *text;

    if (live->names.count == 1)
        text = talloc_asprintf(live, _("checking %s ..."), live->names.names[0]);
    else
        text = talloc_asprintf(live, _("%zu of %zu domains done ..."), live->begun - live->running,
                               live->names.count);
    if (text && !live->options->quiet)
        say_progress(text);
    talloc_free(text);
}

static void begin_more(struct live *live);

static void on_facts(void *arg, struct facts *facts)
{
    struct task *task = arg;
    struct live *live = task->live;
    bool forgiven = memory_forgive(false); /* what is judged and written needs all of it */

    task->no_memory = live->show(live, live->arg, facts, &task->shown) != STS_OK;
    memory_forgive(forgiven);
    task->done = true;
    live->status = exit_status_worse(live->status, task->shown.status);
    if (place_is_blind(facts))
        live->status = exit_status_worse(live->status, EXIT_UNKNOWN);
    /* The facts hang on the same parent as the probe. */
    talloc_free(talloc_parent(task->probe));
    task->probe = NULL;
    live->running--;
    print_done(live);
    begin_more(live);
}

static bool begin(struct live *live, size_t i)
{
    struct task *task = &live->tasks[i];
    TALLOC_CTX *unit = talloc_new(live);

    task->live = live;
    if (!unit || probe_start(unit, live->net, live->names.names[i], live->names.given[i], on_facts,
                             task, &task->probe) != STS_OK) {
        talloc_free(unit);
        return false;
    }
    live->begun++;
    live->running++;
    return true;
}

static void begin_more(struct live *live)
{
    bool failed = false;

    while (!failed && !live->interrupted && live->running < live->jobs &&
           live->begun < live->names.count)
        failed = !begin(live, live->begun);
    if (failed) {
        live->status = exit_status_worse(live->status, say_no_memory());
        live->names.count = live->begun;
    }
    if (!live->running)
        loop_stop(net_get_loop(live->net));
    else
        show_progress(live);
}

/* ---- all of it ------------------------------------------------------------------------------- */

static const char *proxy_of(const struct options *options)
{
    if (!options->proxy)
        return environment_proxy();
    return strcmp(options->proxy, "none") == 0 ? NULL : options->proxy;
}

void live_net_options(const struct options *options, struct net_options *ret)
{
    *ret = (struct net_options){
        .resolvers = options->resolvers,
        .resolver_count = options->resolver_count,
        .trust_anchor = options->trust_anchor,
        .ca_file = options->ca_file,
        .proxy = proxy_of(options),
        .no_proxy = options->proxy ? NULL : environment_no_proxy(),
        .helo = options->helo,
        .https_port = options->https_port,
        .smtp_port = options->smtp_port,
        .timeout_ms = options->timeout * 1000,
        .no_smtp = options->no_smtp,
        .public_only = options->check, /* report: strangers chose the domains */
        .allow_private = options->allow_private || environment_allows_private(),
        .ipv4 = options->ipv4,
        .ipv6 = options->ipv6,
    };
}

static int open_net(struct live *live)
{
    struct net_options wanted;
    char *why = NULL;

    live_net_options(live->options, &wanted);
    if (net_new(live, &wanted, &live->net, &why) == STS_OK)
        return 0;
    return why ? say_internal("%s", why) : say_no_memory();
}

static int run_loop(struct live *live)
{
    signals_catch();
    begin_more(live);
    if (!live->running)
        return live->status;
    poll_again(live);
    if (loop_run(net_get_loop(live->net)) != STS_OK)
        return say_internal("%s", _("the event loop failed"));
    return live->interrupted && live->status < EXIT_USAGE ? EXIT_UNKNOWN : live->status;
}

static void on_place(void *arg, struct facts *facts)
{
    struct live *live = arg;
    bool forgiven = memory_forgive(false);
    struct live_output shown = {NULL, 0};
    bool no_memory = live->show(live, live->arg, facts, &shown) != STS_OK;

    memory_forgive(forgiven);
    live->status = exit_status_worse(shown.status, live_print(&shown, no_memory));
    loop_stop(net_get_loop(live->net));
}

int live_place(TALLOC_CTX *ctx, const struct options *options, live_show_fn show, void *arg)
{
    struct live *live = talloc_zero(ctx, struct live);
    struct probe *probe;
    int status;

    if (!live)
        return say_no_memory();
    live->options = options;
    live->show = show;
    live->arg = arg;
    status = open_net(live);
    if (!status && probe_place(live, live->net, on_place, live, &probe) != STS_OK)
        status = say_no_memory();
    if (!status && loop_run(net_get_loop(live->net)) != STS_OK)
        status = say_internal("%s", _("the event loop failed"));
    status = status ? status : live->status;
    talloc_free(live);
    return status;
}

int live_run(TALLOC_CTX *ctx, const struct options *options, live_show_fn show, void *arg)
{
    struct live *live = talloc_zero(ctx, struct live);
    int status;

    if (!live)
        return say_no_memory();
    live->options = options;
    live->show = show;
    live->arg = arg;
    live->jobs = options->jobs ? (size_t)options->jobs : JOBS_DEFAULT;
    status = input_names(live, options, &live->names);
    if (status)
        return status;
    live->tasks = talloc_zero_array(live, struct task, live->names.count);
    if (!live->tasks)
        return say_no_memory();
    status = open_net(live);
    if (!status)
        status = run_loop(live);
    talloc_free(live);
    return status;
}
