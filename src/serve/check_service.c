/* SPDX-License-Identifier: MIT */
/* check_service.c - what the routes about checks share. */
#include "serve/check_service.h"

#include <string.h>

#include "app/client_limits.h"
#include "app/domain_watch.h"
#include "base/pasted.h"
#include "base/text.h"
#include "event/loop.h"
#include "serve/exchange.h"
#include "serve/limits.h"
#include "serve/service.h"

/* ---- the beginning --------------------------------------------------------------------------- */

static void on_done(void *arg, const struct check_run *run)
{
    const struct service *service = arg;

    check_links_put(service->checks->links, run);
    if (run->kept)
        domain_watch_take(service->watch, run->diagnosis->facts);
}

static void on_fault(void *arg, const struct store_fault *fault)
{
    service_say_store(arg, fault);
}

/* Asked for as somebody types: so it is light, and counted apart from checks. */
static enum sts_status start_names(struct service *service, struct check_service *checks)
{
    struct net_options net = *service->net;
    const struct check_queue_request request = {.loop = service->loop, .net = &net};

    net.no_smtp = true;
    net.brief = true;
    return check_queue_new(checks, &request, &checks->names, &service->why);
}

static const struct client_limit group_limits[] = {{LIMIT_GROUP_CHECKS_A_MINUTE, 60},
                                                   {LIMIT_GROUP_CHECKS_AN_HOUR, 3600}};

enum sts_status check_service_start(struct service *service)
{
    struct check_service *checks = talloc_zero(service, struct check_service);
    const struct check_queue_request queue = {
        .loop = service->loop, .net = service->net, .done = on_done, .arg = service};
    const struct check_links_request links = {
        .writer = service->writer, .readers = service->readers, .fault = on_fault, .arg = service};
    enum sts_status status;

    if (!checks)
        return STS_E_NOMEM;
    checks->links = check_links_new(checks, &links);
    if (!checks->links)
        return STS_E_NOMEM;
    checks->groups = client_limits_new(checks, group_limits,
                                       sizeof group_limits / sizeof *group_limits, LIMIT_GROUPS);
    if (!checks->groups)
        return STS_E_NOMEM;
    status = check_queue_new(checks, &queue, &checks->queue, &service->why);
    if (status == STS_OK)
        status = start_names(service, checks);
    service->checks = checks;
    return status;
}

/* ---- asking ---------------------------------------------------------------------------------- */

const char *check_service_name(struct exchange *exchange, const char *text,
                               char name[STS_NAME_SIZE])
{
    enum pasted_form form;
    const char *shown;

    if (pasted_domain(text, name, &form) == STS_OK)
        return NULL;
    if (!text[strspn(text, " \t\r\n")])
        return _("Enter a domain, such as example.org.");
    shown = text_printable(exchange, text, strlen(text), 80);
    shown = talloc_asprintf(exchange, _("\"%s\" is not a domain name."), shown ? shown : "");
    return shown ? shown : "";
}

const char *check_service_refusal(struct exchange *exchange, const struct check_asked *asked)
{
    unsigned long number = (unsigned long)asked->retry_after;
    const char *text;

    if (asked->outcome == CHECK_FULL)
        return _("Too many checks are waiting. Try again in a moment.");
    text = talloc_asprintf(
        exchange,
        ngettext("Too many checks were requested from your address. Try again in %lu second.",
                 "Too many checks were requested from your address. Try again in %lu seconds.",
                 number),
        number);
    return text ? text : "";
}

static void refuse(struct exchange *exchange, const struct check_asked *asked)
{
    char *seconds = talloc_asprintf(exchange, "%lld", (long long)asked->retry_after);
    bool full = asked->outcome == CHECK_FULL;

    exchange_field(exchange, "Retry-After", seconds ? seconds : "60");
    exchange_problem(exchange, full ? 503 : 429, full ? "queue-full" : "too-many-checks",
                     check_service_refusal(exchange, asked));
}

