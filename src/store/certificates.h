/* SPDX-License-Identifier: MIT */
/* certificates.h - certificates as the verb that stores a check notes them; private to store/. */
#ifndef STORE_CERTIFICATES_H
#define STORE_CERTIFICATES_H

#include "store/db.h"

/* In a batch. */
STS_MUST_USE enum sts_status certificates_seen(struct store *store, int64_t domain,
                                               const struct store_check *check);

#endif
