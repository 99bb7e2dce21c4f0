/* SPDX-License-Identifier: MIT */
/* serve.c - the web service: what all its parts share is made here, and goes again. */
#include "cmd/cmd.h"

#include <stdio.h>
#include <sys/resource.h>

#include "base/i18n.h"
#include "base/network.h"
#include "cmd/account_settings.h"
#include "cmd/alert_options.h"
#include "cmd/console.h"
#include "cmd/create_admin.h"
#include "cmd/create_token.h"
#include "cmd/filter_options.h"
#include "cmd/listen.h"
#include "cmd/open_store.h"
#include "cmd/serve_mail.h"
#include "cmd/service.h"
#include "cmd/show_domains.h"
#include "event/jobs.h"
#include "event/signals.h"
#include "net/net.h"
#include "net/tls_server.h"
#include "serve/account_service.h"
#include "serve/base_url.h"
#include "serve/limits.h"
#include "serve/server.h"
#include "serve/service.h"
#include "store/readers.h"
#include "store/writer.h"

#define WORKERS        4 /* files, sums and hashes of passwords; the store has threads of its own */
#define READERS        4
#define WATCH_EVERY    INT64_C(21600) /* seconds */
#define CERTIFICATE_MS 2000           /* between two looks whether its files have changed */

struct serving {
    struct service *service;
    struct net_options net;
    const struct options *options;
    struct tls_server *tls;     /* NULL: it is plain */
    struct loop_timer *tls_due; /* when its files are looked at again */
    struct verify_sender_request verify;
    struct serve_mail *mail; /* NULL: there are no such ways in */
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

/* ---- what it was told ------------------------------------------------------------------------ */

static int set_base(struct service *service, const struct options *options)
{
    struct base_url url;

    service->origin = service->host = "";
    service->base_path = "/";
    if (!options->base_url)
        return 0;
    if (!base_url_read(service, options->base_url, &url))
        return console_usage(_("--base-url %s: expected https://HOST/ or https://HOST/PATH/"),
                             options->base_url);
    service->origin = url.origin;
    service->host = url.host;
    service->base_path = url.path;
    return 0;
}

static int set_proxies(struct service *service, const struct options *options)
{
    size_t count = options->trusted_proxy_count;
    struct network *proxies = talloc_zero_array(service, struct network, count + 1);

    if (!proxies)
        return console_no_memory();
    for (size_t i = 0; i < count; i++)
        if (!network_read(options->trusted_proxies[i], &proxies[i]))
            return console_usage(
                _("--trusted-proxy %s: expected an address or a network such as 192.0.2.0/24"),
                options->trusted_proxies[i]);
    service->proxies = proxies;
    service->proxy_count = count;
    return 0;
}

static void log_line(const char *line)
{
    fprintf(stderr, "%s\n", line);
}

/* ---- its certificate ------------------------------------------------------------------------- */

static int say_tls(enum sts_status status, const char *why)
{
    if (status != STS_E_IO)
        return console_no_memory();
    return console_internal(_("--tls-certificate, --tls-key: %s"), why);
}

static int set_tls(struct serving *serving)
{
    const struct options *options = serving->options;
    enum sts_status status;
    char *why = NULL;

    if (!options->tls_certificate && !options->tls_key)
        return 0;
    if (!options->tls_certificate || !options->tls_key)
        return console_usage("%s", _("--tls-certificate and --tls-key require each other"));
    status = tls_server_new(serving->service, options->tls_certificate, options->tls_key,
                            &serving->tls, &why);
    return status == STS_OK ? 0 : say_tls(status, why);
}

/* On an error the old certificate goes on: better than none. */
static void reload_tls(struct serving *serving)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *why = NULL;
    enum sts_status status = tls_server_reload(ctx, serving->tls, &why);

    if (status != STS_OK)
        (void)say_tls(status, why);
    else
        console_note("%s", _("the certificate was read again"));
    talloc_free(ctx);
}

static void on_tls_due(void *arg)
{
    struct serving *serving = arg;

    if (tls_server_is_stale(serving->tls))
        reload_tls(serving);
    loop_timer_again(serving->tls_due, loop_now(serving->service->loop) + CERTIFICATE_MS);
}

static enum sts_status watch_tls(struct serving *serving)
{
    struct loop *loop = serving->service->loop;

    if (!serving->tls)
        return STS_OK;
    return loop_timer_start(serving->service, loop, loop_now(loop) + CERTIFICATE_MS, on_tls_due,
                            serving, &serving->tls_due);
}

/* ---- all of it ------------------------------------------------------------------------------- */

static int configure(struct serving *serving)
{
    const struct options *options = serving->options;
    struct service *service = serving->service;
    int status = set_base(service, options);

    if (!status)
        status = set_proxies(service, options);
    service->log = log_line;
    service->access_log = options->access_log;
    if (!status)
        status = set_tls(serving);
    service->store = open_store_where(options);
    if (!status)
        status = account_settings_read(service, options, &service->account_settings);
    if (!status)
        status = alert_options_read(service, options, &service->alert_settings);
    return status;
}

