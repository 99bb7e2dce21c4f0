/* SPDX-License-Identifier: MIT */
/* descriptor.h - a pipe, a socket or another descriptor that can be read or written without
 * waiting. */
#ifndef EVENT_DESCRIPTOR_H
#define EVENT_DESCRIPTOR_H

#include "event/loop.h"

struct descriptor_watch;

enum descriptor_use { DESCRIPTOR_READ, DESCRIPTOR_WRITE };

struct descriptor_watch_request {
    int fd;
    enum descriptor_use use;
    loop_fn ready;
    void *arg;
};

/* `ready` is called again and again, as long as that holds; it is readable at its end too.  The
 * descriptor is closed after the watch is freed, not before. */
STS_MUST_USE enum sts_status descriptor_watch_start(TALLOC_CTX *ctx, struct loop *loop,
                                                    const struct descriptor_watch_request *request,
                                                    struct descriptor_watch **ret);
/* Nothing is called until it is let go on; needs no memory. */
void descriptor_watch_hold(struct descriptor_watch *watch, bool hold);

#endif
