/* SPDX-License-Identifier: MIT */
/* signals.h - SIGINT and SIGTERM: the first is a request to end, the second means it. */
#ifndef CMD_SIGNALS_H
#define CMD_SIGNALS_H

#include <stdbool.h>

/* live_run() does it; who waits elsewhere does it before. */
void signals_catch(void);
bool signals_seen(void); /* was there one? */

#endif
