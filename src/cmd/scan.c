/* SPDX-License-Identifier: MIT */
/* scan.c - look at every domain of a list, many at a time. */
#include "scan/scan.h"

#include <stdio.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/console.h"
#include "cmd/open_store.h"
#include "cmd/scan_files.h"
#include "cmd/scan_options.h"
#include "cmd/scan_progress.h"
#include "cmd/scan_verbs.h"
#include "cmd/show_domains.h"
#include "cmd/terminal.h"
#include "cmd/textout_options.h"
#include "event/signals.h"
#include "net/limits.h"
#include "net/resources.h"
#include "render/text_scan.h"
#include "scan/size.h"

struct scan_shown {
    struct scan_pace pace;
    bool quiet;
    int status; /* of the store */
};

static void on_progress(void *arg, const struct scan_progress *progress)
{
    struct scan_shown *shown = arg;

    if (!shown->quiet)
        scan_progress_show(&shown->pace, progress);
}

static void on_store_failed(void *arg, const struct store_fault *fault)
{
    struct scan_shown *shown = arg;

    shown->status = say_store_fault(fault);
}

/* To standard output where the results go elsewhere, else to standard error. */
static int say_summary(TALLOC_CTX *ctx, const struct options *options, const struct scan_config *c,
                       const struct scan_summary *summary)
{
    bool elsewhere = c->out != STDOUT_FILENO;
    size_t room = terminal_columns(elsewhere ? STDOUT_FILENO : STDERR_FILENO);
    struct scan_page page = {.out = textout_options_of(options),
                             .results = elsewhere ? options->output : NULL,
                             .csv = options->csv};
    char *text;

    if (room < page.out.width)
        page.out.width = room;
    if (options->json) {
        text = json_scan_summary(ctx, summary);
        text = text ? talloc_strdup_append_buffer(text, "\n") : NULL;
    } else {
        page.out.colour = page.out.colour && elsewhere;
        text = text_scan(ctx, summary, &page);
    }
    if (text && !elsewhere) {
        console_progress(NULL);
        fputs(text, stderr);
        return 0;
    }
    return console_text(text);
}

void scan_options(const struct options *options, struct scan_config *config,
                  struct net_options *net)
{
    config->threads = (size_t)options->threads;
    config->jobs = (size_t)options->jobs;
    config->column = options->column;
    config->warn_days = options->warn_days;
    config->now = options_now_or(options, SCAN_NOW_OBSERVED);
    net_options_of(options, net);
    net->public_only = true;
    net->brief = !options->thorough;
    net->limits.per_address = options->per_address; /* 0: as with check */
    net->limits.per_second = options->per_second ? options->per_second : LIMIT_PER_SECOND;
}

int cmd_scan(TALLOC_CTX *ctx, const struct options *options)
{
    struct net_options net;
    struct scan_shown shown = {.quiet = options->quiet};
    struct scan_config config = {
        .net = &net,
        .save = options->save,
        .progress = on_progress,
        .store_failed = on_store_failed,
        .arg = &shown,
    };
    struct scan_summary summary;
    struct loop *loop;
    enum scan_outcome outcome;
    enum scan_word word = scan_word_of(options->operands, options->operand_count);
    char *why = NULL;
    int status;

    if (word != SCAN_WORDS)
        return scan_verb(ctx, options, word);
    status = scan_files_open(ctx, options, &config);
    if (status)
        return status;
    scan_options(options, &config, &net);
    scan_set_size(&config, &net, resources_files());
    scan_tune_memory();
    signals_catch(3, EXIT_UNKNOWN); /* two are the scan's, the third means it */
    if (loop_new(ctx, &loop) != STS_OK)
        return console_no_memory();
    outcome = scan_run(ctx, loop, &config, &summary, &why);
    status = outcome == SCAN_STORE_FAILED ? shown.status : scan_files_say(options, outcome, why);
    if (outcome == SCAN_NO_NET || outcome == SCAN_NO_COLUMN || console_reader_left())
        return status;
    status = exit_status_worse(status, say_summary(ctx, options, &config, &summary));
    if (summary.unsaved)
        status = exit_status_worse(status, scan_files_say_unsaved(summary.unsaved));
    return status ? status : summary.interrupted ? EXIT_UNKNOWN : 0;
}
