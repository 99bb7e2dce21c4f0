/* SPDX-License-Identifier: MIT */
/* report.c - read TLS reports and say what they tell, alone or beside a check of the domains. */
#include "cmd/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mtasts/match.h>

#include "base/clock.h"
#include "base/array.h"
#include "base/i18n.h"
#include "cmd/filter_options.h"
#include "cmd/open_store.h"
#include "cmd/live.h"
#include "cmd/textout_options.h"
#include "cmd/console.h"
#include "cmd/verify_sender.h"
#include "dkim/signature.h"
#include "facts/facts_copy.h"
#include "facts/facts_json.h"
#include "history/stored_reports.h"
#include "intake/intake.h"
#include "intake/parser.h"
#include "render/expand.h"
#include "render/report.h"
#include "render/finding_text.h"
#include "verdict/place.h"

#define CHECKS_MAX 1000 /* domains that reports may name and --check looks at */
#define NOTES_MAX  1000 /* deviations listed without --all; all are counted */

/* Of operands that can be read only once; NULL: it can be read by its path. */
struct copies {
    int *list; /* descriptors; -1: none is needed */
    size_t count;
};

struct work {
    struct options options;
    TALLOC_CTX *ctx;
    struct report_filter filter;
    struct reports *reports;
    struct parser *parser;
    size_t faults; /* of it */
    struct report_page out;
    const struct diagnosis **checks;
    size_t check_count;
    struct copies *copies;
    off_t standard; /* where standard input begins */
    int csv_status; /* of the lines written */
    bool blindness_said;
    bool no_memory;
};

/* ---- reading --------------------------------------------------------------------------------- */

static const char *copy(struct work *work, const char *text)
{
    const char *mine = text ? talloc_strdup(work->ctx, text) : NULL;

    if (text && !mine)
        work->no_memory = true;
    return mine;
}

/* Room for one more; NULL: no memory. */
static void *more(struct work *work, void *list, size_t *count, size_t size)
{
    void *place = array_grow(work->ctx, list, count, size);

    if (!place)
        work->no_memory = true;
    return place;
}

/* Beyond the ceiling they are only counted. */
static void add_deviation(struct work *work, const struct intake_source *source, const char *code,
                          const char *member, const char *found)
{
    struct report_page *out = &work->out;
    struct report_deviation *place;

    if (++out->deviation_total > NOTES_MAX && !work->options.all)
        return;
    place = more(work, &out->deviations, &out->deviation_count, sizeof(*place));
    if (place)
        *place = (struct report_deviation){copy(work, source->path), copy(work, source->part), code,
                                           copy(work, member), copy(work, found)};
}

static void add_deviations(struct work *work, const struct sts_report *report,
                           const struct intake_source *source)
{
    size_t count;
    const struct sts_report_note *notes = sts_report_notes(report, &count, NULL);

    for (int i = 0; i < INTAKE_DEVIATION_COUNT; i++)
        if (source->deviations & 1u << i)
            add_deviation(work, source, intake_deviation_name((enum intake_deviation)i), NULL,
                          NULL);
    for (size_t i = 0; i < count; i++)
        add_deviation(work, source, sts_deviation_name(notes[i].code), notes[i].path,
                      notes[i].found);
}

static void on_report(void *arg, struct sts_report *report, const struct intake_source *source)
{
    struct work *work = arg;

    if (!report_filter_takes(&work->filter, report, source->received)) {
        work->out.undated_left_out +=
            report_filter_lacks_date(&work->filter, report, source->received);
        sts_report_free(report);
        return;
    }
    if (work->options.verbose || work->options.json)
        add_deviations(work, report, source);
    if (reports_add(work->reports, report, source->path, source->received, source->trust) ==
        REPORTS_NO_MEMORY)
        work->no_memory = true;
}

static void on_rejected(void *arg, const struct intake_source *source, const char *why,
                        const char *detail)
{
    struct work *work = arg;
    struct report_page *out = &work->out;
    struct report_rejected *place =
        more(work, &out->rejected, &out->rejected_count, sizeof(*place));

    if (!source->trust) /* what is set aside for its sender was read */
        out->unread += source->rejections;
    if (place)
        *place = (struct report_rejected){copy(work, source->path), copy(work, source->part), why,
                                          copy(work, detail)};
}

