/* SPDX-License-Identifier: MIT */
/* live.c - observe many domains side by side and show each in the order given. */
#include "cmd/live.h"

#include <string.h>

#include "app/observe.h"
#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/environment.h"
#include "cmd/console.h"
#include "cmd/service.h"
#include "event/loop.h"
#include "verdict/place.h"

#define JOBS_DEFAULT 8

/* What one domain led to. */
struct domain_output {
    struct live_output shown; /* the text until it is printed */
    bool no_memory;           /* where that was made */
    bool done;
};

struct live {
    const struct options *options;
    live_show_fn show;
    void *arg; /* of it */
    struct net_options net;
    struct input_names names;
    struct domain_output *outputs;
    size_t printed;
    struct loop *loop;
    struct observation *observation; /* NULL: not begun */
    struct observe_end end;
    int status;
};

/* ---- what each domain leads to --------------------------------------------------------------- */

int live_print(const struct live_output *shown, bool no_memory)
{
    if (no_memory)
        return console_no_memory();
    if (shown->text)
        return console_text(shown->text);
    console_progress(NULL);
    return 0;
}

static void print_done(struct live *live)
{
    while (live->printed < live->names.count && live->outputs[live->printed].done) {
        struct domain_output *output = &live->outputs[live->printed++];

        live->status =
            exit_status_worse(live->status, live_print(&output->shown, output->no_memory));
        TALLOC_FREE(output->shown.text);
    }
}

static void on_seen(void *arg, size_t index, const struct facts *facts)
{
    struct live *live = arg;
    struct domain_output *output = &live->outputs[index];

    output->no_memory = live->show(live, live->arg, facts, &output->shown) != STS_OK;
    output->done = true;
    live->status = exit_status_worse(live->status, output->shown.status);
    if (*facts->domain && place_is_blind(facts))
        live->status = exit_status_worse(live->status, EXIT_UNKNOWN);
    print_done(live);
}

static void on_progress(void *arg, size_t done)
{
    struct live *live = arg;
    char *text;

    if (live->names.count == 1)
        text = talloc_asprintf(live, _("checking %s ..."), live->names.names[0]);
    else
        text = talloc_asprintf(live, _("%zu of %zu domains done ..."), done, live->names.count);
    if (text && !live->options->quiet)
        console_progress(text);
    talloc_free(text);
}

static void on_signal(void *arg)
{
    struct live *live = arg;

    if (live->observation)
        observe_interrupt(live->observation);
}

static void on_over(void *arg, const struct observe_end *end)
{
    struct live *live = arg;

    live->end = *end;
    loop_stop(live->loop);
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

static struct live *live_new(TALLOC_CTX *ctx, const struct options *options, live_show_fn show,
                             void *arg)
{
    struct live *live = talloc_zero(ctx, struct live);

    if (!live)
        return NULL;
    live->options = options;
    live->show = show;
    live->arg = arg;
    live_net_options(options, &live->net);
    return live;
}

/* In live->loop.  An exit status, where the observation itself failed. */
static int run_observation(struct live *live, struct observe_request *request)
{
    char *why;
    enum sts_status status;

    request->net = &live->net;
    request->seen = on_seen;
    request->over = on_over;
    request->arg = live;
    status = observe_start(live, live->loop, request, &live->observation, &why);
    if (status == STS_OK)
        status = loop_run(live->loop);
    if (status == STS_E_INVALID)
        return console_internal("%s", why);
    if (status == STS_E_IO)
        return console_internal("%s", _("the event loop failed"));
    return status ? console_no_memory() : 0;
}

int live_place(TALLOC_CTX *ctx, const struct options *options, live_show_fn show, void *arg)
{
    struct live *live = live_new(ctx, options, show, arg);
    struct observe_request request = {.place = true};
    int status;

    if (live)
        live->outputs = talloc_zero(live, struct domain_output);
    if (!live || !live->outputs || loop_new(live, &live->loop) != STS_OK)
        return console_no_memory();
    live->names.count = 1;
    status = run_observation(live, &request);
    if (!status)
        status = live->status;
    talloc_free(live);
    return status;
}

static int observe_names(struct live *live)
{
    struct observe_request request = {
        .names = live->names.names,
        .given = live->names.given,
        .count = live->names.count,
        .jobs = live->options->jobs ? (size_t)live->options->jobs : JOBS_DEFAULT,
        .progress = on_progress,
    };
    int status;

    service_catch_signals();
    if ((!live->loop && service_loop(live, &live->loop) != STS_OK) ||
        service_attend(live, live->loop, on_signal, live) != STS_OK)
        return console_no_memory();
    status = run_observation(live, &request);
    if (status)
        return status;
    if (live->end.incomplete)
        live->status = exit_status_worse(live->status, console_no_memory());
    return live->end.stopped && live->status < EXIT_USAGE ? EXIT_UNKNOWN : live->status;
}

int live_run(TALLOC_CTX *ctx, const struct options *options, live_show_fn show, void *arg)
{
    return live_run_in(ctx, NULL, options, show, arg);
}

int live_run_in(TALLOC_CTX *ctx, struct loop *loop, const struct options *options,
                live_show_fn show, void *arg)
{
    struct live *live = live_new(ctx, options, show, arg);
    int status;

    if (!live)
        return console_no_memory();
    live->loop = loop;
    status = input_names(live, options, &live->names);
    if (status)
        return status;
    live->outputs = talloc_zero_array(live, struct domain_output, live->names.count);
    status = live->outputs ? observe_names(live) : console_no_memory();
    talloc_free(live);
    return status;
}
