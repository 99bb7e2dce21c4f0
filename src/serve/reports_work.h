/* SPDX-License-Identifier: MIT */
/* reports_work.h - an upload of reports on its way to an answer; a job. */
#ifndef SERVE_REPORTS_WORK_H
#define SERVE_REPORTS_WORK_H

#include <stdbool.h>

#include "app/read_upload.h"
#include "render/report.h"
#include "serve/compute.h"

struct upload;

struct reports_work {
    struct computed computed;
    struct read_upload upload; /* its file is the work's */
    struct upload_reading *reading;
    struct report_page page; /* of what was read, not judged beside checks */
};

/* The exchange's file may be closed before the work ends.  NULL: no memory, or no descriptor. */
struct reports_work *reports_work_new(struct exchange *exchange, const struct upload *upload,
                                      void (*work)(struct computed *computed));
/* In the job.  False: our failure, which is the answer. */
bool reports_work_read(struct reports_work *reports);

#endif
