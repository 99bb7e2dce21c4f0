/* SPDX-License-Identifier: MIT */
/* signals.h - SIGINT and SIGTERM: requests to end, as events of a loop.
 *
 * They are the only state of a process here, and for the thread that calls signals_catch(): all
 * others have them blocked (thread.h). */
#ifndef EVENT_SIGNALS_H
#define EVENT_SIGNALS_H

#include "event/loop.h"

struct signals_watch;

/* From now on they are counted.  The `last` one means it: it ends the process at once with that
 * exit status, whatever goes on. */
void signals_catch(int last, int status);
int signals_count(void);
/* `came` is called in the loop when a signal has come, and soon where one came before. */
STS_MUST_USE enum sts_status signals_start(TALLOC_CTX *ctx, struct loop *loop, loop_fn came,
                                           void *arg, struct signals_watch **ret);
/* SIGHUP, from now on: `came` is called in the loop for each, or once for several.  It ends
 * nothing. */
STS_MUST_USE enum sts_status signals_start_hangup(TALLOC_CTX *ctx, struct loop *loop, loop_fn came,
                                                  void *arg, struct signals_watch **ret);

#endif
