/* SPDX-License-Identifier: MIT */
/* turn.h - some of the reports that are due, sent side by side.
 *
 * Each is claimed, then sent, and what became of it written down.  Between the two it may have been
 * sent without that being known: after a kill it is sent again, with the same report-id, by which
 * receivers tell a repetition. */
#ifndef SUBMIT_TURN_H
#define SUBMIT_TURN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mtasts/status.h>

#include "store/outgoing.h"
#include "submit/outgoing.h"

struct loop;
struct signer;
struct web_client;

/* One attempt. */
struct turn_outcome {
    const struct store_outgoing *delivery; /* as it was claimed */
    const char *report_id;                 /* "": no report was made */
    size_t bytes;                          /* of the packed report */
    enum store_outgoing_state state;
    int64_t next_try; /* of one that waits */
    const char *text; /* codes and names: "HTTP 503", "" */
};

struct turn_request {
    struct store *store;
    struct loop *loop;
    const struct submit_sender *sender;
    struct signer *signer;
    struct web_client *web;
    bool private_addresses; /* for test networks */
    const char *domain;     /* of that one only; "": of all */
    int64_t now;
    void (*done)(void *arg, const struct turn_outcome *outcome);
    void *arg;
};

/* After notify_prepare(NOTIFY_MAIL).  *ret: so many were due.  Returns when they are through: what
 * the store complains of, or STS_E_NOMEM. */
STS_MUST_USE enum sts_status turn_run(const struct turn_request *request, size_t *ret);

/* What an answer means: 2xx is done; of the others, who refuses for good is not asked again (RFC
 * 8460 section 5.4 has only the time). */
bool turn_is_done(long code);
bool turn_is_refused(long code);

#endif
