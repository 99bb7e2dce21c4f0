/* SPDX-License-Identifier: MIT */
/* send_reports_show.h - what send-reports shows and does not send. */
#ifndef CMD_SEND_REPORTS_SHOW_H
#define CMD_SEND_REPORTS_SHOW_H

#include <talloc.h>

#include "cmd/options.h"
#include "submit/outgoing.h"

struct store;

struct send_reports_view {
    TALLOC_CTX *ctx;
    const struct options *options;
    const struct submit_sender *sender;
    struct store *store;
};

/* Each returns the exit status: the reports that would be planned now; the deliveries that wait or
 * came to nothing; all about one domain, with the words and the JSON of its newest report. */
int send_reports_dry_run(const struct send_reports_view *view);
int send_reports_pending(const struct send_reports_view *view);
int send_reports_show(const struct send_reports_view *view);

#endif
