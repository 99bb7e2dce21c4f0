/* SPDX-License-Identifier: MIT */
/* report.c - read TLS reports and say what they tell, alone or beside a check of the domains. */
#include "cmd/cmd.h"

#include "app/gather.h"
#include "app/report_checks.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/filter_options.h"
#include "cmd/from_file.h"
#include "cmd/open_store.h"
#include "cmd/show_domains.h"
#include "cmd/textout_options.h"
#include "render/expand.h"
#include "render/finding_text.h"
#include "render/report.h"
#include "reports/reports.h"
#include "verdict/place.h"

#define NOTES_MAX 1000 /* deviations listed without --all; all are counted */

struct report_work {
    const struct options *options;
    TALLOC_CTX *ctx;
    struct gather *gather;
    struct report_checks checks;
    int csv_status; /* of the lines written */
    bool blindness_said;
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

/* ---- the check beside it --------------------------------------------------------------------- */

static enum sts_status add_check(struct report_work *work, const struct facts *facts)
{
    const struct options *options = work->options;
    int64_t now = options->now == NOW_UNSET ? facts->observed_at : options->now;

    return report_checks_add(work->ctx, &work->checks, facts, now);
}

/* Why the check saw nothing, which is the same for all domains. */
static void say_blind(struct report_work *work, const struct diagnosis *d)
{
    char *why = d->finding_count ? expand_text(work->ctx, _(d->findings[0].detail),
                                               finding_text_params(&d->findings[0]))
                                 : NULL;

    if (why && !work->blindness_said)
        console_note("%s", why);
    work->blindness_said = true;
}

/* Instead of showing a domain. */
static enum sts_status keep_live(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                                 struct shown *ret)
{
    struct report_work *work = arg;
    enum sts_status status = add_check(work, facts);

    (void)ctx;
    (void)ret;
    if (!status && place_is_blind(facts))
        say_blind(work, work->checks.list[work->checks.count - 1]);
    return status;
}

static enum sts_status keep_stored(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                                   struct shown *ret)
{
    (void)ctx;
    (void)ret;
    return add_check(arg, facts);
}

static int check_live(struct report_work *work, const struct tally *tally)
{
    struct options own = *work->options;

    if (report_checks_names(work->ctx, tally, &own.operands, &own.operand_count) != STS_OK)
        return console_no_memory();
    return own.operand_count ? show_domains(work->ctx, &own, keep_live, work) : 0;
}

/* ---- showing --------------------------------------------------------------------------------- */

static int print(const struct report_work *work, const struct report_page *from)
{
    struct textout_options out = textout_options_of(work->options);

    if (work->options->json)
        return console_line(json_report(work->ctx, from));
    if (work->options->csv)
        return work->csv_status;
    return console_text(text_report(work->ctx, from, &out));
}

static int show(struct report_work *work, const struct gathered *gathered)
{
    const struct options *options = work->options;
    int64_t now = options->now == NOW_UNSET ? clock_now() : options->now;
    struct report_view *view;
    int status;

    if (gather_judge(work->ctx, gathered, work->checks.list, work->checks.count, now, &view) !=
        STS_OK)
        return console_no_memory();
    status = print(work, &(struct report_page){
                             .view = view,
                             .reports = gathered->reports,
                             .rejected = gathered->rejected,
                             .rejected_count = gathered->rejected_count,
                             .unread = gathered->unread,
                             .deviations = gathered->deviations,
                             .deviation_count = gathered->deviation_count,
                             .deviation_total = gathered->deviation_total,
                             .undated_left_out = gathered->undated_left_out,
                             .other_mails = gathered->other_mails,
                             .verbose = options->verbose,
                             .all = options->all,
                             .checked = work->checks.count > 0,
                         });
    if (!view->tally->reports || gathered->unread)
        status = exit_status_worse(status, EXIT_UNKNOWN);
    return exit_status_worse(status,
                             exit_status_of(view->findings, view->finding_count, options->fail_on));
}

/* In the CSV there is no place for what was set aside. */
static void say_rejected(const struct report_work *work, const struct gathered *gathered)
{
    for (size_t i = 0; work->options->csv && i < gathered->rejected_count; i++)
        console_note("%s: %s", gathered->rejected[i].path, _(gathered->rejected[i].why));
}

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
    if (options->check)
        status = check_live(&work, reports_tally(gathered->reports));
    else if (options->from)
        status = from_file_run_any(ctx, options, keep_stored, &work);
    if (status >= EXIT_USAGE)
        return status;
    status = exit_status_worse(status, show(&work, gathered));
    say_rejected(&work, gathered);
    return exit_status_worse(status, console_faults(gathered->faults));
}
