/* SPDX-License-Identifier: MIT */
/* send_reports_show.c - reports and deliveries as lines of names and codes, and one in words. */
#include "cmd/send_reports_show.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cmd/console.h"
#include "cmd/open_store.h"
#include "mtasts/match.h"
#include "store/outgoing.h"
#include "store/rollups.h"
#include "store/session_counts.h"
#include "submit/counted.h"
#include "submit/limits.h"
#include "submit/plan.h"
#include "submit/words.h"

#define LIST_MAX  10000 /* deliveries: more nobody reads */
#define URI_SHOWN 500

struct showing {
    const struct send_reports_view *view;
    int64_t counted, day; /* of the newest report of the domain; 0: none */
    int64_t successful, failed;
    size_t count;
    int status;
};

static const char *shown(TALLOC_CTX *ctx, const char *text)
{
    const char *printable = text_printable(ctx, text, strlen(text), URI_SHOWN);

    return printable ? printable : "";
}

static void write_line(struct showing *showing, char *line)
{
    int status = console_line(line);

    showing->status = showing->status ? showing->status : status;
    talloc_free(line);
}

/* ---- deliveries ------------------------------------------------------------------------------ */

static char *delivery_line(TALLOC_CTX *ctx, const struct store_outgoing *delivery)
{
    char day[CLOCK_TEXT_SIZE], next[CLOCK_TEXT_SIZE], at[CLOCK_TEXT_SIZE];
    char *line;

    clock_format(outgoing_begin(delivery->day), day);
    clock_format(delivery->next_try, next);
    clock_format(delivery->at, at);
    line =
        talloc_asprintf(ctx, "domain=%s day=%.10s to=%s state=%s tries=%" PRId64, delivery->domain,
                        day, shown(ctx, delivery->uri), delivery->state, delivery->tries);
    if (line && strcmp(delivery->state, "waiting") == 0)
        line = talloc_asprintf_append(line, " next=%s", next);
    if (line && delivery->at)
        line = talloc_asprintf_append(line, " at=%s", at);
    return line && *delivery->outcome
               ? talloc_asprintf_append(line, " answer=\"%s\"", delivery->outcome)
               : line;
}

static bool list_delivery(void *arg, const struct store_outgoing *delivery)
{
    struct showing *showing = arg;

    showing->count++;
    write_line(showing, delivery_line(showing->view->ctx, delivery));
    return !showing->status;
}

static int list(struct showing *showing, const char *domain, bool open)
{
    const struct send_reports_view *view = showing->view;
    const struct store_outgoing_filter filter = {view->sender->domain, domain, open, LIST_MAX};
    enum sts_status status = store_outgoing_list(view->store, &filter, list_delivery, showing);

    return status ? say_store_failure(view->store, status) : showing->status;
}

int send_reports_pending(const struct send_reports_view *view)
{
    struct showing showing = {.view = view};
    const char *domain = view->options->domain;

    return list(&showing, domain ? domain : "", true);
}

/* ---- what would be planned ------------------------------------------------------------------- */

static enum sts_status list_planned(void *arg, const struct store_counted_domain *domain,
                                    const struct store_new_outgoing *report)
{
    struct showing *showing = arg;
    char day[CLOCK_TEXT_SIZE], due[CLOCK_TEXT_SIZE];
    char *line;

    clock_format(outgoing_begin(report->day), day);
    clock_format(report->due, due);
    line = talloc_asprintf(showing->view->ctx,
                           "domain=%s day=%.10s due=%s succeeded=%" PRId64 " failed=%" PRId64,
                           domain->domain, day, due, domain->successful, domain->failed);
    for (size_t i = 0; line && i < report->delivery_count; i++)
        line = talloc_asprintf_append(line, " to=%s state=%s",
                                      shown(showing->view->ctx, report->deliveries[i].uri),
                                      store_outgoing_state_name(report->deliveries[i].state));
    if (line && !report->delivery_count)
        line = talloc_asprintf_append(line, " record=\"%s\"",
                                      shown(showing->view->ctx, domain->record));
    write_line(showing, line);
    return STS_OK;
}