/* ---- once, and once more where it must be ---------------------------------------------------- */

static void on_report_again(void *arg, struct sts_report *report,
                            const struct intake_source *source)
{
    struct work *work = arg;

    if (!report_filter_takes(&work->filter, report, source->received))
        sts_report_free(report);
    else if (reports_add(work->reports, report, source->path, source->received, NULL) ==
             REPORTS_NO_MEMORY)
        work->no_memory = true;
}

static void on_rejected_again(void *arg, const struct intake_source *source, const char *why,
                              const char *detail)
{
    (void)arg;
    (void)source;
    (void)why;
    (void)detail;
}

static bool copy_all(int from, int to)
{
    char buffer[65536];
    ssize_t got;

    while ((got = read(from, buffer, sizeof(buffer))) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        for (ssize_t at = 0, put; at < got; at += put)
            if ((put = write(to, buffer + at, (size_t)(got - at))) <= 0)
                return false;
    }
    return true;
}

/* What cannot be read twice is copied first, into a file that has no name.  -1: errno tells. */
static int copy_of(int from)
{
    FILE *file = tmpfile();
    int to = file ? fcntl(fileno(file), F_DUPFD_CLOEXEC, 0) : -1;

    if (file)
        (void)fclose(file);
    if (to >= 0 && !copy_all(from, to)) {
        int error = errno;

        close(to);
        errno = error;
        to = -1;
    }
    return to;
}

static bool is_read_twice(int fd)
{
    struct stat status;

    return !fstat(fd, &status) && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

static int close_copies(struct copies *copies)
{
    for (size_t i = 0; i < copies->count; i++)
        if (copies->list[i] >= 0)
            close(copies->list[i]);
    return 0;
}

static int copy_operand(struct work *work, size_t i)
{
    const char *path = work->options.operands[i];
    bool standard = !strcmp(path, "-");
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), status = 0;

    if (fd < 0) /* the reader tells why */
        return 0;
    if (!is_read_twice(fd)) {
        work->copies->list[i] = copy_of(fd);
        if (work->copies->list[i] < 0)
            status = console_internal(_("%s: cannot be copied to a temporary file: %s"), path,
                                      _(strerror(errno)));
    }
    if (!standard)
        close(fd);
    return status;
}

static int copy_operands(struct work *work)
{
    size_t count = work->options.operand_count;
    int status = 0;

    work->copies = talloc_zero(work->ctx, struct copies);
    if (work->copies)
        work->copies->list = talloc_array(work->copies, int, (unsigned)count + 1);
    if (!work->copies || !work->copies->list)
        return console_no_memory();
    work->copies->count = count;
    for (size_t i = 0; i < count; i++)
        work->copies->list[i] = -1;
    work->standard = lseek(STDIN_FILENO, 0, SEEK_CUR);
    talloc_set_destructor(work->copies, close_copies);
    for (size_t i = 0; !status && i < count; i++)
        status = copy_operand(work, i);
    return status;
}

static void read_operand(struct work *work, size_t i, const struct intake_sink *sink,
                         struct intake_result *result)
{
    const char *path = work->options.operands[i];
    int copy = work->copies->list[i];

    if (copy >= 0)
        (void)lseek(copy, 0, SEEK_SET);
    else if (!strcmp(path, "-"))
        (void)lseek(STDIN_FILENO, work->standard, SEEK_SET);
    if (copy >= 0)
        intake_open(sink, copy, path, result);
    else
        intake_path(sink, path, result);
}

static int read_paths(struct work *work, struct intake_sink sink, bool again)
{
    struct intake_result result = {0};
    int status = again ? 0 : copy_operands(work);

    if (!status && !again)
        status = verify_sender_open(work->ctx, &work->options, &sink);
    for (size_t i = 0; !status && i < work->options.operand_count; i++)
        read_operand(work, i, &sink, &result);
    work->out.other_mails = result.other_mails;
    work->no_memory |= result.no_memory;
    work->faults += again ? 0 : result.faults;
    return status;
}

