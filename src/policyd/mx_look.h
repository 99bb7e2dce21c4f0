/* SPDX-License-Identifier: MIT */
/* mx_look.h - one session with an MX host, without mail: its addresses one after the other, until
 * one answers. */
#ifndef POLICYD_MX_LOOK_H
#define POLICYD_MX_LOOK_H

#include <mtasts/result.h>

#include "net/net.h"

struct mx_look;

struct mx_look_request {
    struct net *net;
    const char *host; /* copied */
    /* From the loop; the callee frees the look.  address: NULL where there was none. */
    void (*done)(void *arg, const char *address, enum sts_outcome outcome);
    void *arg;
};
STS_MUST_USE enum sts_status mx_look_start(TALLOC_CTX *ctx, const struct mx_look_request *request,
                                           struct mx_look **ret);

#endif
