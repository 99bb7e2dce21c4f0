/* SPDX-License-Identifier: MIT */
/* scan_files.c - the list of a scan, its results, and what is wrong with either. */
#include "cmd/scan_files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/open_store.h"
#include "scan/journal.h"

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

    config->format = options->csv ? SCAN_CSV : SCAN_JSON;
    config->with_head = true;
    config->out = STDOUT_FILENO;
    if (!path || strcmp(path, "-") == 0)
        return options->resume
                   ? console_usage(
                         "%s",
                         _("--resume requires --output: that file shows which domains are done"))
                   : 0;
    switch (journal_open(ctx, path, config->format, options->resume, &journal)) {
    case JOURNAL_OPEN:
        config->out = journal.fd;
        config->seen = journal.seen;
        config->with_head = journal.empty;
        config->continued = options->resume;
        /* One that was observed earlier may have been done later. */
        config->since = journal.earliest - options_timeout_ms(options) / 1000;
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

/* The scan opens it again, in a thread of its own; what is wrong with it is said before the first
 * domain is looked at. */
static int try_store(TALLOC_CTX *ctx, const struct options *options, struct scan_config *config)
{
    struct store *store;
    int status;

    if (!options->save)
        return 0;
    config->store = open_store_where(options);
    status = open_store(ctx, options, STORE_WRITE, &store);
    talloc_free(store);
    return status;
}

int scan_files_open(TALLOC_CTX *ctx, const struct options *options, struct scan_config *config)
{
    int status = options->json && options->csv
                     ? console_usage("%s", _("--json and --csv cannot be combined"))
                     : open_list(options, &config->in);

    if (!status)
        status = open_output(ctx, options, config);
    return status ? status : try_store(ctx, options, config);
}

int scan_files_say_unsaved(int64_t count)
{
    return console_internal(ngettext("%lld result is too large for the store",
                                     "%lld results are too large for the store",
                                     (unsigned long)count),
                            (long long)count);
}

int scan_files_say(const struct options *options, enum scan_outcome outcome, const char *why)
{
    const char *list = options->operands[0];
    bool elsewhere = options->output && strcmp(options->output, "-") != 0;

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
        if (elsewhere)
            return console_internal(_("%s could not be written: %s"), options->output,
                                    _(strerror(errno)));
        return console_reader_leaves()
                   ? 0
                   : console_internal(_("standard output could not be written: %s"),
                                      _(strerror(errno)));
    case SCAN_STORE_FAILED: /* has been said */
    case SCAN_NO_MEMORY:
        break;
    }
    return console_no_memory();
}
