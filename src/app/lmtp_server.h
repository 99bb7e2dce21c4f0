/* SPDX-License-Identifier: MIT */
/* lmtp_server.h - messages that a mail server of this machine delivers by LMTP, on a socket that
 * listens.
 *
 * A message is confirmed when its reports are durable in the store.  One that is no report, or a
 * broken one, is confirmed as well: a bounce would go to somebody who can do nothing about it. */
#ifndef APP_LMTP_SERVER_H
#define APP_LMTP_SERVER_H

#include "app/receiver.h"

struct lmtp_server;

#define LMTP_CONNECTIONS_MAX 50 /* at a time; others wait until one is over */

struct lmtp_server_request {
    struct loop *loop;
    struct receiver *receiver; /* outlives it */
    int fd;                    /* that listens; not closed */
    const char *host;          /* in the greeting; copied */
    /* In the loop: a message was read and confirmed. */
    void (*taken)(void *arg, const struct receiver_item *item);
    /* It was not, and comes again: with STS_E_IO fault says why; STS_E_LIMIT: too many wait. */
    void (*refused)(void *arg, enum sts_status status, const struct store_fault *fault);
    void *arg;
};

/* Freeing it hangs up on all; what was not confirmed comes again. */
STS_MUST_USE enum sts_status lmtp_server_start(TALLOC_CTX *ctx,
                                               const struct lmtp_server_request *request,
                                               struct lmtp_server **ret);

#endif