/* ---- listening ------------------------------------------------------------------------------- */

/* As many connections as there may be open files, beside those that everything else needs. */
static size_t connections_max(void)
{
    struct rlimit files = {0};

    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
        (void)getrlimit(RLIMIT_NOFILE, &files);
    }
    if (files.rlim_cur > LIMIT_CONNECTIONS + LIMIT_KEPT_FILES)
        return LIMIT_CONNECTIONS;
    if (files.rlim_cur / 2 > LIMIT_KEPT_FILES)
        return (size_t)files.rlim_cur - LIMIT_KEPT_FILES;
    return (size_t)files.rlim_cur / 2;
}

static enum sts_status start_listening(struct serving *serving)
{
    struct server_socket sockets[LISTEN_MAX];
    size_t count = listen_taken(sockets);

    return server_start(serving->service,
                        &(struct server_request){.sockets = sockets,
                                                 .tls = serving->tls,
                                                 .socket_count = count,
                                                 .connections = connections_max()});
}

static enum sts_status build(TALLOC_CTX *ctx, struct serving *serving)
{
    struct service *service = serving->service;
    enum sts_status status = loop_new(ctx, &service->loop);

    if (status != STS_OK)
        return status;
    net_options_of(serving->options, &serving->net);
    serving->net.public_only = true; /* strangers choose the domains */
    service->net = &serving->net;
    (void)verify_options(serving->options, &serving->verify);
    service->verify = &serving->verify; /* whether --dkim asks for it or not */
    service->any_domain = serving->options->any_domain;
    service->watch_off = serving->options->no_watch;
    service->watch_every =
        serving->options->watch_every ? serving->options->watch_every : WATCH_EVERY;
    service->keep_days = serving->options->keep ? serving->options->keep : KEEP_DEFAULT;
    status = start_parts(service);
    return status == STS_OK ? start_listening(serving) : status;
}

/* ---- running --------------------------------------------------------------------------------- */

static void on_stopped(void *arg)
{
    struct service *service = arg;

    loop_stop(service->loop);
}

static void on_served(void *arg)
{
    struct service *service = arg;

    service_stop_areas(service, on_stopped, service);
}

static void on_signal(void *arg)
{
    struct service *service = arg;

    service_stopping();
    server_stop(service->server, on_served, service);
}

/* Behind the '#', which no browser sends along, so that it is in no log of a proxy. */
static void say_first_start(TALLOC_CTX *ctx, const struct serving *serving)
{
    const struct service *service = serving->service;
    const char *secret = account_service_first_start(service);
    const char *origin = *service->origin ? service->origin : listen_origin(ctx, serving->options);

    if (secret && origin)
        console_note(_("first start: create the administrator at %s%ssetup#%s"), origin,
                     service->base_path, secret);
}

/* What of the options can change while we run: the files that they name. */
static void on_hangup(void *arg)
{
    struct serving *serving = arg;

    service_reloading();
    if (serving->tls)
        reload_tls(serving);
    serve_mail_reload(serving->mail);
    service_ready();
}

static enum sts_status attend(TALLOC_CTX *ctx, struct serving *serving)
{
    struct service *service = serving->service;
    struct signals_watch *hangups;
    enum sts_status status = service_pulse(ctx, service->loop);

    if (status == STS_OK)
        status = service_attend(ctx, service->loop, on_signal, service);
    if (status == STS_OK)
        status = signals_start_hangup(ctx, service->loop, on_hangup, serving, &hangups);
    return status == STS_OK ? watch_tls(serving) : status;
}

static int run(TALLOC_CTX *ctx, struct serving *serving)
{
    struct service *service = serving->service;
    enum sts_status status = build(ctx, serving);
    int exit_status;

    if (status == STS_OK)
        status = attend(ctx, serving);
    if (status != STS_OK)
        return service->why ? console_internal("%s", service->why) : console_no_memory();
    exit_status = serve_mail_start(ctx, service, serving->options, &serving->mail);
    if (exit_status)
        return exit_status;
    say_first_start(ctx, serving);
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
    if (options->create_admin || options->create_token) {
        status = options->create_admin ? create_admin(own, options) : create_token(own, options);
        talloc_free(own);
        return status;
    }
    service_catch_signals();
    serving.service = talloc_zero(own, struct service);
    status = serving.service ? configure(&serving) : console_no_memory();
    if (!status)
        status = prepare_store(own, options);
    if (!status)
        status = run(own, &serving);
    listen_clear(options);
    TALLOC_FREE(serving.mail);
    TALLOC_FREE(serving.service); /* its parts need the loop */
    talloc_free(own);
    return status;
}
