/* SPDX-License-Identifier: MIT */
/* collect_audit.c - logs of Postfix held against what is counted and reported, and why they differ.
 */
#include "cmd/collect_audit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/exit_status.h"
#include "cmd/open_store.h"
#include "collect/audit.h"
#include "collect/limits.h"
#include "render/audit_text.h"
#include "store/pages.h"

/* ---- logs ------------------------------------------------------------------------------------ */

static enum sts_status read_log(struct audit *audit, FILE *file)
{
    int64_t now = clock_now();
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    enum sts_status status = STS_OK;

    while (!status && (length = getline(&line, &size, file)) >= 0) {
        size_t used = (size_t)length < LIMIT_AUDIT_LINE ? (size_t)length : LIMIT_AUDIT_LINE;

        status = audit_line(audit, (struct bytes){line, used}, now);
    }
    free(line);
    return status;
}

static int say_read(const char *path, enum sts_status status)
{
    if (status == STS_E_LIMIT)
        return console_internal(_("%s: the log has too many days or domains; give less of it"),
                                path);
    return status ? console_no_memory() : 0;
}

static int read_path(struct audit *audit, const char *path)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    bool failed;
    int status;

    if (!file)
        return console_internal("%s: %s", path, _(strerror(errno)));
    status = say_read(path, read_log(audit, file));
    failed = ferror(file) != 0;
    if (file != stdin)
        (void)fclose(file);
    return !status && failed ? console_internal("%s: %s", path, _(strerror(errno))) : status;
}

/* ---- the store ------------------------------------------------------------------------------- */

struct counting {
    struct audit *audit;
    enum sts_status status;
    int64_t last; /* of a page */
    size_t rows;
};

static bool take_collector(void *arg, const struct store_collector_day *day)
{
    struct counting *counting = arg;

    audit_collected(counting->audit, &day->collected);
    return true;
}

static bool take_domain(void *arg, const struct store_counted_domain *domain)
{
    struct counting *counting = arg;

    counting->status = audit_counted(counting->audit, domain);
    counting->last = domain->id;
    counting->rows++;
    return counting->status == STS_OK;
}

static bool take_reported(void *arg, const struct store_reported *reported)
{
    struct counting *counting = arg;

    audit_reported(counting->audit, reported);
    return true;
}

static enum sts_status read_day(struct store *store, struct counting *counting, int64_t day)
{
    enum sts_status status = store_collector_days(store, day, take_collector, counting);

    if (!status)
        status = store_outgoing_reported(store, day, take_reported, counting);
    counting->last = 0;
    do {
        counting->rows = 0;
        if (!status)
            status = store_counted_domains(store, day, counting->last, STORE_PAGE_MAX, take_domain,
                                           counting);
    } while (!status && !counting->status && counting->rows == STORE_PAGE_MAX);
    return status;
}

static int read_store(struct store *store, struct audit *audit)
{
    struct counting counting = {.audit = audit};
    size_t count;
    const struct audit_day *days = audit_days(audit, &count);
    enum sts_status status = STS_OK;

    for (size_t i = 0; store && !status && !counting.status && i < count; i++)
        status = read_day(store, &counting, days[i].day);
    if (status)
        return say_store_failure(store, status);
    return counting.status == STS_E_LIMIT ? say_read("--store", STS_E_LIMIT)
           : counting.status              ? console_no_memory()
                                          : 0;
}

/* ---- what comes of it ------------------------------------------------------------------------ */

/* 1: something is not counted, or not reported. */
static int judge(struct audit *audit)
{
    size_t count;
    const struct audit_day *days = audit_days(audit, &count);

    for (size_t i = 0; i < count; i++)
        if (audit_is_incomplete(&days[i], clock_now()))
            return 1;
    return 0;
}

static int show(TALLOC_CTX *ctx, struct audit *audit)
{
    size_t count;
    int status;

    (void)audit_days(audit, &count);
    if (!count)
        return console_internal("%s",
                                _("no line of the log is about TLSRPT (Postfix 3.10 and later "
                                  "log them, for domains with a TLSRPT record)"));
    status = console_text(audit_text(ctx, audit, clock_now()));
    return status ? status : judge(audit);
}

int collect_audit(TALLOC_CTX *ctx, const struct options *options)
{
    struct audit *audit = audit_new(ctx);
    struct store *store;
    int status = audit ? 0 : console_no_memory();

    if (options->operand_count < 2)
        return console_usage("%s", _("specify the logs of Postfix; - is standard input"));
    for (size_t i = 1; !status && i < options->operand_count; i++)
        status = read_path(audit, options->operands[i]);
    if (!status)
        status = open_store(ctx, options, STORE_READ, &store);
    if (!status)
        status = read_store(store, audit);
    return status ? status : show(ctx, audit);
}
