/* SPDX-License-Identifier: MIT */
/* collect_lines.h - the events of mail servers without libtlsrpt, as lines of JSON on connections
 * to collect itself (collect/event_line.h). */
#ifndef CMD_COLLECT_LINES_H
#define CMD_COLLECT_LINES_H

#include "cmd/options.h"
#include "collect/collector.h"

struct collect_lines;

struct collect_lines_request {
    struct loop *loop;
    struct collector *collector;
    const int *sockets; /* that listen; not closed */
    size_t socket_count;
};
/* 0, or an exit status after a line on standard error.  *ret is freed before the collector and the
 * loop; NULL: there is no socket. */
int collect_lines_start(TALLOC_CTX *ctx, const struct options *options,
                        const struct collect_lines_request *request, struct collect_lines **ret);
/* Takes what was written until now, waits LIMIT_LINE_END_MS for records at most, and says so. */
void collect_lines_end(struct collect_lines *lines, loop_fn ended, void *arg);

#endif