static int read_store(struct work *work, struct intake_sink sink, bool again)
{
    struct intake_result result = {0};
    struct store *store;
    int status = open_store(work->ctx, &work->options, STORE_READ, &store);
    enum sts_status read;

    if (status)
        return status;
    if (!store) {
        if (!again)
            console_note("%s", _("no report is stored yet; start with: mtasts ingest PATH"));
        return 0;
    }
    read = stored_reports_read(store, &work->filter, work->options.require_dkim, &sink, &result);
    if (read != STS_OK)
        status = say_store_failure(store, read);
    work->no_memory |= result.no_memory;
    work->faults += again ? 0 : result.faults;
    talloc_free(store);
    return status;
}

static int read_once(struct work *work, bool again)
{
    struct intake_sink sink = {again ? on_report_again : on_report,
                               again ? on_rejected_again : on_rejected, work, work->parser, 0};

    return work->options.operand_count ? read_paths(work, sink, again)
                                       : read_store(work, sink, again);
}

static void on_counted(void *arg, const struct sts_report *report, const char *path,
                       const struct reports_item *item)
{
    struct work *work = arg;
    char *lines = csv_report(work->ctx, report, path, item->trust);

    work->csv_status = exit_status_worse(work->csv_status, console_text(lines));
    talloc_free(lines);
}

/* What counts of a revised report is known when all was read; so is what the table lists. */
static int read_all(struct work *work)
{
    bool csv = work->options.csv;
    int status = read_once(work, false);

    if (status || (!csv && !reports_want_again(work->reports)))
        return status;
    if (csv)
        work->csv_status = console_text(talloc_strdup(work->ctx, csv_report_head()));
    if (reports_begin_again(work->reports, csv ? on_counted : NULL, work) != STS_OK)
        return console_no_memory();
    status = read_once(work, true);
    if (!status && reports_tally(work->reports)->reports < reports_count(work->reports))
        on_rejected(work, &(struct intake_source){.path = "-", .rejections = 1},
                    N_("reports were changed or removed while being read"), NULL);
    return status;
}

/* ---- the check beside it --------------------------------------------------------------------- */

/* Keeps the facts, and the diagnosis that borrows from them. */
static void add_check(struct work *work, const struct facts *facts)
{
    struct diagnosis *diagnosis;
    const struct diagnosis **place;
    int64_t now = work->options.now == NOW_UNSET ? facts->observed_at : work->options.now;

    if (diagnose(work->ctx, facts, now, &diagnosis) != STS_OK) {
        work->no_memory = true;
        return;
    }
    place = more(work, &work->checks, &work->check_count, sizeof(*place));
    if (place)
        *place = diagnosis;
}

/* Why the check saw nothing, which is the same for all domains. */
static void say_blind(struct work *work, const struct diagnosis *d)
{
    char *why = d->finding_count ? expand_text(work->ctx, _(d->findings[0].detail),
                                               finding_text_params(&d->findings[0]))
                                 : NULL;

    if (why && !work->blindness_said)
        console_note("%s", why);
    work->blindness_said = true;
}

/* Instead of showing a domain: the facts are to outlive the probe that made them. */
static enum sts_status keep_live(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                                 struct live_output *ret)
{
    struct work *work = arg;
    struct facts *mine;

    if (facts_copy(work->ctx, facts, &mine) == STS_OK)
        add_check(work, mine);
    else
        work->no_memory = true;
    if (place_is_blind(facts) && work->check_count)
        say_blind(work, work->checks[work->check_count - 1]);
    (void)ctx;
    (void)ret;
    return STS_OK;
}

