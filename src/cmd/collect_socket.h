/* SPDX-License-Identifier: MIT */
/* collect_socket.h - the sockets that collect reads, opened before the sandbox. */
#ifndef CMD_COLLECT_SOCKET_H
#define CMD_COLLECT_SOCKET_H

#include "cmd/options.h"

#define COLLECT_SOCKETS_MAX 16

/* Those of --listen and of the service manager.  0, or an exit status after a line on standard
 * error. */
int collect_sockets_prepare(const struct options *options);
/* Those of connections, for lines: --listen lines=WHERE. */
size_t collect_line_sockets_taken(int taken[COLLECT_SOCKETS_MAX]);
/* The place of what --listen says, without lines=. */
const char *collect_listen_where(const char *given);
/* Is there one among these options? */
bool collect_has_lines(const struct options *options);
/* What was prepared; the descriptors are the caller's from now on. */
size_t collect_sockets_taken(int taken[COLLECT_SOCKETS_MAX]);
/* Takes away the paths of the sockets that were made. */
void collect_sockets_clear(const struct options *options);

#endif
