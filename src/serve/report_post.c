/* SPDX-License-Identifier: MIT */
/* report_post.c - a report to the receiver, and what became of it as the answer. */
#include "serve/report_post.h"

#include <string.h>

#include "app/client_limits.h"
#include "app/receiver.h"
#include "base/i18n.h"
#include "base/text.h"
#include "event/loop.h"
#include "serve/exchange.h"
#include "serve/intake_service.h"
#include "serve/limits.h"
#include "serve/posting.h"
#include "serve/service.h"
#include "serve/upload.h"

/* ---- the answer ------------------------------------------------------------------------------ */

static void answer_later(struct exchange *exchange, unsigned status, int64_t seconds,
                         const char *code, const char *detail)
{
    char *text = talloc_asprintf(exchange, "%lld", (long long)seconds);

    exchange_field(exchange, "Retry-After", text ? text : "60");
    exchange_problem(exchange, status, code, detail);
}

static void answer_busy(struct exchange *exchange)
{
    answer_later(exchange, 503, LIMIT_POST_AGAIN_S, "busy",
                 _("The report cannot be stored now. Try again later."));
}

static void answer_rejected(struct exchange *exchange, const struct receiver_item *item)
{
    const char *why = item->why ? _(item->why) : _("this is not a TLS report");
    char *detail =
        item->detail ? text_printable(exchange, item->detail, strlen(item->detail), 200) : NULL;
    char *text = detail ? talloc_asprintf(exchange, "%s: %s", why, detail) : NULL;

    exchange_problem(exchange, 400, "not-stored", text ? text : why);
}

static void answer_item(struct exchange *exchange, const struct receiver_item *item)
{
    if (item->outcome == RECEIVER_STORED)
        exchange_answer(exchange, 201, "text/plain; charset=utf-8", bytes_of("stored\n"));
    else if (item->outcome == RECEIVER_SEEN)
        exchange_answer(exchange, 200, "text/plain; charset=utf-8", bytes_of("seen before\n"));
    else
        answer_rejected(exchange, item);
}

static void on_stored(struct exchange *exchange, const struct receiver_item *item)
{
    if (item)
        answer_item(exchange, item);
    else
        answer_busy(exchange);
}

static bool start(struct exchange *exchange, const struct upload *upload)
{
    const struct service *service = exchange_service(exchange);
    char *source = talloc_asprintf(exchange, "https:%s", exchange_visitor(exchange)->address);
    const struct posting_request request = {
        .receiver = service->intake->posts,
        .upload = upload,
        .set = source ? posting_set(exchange, STORE_WAY_HTTPS, source) : NULL,
        .done = on_stored};

    if (!request.set)
        return false;
    request.set->known_only = !service->any_domain;
    return posting_start(exchange, &request);
}

static void answer_post(struct exchange *exchange)
{
    struct service *service = exchange_service(exchange);
    const struct upload *upload = exchange_upload(exchange, "report");
    int64_t wait = client_limits_take(service->intake->limits, exchange_visitor(exchange)->address,
                                      loop_now(service->loop));

    if (wait > 0)
        answer_later(exchange, 429, wait, "too-many-reports",
                     _("Too many reports from this address. Try again later."));
    else if (!upload || !upload->length)
        exchange_problem(exchange, 400, "not-stored", _("the body is empty"));
    else if (!start(exchange, upload))
        answer_busy(exchange);
}

/* ---- the area -------------------------------------------------------------------------------- */

static enum sts_status start_area(struct service *service)
{
    static const struct client_limit limits[] = {{LIMIT_POSTS_A_MINUTE, 60},
                                                 {LIMIT_POSTS_AN_HOUR, 3600}};
    struct intake_service *intake = talloc_zero(service, struct intake_service);
    const struct receiver_request posts = {service->loop, service->writer, NULL,
                                           LIMIT_POST_READERS},
                                  mails = {service->loop, service->writer, service->verify, 1};
    enum sts_status status;

    if (!intake)
        return STS_E_NOMEM;
    service->intake = intake;
    intake->limits = client_limits_new(intake, limits, 2, LIMIT_POST_CLIENTS);
    status = intake->limits ? receiver_new(intake, &posts, &intake->posts) : STS_E_NOMEM;
    return status == STS_OK ? receiver_new(intake, &mails, &intake->mails) : status;
}

static const struct route routes[] = {
    {HTTP_POST, "/tlsrpt", answer_post, ROUTE_PLAIN, NEED_PUBLIC, ROUTE_UPLOAD, LIMIT_POST},
    /* The word after it is for whoever publishes the address: it names nobody. */
    {HTTP_POST, "/tlsrpt/{word}", answer_post, ROUTE_PLAIN, NEED_PUBLIC, ROUTE_UPLOAD, LIMIT_POST},
};

const struct route_table report_post_routes = {
    .routes = routes, .count = sizeof(routes) / sizeof(routes[0]), .start = start_area};