/* The domains of the reports that are names, the busiest nothing: in the order of reading. */
static int check_live(struct work *work, const struct tally *tally)
{
    const char **names = talloc_array(work->ctx, const char *, tally->domains.count + 1);
    struct options own = work->options;
    char name[STS_NAME_SIZE];
    size_t count = 0;

    if (!names)
        return console_no_memory();
    for (size_t i = 0; i < tally->domains.count && count < CHECKS_MAX; i++) {
        const struct tally_domain *domain = names_at(&tally->domains, i);

        if (sts_name_from_user(domain->name, name) == STS_OK)
            names[count++] = domain->name;
    }
    if (!count)
        return 0;
    own.operands = names;
    own.operand_count = count;
    return live_run(work->ctx, &own, keep_live, work);
}

/* One document, or one a line. */
static int check_stored(struct work *work)
{
    size_t length, at = 0;
    char *text;
    int status = input_read(work->ctx, work->options.from, FACTS_JSON_MAX, &text, &length);
    struct facts *facts;
    char *why = NULL;

    if (status)
        return status;
    if (length > FACTS_JSON_MAX)
        return console_internal(_("%s: larger than %u MiB; split it by lines"), work->options.from,
                                FACTS_JSON_MAX >> 20);
    if (facts_read(work->ctx, text, length, &facts, &why) == STS_OK) {
        add_check(work, facts);
        return 0;
    }
    while (at < length) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t line = end ? (size_t)(end - text) - at : length - at; /* a NUL ends none */

        if (strspn(text + at, " \t\r") < line) {
            if (facts_read(work->ctx, text + at, line, &facts, &why) != STS_OK)
                return why ? console_internal(_("%s: not a valid facts file: %s"),
                                              work->options.from, why)
                           : console_no_memory();
            add_check(work, facts);
        }
        at += line + 1;
    }
    return 0;
}

/* ---- showing --------------------------------------------------------------------------------- */

static int show(struct work *work, const struct tally *tally)
{
    struct textout_options out = textout_options_of(&work->options);
    int64_t now = work->options.now == NOW_UNSET ? clock_now() : work->options.now;
    struct report_view *view;
    int status;

    if (judge_reports(work->ctx, tally, work->checks, work->check_count, now, &view) != STS_OK)
        return console_no_memory();
    work->out.view = view;
    work->out.reports = work->reports;
    work->out.verbose = work->options.verbose;
    work->out.all = work->options.all;
    work->out.checked = work->check_count > 0;
    if (!tally->reports || (work->out.unread && view->verdict == VERDICT_OK))
        view->verdict = VERDICT_UNKNOWN;
    if (work->options.json)
        status = console_line(json_report(work->ctx, &work->out));
    else if (work->options.csv)
        status = work->csv_status;
    else
        status = console_text(text_report(work->ctx, &work->out, &out));
    if (!tally->reports || work->out.unread)
        status = exit_status_worse(status, EXIT_UNKNOWN);
    return exit_status_worse(
        status, exit_status_of(view->findings, view->finding_count, work->options.fail_on));
}

/* In the CSV there is no place for what was set aside. */
static void say_rejected(const struct work *work)
{
    for (size_t i = 0; work->options.csv && i < work->out.rejected_count; i++)
        console_note("%s: %s", work->out.rejected[i].path, _(work->out.rejected[i].why));
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
    struct work work = {.options = *options, .ctx = ctx};
    const struct tally *tally;
    int status = check_options(options);

    if (!status)
        status = filter_options_read(options, &work.filter);
    if (status)
        return status;
    work.reports = reports_new(ctx, signature_level_is_better,
                               *work.filter.domain ? work.filter.domain : NULL);
    work.parser = parser_new(ctx);
    if (!work.reports || !work.parser)
        return console_no_memory();
    status = read_all(&work);
    if (status)
        return status;
    tally = reports_tally(work.reports);
    if (work.no_memory)
        return console_no_memory();
    if (options->check)
        status = check_live(&work, tally);
    else if (options->from)
        status = check_stored(&work);
    if (status >= EXIT_USAGE)
        return status;
    if (work.no_memory)
        return console_no_memory();
    status = exit_status_worse(status, show(&work, tally));
    say_rejected(&work);
    return exit_status_worse(status, console_faults(work.faults));
}
