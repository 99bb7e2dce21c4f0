/* SPDX-License-Identifier: MIT */
/* report.c - read TLS reports and say what they tell, alone or beside a check of the domains. */
#include "cmd/cmd.h"

#include <errno.h>
#include <string.h>

#include <mtasts/match.h>

#include "base/clock.h"
#include "base/grow.h"
#include "base/i18n.h"
#include "cmd/keep.h"
#include "cmd/kept.h"
#include "cmd/live.h"
#include "cmd/say.h"
#include "cmd/trust.h"
#include "cmd/wanted.h"
#include "facts/facts_json.h"
#include "intake/intake.h"
#include "render/report.h"

#define CHECKS_MAX 1000 /* domains that reports may name and --check looks at */

struct work {
    struct options options; /* first: the check gets these, and finds the rest behind them */
    TALLOC_CTX *ctx;
    struct wanted wanted;
    struct reports *reports;
    struct report_page page;
    const struct diagnosis **checks;
    size_t check_count;
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
    void *place = grow(work->ctx, list, count, size);

    if (!place)
        work->no_memory = true;
    return place;
}

static void add_deviation(struct work *work, const struct report_deviation *deviation)
{
    struct report_page *page = &work->page;
    struct report_deviation *place =
        more(work, &page->deviations, &page->deviation_count, sizeof(*place));

    if (place)
        *place = *deviation;
}

static void add_deviations(struct work *work, const struct sts_report *report,
                           const struct intake_source *source)
{
    const char *path = copy(work, source->path), *part = copy(work, source->part);
    size_t count;
    const struct sts_report_note *notes = sts_report_notes(report, &count, NULL);

    for (int i = 0; i < INTAKE_DEVIATION_COUNT; i++)
        if (source->deviations & 1u << i)
            add_deviation(
                work, &(struct report_deviation){
                          path, part, intake_deviation_name((enum intake_deviation)i), NULL, NULL});
    for (size_t i = 0; i < count; i++)
        add_deviation(work, &(struct report_deviation){
                                path, part, sts_deviation_name(notes[i].code),
                                copy(work, notes[i].path), copy(work, notes[i].found)});
}

static void on_report(void *arg, struct sts_report *report, const struct intake_source *source)
{
    struct work *work = arg;

    if (!wanted_report(&work->wanted, report, source->received)) {
        sts_report_free(report);
        return;
    }
    if (work->options.verbose)
        add_deviations(work, report, source);
    if (reports_add(work->reports, report, source->path, source->received, source->trust) ==
        REPORTS_NO_MEMORY)
        work->no_memory = true;
}

static void on_rejected(void *arg, const struct intake_source *source, const char *why,
                        const char *detail)
{
    struct work *work = arg;
    struct report_page *page = &work->page;
    struct report_rejected *place =
        more(work, &page->rejected, &page->rejected_count, sizeof(*place));

    if (!source->trust) /* what is set aside for its sender was read */
        page->unread += source->rejections;
    if (place)
        *place = (struct report_rejected){copy(work, source->path), copy(work, source->part), why,
                                          copy(work, detail)};
}

static int read_paths(struct work *work)
{
    struct intake_sink sink = {on_report, on_rejected, work};
    struct intake_result result = {0};
    int status = trust_open(work->ctx, &work->options, &sink);

    if (status)
        return status;
    for (size_t i = 0; i < work->options.operand_count; i++)
        intake_path(&sink, work->options.operands[i], &result);
    work->page.other_mails = result.other_mails;
    work->no_memory |= result.no_memory;
    return 0;
}

static int read_store(struct work *work)
{
    struct intake_sink sink = {on_report, on_rejected, work};
    struct intake_result result = {0};
    struct store *store;
    int status = keep_open(work->ctx, &work->options, STORE_READ, &store);
    enum sts_status kept;

    if (status)
        return status;
    if (!store) {
        say_note("%s", _("no report is kept yet; begin with: mtasts ingest PATH"));
        return 0;
    }
    kept = kept_reports(store, &work->wanted, work->options.require_dkim, &sink, &result);
    if (kept != STS_OK)
        status = keep_trouble(store, kept);
    work->no_memory |= result.no_memory;
    talloc_free(store);
    return status;
}

