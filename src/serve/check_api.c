/* SPDX-License-Identifier: MIT */
/* check_api.c - /api/v1/checks.
 *
 * A result is exactly what mtasts check prints, as JSON or as text; a check that waits or runs is
 * mtasts.check-run/1. */
#include "serve/check_api.h"

#include <string.h>

#include "base/json.h"
#include "event/loop.h"
#include "facts/facts_json.h"
#include "render/json.h"
#include "render/json_run.h"
#include "render/text.h"
#include "serve/check_events.h"
#include "serve/check_service.h"
#include "serve/exchange.h"
#include "serve/limits.h"
#include "serve/service.h"

#define JSON "application/json"
#define TEXT "text/plain; charset=utf-8"

/* ---- answers --------------------------------------------------------------------------------- */

static void answer_made(struct exchange *exchange, unsigned status, const char *type, char *made)
{
    char *whole = made ? talloc_asprintf(exchange, "%s\n", made) : NULL;

    exchange_field(exchange, "Cache-Control", "no-store");
    if (whole)
        exchange_answer(exchange, status, type, bytes_of(whole));
    else
        exchange_problem(exchange, 503, "no-room",
                         _("The service is too busy for this request. Try again later."));
}

static bool wants_text(const struct exchange *exchange)
{
    const char *accept = http_request_field(exchange_request(exchange), "accept");

    return accept && strncmp(accept, "text/plain", 10) == 0;
}

static void answer_result(struct exchange *exchange, const struct check_run *run)
{
    const struct textout_options options = {.width = 80, .utf8 = true};

    exchange_field(exchange, "Vary", "Accept, Accept-Language");
    if (wants_text(exchange))
        answer_made(exchange, 200, TEXT, text_check(exchange, run->diagnosis, &options));
    else
        answer_made(exchange, 200, JSON, json_check(exchange, run->diagnosis));
}

static void answer_state(struct exchange *exchange, unsigned status, const struct check_run *run)
{
    const struct run_view view = check_run_as_view(exchange, run);

    answer_made(exchange, status, JSON, json_run(exchange, &view));
}

static void answer_run(struct exchange *exchange, const struct check_run *run)
{
    if (!run)
        check_service_absent(exchange);
    else if (run->state == CHECK_DONE)
        answer_result(exchange, run);
    else
        answer_state(exchange, 200, run);
}

/* ---- POST /api/v1/checks --------------------------------------------------------------------- */

struct waiting {
    struct exchange *exchange;
    struct check_follower *follower;
    struct loop_timer *timer;
    char id[CHECK_ID_SIZE];
};

/* The time is up: as far as it has come. */
static void on_time(void *arg)
{
    const struct waiting *waiting = arg;
    struct exchange *exchange = waiting->exchange;
    const struct check_run *run =
        check_queue_find(exchange_service(exchange)->checks->queue, waiting->id);
    enum i18n_language before = check_service_speak(exchange);

    if (run)
        answer_state(exchange, 202, run);
    else
        check_service_absent(exchange);
    i18n_use(before);
}

static void on_changed(void *arg, const struct check_run *run)
{
    struct waiting *waiting = arg;
    enum i18n_language before;

    if (run->state < CHECK_DONE)
        return;
    before = check_service_speak(waiting->exchange);
    TALLOC_FREE(waiting->timer);
    answer_run(waiting->exchange, run);
    i18n_use(before);
}

static bool wait_for(struct exchange *exchange, const struct check_run *run, int64_t seconds)
{
    struct service *service = exchange_service(exchange);
    struct waiting *waiting = talloc_zero(exchange, struct waiting);

    if (!waiting)
        return false;
    waiting->exchange = exchange;
    memcpy(waiting->id, run->id, sizeof waiting->id);
    return check_follow(waiting, service->checks->queue, run->id, on_changed, waiting,
                        &waiting->follower) == STS_OK &&
           loop_timer_start(waiting, service->loop, loop_now(service->loop) + seconds * 1000,
                            on_time, waiting, &waiting->timer) == STS_OK;
}

struct asked {
    const char *domain;
    int64_t wait; /* seconds */
};

/* NULL: it is one; else what is wrong. */
static const char *read_body(struct exchange *exchange, struct asked *ret)
{
    const struct json *domain, *wait;
    struct json *body;
    size_t at;

    if (json_read(exchange, exchange_body(exchange), false, LIMIT_JSON_DEPTH, &body, &at) !=
            JSON_OK ||
        !json_is(body, JSON_OBJECT))
        return _("The body must be a JSON object in UTF-8.");
    domain = json_member(body, "domain");
    wait = json_member(body, "wait");
    if (!json_is(domain, JSON_STRING) || strlen(domain->text.data) != domain->text.length)
        return _("\"domain\" must be a string.");
    if (wait &&
        (!json_is(wait, JSON_INTEGER) || wait->integer < 0 || wait->integer > LIMIT_CHECK_WAIT_S))
        return _("\"wait\" must be an integer from 0 to 20, in seconds.");
    *ret = (struct asked){domain->text.data, wait ? wait->integer : 0};
    return NULL;
}

