/* SPDX-License-Identifier: MIT */
/* mail.c - the reports in a mail and in an mbox. */
#include "intake/job.h"

#include <string.h>

#include "intake/mime.h"

#define FROM "From "

/* ---- one mail -------------------------------------------------------------------------------- */

struct mail {
    struct job *job;
    struct mime_head head; /* of the outermost */
};

static bool has(const char *text, const char *piece)
{
    return text && bytes_find_nocase(bytes_of(text), piece) >= 0;
}

/* Does anything say that the mail is a TLS report? */
static bool has_sign(const struct mime_head *head)
{
    return head->is_report || head->domain || head->submitter ||
           has(head->subject, "Report Domain:");
}

static bool is_labelled(const struct mime_part *part)
{
    static const char *const words[] = {"tlsrpt", "gzip", "zip", "json"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (has(part->media_type, words[i]))
            return true;
    return has(part->file_name, ".json") || has(part->file_name, ".gz") ||
           has(part->file_name, ".zip");
}

/* RFC 7489 appendix C: its outermost element. */
static bool is_dmarc(struct bytes bytes)
{
    struct bytes head = {bytes.data, bytes.length < 1024 ? bytes.length : 1024};

    return bytes_find_nocase(head, "<feedback") >= 0;
}

static unsigned deviations_of(const struct mime_part *part, enum content content)
{
    bool json = !strcmp(part->media_type, "application/tlsrpt+json");
    bool gzip = !strcmp(part->media_type, "application/tlsrpt+gzip");
    unsigned set = 0;

    if (!json && !gzip)
        set |= 1u << INTAKE_MEDIA_TYPE;
    if ((json && content != CONTENT_JSON) || (gzip && content != CONTENT_PACKED))
        set |= 1u << INTAKE_MEDIA_TYPE_WRONG;
    if (!part->head->is_report)
        set |= 1u << INTAKE_NOT_MULTIPART_REPORT;
    if (!part->head->domain || !part->head->submitter)
        set |= 1u << INTAKE_NO_REPORT_HEADERS;
    if (part->head->forwarded)
        set |= 1u << INTAKE_FORWARDED;
    if (!part->file_name)
        set |= 1u << INTAKE_FILE_NAME_MISSING;
    return set;
}

static const char *part_name(struct job *job, const struct mime_part *part)
{
    const char *name = part->file_name ? part->file_name : part->media_type;

    return job->source.part ? talloc_asprintf(job->ctx, "%s: %s", job->source.part, name) : name;
}

static void take_part(void *arg, const struct mime_part *part)
{
    struct mail *mail = arg;
    struct job *job = mail->job, inner = *job;
    enum content content = content_of(part->bytes);
    bool text = !strncmp(part->media_type, "text/", 5);

    if (text && content == CONTENT_XML && is_dmarc(part->bytes)) {
        job_foreign(job);
        return;
    }
    if (text ? content != CONTENT_JSON && !is_labelled(part)
             : content == CONTENT_OTHER && !is_labelled(part))
        return;
    inner.source.part = part_name(job, part);
    inner.source.received = part->head->date;
    if (!inner.source.mail) { /* what is inside a packed mail is signed by the mail around it */
        inner.source.mail = job->result->mails;
        inner.source.from = mail->head.from;
    }
    inner.source.deviations |= deviations_of(part, content);
    inner.origin = (struct sts_report_origin){part->head->domain, part->head->submitter,
                                              part->head->subject, part->file_name};
    inner.quiet = job->mailbox && !has_sign(part->head) && !has(part->media_type, "tlsrpt");
    inner.reports = inner.rejected = inner.foreign = 0;
    job_take(&inner, part->bytes);
    if (inner.quiet)
        inner.rejected = 0;
    job_add(job, &inner);
}

void job_take_mail(struct job *job, struct bytes bytes)
{
    struct mail mail = {.job = job};
    struct mime_sink sink = {take_part, &mail};
    size_t before = job->reports + job->rejected, foreign = job->foreign;

    job->result->mails++;
    if (bytes.length > INTAKE_MAIL_MAX) {
        job_reject(job, N_("the message is larger than 96 MiB"), NULL);
        return;
    }
    if (!job->source.message.length)
        job->source.message = bytes;
    if (!job_step(job, bytes)) {
        job_reject(job, job_fatal_text(), NULL);
        return;
    }
    if (!mime_read(job->ctx, bytes, &sink, &mail.head))
        job_reject(job, N_("the message has too many parts"), NULL);
    job_step_done(job);
    if (job->reports + job->rejected > before)
        return;
    if (job->foreign > foreign || (job->mailbox && !has_sign(&mail.head)))
        job->result->other_mails++;
    else
        job_reject(job, N_("the message contains no TLS report"), NULL);
}

/* ---- mbox ------------------------------------------------------------------------------------ */

size_t job_next_mail(struct bytes mbox, size_t *at, bool ended)
{
    while (*at < mbox.length) {
        const char *end = memchr(mbox.data + *at, '\n', mbox.length - *at);
        size_t next = end ? (size_t)(end - mbox.data) + 1 : mbox.length;
        bool blank = next - *at == 1 || (next - *at == 2 && mbox.data[*at] == '\r');

        if (!ended && (!end || (blank && mbox.length - next < strlen(FROM))))
            return NOWHERE; /* the line is not all there, or what follows it */
        *at = next;
        if (blank && bytes_begin(bytes_from(mbox, next), FROM))
            return next;
    }
    return ended ? mbox.length : NOWHERE;
}

void job_take_mail_of(struct job *job, size_t number, struct bytes bytes, size_t credit)
{
    struct job inner = *job;
    long line = bytes_find_char(bytes, '\n');
    size_t begin = line < 0 ? bytes.length : (size_t)line + 1;
    size_t all = *job->left + credit;
    size_t mine = all < INTAKE_UNPACKED_MAX ? all : INTAKE_UNPACKED_MAX, before = mine;

    inner.ctx = talloc_new(job->ctx);
    if (!inner.ctx) {
        job->result->no_memory = true;
        return;
    }
    inner.source.part = talloc_asprintf(inner.ctx, "mail %zu", number);
    inner.source.message = (struct bytes){0}; /* each is signed by itself */
    inner.source.mail = 0;
    inner.source.from = NULL;
    inner.left = &mine;
    inner.mailbox = true;
    inner.reports = inner.rejected = inner.foreign = 0;
    job_take_mail(&inner, bytes_from(bytes, begin));
    *job->left = all - (before - mine);
    job_add(job, &inner);
    talloc_free(inner.ctx);
}

void job_take_mbox(struct job *job, struct bytes mbox)
{
    size_t begin = 0, number = 1, at = 0;

    while (begin < mbox.length && !job->result->stop) {
        size_t next = job_next_mail(mbox, &at, true);

        job_take_mail_of(job, number++, (struct bytes){mbox.data + begin, next - begin},
                         INTAKE_UNPACKED_PER * (next - begin));
        begin = next;
    }
}
