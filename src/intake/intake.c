/* SPDX-License-Identifier: MIT */
/* intake.c - bytes become reports: told by their content, layer by layer. */
#include "intake/job.h"

#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/base64.h"
#include "intake/unpack.h"

const char *intake_deviation_name(enum intake_deviation code)
{
    static const char *const names[] = {
#define X(symbol, name) [INTAKE_##symbol] = (name),
        INTAKE_DEVIATIONS(X)
#undef X
    };

    return names[code];
}

/* ---- what it is ------------------------------------------------------------------------------ */

static bool is_gzip(struct bytes bytes)
{
    return bytes_begin(bytes, "\x1f\x8b");
}

static bool is_zip(struct bytes bytes)
{
    return bytes_begin(bytes, "PK\3\4") || bytes_begin(bytes, "PK\5\6");
}

/* From the first byte that is no blank, nor a mark of the encoding. */
static struct bytes begin_of(struct bytes bytes)
{
    size_t at = bytes_begin(bytes, "\xef\xbb\xbf") ? 3 : 0;

    if (bytes_begin(bytes, "\xff\xfe") || bytes_begin(bytes, "\xfe\xff"))
        at = 2;
    while (at < bytes.length && (ascii_is_space((unsigned char)bytes.data[at]) || !bytes.data[at]))
        at++;
    return bytes_from(bytes, at);
}

/* "{", "[", gzip and zip, in base64 */
static bool is_base64(struct bytes bytes)
{
    static const char *const begins[] = {"H4sI", "UEsD", "eyJ", "ewo", "ew0K", "W3si", "eyA"};

    for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
        if (bytes_begin(bytes, begins[i]))
            return true;
    return false;
}

enum content content_of(struct bytes bytes)
{
    struct bytes begin = begin_of(bytes);

    if (is_gzip(bytes) || is_archive(bytes))
        return CONTENT_PACKED;
    if (bytes_begin(begin, "{") || bytes_begin(begin, "["))
        return CONTENT_JSON;
    if (bytes_begin(begin, "<"))
        return CONTENT_XML;
    return is_base64(begin) ? CONTENT_BASE64 : CONTENT_OTHER;
}

/* "Name: value" in the first line. */
static bool is_mail(struct bytes bytes)
{
    struct bytes begin = begin_of(bytes);
    size_t at = 0;

    while (at < begin.length && at < 80 &&
           (ascii_is_alnum((unsigned char)begin.data[at]) || begin.data[at] == '-'))
        at++;
    return at > 1 && at < begin.length && begin.data[at] == ':';
}

/* ---- what is turned away --------------------------------------------------------------------- */

void job_reject(struct job *job, const char *why, const char *detail)
{
    job->rejected++;
    if (job->quiet)
        return;
    if (++*job->told > INTAKE_REJECTED_MAX)
        return;
    job->source.rejections = 1;
    job->sink->rejected(job->sink->arg, &job->source, why, detail);
}

void job_add(struct job *job, const struct job *part)
{
    job->reports += part->reports;
    job->rejected += part->rejected;
    job->foreign += part->foreign;
}

void job_foreign(struct job *job)
{
    job->foreign++;
}

void job_end(const struct job *job)
{
    struct intake_source source = {.path = job->source.path};
    char number[24];

    if (*job->told <= INTAKE_REJECTED_MAX)
        return;
    source.rejections = *job->told - INTAKE_REJECTED_MAX;
    snprintf(number, sizeof(number), "%zu", source.rejections);
    job->sink->rejected(job->sink->arg, &source,
                        N_("further parts could not be read and are not listed individually"),
                        number);
}

/* ---- packed ---------------------------------------------------------------------------------- */

