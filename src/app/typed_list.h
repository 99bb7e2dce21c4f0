/* SPDX-License-Identifier: MIT */
/* typed_list.h - the words that people type or paste into one field: hosts, addresses. */
#ifndef APP_TYPED_LIST_H
#define APP_TYPED_LIST_H

#include <stddef.h>

#include <talloc.h>

#include <mtasts/status.h>

#define TYPED_LIST_MAX 200 /* words; no domain has more hosts, no record more addresses */

/* Words lie between blanks, commas, semicolons and line ends.  Of a line out of a zone or of dig,
 * "example.com. 3600 IN MX 10 mx1.example.com.", only what follows the preference counts; "mx:", as
 * a policy has it, is no word.  NULL: no words.  STS_E_LIMIT: too many.  Owned by ctx. */
STS_MUST_USE enum sts_status typed_list(TALLOC_CTX *ctx, const char *text, const char ***ret,
                                        size_t *ret_count);

/* Words as A-labels.  STS_E_INVALID: *ret_wrong is no host name.  Owned by ctx. */
STS_MUST_USE enum sts_status typed_names(TALLOC_CTX *ctx, const char *const *words, size_t count,
                                         const char *const **ret, const char **ret_wrong);

#endif
