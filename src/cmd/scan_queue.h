/* SPDX-License-Identifier: MIT */
/* scan_queue.h - the queue on the command line: opened as --queue says.  What goes wrong is said
 * here, in one line that says what to do. */
#ifndef CMD_SCAN_QUEUE_H
#define CMD_SCAN_QUEUE_H

#include "cmd/options.h"
#include "queue/broker.h"

/* 0, or the exit status: EXIT_LATER where the same may be tried again. */
int scan_queue_open(TALLOC_CTX *ctx, const struct options *options, const char *client,
                    struct broker **ret);
int scan_queue_say(const struct options *options, enum broker_status status, const char *detail);

#endif