static bool ask(struct exchange *exchange, const char *text, bool kept, struct check_asked *ret)
{
    struct check_service *checks = exchange_service(exchange)->checks;
    const char *client = exchange_visitor(exchange)->address;
    char name[STS_NAME_SIZE];
    const char *wrong = check_service_name(exchange, text, name);
    const struct check_wish wish = {name, name, client ? client : "", kept};

    if (wrong) {
        if (pasted_meant(text, name))
            exchange_did_you_mean(exchange, name);
        exchange_problem(exchange, 422, "not-a-domain", wrong);
        return false;
    }
    if (check_queue_ask(checks->queue, &wish, ret) != STS_OK) {
        exchange_problem(exchange, 503, "no-room",
                         _("The service is too busy for this request. Try again later."));
        return false;
    }
    if (!ret->run)
        refuse(exchange, ret);
    return ret->run;
}

bool check_service_ask(struct exchange *exchange, const char *text, const struct check_run **ret)
{
    struct check_asked asked;

    if (!ask(exchange, text, false, &asked))
        return false;
    *ret = asked.run;
    return true;
}

bool check_service_take(struct exchange *exchange, int64_t group)
{
    const struct service *service = exchange_service(exchange);
    struct client_quota quota;
    int64_t wait = client_limits_spend(service->checks->groups, &(struct client_name){"", group},
                                       loop_now(service->loop), &quota);
    unsigned long number = (unsigned long)wait;
    char *seconds = talloc_asprintf(exchange, "%lld", (long long)wait), *text;

    if (!wait)
        return true;
    text = talloc_asprintf(
        exchange,
        ngettext("Your group has requested too many checks. Try again in %lu second.",
                 "Your group has requested too many checks. Try again in %lu seconds.", number),
        number);
    exchange_field(exchange, "Retry-After", seconds ? seconds : "60");
    exchange_problem(exchange, 429, "too-many-checks", text ? text : "");
    return false;
}

bool check_service_ask_kept(struct exchange *exchange, int64_t group, const char *text,
                            const struct check_run **ret, bool *ret_reused)
{
    struct check_asked asked;

    if (!check_service_take(exchange, group) || !ask(exchange, text, true, &asked))
        return false;
    *ret = asked.run;
    *ret_reused = asked.outcome == CHECK_REUSED;
    return true;
}

/* ---- finding --------------------------------------------------------------------------------- */

struct search {
    struct exchange *exchange;
    check_found_fn found;
    void *arg;
    struct check_link_read *read;
};

enum i18n_language check_service_speak(const struct exchange *exchange)
{
    return i18n_use(i18n_language_named(exchange_visitor(exchange)->language));
}

static void on_read(void *arg, const struct check_run *run, enum sts_status status)
{
    const struct search *search = arg;
    enum i18n_language before = check_service_speak(search->exchange);

    if (status == STS_OK || run)
        search->found(search->arg, run);
    else
        exchange_problem(search->exchange, 503, "store-failed",
                         _("The store cannot be read at the moment."));
    i18n_use(before);
}

void check_service_find(struct exchange *exchange, const struct check_link *link,
                        check_found_fn found, void *arg)
{
    struct check_service *checks = exchange_service(exchange)->checks;
    const struct check_run *run = link->id ? check_queue_find(checks->queue, link->id)
                                           : check_queue_newest(checks->queue, link->domain);
    struct search *search = run ? NULL : talloc_zero(exchange, struct search);
    bool begun = false;

    if (run) {
        found(arg, run);
        return;
    }
    if (search) {
        *search = (struct search){.exchange = exchange, .found = found, .arg = arg};
        begun =
            check_links_read(search, checks->links, link, on_read, search, &search->read) == STS_OK;
    }
    if (!begun)
        found(arg, NULL);
}

void check_service_absent(struct exchange *exchange)
{
    exchange_problem(exchange, 404, "no-such-check",
                     _("There is no check at this address. Results are stored for 90 days."));
}
