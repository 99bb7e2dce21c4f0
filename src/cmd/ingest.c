/* SPDX-License-Identifier: MIT */
/* ingest.c - put TLS reports into the store. */
#include "cmd/cmd.h"

#include "app/ingest.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/filter_options.h"
#include "cmd/ingest_accounts.h"
#include "cmd/open_store.h"
#include "cmd/textout_options.h"
#include "render/ingest.h"

struct ingest_shown {
    const struct options *options;
    int status; /* of what has been said; 0: nothing */
};

static void on_fault(void *arg, const struct fault *fault)
{
    struct ingest_shown *shown = arg;

    shown->status = say_fault(fault);
}

static void on_progress(void *arg, size_t stored)
{
    const struct ingest_shown *shown = arg;
    char *text = talloc_asprintf(
        NULL, ngettext("%zu report stored ...", "%zu reports stored ...", stored), stored);

    if (text && !shown->options->quiet)
        console_progress(text);
    talloc_free(text);
}

static int show(TALLOC_CTX *ctx, const struct options *options, const char *store,
                const struct ingested *found)
{
    struct textout_options out = textout_options_of(options);
    const struct ingest_page from = {.store = store,
                                     .added = found->added,
                                     .duplicates = found->duplicates,
                                     .revisions = found->revisions,
                                     .rejected_count = found->rejected_count,
                                     .rejected_more = found->rejected_more,
                                     .rejected = found->rejected,
                                     .listed = found->listed,
                                     .other_mails = found->other_mails,
                                     .complete = found->complete};
    int status = options->json ? console_line(json_ingest(ctx, &from))
                               : console_text(text_ingest(ctx, &from, &out));

    status = exit_status_worse(status, console_faults(found->faults));
    return exit_status_worse(status, found->rejected_count ? 1 : 0);
}

/* A service has told what it did pass by pass. */
static int take_accounts(TALLOC_CTX *ctx, const struct options *options)
{
    struct ingested found;
    const char *store;
    int status;

    if (!options->account_count && !options->lmtp)
        return console_usage("%s", _("--follow requires --account"));
    if (options->operand_count)
        return console_usage(_("%s and a path (%s) cannot be combined"),
                             options->lmtp ? "--lmtp" : "--account", options->operands[0]);
    status = ingest_accounts(ctx, options, &found, &store);
    if (found.rejected && !options->follow && !options->lmtp)
        status = exit_status_worse(status, show(ctx, options, store, &found));
    return status;
}

int cmd_ingest(TALLOC_CTX *ctx, const struct options *options)
{
    struct ingest_shown shown = {.options = options};
    struct verify_sender_request verify;
    struct ingest_request request = {.paths = options->operands,
                                     .path_count = options->operand_count,
                                     .verify = verify_options(options, &verify),
                                     .now = clock_now(),
                                     .progress = on_progress,
                                     .fault = on_fault,
                                     .arg = &shown};
    struct ingested found;
    int status;

    if (options->account_count || options->follow || options->lmtp)
        return take_accounts(ctx, options);
    if (!options->operand_count)
        return console_usage(
            "%s", _("specify a file or directory with reports, or - for standard input"));
    status = open_store(ctx, options, STORE_WRITE, &request.store);
    if (status)
        return status;
    if (ingest_reports(ctx, &request, &found) == STS_OK)
        status = show(ctx, options, store_name(request.store), &found);
    talloc_free(request.store);
    return exit_status_worse(status, shown.status);
}
