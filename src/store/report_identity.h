/* SPDX-License-Identifier: MIT */
/* report_identity.h - which report it is; private to store/. */
#ifndef STORE_REPORT_IDENTITY_H
#define STORE_REPORT_IDENTITY_H

#include "store/store.h"

struct report_identity {
    uint8_t identity[STORE_HASH_SIZE]; /* of the report and its revisions */
    uint8_t content[STORE_HASH_SIZE];  /* of this revision */
    /* Of those that count in part, to the same recipients; where the report names recipients. */
    uint8_t partial[STORE_HASH_SIZE];
};

STS_MUST_USE enum sts_status report_identify(TALLOC_CTX *work, const struct store_report *report,
                                             struct report_identity *ret);

#endif
