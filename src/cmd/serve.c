/* SPDX-License-Identifier: MIT */
/* serve.c - the web service: what all its parts share is made here, and goes again. */
#include "cmd/cmd.h"

#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/create_admin.h"
#include "cmd/listen.h"
#include "cmd/open_store.h"
#include "cmd/service.h"
#include "cmd/show_domains.h"
#include "event/jobs.h"
#include "net/net.h"
#include "serve/account_service.h"
#include "serve/server.h"
#include "serve/service.h"
#include "store/readers.h"
#include "store/writer.h"

#define WORKERS 4 /* files, sums and hashes of passwords; the store has threads of its own */
#define READERS 4

struct serving {
    struct service *service;
    struct net_options net;
    const struct options *options;
};

/* ---- what it consists of --------------------------------------------------------------------- */

/* Made and brought up to date before anybody asks for it; then each thread opens its own. */
static int prepare_store(TALLOC_CTX *ctx, const struct options *options)
{
    struct store *store;
    int status = open_store(ctx, options, STORE_WRITE, &store);

    if (!status)
        talloc_free(store);
    return status;
}

static enum sts_status start_parts(struct service *service)
{
    enum sts_status status = jobs_new(service, service->loop, WORKERS, &service->jobs);

    if (status == STS_OK)
        status = store_writer_new(service, service->loop, service->store, &service->writer);
    if (status == STS_OK)
        status =
            store_readers_new(service, service->loop, service->store, READERS, &service->readers);
    if (status == STS_OK)
        status = service_start_areas(service);
    return status;
}

static enum sts_status start_listening(struct service *service)
{
    int fds[LISTEN_MAX];
    size_t count = listen_taken(fds);

    return server_start(service, fds, count);
}

static enum sts_status build(TALLOC_CTX *ctx, struct serving *serving)
{
    struct service *service = talloc_zero(ctx, struct service);
    enum sts_status status = service ? loop_new(ctx, &service->loop) : STS_E_NOMEM;

    if (status != STS_OK)
        return status;
    serving->service = service;
    net_options_of(serving->options, &serving->net);
    serving->net.public_only = true; /* strangers choose the domains */
    service->net = &serving->net;
    service->store = open_store_where(serving->options);
    service->any_domain = serving->options->any_domain;
    service->origin = "";
    service->base_path = "/";
    status = start_parts(service);
    return status == STS_OK ? start_listening(service) : status;
}

/* ---- running --------------------------------------------------------------------------------- */

static void on_stopped(void *arg)
{
    struct service *service = arg;

    loop_stop(service->loop);
}

static void on_signal(void *arg)
{
    struct service *service = arg;

    service_stopping();
    server_stop(service->server, on_stopped, service);
}

/* Behind the '#', which no browser sends along, so that it is in no log of a proxy. */
static void say_first_start(const struct service *service)
{
    const char *secret = account_service_first_start(service);
    const char *origin = *service->origin ? service->origin : "http://localhost:8460";

    if (secret)
        console_note(_("first start: create the administrator at %s%ssetup#%s"), origin,
                     service->base_path, secret);
}

static int run(TALLOC_CTX *ctx, struct serving *serving)
{
    struct service *service;
    enum sts_status status = build(ctx, serving);

    service = serving->service;
    if (status == STS_OK)
        status = service_pulse(ctx, service->loop);
    if (status == STS_OK)
        status = service_attend(ctx, service->loop, on_signal, service);
    if (status != STS_OK)
        return console_no_memory();
    say_first_start(service);
    service_ready();
    if (loop_run(service->loop) != STS_OK)
        return console_internal("%s", _("the event loop failed"));
    return 0;
}

int cmd_serve(TALLOC_CTX *ctx, const struct options *options)
{
    struct serving serving = {.options = options};
    TALLOC_CTX *own = talloc_new(ctx);
    int status;

    if (options->operand_count)
        return console_usage(_("unexpected argument: %s"), options->operands[0]);
    if (!own)
        return console_no_memory();
    if (options->create_admin) {
        status = create_admin(own, options);
        talloc_free(own);
        return status;
    }
    service_catch_signals();
    status = prepare_store(own, options);
    if (!status)
        status = run(own, &serving);
    TALLOC_FREE(serving.service); /* its parts need the loop */
    talloc_free(own);
    return status;
}
