/* SPDX-License-Identifier: MIT */
/* live.c - observe many domains side by side and show each in the order given. */
#include "cmd/live.h"

#include <string.h>

#include "app/observe.h"
#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/environment.h"
#include "cmd/say.h"
#include "cmd/service.h"
#include "cmd/signals.h"
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
    int status;
};

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
        say_progress(text);
    talloc_free(text);
}

static bool on_poll(void *arg)
{
    (void)arg;
    service_alive();
    return signals_seen();
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

/* What is wrong with the observation itself. */
static int say_observe_failure(enum sts_status status, const struct observe_end *end)
{
    if (status == STS_E_INVALID)
        return say_internal("%s", end->why);
    if (status == STS_E_IO)
        return say_internal("%s", _("the event loop failed"));
    return say_no_memory();
}

int live_place(TALLOC_CTX *ctx, const struct options *options, live_show_fn show, void *arg)
{
    struct live *live = live_new(ctx, options, show, arg);
    struct observe_request request;
    struct observe_end end;
    enum sts_status observed;
    int status;

    if (live)
        live->outputs = talloc_zero(live, struct domain_output);
    if (!live || !live->outputs)
        return say_no_memory();
    live->names.count = 1;
    request = (struct observe_request){.net = &live->net, .seen = on_seen, .arg = live};
    observed = observe_place(live, &request, &end);
    status = observed ? say_observe_failure(observed, &end) : live->status;
    talloc_free(live);
    return status;
}

static int observe_names(struct live *live)
{
    const struct observe_request request = {
        .net = &live->net,
        .names = live->names.names,
        .given = live->names.given,
        .count = live->names.count,
        .jobs = live->options->jobs ? (size_t)live->options->jobs : JOBS_DEFAULT,
        .seen = on_seen,
        .progress = on_progress,
        .stop = on_poll,
        .arg = live,
    };
    struct observe_end end;
    enum sts_status status;

    signals_catch();
    status = observe_domains(live, &request, &end);
    if (status)
        return say_observe_failure(status, &end);
    if (end.incomplete)
        live->status = exit_status_worse(live->status, say_no_memory());
    return end.stopped && live->status < EXIT_USAGE ? EXIT_UNKNOWN : live->status;
}

int live_run(TALLOC_CTX *ctx, const struct options *options, live_show_fn show, void *arg)
{
    struct live *live = live_new(ctx, options, show, arg);
    int status;

    if (!live)
        return say_no_memory();
    status = input_names(live, options, &live->names);
    if (status)
        return status;
    live->outputs = talloc_zero_array(live, struct domain_output, live->names.count);
    status = live->outputs ? observe_names(live) : say_no_memory();
    talloc_free(live);
    return status;
}
