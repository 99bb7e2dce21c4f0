/* SPDX-License-Identifier: MIT */
/* facts_copy.h - facts that outlive what made them. */
#ifndef FACTS_FACTS_COPY_H
#define FACTS_FACTS_COPY_H

#include <talloc.h>

#include <mtasts/status.h>

#include "facts/facts.h"

/* A copy that borrows nothing: what a probe hands over lives until its callback returns, and parts
 * of it belong to the lookup cache.  One block of memory, owned by ctx. */
STS_MUST_USE enum sts_status facts_copy(TALLOC_CTX *ctx, const struct facts *facts,
                                        struct facts **ret);

#endif
