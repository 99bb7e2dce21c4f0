/* SPDX-License-Identifier: MIT */
/* service.h - running under a service manager (sd_notify(3)), and what a command does where it
 * waits: it heeds signals, and the manager's watchdog hears of it.
 *
 * Without a manager the messages go nowhere. */
#ifndef CMD_SERVICE_H
#define CMD_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/loop.h"

/* Ready to serve: the signals are ours, the first pass begins. */
void service_ready(void);
void service_stopping(void);
/* What was configured is read again; service_ready() says that it is over. */
void service_reloading(void);
/* The sockets that the manager opened for us (sd_listen_fds(3)), the first *ret_first; how many. */
size_t service_sockets(int *ret_first);
/* What the unit calls the one at `index`; "": nothing.  Until the next call of service_sockets().
 */
const char *service_socket_name(size_t index);
/* One line that tells what goes on. */
void service_status(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Called wherever something that takes long has made progress: tells the manager's watchdog, no
 * oftener than it wants. */
void service_alive(void);

/* SIGINT and SIGTERM: the first is a request to end, the second means it. */
void service_catch_signals(void);
bool service_is_to_end(void); /* was there one? */
/* Until ctx is freed the watchdog hears of us whenever the loop turns.  For waits that end by
 * themselves, at a deadline; where the loop waits for a store, only progress is a sign of life. */
STS_MUST_USE enum sts_status service_pulse(TALLOC_CTX *ctx, struct loop *loop);
/* Until ctx is freed `end` is called in the loop when a signal asks us to end; soon, if one has
 * already. */
STS_MUST_USE enum sts_status service_attend(TALLOC_CTX *ctx, struct loop *loop, loop_fn end,
                                            void *arg);
/* Wait until a time of clock_monotonic_ms(), or until a signal asks us to end. */
STS_MUST_USE enum sts_status service_wait(int64_t until);

#endif
