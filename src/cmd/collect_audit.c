/* SPDX-License-Identifier: MIT */
/* collect_audit.c - logs of Postfix held against what is counted and reported, and why they differ.
 */
#include "cmd/collect_audit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cmd/console.h"
#include "cmd/exit_status.h"
#include "cmd/open_store.h"
#include "collect/audit.h"
#include "collect/limits.h"
#include "store/pages.h"
#include "store/rollups.h"

#define DOMAINS_SHOWN 20
#define NAME_SHOWN    255

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

static void say(char **text, char *more)
{
    if (*text && more)
        *text = talloc_strdup_append_buffer(*text, more);
    talloc_free(more);
}

static void name_day(int64_t day, char text[CLOCK_TEXT_SIZE])
{
    clock_format(day * STORE_DAY_S, text);
    text[strlen("2026-11-30")] = '\0';
}

static void say_cause(char **text, const char *cause, int64_t count)
{
    if (count > 0) {
        say(text, talloc_asprintf(NULL, "  %" PRId64 "  %s\n", count, cause));
    }
}

static void say_causes(char **text, const struct audit_day *day)
{
    int64_t missing = audit_missing(day);

    say_cause(text,
              _("not sent, queue of the socket full: raise net.unix.max_dgram_qlen (sysctl), and "
                "restart the socket"),
              day->full);
    say_cause(text, _("not sent, no collector at the socket of smtp_tlsrpt_socket_name"),
              day->absent);
    say_cause(text, _("not sent, Postfix may not write to the socket"), day->denied);
    say_cause(text, _("not sent, for another reason; the log says which"), day->failed);
    say_cause(text,
              _("sent and not received: the collector was killed before it stored them, or stores "
                "elsewhere"),
              missing);
    say_cause(text,
              _("received from elsewhere: mtasts event, policyd, or servers without a log here"),
              -missing);
    say_cause(text, _("rejected, no valid event"), day->malformed);
    say_cause(text, _("rejected, too long"), day->truncated);
    say_cause(text, _("lost, no room in memory or too many policies of a domain"), day->lost);
}

static const char *const report_causes[STORE_REPORTED_STATES] = {
    [STORE_REPORTED_UNPLANNED] =
        N_("counted, and no report made: run mtasts send-reports every five minutes with this "
           "store; it reports the last 3 days"),
    [STORE_REPORTED_WAITING] =
        N_("not reported yet, to at least one destination: mtasts send-reports pending shows when "
           "it is tried"),
    [STORE_REPORTED_FAILED] =
        N_("report refused by its receiver: mtasts send-reports pending shows the answer"),
    [STORE_REPORTED_EXPIRED] =
        N_("report not delivered within 24 hours: mtasts send-reports pending shows the last "
           "answer"),
    [STORE_REPORTED_SUPPRESSED] =
        N_("not reported, the destination has failed for two weeks and is tried once a week"),
    [STORE_REPORTED_WITHHELD] = N_("not reported, these sessions only carried reports from here"),
    [STORE_REPORTED_UNUSABLE] =
        N_("not reported, the TLSRPT record has no destination that can be used"),
};

static void say_reports(char **text, const struct audit_day *day)
{
    for (size_t i = 0; i < STORE_REPORTED_STATES; i++) {
        bool early = i == STORE_REPORTED_UNPLANNED && !audit_is_due(day, clock_now());

        if (report_causes[i])
            say_cause(text,
                      early ? _("not reported yet: reports are made when the day (UTC) is over")
                            : _(report_causes[i]),
                      day->reports[i]);
    }
    say_cause(text,
              _("reported in part: the report had been sent when a collector stored more of that "
                "day"),
              day->late);
}

static void say_days(char **text, struct audit *audit)
{
    size_t count;
    const struct audit_day *days = audit_days(audit, &count);

    say(text, talloc_asprintf(NULL, "%-10s %12s %12s %12s %12s\n", _("Day"), _("In the log"),
                              _("Received"), _("Counted"), _("Reported")));
    for (size_t i = 0; i < count; i++) {
        char day[CLOCK_TEXT_SIZE];

        name_day(days[i].day, day);
        say(text,
            talloc_asprintf(NULL, "%-10s %12" PRId64 " %12" PRId64 " %12" PRId64 " %12" PRId64 "\n",
                            day, days[i].reported, days[i].received, days[i].counted,
                            days[i].reports[STORE_REPORTED_SENT]));
        say_causes(text, &days[i]);
        say_reports(text, &days[i]);
    }
}

static void say_domains(char **text, struct audit *audit)
{
    size_t count;
    const struct audit_domain *domains = audit_domains(audit, DOMAINS_SHOWN, &count);

    for (size_t i = 0; domains && i < count; i++) {
        char day[CLOCK_TEXT_SIZE];
        char *name = text_printable(NULL, domains[i].name, strlen(domains[i].name), NAME_SHOWN);

        if (!i)
            say(text, talloc_asprintf(NULL, "\n%s\n", _("Domains that differ")));
        name_day(domains[i].day, day);
        say(text, talloc_asprintf(NULL, "%-10s %12" PRId64 " %12s %12" PRId64 "  %s\n", day,
                                  domains[i].reported, "", domains[i].counted, name ? name : ""));
        talloc_free(name);
    }
}

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
    char *text = talloc_strdup(ctx, "");
    size_t count;
    int status;

    (void)audit_days(audit, &count);
    if (!count)
        return console_internal("%s",
                                _("no line of the log is about TLSRPT (Postfix 3.10 and later "
                                  "log them, for domains with a TLSRPT record)"));
    say_days(&text, audit);
    say_domains(&text, audit);
    status = console_text(text);
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
