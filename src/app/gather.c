/* SPDX-License-Identifier: MIT */
/* gather.c - reports are read once, and once more where that is needed to know which count. */
#include "app/gather.h"

#include <unistd.h>

#include "app/twice.h"
#include "base/array.h"
#include "base/i18n.h"
#include "dkim/signature.h"
#include "history/stored_reports.h"
#include "intake/parser.h"

struct gather {
    struct gather_request request;
    struct gathered result;
    struct parser *parser;
    struct twice *twice; /* NULL: not read yet, or out of the store */
    bool no_memory;
};

/* ---- the first time -------------------------------------------------------------------------- */

static const char *copy(struct gather *gather, const char *text)
{
    const char *mine = text ? talloc_strdup(gather, text) : NULL;

    if (text && !mine)
        gather->no_memory = true;
    return mine;
}

/* Room for one more; NULL: no memory. */
static void *more(struct gather *gather, void *list, size_t *count, size_t size)
{
    void *place = array_grow(gather, list, count, size);

    if (!place)
        gather->no_memory = true;
    return place;
}

/* Beyond the ceiling they are only counted. */
static void add_deviation(struct gather *gather, const struct intake_source *source,
                          const char *code, const char *member, const char *found)
{
    struct gathered *result = &gather->result;
    struct report_deviation *place;

    if (++result->deviation_total > gather->request.deviations_max)
        return;
    place = more(gather, &result->deviations, &result->deviation_count, sizeof(*place));
    if (place)
        *place = (struct report_deviation){copy(gather, source->path), copy(gather, source->part),
                                           code, copy(gather, member), copy(gather, found)};
}

static void add_deviations(struct gather *gather, const struct sts_report *report,
                           const struct intake_source *source)
{
    size_t count;
    const struct sts_report_note *notes = sts_report_notes(report, &count, NULL);

    for (int i = 0; i < INTAKE_DEVIATION_COUNT; i++)
        if (source->deviations & 1u << i)
            add_deviation(gather, source, intake_deviation_name((enum intake_deviation)i), NULL,
                          NULL);
    for (size_t i = 0; i < count; i++)
        add_deviation(gather, source, sts_deviation_name(notes[i].code), notes[i].path,
                      notes[i].found);
}

/* The report is taken over. */
static void add_report(struct gather *gather, struct sts_report *report,
                       const struct intake_source *source, const char *trust)
{
    if (reports_add(gather->result.reports, report, source->path, source->received, trust) ==
        REPORTS_NO_MEMORY)
        gather->no_memory = true;
}

static void on_report(void *arg, struct sts_report *report, const struct intake_source *source)
{
    struct gather *gather = arg;
    const struct report_filter *filter = &gather->request.filter;

    if (!report_filter_takes(filter, report, source->received)) {
        gather->result.undated_left_out +=
            report_filter_lacks_date(filter, report, source->received);
        sts_report_free(report);
        return;
    }
    if (gather->request.deviations)
        add_deviations(gather, report, source);
    add_report(gather, report, source, source->trust);
}

static void on_rejected(void *arg, const struct intake_source *source, const char *why,
                        const char *detail)
{
    struct gather *gather = arg;
    struct gathered *result = &gather->result;
    struct report_rejected *place =
        more(gather, &result->rejected, &result->rejected_count, sizeof(*place));

    if (!source->trust) /* what is set aside for its sender was read */
        result->unread += source->rejections;
    if (place)
        *place = (struct report_rejected){copy(gather, source->path), copy(gather, source->part),
                                          why, copy(gather, detail)};
}

/* ---- and once more --------------------------------------------------------------------------- */

static void on_report_again(void *arg, struct sts_report *report,
                            const struct intake_source *source)
{
    struct gather *gather = arg;

    if (report_filter_takes(&gather->request.filter, report, source->received))
        add_report(gather, report, source, NULL);
    else
        sts_report_free(report);
}

static void on_rejected_again(void *arg, const struct intake_source *source, const char *why,
                              const char *detail)
{
    (void)arg;
    (void)source;
    (void)why;
    (void)detail;
}

/* ---- reading --------------------------------------------------------------------------------- */

static enum sts_status read_paths(struct gather *gather, struct intake_sink sink,
                                  struct intake_result *result, struct fault *ret_fault)
{
    const struct gather_request *request = &gather->request;
    enum sts_status status = STS_OK;

    if (!gather->twice) {
        status = twice_new(gather, request->paths, request->path_count, &gather->twice, ret_fault);
        if (!status)
            status = verify_sender_open(gather, request->verify, &sink, ret_fault);
    }
    if (status)
        return status;
    twice_read(gather->twice, &sink, result);
    gather->result.other_mails = result->other_mails;
    return STS_OK;
}

