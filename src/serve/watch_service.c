/* SPDX-License-Identifier: MIT */
/* watch_service.c - the watch of a service, and checks that owners ask for. */
#include "serve/watch_service.h"

#include "base/i18n.h"
#include "serve/access.h"
#include "serve/check_service.h"
#include "serve/exchange.h"
#include "serve/service.h"
#include "serve/watch_page.h"

/* ---- the beginning --------------------------------------------------------------------------- */

static void on_more(void *arg)
{
    const struct service *service = arg;

    check_queue_more(service->checks->queue);
}

static void on_renew(void *arg)
{
    const struct service *service = arg;

    if (check_queue_renew(service->checks->queue) == STS_OK)
        service_say(service, "%s", _("the network of this machine has changed; checks continue"));
}

static void on_fault(void *arg, const struct store_fault *why)
{
    service_say_store(arg, why);
}

static enum sts_status start(struct service *service)
{
    const struct domain_watch_request request = {.loop = service->loop,
                                                 .writer = service->writer,
                                                 .readers = service->readers,
                                                 .net = service->net,
                                                 .off = service->watch_off,
                                                 .every = service->watch_every,
                                                 .keep_days = service->keep_days,
                                                 .more = on_more,
                                                 .renew = on_renew,
                                                 .fault = on_fault,
                                                 .arg = service};
    struct check_source source;
    enum sts_status status = domain_watch_new(service, &request, &service->watch);

    if (status != STS_OK || service->watch_off)
        return status;
    source = domain_watch_source(service->watch);
    return check_queue_add_source(service->checks->queue, &source);
}

static void stop(struct service *service, loop_fn stopped, void *arg)
{
    domain_watch_stop(service->watch, stopped, arg);
}

/* ---- checks that owners ask for -------------------------------------------------------------- */

bool watch_service_check(struct exchange *exchange, const struct access *access,
                         const struct check_run **ret)
{
    bool reused;

    if (!check_service_ask_kept(exchange, access->group, access->domain, ret, &reused))
        return false;
    if (reused)
        domain_watch_take(exchange_service(exchange)->watch, (*ret)->diagnosis->facts);
    return true;
}

bool watch_service_now(const struct service *service, const char *const *domains, size_t count)
{
    return !service->watch_off && domain_watch_now(service->watch, domains, count) == STS_OK;
}

static const struct route routes[] = {
    {HTTP_GET, "/admin/watch", watch_page_answer, ROUTE_PAGE, NEED_ADMINISTRATOR, ROUTE_NO_BODY, 0},
};
const struct route_table watch_routes = {
    .routes = routes, .count = sizeof(routes) / sizeof(routes[0]), .start = start, .stop = stop};
