/* SPDX-License-Identifier: MIT */
/* alerts.h - what groups are told, in a running service.
 *
 * The log of checks and that of reports are looked through by their newest numbers, so whoever
 * stores one (this service, mtasts watch, mtasts ingest) needs not know of it.  Each domain that
 * has something new is evaluated (evaluation.h); once an hour all domains are, for what time alone
 * changes.  Messages are sent from the outbox of the store, each until it is known to have arrived;
 * groups take turns, so that none waits for another's slow receivers.
 * All in the loop's thread; the store, programs and the network are waited for elsewhere.
 *
 * Several services may send what is in a store: each claims what it sends for a while. */
#ifndef ALERTS_ALERTS_H
#define ALERTS_ALERTS_H

#include "event/loop.h"
#include "store/store.h"

struct alerts;
struct loop;
struct store_alert_numbers;
struct store_readers;
struct store_writer;

struct alerts_setup {
    struct loop *loop;
    struct store_writer *writer;
    struct store_readers *readers;
    const char *base;    /* "https://host/path/"; "": no links */
    const char *from;    /* of mails; NULL: no mail can be sent */
    bool command;        /* there is one to be run */
    bool allow_private;  /* webhooks may lead to private addresses */
    const char *ca_file; /* NULL: the system's */
    int64_t delay;       /* seconds: what happens within them is one message */
    void (*fault)(void *arg, const struct store_fault *fault);
    void *arg;
};

/* Borrows the texts of the setup. */
STS_MUST_USE enum sts_status alerts_new(TALLOC_CTX *ctx, const struct alerts_setup *setup,
                                        struct alerts **ret);
const struct alerts_setup *alerts_setup_of(const struct alerts *alerts);
/* As counted some seconds ago; NULL: not yet. */
const struct store_alert_numbers *alerts_numbers(const struct alerts *alerts);
/* Nothing is sent any more, and what is on its way is waited for, for some seconds, so that it is
 * not sent again.  `stopped` maybe before this returns.  Once. */
void alerts_stop(struct alerts *alerts, loop_fn stopped, void *arg);
/* There may be something to send. */
void alerts_wake(struct alerts *alerts);

#endif
