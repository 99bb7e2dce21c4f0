/* SPDX-License-Identifier: MIT */
/* sender_names.h - how those who report on a domain write their names, which the store knows in
 * lower case. */
#ifndef HISTORY_SENDER_NAMES_H
#define HISTORY_SENDER_NAMES_H

#include "reports/names.h"
#include "store/store.h"

struct sender_name {
    const char *name; /* first: as the store knows it, at most its first 200 characters */
    const char *written;
};

/* struct sender_name, owned by ctx. */
STS_MUST_USE enum sts_status sender_names_read(TALLOC_CTX *ctx, struct store *store,
                                               const char *domain, struct names *ret);
/* The sender itself where it is not known. */
const char *sender_names_find(const struct names *names, const char *sender);

#endif