static int read_all(struct work *work)
{
    int status = work->options.operand_count ? read_paths(work) : read_store(work);

    if (!status && *work->wanted.domain)
        reports_keep_domain(work->reports, work->wanted.domain);
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

/* Instead of showing a domain: the facts are written down and read again, so that they outlive the
 * probe that made them. */
static char *keep_live(TALLOC_CTX *ctx, const struct options *options, const struct facts *facts,
                       int *ret_status)
{
    struct work *work = (struct work *)(uintptr_t)options;
    char *text = NULL, *why = NULL;
    struct facts *mine;

    if (facts_write(work->ctx, facts, &text) == STS_OK &&
        facts_read(work->ctx, text, strlen(text), &mine, &why) == STS_OK)
        add_check(work, mine);
    else
        work->no_memory = true;
    talloc_free(text);
    *ret_status = 0;
    return talloc_strdup(ctx, "");
}

/* The domains of the reports that are names, the busiest nothing: in the order of reading. */
static int check_live(struct work *work, const struct tally *tally)
{
    const char **names = talloc_array(work->ctx, const char *, tally->domains.count + 1);
    struct work mine = *work;
    char name[STS_NAME_SIZE];
    size_t count = 0;
    int status;

    if (!names)
        return say_no_memory();
    for (size_t i = 0; i < tally->domains.count && count < CHECKS_MAX; i++) {
        const struct tally_domain *domain = names_at(&tally->domains, i);

        if (sts_name_from_user(domain->name, name) == STS_OK)
            names[count++] = domain->name;
    }
    if (!count)
        return 0;
    mine.options.operands = names;
    mine.options.operand_count = count;
    status = live_run(work->ctx, &mine.options, keep_live);
    work->checks = mine.checks;
    work->check_count = mine.check_count;
    work->no_memory |= mine.no_memory;
    return status;
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
        return say_internal(_("%s: more than %u MiB; split it by its lines"), work->options.from,
                            FACTS_JSON_MAX >> 20);
    if (facts_read(work->ctx, text, length, &facts, &why) == STS_OK) {
        add_check(work, facts);
        return 0;
    }
    while (at < length) {
        size_t line = strcspn(text + at, "\n");

        if (strspn(text + at, " \t\r") < line) {
            if (facts_read(work->ctx, text + at, line, &facts, &why) != STS_OK)
                return why ? say_internal(_("%s: not facts that can be judged: %s"),
                                          work->options.from, why)
                           : say_no_memory();
            add_check(work, facts);
        }
        at += line + 1;
    }
    return 0;
}

/* ---- showing --------------------------------------------------------------------------------- */

static int show(struct work *work, const struct tally *tally)
{
    struct page_options page = say_page_options(&work->options);
    int64_t now = work->options.now == NOW_UNSET ? clock_now() : work->options.now;
    struct report_view *view;
    int status;

    if (judge_reports(work->ctx, tally, work->checks, work->check_count, now, &view) != STS_OK)
        return say_no_memory();
    work->page.view = view;
    work->page.reports = work->reports;
    work->page.verbose = work->options.verbose;
    work->page.checked = work->check_count > 0;
    if (!tally->reports || (work->page.unread && view->verdict == VERDICT_OK))
        view->verdict = VERDICT_UNKNOWN;
    if (work->options.json)
        status = say_line(json_report(work->ctx, &work->page));
    else if (work->options.csv)
        status = say_text(csv_report(work->ctx, &work->page));
    else
        status = say_text(text_report(work->ctx, &work->page, &page));
    if (!tally->reports || work->page.unread)
        status = judge_worse(status, EXIT_UNKNOWN);
    return judge_worse(status,
                       judge_findings(view->findings, view->finding_count, work->options.fail_on));
}

/* In the CSV there is no place for what was set aside. */
static void say_rejected(const struct work *work)
{
    for (size_t i = 0; work->options.csv && i < work->page.rejected_count; i++)
        say_note("%s: %s", work->page.rejected[i].path, _(work->page.rejected[i].why));
}

static int check_options(const struct options *options)
{
    if (options->json && options->csv)
        return say_usage("%s", _("--json and --csv exclude each other"));
    if (options->check && options->from)
        return say_usage("%s", _("--check and --from exclude each other"));
    if (options->store && options->operand_count)
        return say_usage(_("--store and a path (%s) exclude each other; ingest puts it into the "
                           "store"),
                         options->operands[0]);
    if (options->dkim && !options->operand_count)
        return say_usage("%s",
                         _("--dkim needs the mails; the store knows what ingest --dkim found"));
    return 0;
}

int cmd_report(TALLOC_CTX *ctx, const struct options *options)
{
    struct work work = {
        .options = *options, .ctx = ctx, .reports = reports_new(ctx, trust_is_better)};
    struct tally *tally;
    int status = check_options(options);

    if (!status)
        status = wanted_read(options, &work.wanted);
    if (status)
        return status;
    if (!work.reports)
        return say_no_memory();
    status = read_all(&work);
    if (status)
        return status;
    tally = tally_of(ctx, work.reports);
    if (!tally || work.no_memory)
        return say_no_memory();
    if (options->check)
        status = check_live(&work, tally);
    else if (options->from)
        status = check_stored(&work);
    if (status >= EXIT_USAGE)
        return status;
    if (work.no_memory)
        return say_no_memory();
    status = judge_worse(status, show(&work, tally));
    say_rejected(&work);
    return status;
}
