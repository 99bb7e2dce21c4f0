/* SPDX-License-Identifier: MIT */
/* seen.h - a set of names, eight bytes each: what an earlier run has done already.
 *
 * It keeps fingerprints of 64 bits under a secret of the process; that two of ten million names
 * share one has a chance of 3 in a million. */
#ifndef SCAN_SEEN_H
#define SCAN_SEEN_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include <mtasts/status.h>

struct seen;

STS_MUST_USE enum sts_status seen_new(TALLOC_CTX *ctx, struct seen **ret);
STS_MUST_USE enum sts_status seen_add(struct seen *seen, const char *name, size_t length);
bool seen_has(const struct seen *seen, const char *name);
size_t seen_count(const struct seen *seen);

#endif
