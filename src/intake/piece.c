/* SPDX-License-Identifier: MIT */
/* piece.c - what is parsed at a time. */
#include "intake/piece.h"

#include <errno.h>
#include <string.h>

#include "intake/unpack.h"

static void count_lines(struct job *job, struct bytes text)
{
    const char *at = text.data, *end = text.data + text.length;

    job->bytes += text.length;
    while ((at = memchr(at, '\n', (size_t)(end - at)))) {
        job->lines++;
        at++;
    }
}

static void take_lines(struct job *job, const struct piece *piece)
{
    job->in_pieces |= piece->in_pieces;
    job_take_json(job, piece->bytes);
    count_lines(job, piece->bytes);
}

static void take_whole(struct job *job, const struct piece *piece)
{
    *job->left += INTAKE_UNPACKED_PER * piece->bytes.length;
    if (job->mailbox)
        job_take_mail(job, piece->bytes);
    else
        job_take(job, piece->bytes);
}

static void take_end(struct job *job, const struct piece *piece)
{
    if (piece->error == EFBIG)
        job_reject(
            job,
            N_("it is larger than 255 MiB and neither an mbox nor a file with one report per line"),
            NULL);
    else if (piece->error)
        job_reject(job, N_("it cannot be read"), strerror(piece->error));
    else if (piece->unpacking > UNPACK_OK && piece->unpacking <= UNPACK_NO_MEMORY)
        job_reject(job, unpack_text((enum unpack_outcome)piece->unpacking), NULL);
    job_end(job);
}

static void take_kept(struct job *job, const struct piece *piece)
{
    struct bytes text = piece->bytes;
    struct sts_report *report;
    enum sts_report_fault fault;
    enum sts_status status;
    size_t used;

    job->source.text = text;
    job->source.origin = &job->origin;
    if (!job_step(job, text)) {
        job_reject(job, job_fatal_text(), NULL);
        return;
    }
    status = sts_report_parse(text.data, text.length, &job->origin, &used, &fault, &report);
    if (status == STS_E_NOMEM) {
        job->result->no_memory = true;
        return;
    }
    job_step_done(job);
    if (status == STS_OK)
        job->sink->report(job->sink->arg, report, &job->source);
    else
        job_reject(job, N_("the stored copy is not a TLS report"), NULL);
}

void piece_take(struct job *job, const struct piece *piece)
{
    switch (piece->kind) {
    case PIECE_MAIL:
        job_take_mail_of(job, piece->number, piece->bytes, piece->credit);
        break;
    case PIECE_LINES:
        take_lines(job, piece);
        break;
    case PIECE_WHOLE:
        take_whole(job, piece);
        break;
    case PIECE_KEPT:
        take_kept(job, piece);
        break;
    case PIECE_END:
        take_end(job, piece);
        break;
    case PIECE_KINDS:
        break;
    }
}

static _Thread_local bool fatal_by_memory;

void job_set_fatal(bool memory)
{
    fatal_by_memory = memory;
}

const char *job_fatal_text(void)
{
    return fatal_by_memory
               ? N_("not enough memory")
               : N_("the parser failed on it (a bug in this program); everything else was read");
}

bool job_step(const struct job *job, struct bytes bytes)
{
    return !job->steps || job->steps->begin(job->steps->arg, bytes);
}

void job_step_done(const struct job *job)
{
    if (job->steps)
        job->steps->done(job->steps->arg);
}