static void take_gzip(struct job *job, struct bytes packed)
{
    struct bytes bytes;
    enum unpack_outcome outcome;

    if (!job_step(job, packed)) {
        job_reject(job, job_fatal_text(), NULL);
        return;
    }
    outcome = gzip_unpack(job->ctx, packed, job->left, &job->source.deviations, &bytes);
    job_step_done(job);
    if (outcome != UNPACK_OK) {
        job_reject(job, unpack_text(outcome), NULL);
        return;
    }
    if (content_of(bytes) == CONTENT_PACKED)
        job->source.deviations |= 1u << INTAKE_PACKED_TWICE;
    job_take(job, bytes);
    talloc_free((void *)(uintptr_t)bytes.data);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static void take_entry(void *arg, const char *name, enum unpack_outcome outcome, struct bytes bytes)
{
    struct job *job = arg;
    struct job inner = *job;

    inner.source.part =
        job->source.part ? talloc_asprintf(job->ctx, "%s: %s", job->source.part, name) : name;
    inner.origin.file_name = base_name(name);
    inner.reports = inner.rejected = inner.foreign = 0;
    if (outcome == UNPACK_OK)
        job_take(&inner, bytes);
    else
        job_reject(&inner, unpack_text(outcome), NULL);
    job_add(job, &inner);
}

static void take_archive(struct job *job, struct bytes packed)
{
    size_t before = job->reports + job->rejected + job->foreign;
    enum unpack_outcome outcome;

    job->source.deviations |= 1u << (is_zip(packed) ? INTAKE_ZIP : INTAKE_ARCHIVE);
    if (!job_step(job, packed)) {
        job_reject(job, job_fatal_text(), NULL);
        return;
    }
    outcome = archive_unpack(job->ctx, packed, job->left, take_entry, job);
    job_step_done(job);
    if (outcome != UNPACK_OK)
        job_reject(job, unpack_text(outcome), NULL);
    else if (job->reports + job->rejected + job->foreign == before)
        job_reject(job, N_("the archive contains no files"), NULL);
}

static void take_base64(struct job *job, struct bytes text)
{
    char *plain = talloc_size(job->ctx, text.length + 1);
    struct bytes bytes;
    size_t length = 0;

    if (!plain) {
        job->result->no_memory = true;
        return;
    }
    for (size_t i = 0; i < text.length; i++)
        if (!ascii_is_space((unsigned char)text.data[i]))
            plain[length++] = text.data[i];
    job->source.deviations |= 1u << INTAKE_BASE64_TWICE;
    if (base64_decode(job->ctx, plain, length, &bytes))
        job_take(job, bytes);
    else
        job_reject(job, N_("it looks like base64 but is not valid"), NULL);
    talloc_free(plain);
}

/* ---- any ------------------------------------------------------------------------------------- */

static void take_other(struct job *job, struct bytes bytes)
{
    if (bytes_begin(begin_of(bytes), "From "))
        job_take_mbox(job, begin_of(bytes));
    else if (is_mail(bytes))
        job_take_mail(job, begin_of(bytes));
    else if (!begin_of(bytes).length)
        job_reject(job, job_fault_text(STS_REPORT_FAULT_EMPTY), NULL);
    else if (job_is_json_behind(bytes))
        job_take_json(job, bytes);
    else
        job_reject(job, N_("it is not JSON, gzip, an archive or an email message"), NULL);
}

void job_take(struct job *job, struct bytes bytes)
{
    if (++job->layers > INTAKE_LAYERS_MAX) {
        job_reject(job, N_("it is nested too deeply"), NULL);
        return;
    }
    switch (content_of(bytes)) {
    case CONTENT_PACKED:
        if (is_gzip(bytes))
            take_gzip(job, bytes);
        else
            take_archive(job, bytes);
        break;
    case CONTENT_JSON:
        job_take_json(job, bytes);
        break;
    case CONTENT_BASE64:
        take_base64(job, bytes);
        break;
    case CONTENT_XML:
        if (job->source.mail)
            job_foreign(job);
        else
            job_reject(job, N_("it is XML (a DMARC report?), not a TLS report"), NULL);
        break;
    case CONTENT_OTHER:
        take_other(job, bytes);
        break;
    }
    job->layers--;
}

void intake_bytes(const struct intake_sink *sink, const char *path, struct bytes bytes,
                  struct intake_result *result)
{
    size_t told = 0, left = INTAKE_UNPACKED_MAX + INTAKE_UNPACKED_PER * bytes.length;
    struct job job = {.sink = sink,
                      .result = result,
                      .told = &told,
                      .ctx = talloc_new(NULL),
                      .source = {.path = path},
                      .origin = {.file_name = base_name(path)},
                      .left = &left};

    if (!job.ctx) {
        result->no_memory = true;
        return;
    }
    job_take(&job, bytes);
    job_end(&job);
    talloc_free(job.ctx);
}
