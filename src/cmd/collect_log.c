/* SPDX-License-Identifier: MIT */
/* collect_log.c - logs read, the oldest first, their sessions counted by day, and stored. */
#include "cmd/collect_log.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/collect_log_domains.h"
#include "cmd/console.h"
#include "cmd/exit_status.h"
#include "cmd/open_store.h"
#include "collect/limits.h"
#include "collect/log_days.h"
#include "collect/postfix_log.h"
#include "store/rollups.h"
#include "store/session_counts.h"

#define FIRST_LOOK 20 /* lines of a file, until one has a time */

struct log_file {
    const char *path;
    int64_t begins; /* when its first line was written */
};

struct log_run {
    const struct options *options;
    struct store *store;
    struct log_domains *domains;
    struct log_sessions *sessions;
    const char *collector, *run;
    int64_t from, until; /* sessions after this, up to that */
    int64_t newest;      /* line that was read; 0: none */
    bool has_lines;      /* whatever program's */
    int64_t now;
    struct log_days *days;
    int64_t seen, states[LOG_DOMAIN_STATES];
    int64_t flushed_to;
    enum sts_status status; /* of a session that could not be counted */
};

/* ---- counting -------------------------------------------------------------------------------- */

static void on_session(void *arg, const struct log_session *session)
{
    struct log_run *run = arg;
    struct log_event event;
    TALLOC_CTX *ctx;
    enum log_domain_state state;
    struct bytes datagram;

    if (session->at <= run->from || session->at > run->until)
        return;
    run->seen++;
    state = log_domains_event(run->domains, session, &event);
    run->states[state]++;
    if (state != LOG_DOMAIN_WANTS)
        return;
    ctx = talloc_new(NULL);
    datagram.data = ctx ? session_event_write(ctx, &event.event, &datagram.length) : NULL;
    if (!datagram.data || log_days_add(run->days, session->at, datagram) != STS_OK)
        run->status = STS_E_NOMEM;
    talloc_free(ctx);
}

/* ---- logs ------------------------------------------------------------------------------------ */

static enum sts_status take_line(struct log_run *run, char *line, size_t length)
{
    int64_t at;
    struct bytes text = {line, length < LIMIT_AUDIT_LINE ? length : LIMIT_AUDIT_LINE};
    enum sts_status status = log_sessions_line(run->sessions, text, run->now, &at);

    run->has_lines |= !bytes_begin(text, "-- "); /* "-- No entries --" of journalctl */
    if (at > run->newest)
        run->newest = at;
    return status ? status : run->status;
}

static int say_unread(const char *path)
{
    return console_internal(_("%s could not be read: %s"), path, _(strerror(errno)));
}

static FILE *open_log(const char *path)
{
    return strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
}

static int read_log(struct log_run *run, const char *path)
{
    FILE *file = open_log(path);
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    enum sts_status status = STS_OK;
    bool failed;

    if (!file)
        return say_unread(path);
    while (!status && (length = getline(&line, &room, file)) >= 0)
        status = take_line(run, line, (size_t)length);
    failed = ferror(file) != 0;
    free(line);
    if (file != stdin)
        (void)fclose(file);
    if (status)
        return console_no_memory();
    return failed ? say_unread(path) : 0;
}

/* Nothing has been rotated yet; said to people only, as this runs every few minutes. */
static int pass_over(const struct log_run *run, struct log_file *log)
{
    if (errno != ENOENT || run->options->operand_count == 1)
        return say_unread(log->path);
    if (!run->options->quiet)
        console_note(_("%s does not exist and is passed over"), log->path);
    log->path = NULL;
    return 0;
}

/* Standard input is behind all files, since what it has nobody can look at twice. */
static int look_at(struct log_run *run, struct log_file *log)
{
    FILE *file;
    char *line = NULL;
    size_t room = 0;
    ssize_t length;

    log->begins = INT64_MAX;
    if (strcmp(log->path, "-") == 0)
        return 0;
    file = open_log(log->path);
    if (!file)
        return pass_over(run, log);
    for (int i = 0; i < FIRST_LOOK && (length = getline(&line, &room, file)) >= 0; i++)
        if (postfix_log_time((struct bytes){line, (size_t)length}, run->now, &log->begins))
            break;
    free(line);
    (void)fclose(file);
    return 0;
}

static int compare_logs(const void *a, const void *b)
{
    const struct log_file *one = a, *other = b;

    return one->begins < other->begins ? -1 : one->begins > other->begins;
}

