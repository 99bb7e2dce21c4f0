/* SPDX-License-Identifier: MIT */
/* problem.c - errors: a page for people, application/problem+json for programs, a line for the
 * rest. */
#include "serve/problem.h"

#include <string.h>

#include "base/i18n.h"
#include "base/json_write.h"
#include "serve/exchange.h"
#include "serve/exchange_work.h"
#include "http/answer.h"
#include "serve/service.h"

const char *problem_title(unsigned status)
{
    static const struct {
        unsigned status;
        const char *title;
    } titles[] = {
        {400, N_("Bad request")},        {401, N_("Sign-in required")},
        {403, N_("Not allowed")},        {404, N_("Page not found")},
        {405, N_("Not allowed")},        {413, N_("Too large")},
        {422, N_("Invalid input")},      {429, N_("Too many requests")},
        {503, N_("Service overloaded")},
    };

    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
        if (titles[i].status == status)
            return _(titles[i].title);
    return status < 500 ? _("Bad request") : _("Internal error");
}

static void answer_json(struct exchange *exchange, unsigned status, const char *code,
                        const char *detail)
{
    struct json_writer json = {.ctx = exchange};
    char *type = talloc_asprintf(exchange, "%sexplain/api-%s", exchange->service->base_path, code);

    json_write_begin(&json, NULL, '{');
    json_write_string(&json, "type", type ? type : "about:blank");
    json_write_string(&json, "title", problem_title(status));
    json_write_integer(&json, "status", status);
    json_write_string(&json, "detail", detail);
    json_write_string(&json, "instance", exchange->request->path);
    json_write_string(&json, "code", code);
    if (exchange->meant)
        json_write_string(&json, "did_you_mean", exchange->meant);
    json_write_end(&json, '}');
    exchange_answer(exchange, status, "application/problem+json",
                    json.no_memory ? bytes_of("{}") : (struct bytes){json.text, json.length});
}

static void answer_text(struct exchange *exchange, unsigned status, const char *detail)
{
    char *text = talloc_asprintf(exchange, "%s\n", detail);

    exchange_answer(exchange, status, "text/plain; charset=utf-8", bytes_of(text ? text : ""));
}

/* The least that a browser shows well; nothing in it is a stranger's. */
static void answer_page(struct exchange *exchange, unsigned status, const char *detail)
{
    char *text = talloc_asprintf(
        exchange,
        "<!DOCTYPE html>\n<html lang=\"%s\">\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n<title>%u %s</title>\n"
        "<main>\n<h1>%u %s</h1>\n<p>%s</p>\n<p><a href=\"%s\">mtasts</a></p>\n</main>\n</html>\n",
        exchange->visitor.language, status, http_reason(status), status, http_reason(status),
        detail, exchange->service->base_path);

    exchange_answer(exchange, status, "text/html; charset=utf-8", bytes_of(text ? text : ""));
}

void exchange_did_you_mean(struct exchange *exchange, const char *name)
{
    exchange->meant = talloc_strdup(exchange, name);
}

void exchange_problem(struct exchange *exchange, unsigned status, const char *code,
                      const char *detail)
{
    if (exchange->match.kind == ROUTE_API)
        answer_json(exchange, status, code, detail);
    else if (exchange->match.kind == ROUTE_PLAIN)
        answer_text(exchange, status, detail);
    else if (exchange->service->problem_page)
        exchange->service->problem_page(exchange, status, code, detail);
    else
        answer_page(exchange, status, detail);
}
