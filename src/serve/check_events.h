/* SPDX-License-Identifier: MIT */
/* check_events.h - a check followed as server-sent events; private to serve/. */
#ifndef SERVE_CHECK_EVENTS_H
#define SERVE_CHECK_EVENTS_H

#include "app/check_run.h"
#include "render/json_run.h"

/* "step" with the number of the step as its id, "queued" with the place, "done" at the end.  Who
 * sends Last-Event-ID gets those behind it.  arg: the exchange; run: NULL, there is none. */
void check_events_begin(void *arg, const struct check_run *run);

/* As it is now; owned by ctx. */
struct run_view check_run_as_view(TALLOC_CTX *ctx, const struct check_run *run);

#endif
