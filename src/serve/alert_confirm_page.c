/* SPDX-License-Identifier: MIT */
/* alert_confirm_page.c - /alerts/confirm/WORD: the owner of an address says that alerts may be sent
 * there.  Whoever has the word may; opening the page changes nothing, as programs that read mail
 * open links. */
#include "alerts/alerts.h"
#include "alerts/confirm.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "serve/account_pages.h"
#include "serve/alert_parts.h"
#include "serve/alert_service.h"
#include "serve/exchange.h"
#include "serve/page.h"
#include "serve/service.h"

/* On ctx, with its texts; NULL: no memory. */
static struct confirmation *new_confirmation(TALLOC_CTX *ctx, struct exchange *exchange)
{
    struct confirmation *made = talloc_zero(ctx, struct confirmation);

    if (!made)
        return NULL;
    made->word = talloc_strdup(made, exchange_place(exchange, "word"));
    made->from = talloc_strdup(made, exchange_visitor(exchange)->address);
    made->now = clock_now();
    if (made->word && made->from)
        return made;
    talloc_free(made);
    return NULL;
}

static void show(struct exchange *exchange, const struct confirmation *confirmation,
                 const char *word)
{
    struct alert_confirm_page page = {
        .frame = page_frame(exchange, _("Alerts to this address"), FRAME_NO_ENTRY),
        .word = word,
        .group = confirmation->group_name,
        .address = confirmation->target};
    struct html *out;

    if (!confirmation->id) {
        exchange_problem(exchange, 404, "not-found",
                         _("This link is not valid: it was used before, it has expired, or a newer "
                           "message has replaced it."));
        return;
    }
    page.frame.hidden = true;
    out = page_begin(exchange);
    if (!out)
        return;
    page_alert_confirm(out, &page);
    page_answer(exchange, 200, out);
}

static void show_question(struct exchange *exchange, void *data)
{
    const struct confirmation *confirmation = data;

    show(exchange, confirmation, confirmation->word);
}

static void answer_confirm(struct exchange *exchange)
{
    account_pages_read(exchange, confirmation_read, new_confirmation(exchange, exchange),
                       show_question);
}

static void show_confirmed(struct exchange *exchange, void *data)
{
    alerts_wake(exchange_service(exchange)->alerts);
    show(exchange, data, NULL);
}

static void take_confirm(struct exchange *exchange)
{
    account_pages_write(exchange, confirmation_write, new_confirmation(NULL, exchange),
                        show_confirmed);
}

static const struct route routes[] = {
    {HTTP_GET, "/alerts/confirm/{word}", answer_confirm, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_POST, "/alerts/confirm/{word}", take_confirm, ROUTE_PAGE, NEED_PUBLIC, ROUTE_FORM, 0},
};

const struct route_table alert_confirm_routes = {routes, sizeof routes / sizeof *routes, NULL};
