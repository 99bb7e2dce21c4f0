/* SPDX-License-Identifier: MIT */
/* notify.h - handing changes to a command of the person, through a process of its own.
 *
 * The command runs through /bin/sh -c, once for each text, several at a time.  It gets the text on
 * standard input and the domain as MTASTS_DOMAIN; what it writes goes to standard error.  It has
 * taken the text when it ends with status 0 within its time; else its process group is killed and
 * the text counts as not delivered. */
#ifndef APP_NOTIFY_H
#define APP_NOTIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "app/notify_outcome.h"

struct loop;
struct notify;

/* Whose command it is: each has a process of its own; a service has several, so that nothing waits
 * for a run that takes long but what is behind it: eight are enough, as many more are for when all
 * of those hang. */
#define NOTIFY_LANES 16
enum notify_use {
    NOTIFY_CHANGES,                             /* watch --notify */
    NOTIFY_MAIL,                                /* sendmail(1): the first of its lanes */
    NOTIFY_ALERTS = NOTIFY_MAIL + NOTIFY_LANES, /* serve --alert-command: likewise */
    NOTIFY_USES = NOTIFY_ALERTS + NOTIFY_LANES
};

/* Begins the process that runs the command: it is begun before we give up what the command may
 * need, knows the command already, and takes nothing from us but domains and texts.  It ends with
 * us.  False: no process can be begun. */
bool notify_prepare(enum notify_use use, const char *command);
/* Of all lanes from that one on. */
bool notify_prepare_lanes(enum notify_use first, const char *command);
/* False: its process was not begun, or is known to have ended. */
bool notify_is_there(enum notify_use use);

struct notify_order {
    const char *domain;
    const char *text;
    void *arg; /* the caller's */
};

struct notify_end {
    enum notify_outcome outcome;
    int number;
};

/* The orders are borrowed until `over`. */
struct notify_request {
    enum notify_use use;
    const struct notify_order *orders;
    size_t count;
    int64_t timeout_ms; /* for one run */
    size_t jobs;        /* at a time */
    /* Called once for each order, as they end. */
    void (*done)(void *arg, const struct notify_order *order, const struct notify_end *end);
    void (*over)(void *arg); /* the last has ended */
    void *arg;               /* of both */
};

/* Runs them all, at least one, after notify_prepare(); of each use one such at a time.  Freeing the
 * handle before `over` ends the process, and no other can be begun. */
STS_MUST_USE enum sts_status notify_start(TALLOC_CTX *ctx, struct loop *loop,
                                          const struct notify_request *request,
                                          struct notify **ret);
/* Ends those that run and begins no more: `over` comes soon. */
void notify_interrupt(struct notify *notify);

#endif
