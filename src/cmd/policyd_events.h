/* SPDX-License-Identifier: MIT */
/* policyd_events.h - policyd tells the collector which policies cannot be had, and what is
 * wrong with the MX hosts that they are for. */
#ifndef CMD_POLICYD_EVENTS_H
#define CMD_POLICYD_EVENTS_H

#include "cmd/options.h"
#include "net/net.h"
#include "policyd/server.h"

struct policyd_events;

/* *ret is NULL without --collector. */
STS_MUST_USE enum sts_status policyd_events_new(TALLOC_CTX *ctx, const struct options *options,
                                                struct net *net, struct policyd_events **ret);
/* why: as policyd_request.failed has it.  events may be NULL. */
void policyd_events_failed(struct policyd_events *events, const char *domain, const char *why);
/* What is found from now on may be our own place's doing: nobody is told.  Likewise. */
void policyd_events_mute(struct policyd_events *events, bool muted);
/* A mail server was answered.  Likewise. */
void policyd_events_decided(struct policyd_events *events, const struct policyd_decision *decision);
/* After each look-up of a domain that a mail server has asked for.  Likewise. */
void policyd_events_looked(struct policyd_events *events, const struct policyd_look *look);

#endif
