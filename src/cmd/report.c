/* SPDX-License-Identifier: MIT */
/* report.c - read TLS reports and say what they tell, alone or beside a check of the domains. */
#include "cmd/cmd.h"

#include "app/gather.h"
#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/filter_options.h"
#include "cmd/open_store.h"
#include "cmd/report_beside.h"
#include "cmd/report_show.h"
#include "render/report.h"

#define NOTES_MAX 1000 /* deviations listed without --all; all are counted */

struct report_work {
    const struct options *options;
    TALLOC_CTX *ctx;
    struct gather *gather;
    int csv_status; /* of the lines written */
};

/* ---- reading --------------------------------------------------------------------------------- */

static void on_counted(void *arg, const struct sts_report *report, const char *path,
                       const struct reports_item *item)
{
    struct report_work *work = arg;
    char *lines = csv_report(work->ctx, report, path, item->trust);

    work->csv_status = exit_status_worse(work->csv_status, console_text(lines));
    talloc_free(lines);
}

static int read_all(struct report_work *work)
{
    bool csv = work->options->csv;
    struct fault fault;

    if (gather_read(work->gather, &fault) != STS_OK)
        return say_fault(&fault);
    if (csv)
        work->csv_status = console_text(talloc_strdup(work->ctx, csv_report_head()));
    if (gather_count(work->gather, csv ? on_counted : NULL, work, &fault) != STS_OK)
        return say_fault(&fault);
    return 0;
}

static int gather_all(struct report_work *work, const struct report_filter *filter)
{
    const struct options *options = work->options;
    struct verify_sender_request verify;
    struct gather_request request = {
        .paths = options->operands,
        .path_count = options->operand_count,
        .filter = *filter,
        .aligned = options->require_dkim,
        .verify = verify_options(options, &verify),
        .deviations = options->verbose || options->json,
        .deviations_max = options->all ? SIZE_MAX : NOTES_MAX,
    };
    int status = 0;

    if (!request.path_count)
        status = open_store(work->ctx, options, STORE_READ, &request.store);
    if (status)
        return status;
    if (!request.path_count && !request.store)
        console_note("%s", _("no report is stored yet; start with: mtasts ingest PATH"));
    if (gather_new(work->ctx, &request, &work->gather) != STS_OK)
        return console_no_memory();
    status = read_all(work);
    talloc_free(request.store);
    return status;
}

/* ---- the command ------------------------------------------------------------------------------
 */

static int check_options(const struct options *options)
{
    if (options->json && options->csv)
        return console_usage("%s", _("--json and --csv cannot be combined"));
    if (options->check && options->from)
        return console_usage("%s", _("--check and --from cannot be combined"));
    if (options->store && options->operand_count)
        return console_usage(
            _("--store and a path (%s) cannot be combined; store it first with mtasts ingest"),
            options->operands[0]);
    if (options->dkim && !options->operand_count)
        return console_usage("%s",
                             _("--dkim needs the messages; for stored reports, use ingest --dkim"));
    return 0;
}

int cmd_report(TALLOC_CTX *ctx, const struct options *options)
{
    struct report_work work = {.options = options, .ctx = ctx};
    struct report_beside beside = {.options = options, .ctx = ctx};
    const struct gathered *gathered;
    struct report_filter filter;
    int status = check_options(options);

    if (!status)
        status = filter_options_read(options, &filter);
    if (!status)
        status = gather_all(&work, &filter);
    if (status)
        return status;
    gathered = gather_result(work.gather);
    status = report_beside_run(&beside, reports_tally(gathered->reports));
    if (status >= EXIT_USAGE)
        return status;
    status = exit_status_worse(status, work.csv_status);
    status = exit_status_worse(status, report_show(ctx, options, gathered, &beside.checks));
    return exit_status_worse(status, console_faults(gathered->faults));
}
