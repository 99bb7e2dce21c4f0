/* SPDX-License-Identifier: MIT */
/* shown_alert.h - an alert as people read it, on a page or in a message: in the language of the
 * thread.  All is owned by ctx; texts are never NULL but for want of memory. */
#ifndef ALERTS_SHOWN_ALERT_H
#define ALERTS_SHOWN_ALERT_H

#include <talloc.h>

#include "rules/rules.h"

/* "The certificate of an MX host has expired: mx1.example.com" */
char *shown_alert_title(TALLOC_CTX *ctx, const char *kind, const char *cause, const char *subject);
/* The sentences of a detail (condition.h), with blanks between them; "" where there are none. */
char *shown_alert_detail(TALLOC_CTX *ctx, const char *detail);
/* "2026-11-30 14:00 UTC"; "" of 0. */
char *shown_alert_time(TALLOC_CTX *ctx, int64_t when);
/* "begun", of deliveries: msgids, "" of an unknown one. */
const char *shown_alert_event(const char *event);
const char *shown_alert_state(const char *state);
const char *shown_channel_kind(const char *kind);

#endif
