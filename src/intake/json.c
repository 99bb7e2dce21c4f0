/* SPDX-License-Identifier: MIT */
/* json.c - the reports of a text, one a line or one behind the other.
 *
 * Behind one that is broken the reading goes on at the next line that begins with an object, or
 * behind its end where that is known.  In a report of several lines such a line may be a part of
 * it: what is indented more deeply than the broken one is taken if it is a report, and passed over
 * in silence if it is none.
 *
 * A report without an end is looked for up to the end of the text.  So that many of them do not
 * take the square of its length, all that is looked at in vain has a ceiling; beyond it a report
 * ends at the next line that begins with an object. */
#include "intake/job.h"

#include <string.h>

#include "base/ascii.h"
#include "sts/report.h"

#define VAIN_MAX    ((size_t)512 << 20) /* bytes looked at, */
#define VAIN_PER    4                   /* and so many times the text */
#define VAIN_PARSED 8                   /* what parsing takes, beside looking for the end */
#define NOTHING     SIZE_MAX            /* is broken */
#define REPORT_MIN  14                  /* bytes of {"policies":0} */

struct json_reading {
    struct job *job;
    struct bytes text;
    size_t at;
    size_t next;   /* the line with an object behind `at` that was found last */
    size_t broken; /* how deeply the one that is broken is indented */
    size_t left;   /* bytes that may still be looked at in vain */
    /* The line that `counted` is in: its number from 1, where it begins, blanks before it. */
    size_t counted, line, begin, indent;
};

const char *job_fault_text(enum sts_report_fault fault)
{
    static const char *const texts[] = {
        [STS_REPORT_FAULT_NONE] = N_("it could not be read"),
        [STS_REPORT_FAULT_EMPTY] = N_("it is empty"),
        [STS_REPORT_FAULT_NOT_JSON] = N_("it is not JSON"),
        [STS_REPORT_FAULT_TRUNCATED] = N_("the JSON is truncated"),
        [STS_REPORT_FAULT_TOO_LARGE] = N_("it is larger than 64 MiB"),
        [STS_REPORT_FAULT_TOO_DEEP] = N_("its lists and objects are nested too deeply"),
        [STS_REPORT_FAULT_TOO_MANY] = N_("it has too many members"),
        [STS_REPORT_FAULT_NOT_A_REPORT] = N_("it is JSON but not a TLS report: it has no policies"),
    };

    return texts[fault];
}

/* ---- lines ----------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The object that the next line with one begins with, before `end`; `end`: none. */
static size_t next_object(struct bytes text, size_t at, size_t end)
{
    while (at < end) {
        const char *newline = memchr(text.data + at, '\n', end - at);

        if (!newline)
            return end;
        at = (size_t)(newline - text.data) + 1;
        while (at < end && is_blank(text.data[at]))
            at++;
        if (at < end && text.data[at] == '{')
            return at;
    }
    return end;
}

/* As it was found before, where it is still ahead. */
static size_t next_of(struct json_reading *reading)
{
    if (reading->next <= reading->at)
        reading->next = next_object(reading->text, reading->at, reading->text.length);
    return reading->next;
}

/* Makes the line of `at` the current one; each byte is gone over once. */
static void count_lines(struct json_reading *reading, size_t at)
{
    struct bytes text = reading->text;
    size_t before = reading->begin;
    const char *newline;

    while (at > reading->counted &&
           (newline = memchr(text.data + reading->counted, '\n', at - reading->counted))) {
        reading->line++;
        reading->begin = reading->counted = (size_t)(newline - text.data) + 1;
    }
    reading->counted = at > reading->counted ? at : reading->counted;
    if (reading->begin == before && reading->indent)
        return;
    reading->indent = 0;
    while (reading->begin + reading->indent < at &&
           is_blank(text.data[reading->begin + reading->indent]))
        reading->indent++;
}

bool job_is_json_behind(struct bytes text)
{
    size_t at = next_object(text, 0, text.length), end = at;

    while (end > 0 && ascii_is_space((unsigned char)text.data[end - 1]))
        end--;
    return at < text.length && end > 0 && (text.data[end - 1] == '}' || text.data[end - 1] == ']');
}

/* ---- what is broken -------------------------------------------------------------------------- */

