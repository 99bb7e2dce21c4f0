/* SPDX-License-Identifier: MIT */
/* stored_reports.c - /reports, /reports.csv, /reports/{id}: pages. */
#include "serve/stored_reports.h"

#include <string.h>

#include "accounts/account.h"
#include "base/i18n.h"
#include "base/text.h"
#include "pages/reports.h"
#include "render/csv.h"
#include "serve/account_pages.h"
#include "serve/api_list.h"
#include "serve/exchange.h"
#include "serve/limits.h"
#include "serve/page.h"
#include "serve/report_upload.h"
#include "serve/stored_reports_parts.h"
#include "serve/tools.h"

#define RAW_SHOWN 20000 /* bytes */

/* ---- the list -------------------------------------------------------------------------------- */

static const struct reports_row *rows_of(TALLOC_CTX *ctx, const struct report_list *list)
{
    struct reports_row *rows =
        talloc_zero_array(ctx, struct reports_row, (unsigned)list->row_count + 1);

    for (size_t i = 0; rows && i < list->row_count; i++) {
        const struct report_list_row *row = &list->rows[i];
        bool dated = row->ends != STORE_RANGE_ENDS;

        rows[i] = (struct reports_row){.id = row->place.id,
                                       .begins = dated ? row->begins : 0,
                                       .ends = dated ? row->ends : 0,
                                       .submitter = row->submitter,
                                       .domains = report_list_domains(rows, row),
                                       .others = row->others,
                                       .trust = _(report_trust_text(row->trust)),
                                       .superseded = row->superseded,
                                       .failed = row->failed,
                                       .received = row->received_at};
    }
    return rows;
}

static const char *typed(const struct exchange *exchange, const char *name)
{
    const char *text = exchange_query(exchange, name);

    return text ? text : "";
}

static void show_list(struct exchange *exchange, void *data)
{
    const struct report_list *list = data;
    struct reports_page page = {
        .frame = page_frame(exchange, _("Reports"), FRAME_STORED_REPORTS),
        .said.notice = report_upload_notice(exchange),
        .said.error = report_upload_error(exchange),
        .domain = typed(exchange, "domain"),
        .sender = typed(exchange, "sender"),
        .since = typed(exchange, "since"),
        .until = typed(exchange, "until"),
        .failures = list->failed,
        .rows = rows_of(exchange, list),
        .row_count = list->row_count,
        .next = stored_reports_place(exchange, list),
        .uploads = account_is_anywhere(exchange_account(exchange), STORE_ROLE_EDITOR)};
    struct html *out;

    page.filtered = list->failed || *page.domain || *page.sender || *page.since || *page.until ||
                    *typed(exchange, "before");
    out = page.rows ? page_begin(exchange) : NULL;
    if (!page.rows)
        account_pages_no_room(exchange);
    if (!out)
        return;
    page_reports(out, &page);
    page_answer(exchange, 200, out);
}

static void answer_list(struct exchange *exchange)
{
    struct report_list *list = stored_reports_list(exchange, REPORT_LIST_PAGE);

    if (list)
        account_pages_read(exchange, report_list_read, list, show_list);
}

/* ---- the list as a table to download --------------------------------------------------------- */

static void put_line(struct csv_table *table, const struct report_list_row *row)
{
    bool dated = row->ends != STORE_RANGE_ENDS;

    csv_number(table, row->place.id);
    csv_time(table, dated, row->begins);
    csv_time(table, dated, row->ends);
    csv_field(table, row->submitter);
    csv_field(table, row->report_id);
    csv_field(table, report_list_domains(table->text, row));
    csv_number(table, row->others);
    csv_number(table, row->failed);
    csv_field(table, row->trust);
    csv_number(table, row->superseded);
    csv_time(table, true, row->received_at);
    csv_end(table);
}

static void show_table(struct exchange *exchange, void *data)
{
    const struct report_list *list = data;
    struct csv_table table = csv_begin(exchange);

    table.text = talloc_strdup(exchange, "id,begins,ends,sender,report_id,domains,other_domains,"
                                         "failures,trust,superseded,received_at\r\n");
    for (size_t i = 0; i < list->row_count; i++)
        put_line(&table, &list->rows[i]);
    if (!table.text) {
        account_pages_no_room(exchange);
        return;
    }
    exchange_field(exchange, "Content-Disposition", "attachment; filename=\"reports.csv\"");
    exchange_answer(exchange, 200, "text/csv; charset=utf-8", bytes_of(table.text));
}

static void answer_table(struct exchange *exchange)
{
    struct report_list *list = stored_reports_list(exchange, REPORT_LIST_MAX);

    if (list)
        account_pages_read(exchange, report_list_read, list, show_table);
}

/* ---- one report ------------------------------------------------------------------------------ */

static struct domain_sessions sessions_of(TALLOC_CTX *ctx, const struct tally *tally)
{
    struct domain_sessions_row *rows =
        talloc_zero_array(ctx, struct domain_sessions_row, (unsigned)tally->domains.count + 1);

    for (size_t i = 0; rows && i < tally->domains.count; i++) {
        const struct tally_domain *domain = names_at(&tally->domains, i);

        rows[i] = (struct domain_sessions_row){domain->name, domain->successful, domain->failed};
    }
    return (struct domain_sessions){
        .domains = rows, .domain_count = rows ? tally->domains.count : 0, .linked = true};
}

/* Else it is the source that is said again. */
static bool is_of_a_file(const struct stored_report *one)
{
    return one->file_name && (!one->source || strcmp(one->file_name, one->source) != 0);
}

