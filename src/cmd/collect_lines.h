/* SPDX-License-Identifier: MIT */
/* collect_lines.h - the events of mail servers without libtlsrpt, as lines of JSON on connections
 * to collect itself (collect/event_line.h). */
#ifndef CMD_COLLECT_LINES_H
#define CMD_COLLECT_LINES_H

#include "cmd/options.h"
#include "collect/collector.h"

struct collect_lines;

/* sockets: that listen.  0, or an exit status after a line on standard error.  It is freed before
 * the collector and the loop. */
int collect_lines_start(TALLOC_CTX *ctx, const struct options *options, struct loop *loop,
                        struct collector *collector, const int *sockets, size_t socket_count);

#endif
