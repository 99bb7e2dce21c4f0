/* SPDX-License-Identifier: MIT */
/* ingest_socket.h - the socket of ingest --lmtp: opened before the sandbox, in which nothing can
 * listen any more. */
#ifndef CMD_INGEST_SOCKET_H
#define CMD_INGEST_SOCKET_H

#include "cmd/options.h"

/* 0, or an exit status after a line on standard error.  Nothing to do without --lmtp. */
int ingest_socket_prepare(const struct options *options);
/* What was prepared, which is the caller's from now on; -1: nothing. */
int ingest_socket_taken(void);

#endif