static int read_logs(TALLOC_CTX *ctx, struct log_run *run)
{
    size_t count = run->options->operand_count;
    struct log_file *logs = talloc_zero_array(ctx, struct log_file, count);
    int status = logs ? 0 : console_no_memory();
    size_t there = 0;

    for (size_t i = 0; !status && i < count; i++) {
        logs[there].path = run->options->operands[i];
        status = look_at(run, &logs[there]);
        there += logs[there].path != NULL;
    }
    if (status)
        return status;
    if (!there)
        return console_internal("%s", _("none of the logs exists"));
    count = there;
    qsort(logs, count, sizeof(*logs), compare_logs);
    for (size_t i = 0; !status && i < count; i++)
        status = read_log(run, logs[i].path);
    return status;
}

/* ---- the store ------------------------------------------------------------------------------- */

/* Two at a time, as where look-ups take longer than a run is apart, would count twice. */
static int check_alone(struct log_run *run)
{
    int64_t place;

    if (store_run_number(run->store, run->run, &place) != STS_OK)
        return say_store_failure(run->store, STS_E_IO);
    if (place == run->flushed_to)
        return 0;
    console_note("%s", _("another run has counted a log under this --name meanwhile, so nothing "
                         "was counted; run it again later"));
    return EXIT_LATER;
}

static int store_all(struct log_run *run)
{
    const struct log_days_place place = {.collector = run->collector,
                                         .run = run->run,
                                         .before = run->flushed_to,
                                         .until =
                                             run->newest < run->until ? run->newest : run->until,
                                         .now = run->now};
    enum sts_status status = log_days_store(run->days, run->store, &place, &run->flushed_to);

    if (!status)
        status = store_prune_counted(run->store, store_day_of(run->now) - LIMIT_KEEP_DAYS);
    return status ? say_store_failure(run->store, status) : 0;
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* Names and numbers, the same in every language. */
static int say_counts(const struct log_run *run)
{
    char until[CLOCK_TEXT_SIZE] = "-";
    char *line;

    if (run->options->quiet)
        return 0;
    if (run->flushed_to)
        clock_format(run->flushed_to, until);
    line = talloc_asprintf(NULL,
                           "sessions=%" PRId64 " counted=%" PRId64 " no-record=%" PRId64
                           " unknown-record=%" PRId64 " unknown-policy=%" PRId64 " until=%s\n",
                           run->seen, run->states[LOG_DOMAIN_WANTS], run->states[LOG_DOMAIN_SILENT],
                           run->states[LOG_DOMAIN_UNKNOWN], run->states[LOG_DOMAIN_UNKNOWN_POLICY],
                           until);
    if (line)
        (void)console_text(line);
    talloc_free(line);
    return line ? 0 : console_no_memory();
}

/* The name is that of a mail server, or of whatever wrote the logs: each has a place of its own. */
static int prepare(TALLOC_CTX *ctx, struct log_run *run)
{
    const struct log_sessions_request request = {on_session, run};
    char host[HOST_NAME_MAX + 1] = "";
    int64_t oldest;
    int status;

    (void)gethostname(host, sizeof(host) - 1);
    run->collector =
        run->options->name ? run->options->name : talloc_strdup(ctx, *host ? host : "localhost");
    run->run = talloc_asprintf(ctx, "log %s", run->collector ? run->collector : "");
    run->sessions = log_sessions_new(ctx, &request);
    run->days = log_days_new(ctx);
    if (!run->collector || !run->run || !run->sessions || !run->days)
        return console_no_memory();
    status = log_domains_new(ctx, run->options, &run->domains);
    if (!status)
        status = open_store(ctx, run->options, STORE_WRITE, &run->store);
    if (status)
        return status;
    if (store_run_number(run->store, run->run, &run->from) != STS_OK)
        return say_store_failure(run->store, STS_E_IO);
    oldest = run->now - (int64_t)LIMIT_KEEP_DAYS * STORE_DAY_S;
    run->flushed_to = run->from;
    if (run->from < oldest)
        run->from = oldest;
    return 0;
}

int collect_log(TALLOC_CTX *ctx, const struct options *options)
{
    struct log_run run = {.options = options, .now = clock_now()};
    int status;

    if (!options->operand_count)
        return console_usage("%s", _("specify the logs of Postfix; - is standard input"));
    run.until = run.now - LIMIT_LOG_SETTLE_S;
    status = prepare(ctx, &run);
    if (!status)
        status = read_logs(ctx, &run);
    if (status)
        return status;
    if (!run.newest && run.has_lines)
        return console_internal("%s", _("no line of the log is from the smtp client of Postfix"));
    if (!log_domains_heard(run.domains)) {
        console_note("%s", _("no TLSRPT record could be looked up, so nothing was counted; run it "
                             "again later"));
        return EXIT_LATER;
    }
    status = check_alone(&run);
    if (!status)
        status = store_all(&run);
    return status ? status : say_counts(&run);
}