static struct report_page_model model_of(struct exchange *exchange, const struct stored_report *one)
{
    bool dated = one->ends != STORE_RANGE_ENDS;

    return (struct report_page_model){
        .frame = page_frame(exchange, _("Report"), FRAME_STORED_REPORTS),
        .id = one->id,
        .submitter = one->submitter && *one->submitter ? one->submitter : _("an unknown sender"),
        .report_id = one->report_id,
        .trust = _(report_trust_text(one->trust)),
        .source = one->source,
        .file_name = is_of_a_file(one) ? one->file_name : NULL,
        .subject = one->subject,
        .begins = dated ? one->begins : 0,
        .ends = dated ? one->ends : 0,
        .received = one->received_at,
        .mailed = one->mailed_at,
        .revision = one->revision,
        .superseded = one->superseded,
        .whole = one->seen->whole,
        .others = (int64_t)one->seen->unseen.count,
        .raw = text_printable_lines(exchange, one->raw, RAW_SHOWN),
        .cut = one->raw.length > RAW_SHOWN};
}

static void show_report(struct exchange *exchange, struct computed *computed)
{
    struct reports_work *reports = (struct reports_work *)computed;
    const struct report_view *view = reports->page.view;
    struct report_page_model page = model_of(exchange, reports->about);
    struct html *out = page_begin(exchange);

    if (!out)
        return;
    stored_report_policies(reports, &page, reports->about->seen);
    if (view->tally->reports) {
        page.read = true;
        page.successful = view->tally->successful;
        page.failed = view->tally->failed;
        page.sessions = sessions_of(reports, view->tally);
        page.findings = findings_page_of(reports, view->findings, view->finding_count);
    }
    page_report(out, &page);
    page_answer(exchange, 200, out);
}

static void read_it(struct computed *computed)
{
    (void)reports_work_read((struct reports_work *)computed);
}

static void read_again(struct exchange *exchange, struct stored_report *one)
{
    struct reports_work *reports = stored_reports_reading(exchange, one, read_it);

    if (reports) {
        reports->about = one;
        reports->computed.finish = show_report;
    }
    compute_answer(exchange, tools_of(exchange)->reports, reports ? &reports->computed : NULL);
}

static void answer_report(struct exchange *exchange)
{
    stored_reports_find(exchange, read_again);
}

static void answer_raw(struct exchange *exchange)
{
    stored_reports_find(exchange, stored_reports_raw);
}

/* ---- the area -------------------------------------------------------------------------------- */

static const struct route_field id_places[] = {{"id", "The number of the report."}, {NULL, NULL}};
static const struct route_field list_query[] = {
    {"domain", "Only reports on this domain."},
    {"sender", "Only reports of this sender, as it is named in the list."},
    {"since", "A date, or a period such as 7d: only reports whose period touches it."},
    {"until", "A date."},
    {"failures", "1: only reports that count a session that failed."},
    API_LIST_QUERY,
    {NULL, NULL}};
static const struct route_doc list_doc = {.summary = "List stored reports.",
                                          .text = "Those on domains of the token's group, the "
                                                  "latest period first.",
                                          .query = list_query,
                                          .answer = "report-list"};
static const struct route_doc one_doc = {.summary = "Show a stored report.",
                                         .text = "What `mtasts report --json` says of it.",
                                         .places = id_places,
                                         .answer = "report-1"};
static const struct route_doc raw_doc = {.summary = "Get a stored report as it came.",
                                         .places = id_places,
                                         .answer_type = "application/json"};
static const struct route_doc upload_doc = {
    .summary = "Store reports.",
    .text = "A report, message, archive or mailbox of 16 MB at most. Reports on domains of the "
            "token's group only are stored, each once; all others are rejected.",
    .answer = "report-stored"};

static const struct route routes[] = {
    {HTTP_GET, "/reports", answer_list, ROUTE_PAGE, NEED_SIGNED_IN, ROUTE_NO_BODY, 0},
    {HTTP_POST, "/reports", page_report_upload, ROUTE_PAGE, NEED_EDITOR, ROUTE_UPLOAD,
     READ_UPLOAD_MAX + LIMIT_FORM},
    {HTTP_GET, "/reports.csv", answer_table, ROUTE_PLAIN, NEED_SIGNED_IN, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/reports/{id}", answer_report, ROUTE_PAGE, NEED_SIGNED_IN, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/reports/{id}/raw", answer_raw, ROUTE_PLAIN, NEED_SIGNED_IN, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/api/v1/reports", api_stored_reports, ROUTE_API, NEED_VIEWER, ROUTE_NO_BODY, 0,
     &list_doc, TOKEN_READ},
    {HTTP_POST, "/api/v1/reports", api_report_upload, ROUTE_API, NEED_EDITOR, ROUTE_UPLOAD,
     READ_UPLOAD_MAX + LIMIT_FORM, &upload_doc, TOKEN_INGEST},
    {HTTP_GET, "/api/v1/reports/{id}", api_stored_report, ROUTE_API, NEED_VIEWER, ROUTE_NO_BODY, 0,
     &one_doc, TOKEN_READ},
    {HTTP_GET, "/api/v1/reports/{id}/raw", api_stored_report_raw, ROUTE_API, NEED_VIEWER,
     ROUTE_NO_BODY, 0, &raw_doc, TOKEN_READ},
};

const struct route_table stored_report_routes = {.routes = routes,
                                                 .count = sizeof(routes) / sizeof(routes[0])};
