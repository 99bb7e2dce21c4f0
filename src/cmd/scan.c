/* SPDX-License-Identifier: MIT */
/* scan.c - look at every domain of a list, many at a time. */
#include "scan/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/console.h"
#include "cmd/show_domains.h"
#include "cmd/textout_options.h"
#include "event/signals.h"
#include "net/limits.h"
#include "net/resources.h"
#include "render/text_scan.h"
#include "scan/journal.h"
#include "scan/size.h"

/* ---- progress -------------------------------------------------------------------------------- */

struct scan_shown {
    const struct options *options;
    int64_t at, done; /* of the last rate */
    double rate;
};

/* Seconds that remain, by how much of the list was read; -1 unknown. */
static int64_t remaining(const struct scan_progress *p)
{
    double share = p->bytes_total ? (double)p->bytes_read / (double)p->bytes_total : 0;

    if (share <= 0 || p->done < 10)
        return -1;
    return (int64_t)((double)p->elapsed_ms / 1000 * (1 - share) / share);
}

static void show_progress(void *arg, const struct scan_progress *p)
{
    struct scan_shown *shown = arg;
    int64_t left = remaining(p);
    char *text;

    if (p->elapsed_ms - shown->at >= 1000) {
        shown->rate = (double)(p->done - shown->done) * 1000 / (double)(p->elapsed_ms - shown->at);
        shown->at = p->elapsed_ms;
        shown->done = p->done;
    }
    text = talloc_asprintf(NULL, _("%lld done (%lld critical), %lld in progress, %.0f per second"),
                           (long long)p->done, (long long)p->failed, (long long)p->running,
                           shown->rate);
    if (text && p->draining)
        text = talloc_asprintf_append(text, "%s", _("; stopping; interrupt again to abort"));
    else if (text && left >= 0)
        text = talloc_asprintf_append(text, _(", about %lld:%02lld left"), (long long)left / 60,
                                      (long long)left % 60);
    if (text && !shown->options->quiet)
        console_progress(text);
    talloc_free(text);
}

/* ---- files ----------------------------------------------------------------------------------- */

static int open_list(const struct options *options, int *ret)
{
    const char *path;

    if (options->operand_count != 1)
        return console_usage(
            "%s", _("specify one list of domains, for example: mtasts scan domains.txt"));
    path = options->operands[0];
    *ret = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    return *ret >= 0 ? 0
                     : console_internal(_("%s could not be read: %s"), path, _(strerror(errno)));
}

static int open_output(TALLOC_CTX *ctx, const struct options *options, struct scan_config *config)
{
    const char *path = options->output;
    struct journal journal;

    config->out = STDOUT_FILENO;
    if (!path || strcmp(path, "-") == 0)
        return options->resume
                   ? console_usage(
                         "%s",
                         _("--resume requires --output: that file shows which domains are done"))
                   : 0;
    switch (journal_open(ctx, path, options->resume, &journal)) {
    case JOURNAL_OPEN:
        config->out = journal.fd;
        config->seen = journal.seen;
        return 0;
    case JOURNAL_EXISTS:
        return console_usage(_("%s is not empty; use --resume to continue it"), path);
    case JOURNAL_BUSY:
        return console_internal(_("another scan is writing to %s"), path);
    case JOURNAL_STRANGE:
        return console_internal(_("%s: line %lld is not a scan result; nothing was changed"), path,
                                (long long)journal.line);
    case JOURNAL_FAILED:
        return console_internal(_("%s could not be written: %s"), path, _(strerror(errno)));
    case JOURNAL_NO_MEMORY:
        break;
    }
    return console_no_memory();
}

/* ---- all of it ------------------------------------------------------------------------------- */

static int say_outcome(const struct options *options, enum scan_outcome outcome, const char *why)
{
    const char *list = options->operands[0];
    const char *out = options->output ? options->output : "-";

    switch (outcome) {
    case SCAN_DONE:
        return 0;
    case SCAN_NO_NET:
        return console_internal("%s", why);
    case SCAN_NO_COLUMN:
        return console_usage(_("%s: no column named %s in the first line"), list, options->column);
    case SCAN_READ_FAILED:
        return console_internal(_("%s could not be read: %s"), list, _(strerror(errno)));
    case SCAN_WRITE_FAILED:
        if (!options->output && console_reader_leaves())
            return 0;
        return console_internal(_("%s could not be written: %s"), out, _(strerror(errno)));
    case SCAN_NO_MEMORY:
        break;
    }
    return console_no_memory();
}

/* To standard output where the results go elsewhere, else to standard error. */
static int say_summary(TALLOC_CTX *ctx, const struct options *options, const struct scan_config *c,
                       const struct scan_summary *summary)
{
    struct textout_options page = textout_options_of(options);
    char *text;

    if (options->json) {
        text = json_scan_summary(ctx, summary);
        text = text ? talloc_strdup_append_buffer(text, "\n") : NULL;
    } else {
        page.colour = page.colour && c->out != STDOUT_FILENO;
        text = text_scan(ctx, summary, &page);
    }
    if (text && c->out == STDOUT_FILENO) {
        console_progress(NULL);
        fputs(text, stderr);
        return 0;
    }
    return console_text(text);
}

int cmd_scan(TALLOC_CTX *ctx, const struct options *options)
{
    struct net_options net;
    struct scan_shown shown = {.options = options};
    struct scan_config config = {
        .net = &net,
        .threads = (size_t)options->threads,
        .jobs = (size_t)options->jobs,
        .column = options->column,
        .warn_days = options->warn_days,
        .now = options->now == NOW_UNSET ? SCAN_NOW_OBSERVED : options->now,
        .progress = show_progress,
        .arg = &shown,
    };
    struct scan_summary summary;
    struct loop *loop;
    enum scan_outcome outcome;
    char *why = NULL;
    int status = open_list(options, &config.in);

    net_options_of(options, &net);
    net.public_only = true;
    net.brief = !options->thorough;
    net.limits.per_address = options->per_address; /* 0: as with check */
    net.limits.per_second = options->per_second ? options->per_second : LIMIT_PER_SECOND;
    if (!status)
        status = open_output(ctx, options, &config);
    if (status)
        return status;
    scan_set_size(&config, &net, resources_files());
    scan_tune_memory();
    signals_catch(3, EXIT_UNKNOWN); /* two are the scan's, the third means it */
    if (loop_new(ctx, &loop) != STS_OK)
        return console_no_memory();
    outcome = scan_run(ctx, loop, &config, &summary, &why);
    status = say_outcome(options, outcome, why);
    if (outcome == SCAN_NO_NET || outcome == SCAN_NO_COLUMN || console_reader_left())
        return status;
    status = exit_status_worse(status, say_summary(ctx, options, &config, &summary));
    return status ? status : summary.interrupted ? EXIT_UNKNOWN : 0;
}
