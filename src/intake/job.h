/* SPDX-License-Identifier: MIT */
/* job.h - one file or mail on its way from bytes to reports; private to intake/. */
#ifndef INTAKE_JOB_H
#define INTAKE_JOB_H

#include "base/i18n.h"
#include "intake/intake.h"

/* Who is told of each call into a library that a stranger's bytes could be fatal to. */
struct job_steps {
    bool (*begin)(void *arg, struct bytes bytes); /* false: it was, and is to be passed over */
    void (*done)(void *arg);
    void *arg;
};

struct job {
    const struct intake_sink *sink;
    const struct job_steps *steps; /* NULL: nobody */
    struct intake_result *result;
    TALLOC_CTX *ctx; /* of the file or mail */
    struct intake_source source;
    struct sts_report_origin origin;
    size_t *left; /* what may still be unpacked, of the mail or file (unpack.h) */
    int layers;
    bool mailbox; /* one mail of many: it need not be a report */
    bool quiet;   /* nothing says that it should be a report */
    size_t reports, rejected;
    size_t foreign;      /* reports of another kind: DMARC */
    size_t lines, bytes; /* of the file that were taken before: JSON comes in pieces */
    bool in_pieces;
    bool first;   /* nothing of the file was parsed yet (parser.c) */
    size_t *told; /* how many were rejected in the whole file, those beyond the ceiling too */
};

/* All of a file to its end, in pieces where it is an mbox or reports one a line (stream.c). */
void job_take_file(struct job *job, int fd);
/* Whatever it is, by its content. */
void job_take(struct job *job, struct bytes bytes);
void job_take_mail(struct job *job, struct bytes bytes);
void job_take_mbox(struct job *job, struct bytes mbox);
/* A mail of a mailbox, with its "From " line.  credit: what may be unpacked for its sake. */
void job_take_mail_of(struct job *job, size_t number, struct bytes bytes, size_t credit);
/* Where the next mail begins behind the line at *at, which becomes the line to go on from. NOWHERE:
 * it is not there yet; where the mbox has ended, its end. */
#define NOWHERE SIZE_MAX
size_t job_next_mail(struct bytes mbox, size_t *at, bool ended);
/* All reports of a text, one behind the other; what is broken is rejected and passed over. */
void job_take_json(struct job *job, struct bytes text);
/* Does JSON follow in a later line, behind the end of something that was JSON too? */
bool job_is_json_behind(struct bytes text);
/* A msgid. */
const char *job_fault_text(enum sts_report_fault fault);
/* What a copy of the job for a part has found is the job's. */
void job_add(struct job *job, const struct job *part);
/* No TLS report, and none was meant to be. */
void job_foreign(struct job *job);
/* Before such a call; false: it is not to be made, and the caller rejects it with that text, a
 * msgid.  After it, unless memory ran out. */
bool job_step(const struct job *job, struct bytes bytes);
void job_step_done(const struct job *job);
const char *job_fatal_text(void);
void job_set_fatal(bool memory); /* that was fatal, not the parser */
void job_reject(struct job *job, const char *why, const char *detail);
/* At the end of a file: how many more were rejected than were told. */
void job_end(const struct job *job);

/* What the content looks like, as far as a mail must know. */
enum content { CONTENT_OTHER, CONTENT_PACKED, CONTENT_JSON, CONTENT_BASE64, CONTENT_XML };
enum content content_of(struct bytes bytes);

#endif
