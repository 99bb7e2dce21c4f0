/* SPDX-License-Identifier: MIT */
/* json_run.h - a check that is under way, for programs: format mtasts.check-run/1.  Each a line
 * without its end; owned by ctx, NULL: no memory. */
#ifndef RENDER_JSON_RUN_H
#define RENDER_JSON_RUN_H

#include "render/look_view.h"

struct run_view {
    const char *id, *domain;
    const char *state;      /* "queued", "running", "done", "cancelled" */
    size_t place;           /* in the queue, 1: the next; 0: not in it */
    int64_t asked_at;       /* seconds, UTC */
    struct look_view *look; /* NULL: nothing is known */
};
char *json_run(TALLOC_CTX *ctx, const struct run_view *run);
/* One of its steps, and its end, as the events tell them. */
char *json_run_step(TALLOC_CTX *ctx, const struct look_row *row);
/* diagnosis: NULL, there is no result. */
char *json_run_end(TALLOC_CTX *ctx, const struct run_view *run, const struct diagnosis *diagnosis);

#endif
