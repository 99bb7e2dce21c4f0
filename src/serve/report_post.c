/* SPDX-License-Identifier: MIT */
/* report_post.c - a report out of the body's file, on a thread, to the receiver. */
#include "serve/report_post.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "app/client_limits.h"
#include "app/receiver.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "event/jobs.h"
#include "event/loop.h"
#include "serve/exchange.h"
#include "serve/intake_service.h"
#include "serve/limits.h"
#include "serve/service.h"

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
                 _("The report cannot be stored now. Please try again later."));
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

/* ---- the way into the store ------------------------------------------------------------------ */

/* A child of the exchange, which may go first. */
struct posting {
    struct exchange *exchange;
    struct receiver *receiver;
    struct jobs_handle *job;
};

static int posting_drop(struct posting *posting)
{
    receiver_forget(posting->receiver, posting);
    return 0;
}

/* The body, read on a thread; the descriptor is its own, since the exchange may go first. */
struct posted_body {
    int fd;
    off_t offset;
    size_t length;
    char *bytes;
    struct receiver_set *set;
    bool complete;
};

static int posted_body_drop(struct posted_body *body)
{
    if (body->fd >= 0)
        close(body->fd);
    return 0;
}

static void read_body(void *data)
{
    struct posted_body *body = data;
    size_t done = 0;
    ssize_t got = 1;

    while (done < body->length && got > 0) {
        got = pread(body->fd, body->bytes + done, body->length - done, body->offset + (off_t)done);
        if (got < 0 && errno == EINTR)
            got = 1;
        else if (got > 0)
            done += (size_t)got;
    }
    body->complete = done == body->length;
}

static void on_stored(void *arg, struct receiver_set *set, enum sts_status status,
                      const struct store_fault *fault)
{
    struct exchange *exchange = ((struct posting *)arg)->exchange;

    (void)fault;
    if (status == STS_OK)
        answer_item(exchange, &set->items[0]);
    else
        answer_busy(exchange);
}

static void on_body(void *arg, void *data)
{
    struct posting *posting = arg;
    struct posted_body *body = data;
    struct receiver_set *set = body->set;

    if (body->complete) {
        set->items[0].bytes = (struct bytes){body->bytes, body->length};
        (void)talloc_steal(set, body->bytes);
        (void)talloc_steal(posting, set);
    }
    if (!body->complete || receiver_take(posting->receiver, set, on_stored, posting) != STS_OK)
        answer_busy(posting->exchange);
}

static struct receiver_set *set_of(TALLOC_CTX *ctx, struct exchange *exchange)
{
    struct receiver_set *set = talloc_zero(ctx, struct receiver_set);

    if (!set)
        return NULL;
    set->items = talloc_zero(set, struct receiver_item);
    set->count = 1;
    set->now = clock_now();
    set->way = (struct store_way_name){STORE_WAY_HTTPS, "", ""};
    set->known_only = !exchange_service(exchange)->any_domain;
    if (set->items)
        set->items[0].source =
            talloc_asprintf(set, "https:%s", exchange_visitor(exchange)->address);
    return set->items && set->items[0].source ? set : NULL;
}

static struct posted_body *body_of(struct exchange *exchange, const struct upload *upload)
{
    struct posted_body *body = talloc_zero(exchange, struct posted_body);

    if (!body)
        return NULL;
    body->fd = dup(upload->fd);
    talloc_set_destructor(body, posted_body_drop);
    body->offset = upload->offset;
    body->length = (size_t)upload->length;
    body->bytes = talloc_size(body, body->length + 1);
    body->set = set_of(body, exchange);
    return body->fd >= 0 && body->bytes && body->set ? body : NULL;
}

static bool start(struct exchange *exchange, const struct upload *upload)
{
    struct service *service = exchange_service(exchange);
    struct posting *posting = talloc_zero(exchange, struct posting);
    const struct jobs_request request = {
        .work = read_body, .done = on_body, .data = body_of(exchange, upload), .arg = posting};

    if (!posting || !request.data)
        return false;
    posting->exchange = exchange;
    posting->receiver = service->intake->posts;
    talloc_set_destructor(posting, posting_drop);
    return jobs_start(posting, service->jobs, &request, &posting->job) == STS_OK;
}

static void answer_post(struct exchange *exchange)
{
    struct service *service = exchange_service(exchange);
    const struct upload *upload = exchange_upload(exchange, "report");
    int64_t wait = client_limits_take(service->intake->limits, exchange_visitor(exchange)->address,
                                      loop_now(service->loop));

    if (wait > 0)
        answer_later(exchange, 429, wait, "too-many-reports",
                     _("Too many reports come from this address. Please try again later."));
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
