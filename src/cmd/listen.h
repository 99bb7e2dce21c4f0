/* SPDX-License-Identifier: MIT */
/* listen.h - the sockets that serve listens on: opened before the sandbox, in which nothing can
 * listen any more. */
#ifndef CMD_LISTEN_H
#define CMD_LISTEN_H

#include "cmd/options.h"

#define LISTEN_MAX 16

/* Those of --listen, or the default ones.  0, or an exit status after a line on standard error. */
int listen_prepare(const struct options *options);
/* What was prepared; the descriptors are the caller's from now on. */
size_t listen_taken(int fds[LISTEN_MAX]);

#endif