/* "line 3", or "byte 120" of what does not begin its line; behind what the text stands in. */
static char *place_of(struct json_reading *reading, size_t at)
{
    const char *outer = reading->job->source.part;
    bool begins = at == reading->begin + reading->indent;

    return talloc_asprintf(reading->job->ctx, "%s%s%s %zu", outer ? outer : "", outer ? ": " : "",
                           begins ? "line" : "byte",
                           begins ? reading->job->lines + reading->line : reading->job->bytes + at);
}

static void reject(struct json_reading *reading, size_t at, const char *why, bool alone)
{
    struct job *job = reading->job;
    const char *outer = job->source.part;
    char *place = NULL;

    if ((!alone || job->in_pieces) && !job->quiet && *job->told < INTAKE_REJECTED_MAX)
        place = place_of(reading, at);
    if (place)
        job->source.part = place;
    job_reject(job, why, NULL);
    job->source.part = outer;
    talloc_free(place);
}

static void spend(struct json_reading *reading, size_t looked_at)
{
    reading->left -= looked_at < reading->left ? looked_at : reading->left;
}

/* Where the reading goes on behind a report of which so much was looked at. */
static size_t go_on_behind(struct json_reading *reading, size_t used, enum sts_report_fault fault)
{
    size_t end = reading->at + used;

    if (!used) /* no object at all */
        return next_of(reading);
    switch (fault) {
    case STS_REPORT_FAULT_NOT_A_REPORT:
        return end;
    case STS_REPORT_FAULT_NOT_JSON: /* a quote too many: its end may be that of another */
        spend(reading, VAIN_PARSED * used);
        if (reading->next > reading->at)
            return reading->next < end ? reading->next : end;
        return next_object(reading->text, reading->at, end);
    default:
        spend(reading, used);
        return next_of(reading);
    }
}

/* What seems too deep since it goes on in the report behind it has only lost its end. */
static enum sts_report_fault fault_of(struct json_reading *reading, size_t used,
                                      enum sts_report_fault fault)
{
    size_t next, begin;

    if (fault != STS_REPORT_FAULT_TOO_DEEP && fault != STS_REPORT_FAULT_TOO_MANY)
        return fault;
    begin = next = next_of(reading);
    while (begin > 0 && is_blank(reading->text.data[begin - 1]))
        begin--;
    return next - reading->at < used && next - begin <= reading->indent ? STS_REPORT_FAULT_TRUNCATED
                                                                        : fault;
}

static void pass_broken(struct json_reading *reading, size_t used, enum sts_report_fault fault)
{
    struct bytes text = reading->text;
    size_t end = reading->at + used;
    bool first = reading->at == 0;

    while (reading->at < end && text.data[reading->at] != '{')
        reading->at++;
    used = end - reading->at;
    count_lines(reading, reading->at);
    fault = fault_of(reading, used, fault);
    end = go_on_behind(reading, used, fault);
    if (reading->indent <= reading->broken) {
        reject(reading, reading->at, job_fault_text(fault), first && end >= text.length);
        reading->broken = reading->indent;
    }
    reading->at = end;
}

/* ---- what is read ---------------------------------------------------------------------------- */

static struct bytes between(struct json_reading *reading)
{
    return (struct bytes){reading->text.data + reading->at, next_of(reading) - reading->at};
}

static bool has_brace(struct bytes text)
{
    return bytes_find_char(text, '{') >= 0 || bytes_find_char(text, '}') >= 0;
}

/* No report: a remark, or what is left of one where a brace is in it. */
static void pass_between(struct json_reading *reading)
{
    if (reading->broken == NOTHING && has_brace(between(reading))) {
        count_lines(reading, reading->at);
        reject(reading, reading->at, job_fault_text(STS_REPORT_FAULT_NOT_JSON), false);
        reading->broken = 0;
    }
    reading->at = next_of(reading);
}

