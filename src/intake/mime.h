/* SPDX-License-Identifier: MIT */
/* mime.h - the parts of a mail, whatever its structure and labels. */
#ifndef INTAKE_MIME_H
#define INTAKE_MIME_H

#include "intake/intake.h"

/* What the headers of a mail tell; texts are decoded, NULL where missing. */
struct mime_head {
    const char *domain, *submitter; /* TLS-Report-Domain, TLS-Report-Submitter */
    const char *subject;
    const char *from; /* domain of its only From, A-labels; NULL: none or several */
    int64_t date;     /* 0: none */
    bool is_report;   /* multipart/report; report-type=tlsrpt */
    bool forwarded;   /* this mail stands inside another */
};

struct mime_part {
    const struct mime_head *head; /* of the innermost mail */
    const char *media_type;       /* lower case */
    const char *file_name;        /* NULL: none */
    struct bytes bytes;           /* decoded */
};

struct mime_sink {
    void (*part)(void *arg, const struct mime_part *part);
    void *arg;
};

/* What GMime itself loads once; mime_read() does it if it was not done. */
void mime_prepare(void);

/* False where parts were left out: more than INTAKE_PARTS_MAX, or nested too deeply.  The head of
 * the outer mail lives in ctx. */
bool mime_read(TALLOC_CTX *ctx, struct bytes mail, const struct mime_sink *sink,
               struct mime_head *ret_head);

#endif
