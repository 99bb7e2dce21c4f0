/* SPDX-License-Identifier: MIT */
/* report_retest.h - the page of an upload whose domains with failures are checked meanwhile;
 * private to serve/. */
#ifndef SERVE_REPORT_RETEST_H
#define SERVE_REPORT_RETEST_H

#include <stdbool.h>

struct exchange;
struct report_read_page;
struct reports_work;

/* Sends the page while the checks run; page: all but those, copied.  False: nothing failed that
 * could be checked, and the exchange is not answered. */
bool report_retest(struct exchange *exchange, const struct reports_work *reports,
                   const struct report_read_page *page);

#endif
