/* SPDX-License-Identifier: MIT */
/* mx_list.h - the MX hosts that the MX answer names; private to probe/. */
#ifndef PROBE_MX_LIST_H
#define PROBE_MX_LIST_H

#include <stdbool.h>

#include <mtasts/status.h>

#include "facts/facts.h"

/* Fills facts->mx from facts->mx_answer: each name once, by preference, LIMIT_MX_HOSTS at most.
 * RFC 5321 section 5.1: where no MX exists the domain itself is the host.  A null MX ("." alone,
 * RFC 7505) is no host. */
STS_MUST_USE enum sts_status mx_list(struct facts *facts);
bool mx_is_listed(const struct facts *facts, const char *name);

#endif
