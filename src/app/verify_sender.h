/* SPDX-License-Identifier: MIT */
/* verify_sender.h - between the reports that are read and whoever takes them: DKIM, with keys from
 * the DNS. */
#ifndef APP_VERIFY_SENDER_H
#define APP_VERIFY_SENDER_H

#include "app/fault.h"
#include "intake/intake.h"

/* Borrowed until verify_sender_open() returns. */
struct verify_sender_request {
    bool required; /* what is not aligned is rejected */
    const char *const *resolvers;
    size_t resolver_count;
    const char *trust_anchor;
    int64_t wait_ms; /* for keys that do not come, of all mails together; 0: LIMIT_KEYS_MS */
};

/* *sink becomes one that sets the source's `trust` (a name of dkim/signature.h) of each report and
 * hands it on.  request NULL: it stays as it is.  On an error *ret_fault tells why; what it names
 * is owned by ctx. */
STS_MUST_USE enum sts_status verify_sender_open(TALLOC_CTX *ctx,
                                                const struct verify_sender_request *request,
                                                struct intake_sink *sink, struct fault *ret_fault);

#endif
