/* SPDX-License-Identifier: MIT */
/* gate.h - so many at a time in this thread; the rest wait, and cost next to nothing.
 *
 * A question under way costs libunbound tens of kilobytes, a connection as much again and a file.
 * Whoever wants to begin one enters; freeing the pass lets the next one in.  Those who continue
 * what is begun go before those who begin, so that what is begun ends and is out of the way. */
#ifndef NET_GATE_H
#define NET_GATE_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include <mtasts/status.h>

struct net_loop;
struct gate;
struct pass;

enum gate_line { GATE_CONTINUES, GATE_BEGINS, GATE_LINES };

typedef void (*gate_fn)(void *arg);

STS_MUST_USE enum sts_status gate_new(TALLOC_CTX *ctx, struct net_loop *loop, size_t room,
                                      struct gate **ret);
/* *ret_in: there was room, go on now, and no callback comes.  Else it comes, from the loop. */
STS_MUST_USE enum sts_status gate_enter(TALLOC_CTX *ctx, struct gate *gate, enum gate_line line,
                                        gate_fn in, void *arg, struct pass **ret, bool *ret_in);

#endif
