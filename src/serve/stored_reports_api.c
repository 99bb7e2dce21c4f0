/* SPDX-License-Identifier: MIT */
/* stored_reports_api.c - /api/v1/reports: the list and one of it as JSON. */
#include "serve/stored_reports.h"

#include "serve/account_pages.h"
#include "serve/api_list.h"
#include "serve/exchange.h"
#include "serve/limits.h"
#include "serve/stored_reports_parts.h"
#include "serve/tools.h"

static void write_row(struct json_writer *json, const struct report_list_row *row)
{
    bool dated = row->ends != STORE_RANGE_ENDS;

    json_write_begin(json, NULL, '{');
    json_write_integer(json, "id", row->place.id);
    if (dated) {
        json_write_time(json, "begins", row->begins);
        json_write_time(json, "ends", row->ends);
    }
    json_write_string(json, "sender", row->submitter);
    if (row->report_id)
        json_write_string(json, "report_id", row->report_id);
    json_write_begin(json, "domains", '[');
    for (size_t i = 0; i < row->domain_count; i++)
        json_write_string(json, NULL, row->domains[i]);
    json_write_end(json, ']');
    json_write_integer(json, "other_domains", row->others);
    json_write_bool(json, "failures", row->failed);
    json_write_bool(json, "superseded", row->superseded);
    if (row->trust)
        json_write_string(json, "trust", row->trust);
    if (row->source)
        json_write_string(json, "source", row->source);
    json_write_time(json, "received_at", row->received_at);
    json_write_end(json, '}');
}

static void show_list(struct exchange *exchange, void *data)
{
    const struct report_list *list = data;
    const char *next = stored_reports_place(exchange, list);
    struct json_writer json = {.ctx = exchange};

    api_list_begin(&json);
    for (size_t i = 0; i < list->row_count; i++)
        write_row(&json, &list->rows[i]);
    api_list_end(exchange, &json, "/api/v1/reports", next);
}

void api_stored_reports(struct exchange *exchange)
{
    struct report_list *list;
    struct api_page page;

    if (!api_page_read(exchange, LIMIT_API_PAGE, &page))
        return;
    list = stored_reports_list(exchange, page.limit);
    if (list)
        account_pages_read(exchange, report_list_read, list, show_list);
}

static void work(struct computed *computed)
{
    struct reports_work *reports = (struct reports_work *)computed;

    if (reports_work_read(reports))
        computed_text(computed, "application/json", json_report(reports, &reports->page));
}

static void read_again(struct exchange *exchange, struct stored_report *one)
{
    struct reports_work *reports = stored_reports_reading(exchange, one, work);

    compute_answer(exchange, tools_of(exchange)->reports, reports ? &reports->computed : NULL);
}

void api_stored_report(struct exchange *exchange)
{
    stored_reports_find(exchange, read_again);
}

void api_stored_report_raw(struct exchange *exchange)
{
    stored_reports_find(exchange, stored_reports_raw);
}
