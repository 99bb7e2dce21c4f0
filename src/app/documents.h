/* SPDX-License-Identifier: MIT */
/* documents.h - facts that were written down earlier: one document in any layout, or one a line. */
#ifndef APP_DOCUMENTS_H
#define APP_DOCUMENTS_H

#include <talloc.h>

#include <mtasts/status.h>

#include "facts/facts.h"

struct documents_end {
    size_t line; /* where it ended, from 1; 0: it is one document */
    char *why;   /* STS_E_INVALID: what is wrong there; owned by ctx */
};

/* Calls seen() for each; the facts, and what is hung on `unit`, live until it returns.  False: no
 * more.  STS_E_INVALID at the first that is no facts document: see *ret; STS_E_NOMEM. */
STS_MUST_USE enum sts_status documents_read(TALLOC_CTX *ctx, struct bytes text,
                                            bool (*seen)(void *arg, TALLOC_CTX *unit,
                                                         const struct facts *facts),
                                            void *arg, struct documents_end *ret);
/* The same where a text without any document is as good, and what is no document as a whole is read
 * by lines. */
STS_MUST_USE enum sts_status documents_read_any(TALLOC_CTX *ctx, struct bytes text,
                                                bool (*seen)(void *arg, TALLOC_CTX *unit,
                                                             const struct facts *facts),
                                                void *arg, struct documents_end *ret);

#endif
