/* SPDX-License-Identifier: MIT */
/* report_show.c - what was gathered out of reports, as text, JSON or CSV. */
#include "cmd/report_show.h"

#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/exit_status.h"
#include "cmd/textout_options.h"
#include "render/report.h"

static int print(TALLOC_CTX *ctx, const struct options *options, const struct report_page *page)
{
    struct textout_options out = textout_options_of(options);

    if (options->json)
        return console_line(json_report(ctx, page));
    return options->csv ? 0 : console_text(text_report(ctx, page, &out));
}

/* In the CSV, whose lines were written as they were counted, there is no place for what was set
 * aside. */
static void say_rejected(const struct options *options, const struct gathered *gathered)
{
    for (size_t i = 0; options->csv && i < gathered->rejected_count; i++)
        console_note("%s: %s", gathered->rejected[i].path, _(gathered->rejected[i].why));
}

int report_show(TALLOC_CTX *ctx, const struct options *options, const struct gathered *gathered,
                const struct report_checks *checks)
{
    int64_t now = options_now(options);
    struct report_view *view;
    int status;

    if (gather_judge(ctx, gathered, checks->list, checks->count, now, &view) != STS_OK)
        return console_no_memory();
    status = print(ctx, options,
                   &(struct report_page){
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
                       .checked = checks->count > 0,
                   });
    say_rejected(options, gathered);
    if (!view->tally->reports || gathered->unread)
        status = exit_status_worse(status, EXIT_UNKNOWN);
    return exit_status_worse(status,
                             exit_status_of(view->findings, view->finding_count, options->fail_on));
}
