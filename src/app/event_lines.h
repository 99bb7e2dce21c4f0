/* SPDX-License-Identifier: MIT */
/* event_lines.h - the events of mail servers without libtlsrpt, as lines of JSON on connections to
 * the collector itself (collect/event_line.h). */
#ifndef APP_EVENT_LINES_H
#define APP_EVENT_LINES_H

#include "collect/collector.h"
#include "event/loop.h"
#include "net/net.h"

struct event_lines;

struct event_lines_request {
    const struct net_options *net; /* read at the start alone */
    struct collector *collector;   /* outlives it, as the loop does */
    const int *sockets;            /* that listen; not closed; read at the start alone */
    size_t socket_count;
    /* Of many in a short time, the first; text: borrowed until it returns. */
    void (*rejected)(void *arg, const char *what, struct bytes text);
    void *arg;
};
/* *ret_why: a sentence where it is known, owned by ctx; else NULL. */
STS_MUST_USE enum sts_status event_lines_start(TALLOC_CTX *ctx, struct loop *loop,
                                               const struct event_lines_request *request,
                                               struct event_lines **ret, char **ret_why);
/* Takes what was written until now, waits LIMIT_LINE_END_MS for records at most, and says so. */
void event_lines_end(struct event_lines *lines, loop_fn ended, void *arg);

#endif
