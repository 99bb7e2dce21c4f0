/* SPDX-License-Identifier: MIT */
/* listen.h - the sockets that serve and policyd listen on: opened before the sandbox, in which
 * nothing can listen any more. */
#ifndef CMD_LISTEN_H
#define CMD_LISTEN_H

#include "cmd/options.h"
#include "serve/server.h"

#define LISTEN_MAX 18 /* 16 of --listen, and the default ones */

/* Those of --listen, or the default ones of the command.  0, or an exit status after a line on
 * standard error.  Who may connect to a socket of policyd at a path: socket_access.h. */
int listen_prepare(enum command_bit command, const struct options *options);
/* What was prepared; the descriptors are the caller's from now on. */
size_t listen_taken(struct server_socket taken[LISTEN_MAX]);
struct postfix_place;
/* Where those for pages or mail servers listen, before they are taken: at most LISTEN_MAX; paths
 * are owned by ctx. */
size_t listen_places(TALLOC_CTX *ctx, struct postfix_place *places);
/* Takes away the paths of the sockets that were made. */
void listen_clear(const struct options *options);
/* "http://localhost:8460": how this machine reaches the first socket for pages; NULL: memory. */
char *listen_origin(TALLOC_CTX *ctx, const struct options *options);
/* "ADDRESS:PORT" behind the role that may stand in front. */
const char *listen_where(const char *text);

#endif
