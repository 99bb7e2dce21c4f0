/* SPDX-License-Identifier: MIT */
/* report_page.c - /tools/report: an upload, read and forgotten. */
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "pages/report_chart.h"
#include "pages/report_read.h"
#include "serve/exchange.h"
#include "serve/page.h"
#include "serve/report_retest.h"
#include "serve/reports_work.h"
#include "serve/tools.h"
#include "serve/upload.h"

#define ROWS_MAX 200 /* domains, and parts that could not be read, on the page */

static struct report_read_page page_of(struct exchange *exchange)
{
    return (struct report_read_page){
        .frame = page_frame(exchange, _("Read TLS reports"), FRAME_REPORTS)};
}

static void show(struct exchange *exchange, unsigned status, const struct report_read_page *page)
{
    struct html *html = page_begin(exchange);

    if (!html)
        return;
    page_report_read(html, page);
    page_answer(exchange, status, html);
}

void page_tools_report(struct exchange *exchange)
{
    struct report_read_page page = page_of(exchange);

    show(exchange, 200, &page);
}

static void add_domains(TALLOC_CTX *ctx, struct report_read_page *page, const struct tally *tally)
{
    size_t count = tally->domains.count < ROWS_MAX ? tally->domains.count : ROWS_MAX;
    struct domain_sessions_row *rows =
        talloc_array(ctx, struct domain_sessions_row, (unsigned)count);

    for (size_t i = 0; rows && i < count; i++) {
        const struct tally_domain *domain = names_at(&tally->domains, i);

        rows[i] = (struct domain_sessions_row){domain->name, domain->successful, domain->failed};
    }
    page->sessions = (struct domain_sessions){.domains = rows, .domain_count = rows ? count : 0};
}

static void add_days(TALLOC_CTX *ctx, struct report_read_page *page, const struct chart *chart)
{
    page->days = talloc_array(ctx, struct report_read_day, (unsigned)chart->span_count);
    for (size_t i = 0; page->days && i < chart->span_count; i++) {
        const struct chart_span *span = &chart->spans[i];
        char date[CLOCK_TEXT_SIZE];

        if (!span->reported)
            continue;
        clock_format(span->begins, date);
        page->days[page->day_count++] = (struct report_read_day){
            talloc_strndup(page->days, date, 10), span->successful, chart_failed(span)};
    }
}

static void add_chart(struct exchange *exchange, TALLOC_CTX *ctx, struct report_read_page *page,
                      const struct tally *tally)
{
    struct html *html = page_begin(exchange), *legend = html ? html_beside(ctx, html) : NULL;
    struct chart chart;

    if (!legend || report_chart(ctx, tally, &chart) || !chart.span_count)
        return;
    chart.id = "sessions";
    chart.title = _("Sessions by day");
    chart.description =
        _("Two charts on one time axis: successful sessions, and failed ones by kind.");
    chart_write(html, &chart);
    chart_legend(legend, &chart);
    page->chart = (struct html_text){html};
    page->legend = (struct html_text){legend};
    add_days(ctx, page, &chart);
}

static void add_senders(TALLOC_CTX *ctx, struct report_read_page *page, const struct tally *tally)
{
    const struct tally_count **worst = tally_worst(ctx, &tally->senders);
    size_t count = tally->senders.count < ROWS_MAX ? tally->senders.count : ROWS_MAX;

    page->senders = talloc_array(ctx, struct report_read_sender, (unsigned)count + 1);
    for (size_t i = 0; worst && page->senders && i < count; i++)
        page->senders[page->sender_count++] = (struct report_read_sender){
            worst[i]->name, worst[i]->reports, worst[i]->successful, worst[i]->failed};
}

static void add_types(TALLOC_CTX *ctx, struct report_read_page *page, const struct tally *tally)
{
    const struct tally_count **worst = tally_worst(ctx, &tally->result_types);
    size_t count = tally->result_types.count < ROWS_MAX ? tally->result_types.count : ROWS_MAX;

    page->types = talloc_array(ctx, struct report_read_type, (unsigned)count + 1);
    for (size_t i = 0; worst && page->types && i < count; i++)
        if (worst[i]->failed)
            page->types[page->type_count++] = (struct report_read_type){
                *worst[i]->name ? worst[i]->name : NULL, worst[i]->failed};
}

static void add_rejected(TALLOC_CTX *ctx, struct report_read_page *page,
                         const struct report_page *from)
{
    size_t count = from->rejected_count < ROWS_MAX ? from->rejected_count : ROWS_MAX;

    page->rejected = talloc_array(ctx, struct report_read_rejected, (unsigned)count);
    for (size_t i = 0; page->rejected && i < count; i++)
        page->rejected[page->rejected_count++] = (struct report_read_rejected){
            from->rejected[i].path, from->rejected[i].part, _(from->rejected[i].why)};
}

static void finish(struct exchange *exchange, struct computed *computed)
{
    struct reports_work *reports = (struct reports_work *)computed;
    struct report_read_page page = page_of(exchange);
    const struct report_view *view = reports->page.view;
    const struct tally *tally = view->tally;

    page.read = true;
    page.reports = tally->reports;
    page.successful = tally->successful;
    page.failed = tally->failed;
    page.from = tally->range_known ? tally->from : 0;
    page.to = tally->range_known ? tally->to : 0;
    add_chart(exchange, reports, &page, tally);
    add_types(reports, &page, tally);
    add_senders(reports, &page, tally);
    add_domains(reports, &page, tally);
    add_rejected(reports, &page, &reports->page);
    page.findings = findings_page_of(reports, view->findings, view->finding_count);
    if (!exchange_form(exchange, "retest") || !report_retest(exchange, reports, &page))
        show(exchange, 200, &page);
}

static void work(struct computed *computed)
{
    (void)reports_work_read((struct reports_work *)computed);
}

/* What was pasted is read like a file. */
static struct reports_work *work_of(struct exchange *exchange, const struct upload *file,
                                    const char *text)
{
    struct upload pasted = {.fd = -1};
    struct reports_work *reports;

    if (!file) {
        pasted.memory = bytes_of(text);
        pasted.length = (int64_t)pasted.memory.length;
    }
    reports = reports_work_new(exchange, file ? file : &pasted, work);
    if (reports)
        reports->computed.finish = finish;
    return reports;
}

void page_tools_report_form(struct exchange *exchange)
{
    const struct upload *file = exchange_upload(exchange, "file");
    const char *text = exchange_form(exchange, "text");
    struct reports_work *reports;

    if (file && !file->length)
        file = NULL;
    if (!file && (!text || !text[strspn(text, " \t\r\n")])) {
        struct report_read_page page = page_of(exchange);

        page.error = _("Choose a file or paste a report first.");
        show(exchange, 400, &page);
        return;
    }
    reports = work_of(exchange, file, text);
    compute_answer(exchange, tools_of(exchange)->reports, reports ? &reports->computed : NULL);
}