static void answer_started(struct exchange *exchange)
{
    const struct check_run *run;
    struct asked asked = {0};
    const char *wrong = read_body(exchange, &asked);
    char *location;

    if (wrong) {
        exchange_problem(exchange, 400, "bad-request", wrong);
        return;
    }
    if (!check_service_ask(exchange, asked.domain, &run))
        return;
    location = talloc_asprintf(exchange, "%sapi/v1/checks/%s",
                               exchange_service(exchange)->base_path, run->id);
    exchange_field(exchange, "Location", location ? location : "");
    if (run->state < CHECK_DONE && asked.wait && wait_for(exchange, run, asked.wait))
        return;
    if (run->state == CHECK_DONE)
        answer_run(exchange, run);
    else
        answer_state(exchange, 202, run);
}

/* ---- GET, DELETE /api/v1/checks/{id} --------------------------------------------------------- */

static void find(struct exchange *exchange, check_found_fn found)
{
    const struct check_link link = {exchange_place(exchange, "id"), NULL};

    check_service_find(exchange, &link, found, exchange);
}

static void on_found(void *arg, const struct check_run *run)
{
    answer_run(arg, run);
}

static void answer_check(struct exchange *exchange)
{
    find(exchange, on_found);
}

static void cancel(void *arg, const struct check_run *run)
{
    struct exchange *exchange = arg;

    if (!run) {
        check_service_absent(exchange);
    } else if (run->state >= CHECK_DONE) {
        exchange_problem(exchange, 409, "check-over", _("The check has already finished."));
    } else if (check_queue_cancel(exchange_service(exchange)->checks->queue, run->id,
                                  exchange_visitor(exchange)->address)) {
        exchange_answer(exchange, 204, NULL, (struct bytes){"", 0});
    } else {
        exchange_problem(exchange, 403, "not-requested-here",
                         _("A check can be cancelled only from an address that requested it."));
    }
}

static void answer_cancelled(struct exchange *exchange)
{
    find(exchange, cancel);
}

static void answer_events(struct exchange *exchange)
{
    find(exchange, check_events_begin);
}

/* ---- facts ----------------------------------------------------------------------------------- */

void check_api_facts(void *arg, const struct check_run *run)
{
    struct exchange *exchange = arg;
    char *text = NULL, *name;

    if (!run) {
        check_service_absent(exchange);
        return;
    }
    if (run->state != CHECK_DONE) {
        exchange_problem(exchange, 409, "check-not-done", _("The check has not finished yet."));
        return;
    }
    name = talloc_asprintf(exchange, "attachment; filename=\"%s.facts.json\"", run->domain);
    exchange_field(exchange, "Content-Disposition", name ? name : "attachment");
    if (facts_write(exchange, run->diagnosis->facts, &text) != STS_OK)
        text = NULL;
    answer_made(exchange, 200, JSON, text);
}

static void answer_facts(struct exchange *exchange)
{
    find(exchange, check_api_facts);
}

static const struct route_field check_id[] = {{"id", "The id of the check."}, {NULL, NULL}};
static const struct route_doc start_doc = {
    .summary = "Check a domain.",
    .text = "A check of the domain that is under way is joined.",
    .body = "check-request",
    .status = 202,
    .answer = "check-run-1|check-1",
};
static const struct route_doc check_doc = {
    .summary = "Show a check, as far as it is.",
    .places = check_id,
    .answer = "check-run-1|check-1",
};
static const struct route_doc cancel_doc = {
    .summary = "Cancel a check.",
    .places = check_id,
    .status = 204,
};
static const struct route_doc facts_doc = {
    .summary = "Show what was observed, for mtasts check --from.",
    .places = check_id,
    .answer = "facts-1",
};
static const struct route_doc events_doc = {
    .summary = "Follow a check, as server-sent events.",
    .places = check_id,
    .answer_type = "text/event-stream",
};

static const struct route routes[] = {
    {HTTP_POST, "/api/v1/checks", answer_started, ROUTE_API, NEED_PUBLIC, ROUTE_JSON,
     LIMIT_CHECK_BODY, &start_doc},
    {HTTP_GET, "/api/v1/checks/{id}", answer_check, ROUTE_API, NEED_PUBLIC, ROUTE_NO_BODY, 0,
     &check_doc},
    {HTTP_DELETE, "/api/v1/checks/{id}", answer_cancelled, ROUTE_API, NEED_PUBLIC, ROUTE_NO_BODY, 0,
     &cancel_doc},
    {HTTP_GET, "/api/v1/checks/{id}/facts", answer_facts, ROUTE_API, NEED_PUBLIC, ROUTE_NO_BODY, 0,
     &facts_doc},
    {HTTP_GET, "/api/v1/checks/{id}/events", answer_events, ROUTE_API, NEED_PUBLIC, ROUTE_NO_BODY,
     0, &events_doc},
};
const struct route_table check_api_routes = {routes, sizeof(routes) / sizeof(routes[0]),
                                             check_service_start};
