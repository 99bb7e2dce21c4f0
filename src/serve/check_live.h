/* SPDX-License-Identifier: MIT */
/* check_live.h - the page of a check that is sent while the check runs; private to serve/. */
#ifndef SERVE_CHECK_LIVE_H
#define SERVE_CHECK_LIVE_H

#include "app/check_run.h"
#include "pages/check.h"

struct exchange;

/* The page of a run as it is now.  previous: an earlier check to compare with; NULL: none. */
struct check_page check_page_of(struct exchange *exchange, const struct check_run *run,
                                const struct diagnosis *previous);
/* Sends it in pieces up to the end of the run, which is in the queue. */
void check_live_begin(struct exchange *exchange, const struct check_run *run,
                      const struct diagnosis *previous);

#endif
