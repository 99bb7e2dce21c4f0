/* SPDX-License-Identifier: MIT */
/* mail_ways.h - reports that come by mail: a mailbox for each account, and a socket that mail
 * servers of this machine deliver to, side by side in one loop.  What happens is said here. */
#ifndef CMD_MAIL_WAYS_H
#define CMD_MAIL_WAYS_H

#include "app/mailbox.h"
#include "cmd/mail_accounts.h"

struct mail_ways;

/* All but the options outlives the ways. */
struct mail_ways_request {
    const struct options *options;
    struct loop *loop;
    struct jobs *jobs; /* where secrets are read */
    struct store_writer *writer;
    struct receiver *receiver;
    bool follow; /* until they are freed; else `done` comes for each mailbox */
    /* NULL: not asked for.  With `rejected` what was rejected is not said. */
    void (*passed)(void *arg, const struct mailbox_pass *pass);
    void (*rejected)(void *arg, const struct mailbox_rejected *rejected);
    void (*done)(void *arg, bool complete);
    void *arg;
};

/* 0, or the exit status after a line on standard error; so are the others.  Nothing is read yet. */
int mail_ways_new(TALLOC_CTX *ctx, const struct mail_ways_request *request, struct mail_ways **ret);
/* Reads these mailboxes, and no longer those of before; takes what hangs on `owner`, which is freed
 * with them. */
int mail_ways_accounts(struct mail_ways *ways, TALLOC_CTX *owner,
                       const struct mail_accounts *accounts);
/* fd: that listens; not closed. */
int mail_ways_listen(struct mail_ways *ways, int fd);

#endif
