/* SPDX-License-Identifier: MIT */
/* expiry.h - which certificate of each host expires first.
 *
 * A host may show several (verdict/shown.h).  Senders meet any of them, so the first to expire
 * counts. */
#ifndef VERDICT_EXPIRY_H
#define VERDICT_EXPIRY_H

#include <talloc.h>

#include "verdict/view.h"

struct expiry {
    const char *service; /* "https", "smtp" */
    const char *host;
    const struct certificate *cert;
    int64_t days; /* whole ones that are left; negative once it has expired */
};

/* Rounded down, so that an hour after its end a certificate has -1 left. */
int64_t expiry_days(const struct certificate *cert, int64_t now);

/* The policy host, then the MX hosts, each once, as far as a certificate was seen.  Borrows from
 * the facts; the list is owned by ctx. */
STS_MUST_USE enum sts_status expiries(TALLOC_CTX *ctx, const struct facts *facts, int64_t now,
                                      struct expiry **ret, size_t *ret_count);

#endif
