/* SPDX-License-Identifier: MIT */
/* plugin.h - the program as a monitoring plugin: check --plugin, or called as check_mtasts.
 *
 * A plugin ends with 0 to 3 and one line on standard output, whatever happens; this program ends
 * in many places with a line on standard error (memory_guard.c, a watchdog, a signal).  So there
 * are two processes: one checks as ever, the other waits for it and relays what it says, or says
 * UNKNOWN and why. */
#ifndef CMD_PLUGIN_H
#define CMD_PLUGIN_H

#include <stdbool.h>

#define PLUGIN_NAME         "check_mtasts"
#define PLUGIN_TIMEOUT      50 /* seconds, the default: monitoring systems give up after 60 */
#define PLUGIN_TIMEOUT_OVER 5  /* seconds: a process that goes on for so long behind it is ended */

/* Does the command line ask for it? */
bool plugin_is_asked(int argc, char **argv);
/* Is it called as check_mtasts, so that there is no subcommand? */
bool plugin_is_named(int argc, char **argv);
/* Before anything else.  Returns in the process that checks; the other one ends in here. */
void plugin_begin(void);
/* Is this a plugin's process that checks? */
bool plugin_is_on(void);
/* That process has so many seconds from now. */
void plugin_limit(unsigned seconds);

#endif
