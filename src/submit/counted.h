/* SPDX-License-Identifier: MIT */
/* counted.h - what the store has counted of a domain and day, as a report takes it. */
#ifndef SUBMIT_COUNTED_H
#define SUBMIT_COUNTED_H

#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "submit/outgoing.h"

struct store;

/* counted: the id of a struct store_counted_domain.  Owned by ctx; *ret is NULL where it is not
 * stored any more.  What the store complains of, or STS_E_NOMEM. */
STS_MUST_USE enum sts_status counted_read(TALLOC_CTX *ctx, struct store *store, int64_t day,
                                          const char *domain, int64_t counted,
                                          struct outgoing_day **ret);

#endif
