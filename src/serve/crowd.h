/* SPDX-License-Identifier: MIT */
/* crowd.h - how many connections each address and each network has, and how much waits to be sent
 * to an address; private to serve/.
 *
 * An IPv6 address counts as its /64, which one household has; networks are /24 and /48. */
#ifndef SERVE_CROWD_H
#define SERVE_CROWD_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

struct crowd;

/* NULL: no memory. */
struct crowd *crowd_new(TALLOC_CTX *ctx, unsigned per_address, unsigned per_network);
/* One more, until crowd_leave() with the same address.  False: it has as many as it may, or there
 * is no memory. */
bool crowd_join(struct crowd *crowd, const unsigned char address[16]);
void crowd_leave(struct crowd *crowd, const unsigned char address[16]);

/* So many bytes wait for one of its connections, in place of so many before.  Of an address that
 * has none (any more) nothing is counted. */
void crowd_unsent(struct crowd *crowd, const unsigned char address[16], size_t before, size_t now);
/* For all of its connections. */
size_t crowd_unsent_by(struct crowd *crowd, const unsigned char address[16]);

#endif
