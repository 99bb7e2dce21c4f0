/* SPDX-License-Identifier: MIT */
/* domains_csv.c - /domains.csv: all domains that the filter matches, page by page: the next one is
 * read when the one before was sent, so that neither a read of the store nor memory lasts. */
#include "accounts/accounts.h"
#include "base/i18n.h"
#include "render/csv_domains.h"
#include "serve/account_pages.h"
#include "serve/account_session.h"
#include "serve/domains.h"
#include "serve/domains_query.h"
#include "serve/exchange.h"

#define ROWS_AT_ONCE 500

struct sending {
    struct exchange *exchange;
    struct store_list_request request;
    bool begun;
};

static void read_next(struct sending *sending);

static void begin(struct sending *sending)
{
    exchange_field(sending->exchange, "Content-Disposition",
                   "attachment; filename=\"domains.csv\"");
    exchange_begin(sending->exchange, 200, "text/csv; charset=utf-8; header=present");
    sending->begun = true;
}

/* Where pieces are out already, only the file itself can say that it is not all. */
static void give_up(struct sending *sending)
{
    static const char line[] = "\"# this file is incomplete: the store is not available\"\r\n";

    if (sending->begun) {
        exchange_write(sending->exchange, bytes_of(line));
        exchange_end(sending->exchange);
    } else
        account_pages_no_room(sending->exchange);
}

static void on_sent(void *arg)
{
    read_next(arg);
}

static void send_page(struct sending *sending, struct domain_list *list)
{
    struct exchange *exchange = sending->exchange;
    struct csv_table table = csv_begin(list);

    if (!sending->begun)
        csv_domains_head(&table);
    for (size_t i = 0; i < list->row_count; i++)
        csv_domains_row(&table, &list->rows[i]);
    if (!table.text) {
        give_up(sending);
        return;
    }
    if (!sending->begun)
        begin(sending);
    exchange_write(exchange, bytes_of(table.text));
    if (!list->later) {
        exchange_end(exchange);
        return;
    }
    sending->request.place = list->rows[list->row_count - 1].state.place;
    sending->request.place.name = talloc_strdup(sending, sending->request.place.name);
    talloc_free(list);
    exchange_when_sent(exchange, on_sent, sending);
}

static void on_page(void *arg, void *data, enum sts_status status)
{
    struct sending *sending = arg;
    enum i18n_language before = account_pages_speak(sending->exchange);

    if (status)
        give_up(sending);
    else
        send_page(sending, talloc_steal(sending, data));
    i18n_use(before);
}

static void read_next(struct sending *sending)
{
    struct domain_list *list = domain_list_new(sending, &sending->request);
    struct accounts_work work = {
        .work = domain_list_read, .data = list, .done = on_page, .arg = sending};
    struct accounts_handle *handle;

    if (!list ||
        accounts_work_start(sending, account_session_service(sending->exchange), &work, &handle))
        give_up(sending);
}

void domains_csv(struct exchange *exchange)
{
    struct sending *sending = talloc_zero(exchange, struct sending);

    if (!sending) {
        account_pages_no_room(exchange);
        return;
    }
    sending->exchange = exchange;
    if (!domains_query_read(exchange, exchange_query, STORE_ROLE_VIEWER, &sending->request))
        return;
    sending->request.limit = ROWS_AT_ONCE;
    read_next(sending);
}