/* A remark behind it belongs to its text, as the report names that as a deviation. */
static void take_report(struct json_reading *reading, struct sts_report *report, size_t used)
{
    struct job *job = reading->job;
    size_t begin = reading->at;
    struct bytes rest;

    reading->at += used;
    reading->broken = NOTHING;
    rest = bytes_from(reading->text, reading->at);
    if (rest.length && rest.data[0] != '{') {
        rest = between(reading);
        if (used + rest.length <= STS_REPORT_MAX && !has_brace(rest))
            reading->at += rest.length;
    }
    job->reports++;
    job->source.text = (struct bytes){reading->text.data + begin, reading->at - begin};
    job->sink->report(job->sink->arg, report, &job->source);
}

/* A policy out of the one that is broken looks like a report that has nothing else. */
static bool is_part(const struct json_reading *reading, const struct sts_report *report)
{
    int64_t begin, end;

    return reading->broken != NOTHING && !sts_report_id(report) &&
           !sts_report_organization(report) && !sts_report_contact(report) &&
           !sts_report_range(report, &begin, &end);
}

/* Beyond the ceiling nobody is told what is wrong with it: what cannot be a report is passed over
 * without being parsed. */
static bool pass_quickly(struct json_reading *reading, struct bytes rest)
{
    struct report_extent extent;

    if (*reading->job->told <= INTAKE_REJECTED_MAX && reading->job->rejected <= INTAKE_REJECTED_MAX)
        return false;
    if (rest.length > 1 && !rest.data[1]) /* UTF-16 */
        return false;
    extent = report_extent(rest);
    if (extent.fault == STS_REPORT_FAULT_NONE && extent.object.length >= REPORT_MIN)
        return false;
    pass_broken(reading, extent.used,
                extent.fault == STS_REPORT_FAULT_NONE ? STS_REPORT_FAULT_NOT_A_REPORT
                                                      : extent.fault);
    return true;
}

/* The ceiling is that of one report, not of the text they stand in. */
static struct bytes rest_of(struct json_reading *reading)
{
    struct bytes rest = bytes_from(reading->text, reading->at);

    if (!reading->left)
        rest.length = next_of(reading) - reading->at;
    if (rest.length > STS_REPORT_MAX)
        rest.length = STS_REPORT_MAX;
    return rest;
}

/* What no parser has survived ends where its braces do. */
static void pass_fatal(struct json_reading *reading, struct bytes rest)
{
    struct report_extent extent = report_extent(rest);
    bool ends = extent.fault == STS_REPORT_FAULT_NONE && extent.used > 0;
    size_t end = ends ? reading->at + extent.used : next_of(reading);

    count_lines(reading, reading->at);
    reject(reading, reading->at, job_fatal_text(), !reading->at && end >= reading->text.length);
    reading->at = end;
}

static void take_next(struct json_reading *reading)
{
    struct bytes rest = rest_of(reading);
    struct sts_report *report;
    enum sts_report_fault fault;
    enum sts_status status;
    size_t used;

    if (pass_quickly(reading, rest))
        return;
    if (!job_step(reading->job, rest)) {
        pass_fatal(reading, rest);
        return;
    }
    status =
        sts_report_parse(rest.data, rest.length, &reading->job->origin, &used, &fault, &report);
    if (status == STS_E_NOMEM) {
        reading->job->result->no_memory = true;
        return;
    }
    job_step_done(reading->job);
    if (status == STS_OK && is_part(reading, report)) {
        sts_report_free(report);
        pass_broken(reading, used, STS_REPORT_FAULT_NOT_A_REPORT);
    } else if (status == STS_OK) {
        take_report(reading, report, used);
    } else {
        if (fault == STS_REPORT_FAULT_TRUNCATED && rest.length == STS_REPORT_MAX &&
            reading->at + rest.length < reading->text.length)
            fault = STS_REPORT_FAULT_TOO_LARGE;
        pass_broken(reading, used, fault);
    }
}

void job_take_json(struct job *job, struct bytes text)
{
    struct json_reading reading = {.job = job,
                                   .text = text,
                                   .broken = NOTHING,
                                   .left = (job->in_pieces ? 0 : VAIN_MAX) + VAIN_PER * text.length,
                                   .line = 1};

    job->source.origin = &job->origin;
    while (reading.at < text.length && !job->result->stop && !job->result->no_memory) {
        if (text.data[reading.at] == '{' || (!reading.at && content_of(text) == CONTENT_JSON))
            take_next(&reading);
        else
            pass_between(&reading);
    }
}
