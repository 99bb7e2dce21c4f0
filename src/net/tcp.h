/* SPDX-License-Identifier: MIT */
/* tcp.h - a TCP connection in the loop, and what its failures are called. */
#ifndef NET_TCP_H
#define NET_TCP_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "facts/facts.h"

/* The fact that an errno of connect, read or write is. */
enum net_outcome tcp_outcome(int error);
/* It is this process that has no file, memory or port left, which says nothing of the peer: wait
 * LIMIT_SHORT_MS and try again.  address: whereto, to tell a lack of ports from a lack of an
 * address of our own in the peer's family. */
bool tcp_is_short(int error, const char *address, int64_t port);
/* Which it is, as the `error` of the facts while we wait: see resources.h. */
const char *tcp_shortage(int error);

/* Begin to connect, without blocking.  -1: it failed at once, *ret_error is the errno. */
int tcp_connect(const char *address, int64_t port, int *ret_error);
/* After the socket became writable: 0, or the errno of the failure. */
int tcp_connect_error(int fd);
/* "[192.0.2.1]" or "[IPv6:2001:db8::1]": our end of the connection.  NULL: no memory. */
char *tcp_own_literal(TALLOC_CTX *ctx, int fd);

#endif
