/* SPDX-License-Identifier: MIT */
/* show_domains.c - observe many domains side by side and show each in the order given. */
#include "cmd/show_domains.h"

#include <string.h>

#include "app/observe.h"
#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/console.h"
#include "cmd/domains_progress.h"
#include "cmd/environment.h"
#include "cmd/service.h"
#include "event/loop.h"
#include "verdict/place.h"

#define JOBS_DEFAULT 8

/* What one domain led to. */
struct domain_output {
    struct shown shown; /* the text until it is printed */
    bool no_memory;     /* where that was made */
    bool done;
};

struct showing {
    const struct options *options;
    show_fn show;
    bool (*has_room)(void *arg); /* NULL: always */
    void *arg;                   /* of both */
    struct net_options net;
    struct input_names names;
    struct domain_output *outputs;
    size_t printed;
    struct loop *loop;
    struct domains_progress *progress; /* NULL: a plain line */
    struct observation *observation;   /* NULL: not begun */
    struct observe_end end;
    int status;
};

/* ---- what each domain leads to --------------------------------------------------------------- */

int shown_print(const struct shown *shown, bool no_memory)
{
    if (no_memory)
        return console_no_memory();
    if (shown->text)
        return console_text(shown->text);
    console_progress(NULL);
    return 0;
}

static void print_done(struct showing *showing)
{
    bool written = false;

    while (showing->printed < showing->names.count && showing->outputs[showing->printed].done) {
        struct domain_output *output = &showing->outputs[showing->printed++];

        showing->status =
            exit_status_worse(showing->status, shown_print(&output->shown, output->no_memory));
        written |= output->shown.text != NULL;
        TALLOC_FREE(output->shown.text);
    }
    /* Nobody reads any more: there is nothing to look at for.  What is stored goes on. */
    if (written && !console_flush() && !showing->options->save && showing->observation)
        observe_interrupt(showing->observation);
}

static void on_seen(void *arg, size_t index, const struct facts *facts)
{
    struct showing *showing = arg;
    struct domain_output *output = &showing->outputs[index];

    output->shown.of = showing->names.count;
    output->no_memory = showing->show(showing, showing->arg, facts, &output->shown) != STS_OK;
    output->done = true;
    if (showing->progress)
        domains_progress_ended(showing->progress, index);
    showing->status = exit_status_worse(showing->status, output->shown.status);
    if (*facts->domain && place_is_blind(facts))
        showing->status = exit_status_worse(showing->status, EXIT_UNKNOWN);
    print_done(showing);
}

static bool has_room(void *arg)
{
    const struct showing *showing = arg;

    return !showing->has_room || showing->has_room(showing->arg);
}

static void on_progress(void *arg, size_t done, size_t running)
{
    struct showing *showing = arg;
    char *text;

    if (showing->progress) {
        domains_progress_begun(showing->progress, done + running);
        return;
    }
    if (showing->names.count == 1)
        text = talloc_asprintf(showing, _("checking %s ..."), showing->names.names[0]);
    else
        text =
            talloc_asprintf(showing, _("%zu of %zu domains done ..."), done, showing->names.count);
    if (text && !showing->options->quiet)
        console_progress(text);
    talloc_free(text);
}

static void on_signal(void *arg)
{
    struct showing *showing = arg;

    if (showing->observation)
        observe_interrupt(showing->observation);
}

static void on_over(void *arg, const struct observe_end *end)
{
    struct showing *showing = arg;

    showing->end = *end;
    loop_stop(showing->loop);
}

/* ---- all of it ------------------------------------------------------------------------------- */

static const char *proxy_of(const struct options *options)
{
    if (!options->proxy)
        return environment_proxy();
    return strcmp(options->proxy, "none") == 0 ? NULL : options->proxy;
}

void net_options_of(const struct options *options, struct net_options *ret)
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
        .allow_private = options->allow_private || environment_value("allow-private"),
        .ipv4 = options->ipv4,
        .ipv6 = options->ipv6,
    };
}

static struct showing *showing_new(TALLOC_CTX *ctx, const struct options *options, show_fn show,
                                   void *arg)
{
    struct showing *showing = talloc_zero(ctx, struct showing);

    if (!showing)
        return NULL;
    showing->options = options;
    showing->show = show;
    showing->arg = arg;
    net_options_of(options, &showing->net);
    return showing;
}

/* In showing->loop.  An exit status, where the observation itself failed. */
static int run_observation(struct showing *showing, struct observe_request *request)
{
    char *why;
    enum sts_status status;

    request->net = &showing->net;
    request->seen = on_seen;
    request->over = on_over;
    request->arg = showing;
    status = observe_start(showing, showing->loop, request, &showing->observation, &why);
    if (status == STS_OK)
        status = loop_run(showing->loop);
    if (status == STS_E_INVALID)
        return console_internal("%s", why);
    if (status == STS_E_IO)
        return console_internal("%s", _("the event loop failed"));
    return status || showing->end.incomplete ? console_no_memory() : 0;
}

int show_place(TALLOC_CTX *ctx, const struct options *options, show_fn show, void *arg)
{
    struct showing *showing = showing_new(ctx, options, show, arg);
    struct observe_request request = {.place = true};
    int status;

    if (showing)
        showing->outputs = talloc_zero(showing, struct domain_output);
    if (!showing || !showing->outputs || loop_new(showing, &showing->loop) != STS_OK)
        return console_no_memory();
    showing->names.count = 1;
    status = run_observation(showing, &request);
    status = exit_status_worse(status, showing->status);
    talloc_free(showing);
    return status;
}

static int observe_names(struct showing *showing)
{
    struct observe_request request = {
        .names = showing->names.names,
        .given = showing->names.given,
        .count = showing->names.count,
        .jobs = showing->options->jobs ? (size_t)showing->options->jobs : JOBS_DEFAULT,
        .has_room = has_room,
        .progress = on_progress,
    };
    int status;

    service_catch_signals();
    if ((!showing->loop && loop_new(showing, &showing->loop) != STS_OK) ||
        service_pulse(showing, showing->loop) != STS_OK ||
        service_attend(showing, showing->loop, on_signal, showing) != STS_OK)
        return console_no_memory();
    status = run_observation(showing, &request); /* which changes showing->status */
    status = exit_status_worse(status, showing->status);
    return showing->end.stopped && status < EXIT_USAGE ? EXIT_UNKNOWN : status;
}

int show_domains(TALLOC_CTX *ctx, const struct options *options, show_fn show, void *arg)
{
    return show_domains_in(ctx, options, &(struct show_request){.show = show, .arg = arg});
}

int show_domains_in(TALLOC_CTX *ctx, const struct options *options,
                    const struct show_request *request)
{
    struct showing *showing = showing_new(ctx, options, request->show, request->arg);
    int status;

    if (!showing)
        return console_no_memory();
    showing->loop = request->loop;
    showing->progress = request->progress;
    showing->has_room = request->has_room;
    status = input_names(showing, options, &showing->names);
    if (status)
        return status;
    showing->outputs = talloc_zero_array(showing, struct domain_output, showing->names.count);
    status = showing->outputs ? observe_names(showing) : console_no_memory();
    status = exit_status_worse(status, showing->names.status);
    talloc_free(showing);
    return status;
}
