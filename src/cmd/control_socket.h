/* SPDX-License-Identifier: MIT */
/* control_socket.h - where the policy daemon is asked what it knows: --control, or a file in the
 * directory that the service manager made for it. */
#ifndef CMD_CONTROL_SOCKET_H
#define CMD_CONTROL_SOCKET_H

#include "cmd/options.h"

/* Of the daemon, before the sandbox: listens, so that only its user may connect.  Without --control
 * and RUNTIME_DIRECTORY there is no such socket.  0, or an exit status after a line on standard
 * error. */
int control_socket_prepare(const struct options *options);
/* The path at which it listens; NULL: it does not. */
const char *control_socket_path(void);
/* The descriptor, the caller's from now on; -1: none. */
int control_socket_taken(void);
/* Takes the path away. */
void control_socket_clear(void);
/* Where the subcommands find it. */
const char *control_socket_of(const struct options *options);

#endif