int send_reports_dry_run(const struct send_reports_view *view)
{
    const struct options *options = view->options;
    struct showing showing = {.view = view};
    const struct plan_request request = {.store = view->store,
                                         .organization = view->sender->domain,
                                         .domain = options->domain ? options->domain : "",
                                         .copy_to = options->copy_to,
                                         .now = options_now(options),
                                         .dry = list_planned,
                                         .arg = &showing};
    int64_t count;
    enum sts_status status = plan_reports(&request, &count);

    return status ? say_store_failure(view->store, status) : showing.status;
}

/* ---- one domain ------------------------------------------------------------------------------ */

static bool take_counted(void *arg, const struct store_counted_domain *domain)
{
    struct showing *showing = arg;

    showing->counted = domain->id;
    showing->day = domain->day;
    showing->successful = domain->successful;
    showing->failed = domain->failed;
    return true;
}

/* The newest day of which something is counted, today's included. */
static enum sts_status find_newest(struct showing *showing, const char *domain)
{
    const struct send_reports_view *view = showing->view;
    int64_t today = store_day_of(options_now(view->options));
    enum sts_status status = STS_OK;

    for (int64_t day = today; !status && !showing->counted && day >= today - LIMIT_DAYS_BACK; day--)
        status = store_counted_domain(view->store, day, domain, take_counted, showing);
    return status;
}

static int print_report(struct showing *showing, const struct outgoing_day *day)
{
    const struct send_reports_view *view = showing->view;
    struct outgoing_report *report;
    char *words;
    enum sts_status status = outgoing_build(view->ctx, view->sender, day, LIMIT_PACKED, &report);

    if (!status)
        status =
            words_of_report(view->ctx, view->sender, report, options_now(view->options), &words);
    if (status == STS_E_NOMEM)
        return console_no_memory();
    if (status)
        return console_internal(_("%s: the report could not be made"), day->domain);
    return console_text(
        talloc_asprintf(view->ctx, "%s\n%s\n%s\n", report->labels.subject, words, report->json));
}

/* What was counted, and how many of the sessions may be mails with reports of ours. */
static enum sts_status list_counts(struct showing *showing, const char *domain)
{
    int64_t begin = outgoing_begin(showing->day), mails;
    enum sts_status status = store_outgoing_mails(showing->view->store, domain, begin,
                                                  outgoing_end(showing->day) + 1, &mails);
    char day[CLOCK_TEXT_SIZE];

    if (status)
        return status;
    clock_format(begin, day);
    write_line(showing, talloc_asprintf(showing->view->ctx,
                                        "domain=%s day=%.10s succeeded=%" PRId64 " failed=%" PRId64
                                        " report-mails=%" PRId64,
                                        domain, day, showing->successful, showing->failed, mails));
    return STS_OK;
}

static int show_domain(struct showing *showing, const char *domain)
{
    const struct send_reports_view *view = showing->view;
    struct outgoing_day *day = NULL;
    enum sts_status status = find_newest(showing, domain);
    int said = list(showing, domain, false);

    if (!status && showing->counted)
        status = list_counts(showing, domain);
    if (!status && showing->counted)
        status = counted_read(view->ctx, view->store, showing->day, domain, showing->counted, &day);
    if (status)
        return say_store_failure(view->store, status);
    if (said)
        return said;
    if (!day && !showing->count)
        return console_internal(_("%s: no sessions of the last days are stored"), domain);
    return day ? print_report(showing, day) : 0;
}

int send_reports_show(const struct send_reports_view *view)
{
    struct showing showing = {.view = view};
    char domain[STS_NAME_SIZE];

    if (sts_name_from_user(view->options->operands[1], domain) != STS_OK)
        return console_usage(_("\"%s\" is not a domain name"), view->options->operands[1]);
    return show_domain(&showing, domain);
}
