/* SPDX-License-Identifier: MIT */
/* reports_work.h - an upload of reports on its way to an answer; a job. */
#ifndef SERVE_REPORTS_WORK_H
#define SERVE_REPORTS_WORK_H

#include <stdbool.h>

#include "app/read_upload.h"
#include "render/report.h"
#include "serve/compute.h"

struct stored_report;
struct upload;

struct reports_work {
    struct computed computed;
    struct read_upload upload; /* its file is the work's */
    struct upload_reading *reading;
    struct report_page page;           /* of what was read, not judged beside checks */
    const struct stored_report *about; /* where it is one of the store: the exchange's */
};

/* The exchange's file may be closed before the work ends.  NULL: no memory, or no descriptor. */
struct reports_work *reports_work_new(struct exchange *exchange, const struct upload *upload,
                                      void (*work)(struct computed *computed));
/* In the job.  False: our failure, which is the answer. */
bool reports_work_read(struct reports_work *reports);

#endif
