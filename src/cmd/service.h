/* SPDX-License-Identifier: MIT */
/* service.h - running under a service manager (sd_notify(3)), and waiting between passes.
 *
 * Without a manager the messages go nowhere. */
#ifndef CMD_SERVICE_H
#define CMD_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

/* Ready to serve: the signals are ours, the first pass begins. */
void service_ready(void);
void service_stopping(void);
/* One line that tells what goes on. */
void service_status(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Called wherever something waits: tells the manager's watchdog, no oftener than it wants. */
void service_alive(void);

/* Wait until a time of clock_monotonic_ms().  False: a signal asks us to end (signals_seen()). */
bool service_wait(int64_t until);

#endif
