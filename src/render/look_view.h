/* SPDX-License-Identifier: MIT */
/* look_view.h - a look at a domain as far as it has come, as a model: the steps of the chain and
 * the MX hosts below theirs, each with what is known of it.  Pages and the API draw it. */
#ifndef RENDER_LOOK_VIEW_H
#define RENDER_LOOK_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include "facts/look_progress.h"
#include "rules/rules.h"

struct look_row {
    const char *name;  /* "dns", "policy-host", "policy", "certificate", "mx", "tlsrpt", "dane" */
    const char *label; /* translated; of a host its name */
    const char *host;  /* of "mx": this row is about it alone; NULL */
    enum severity severity; /* where it is known */
    const char *state;      /* "pending", "good", "warning", "bad", "unknown" */
    const char *text;       /* translated, fit to be seen; NULL while it is pending */
    size_t number;          /* of the event that made it known, from 1; 0: pending */
    int64_t elapsed_ms;     /* then; -1: pending */
};

struct look_view {
    struct look_row rows[LOOK_STEPS + LOOK_HOSTS_MAX];
    size_t row_count;
};

/* What is known by `count` events; diagnosis: of the facts known then, NULL: of none.  Owned by
 * ctx; NULL: no memory. */
struct look_view *look_view_new(TALLOC_CTX *ctx, const struct diagnosis *diagnosis,
                                const struct look_event *events, size_t count);
/* The row that an event made known. */
const struct look_row *look_view_row(const struct look_view *view, size_t number);

#endif