static enum sts_status read_file(struct gather *gather, const struct intake_sink *sink,
                                 struct intake_result *result, struct fault *ret_fault)
{
    const struct gather_file *file = gather->request.file;

    if (lseek(file->fd, 0, SEEK_SET) != 0) {
        *ret_fault = (struct fault){.status = STS_E_IO, .why = _("the file cannot be read")};
        return STS_E_IO;
    }
    intake_open(sink, file->fd, file->name, result);
    gather->result.other_mails = result->other_mails;
    return STS_OK;
}

static enum sts_status read_store(struct gather *gather, const struct intake_sink *sink,
                                  struct intake_result *result, struct fault *ret_fault)
{
    const struct gather_request *request = &gather->request;
    enum sts_status status = STS_OK;

    if (request->store)
        status =
            stored_reports_read(request->store, &request->filter, request->aligned, sink, result);
    if (status)
        *ret_fault = (struct fault){.status = status, .store = request->store};
    return status;
}

/* Everything, into a sink. */
static enum sts_status read_all(struct gather *gather, const struct intake_sink *sink,
                                struct intake_result *result, struct fault *ret_fault)
{
    enum sts_status status;

    if (gather->request.file)
        status = read_file(gather, sink, result, ret_fault);
    else if (gather->request.path_count)
        status = read_paths(gather, *sink, result, ret_fault);
    else
        status = read_store(gather, sink, result, ret_fault);
    gather->no_memory |= result->no_memory;
    gather->result.stopped |= result->stop;
    return status;
}

/* Memory that ran out on the way is a fault in the end. */
static enum sts_status end_status(const struct gather *gather, enum sts_status status,
                                  struct fault *ret_fault)
{
    if (status || !gather->no_memory)
        return status;
    *ret_fault = (struct fault){.status = STS_E_NOMEM};
    return STS_E_NOMEM;
}

enum sts_status gather_read(struct gather *gather, struct fault *ret_fault)
{
    const struct intake_sink sink = {on_report, on_rejected, gather, gather->parser, 0};
    struct intake_result result = {0};
    enum sts_status status = read_all(gather, &sink, &result, ret_fault);

    gather->result.faults = result.faults;
    return end_status(gather, status, ret_fault);
}

static enum sts_status read_again(struct gather *gather, struct fault *ret_fault)
{
    const struct intake_sink sink = {on_report_again, on_rejected_again, gather, gather->parser, 0};
    struct reports *reports = gather->result.reports;
    struct intake_result result = {0};
    enum sts_status status = read_all(gather, &sink, &result, ret_fault);

    if (!status && reports_tally(reports)->reports < reports_count(reports))
        on_rejected(gather, &(struct intake_source){.path = "-", .rejections = 1},
                    N_("reports were changed or removed while being read"), NULL);
    return status;
}

enum sts_status gather_count(struct gather *gather, reports_counts_fn *counted, void *arg,
                             struct fault *ret_fault)
{
    struct reports *reports = gather->result.reports;
    enum sts_status status = STS_OK;

    if ((!counted && !reports_want_again(reports)) || gather->result.stopped)
        return STS_OK;
    if (reports_begin_again(reports, counted, arg) == STS_OK)
        status = read_again(gather, ret_fault);
    else
        gather->no_memory = true;
    return end_status(gather, status, ret_fault);
}

/* ---- the start and the end ------------------------------------------------------------------- */

enum sts_status gather_new(TALLOC_CTX *ctx, const struct gather_request *request,
                           struct gather **ret)
{
    struct gather *gather = talloc_zero(ctx, struct gather);

    if (!gather)
        return STS_E_NOMEM;
    gather->request = *request;
    gather->result.reports =
        reports_new(gather, signature_level_is_better,
                    *gather->request.filter.domain ? gather->request.filter.domain : NULL);
    gather->parser =
        request->limits ? parser_new_within(gather, request->limits) : parser_new(gather);
    if (!gather->result.reports || !gather->parser) {
        talloc_free(gather);
        return STS_E_NOMEM;
    }
    *ret = gather;
    return STS_OK;
}

const struct gathered *gather_result(const struct gather *gather)
{
    return &gather->result;
}

enum sts_status gather_judge(TALLOC_CTX *ctx, const struct gathered *gathered,
                             const struct diagnosis *const *checks, size_t check_count, int64_t now,
                             struct report_view **ret)
{
    const struct tally *tally = reports_tally(gathered->reports);
    enum sts_status status = judge_reports(ctx, tally, checks, check_count, now, ret);

    if (status)
        return status;
    if (!tally->reports || (gathered->unread && (*ret)->verdict == VERDICT_OK))
        (*ret)->verdict = VERDICT_UNKNOWN;
    return STS_OK;
}
