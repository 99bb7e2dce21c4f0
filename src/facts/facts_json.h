/* SPDX-License-Identifier: MIT */
/* facts_json.h - facts as JSON, out and in; format "mtasts.facts/1".
 *
 * One table describes each struct; the writer and the reader both walk it, so what is written is
 * read.  Texts that are no UTF-8 or hold a NUL stand as {"base64":"..."}.  Members with the value
 * "not there" (NULL, an empty list, false, and 0 or -1 where that is the default) are left out.
 * The reader takes unknown members as they come (a newer mtasts wrote them) and names the path of
 * the first member whose type is wrong, or that no observation can hold (facts_values.h): a name
 * that is none, an address, a number out of range.  Texts that no probe made printable are made so
 * here. */
#ifndef FACTS_FACTS_JSON_H
#define FACTS_FACTS_JSON_H

#include <stddef.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "facts/facts.h"

#define FACTS_JSON_MAX   (64u << 20) /* bytes of one document */
#define FACTS_JSON_DEPTH 32

/* One line of JSON without a line end.  Owned by ctx. */
STS_MUST_USE enum sts_status facts_write(TALLOC_CTX *ctx, const struct facts *facts, char **ret);

/* Read one document.  On STS_E_INVALID *ret_why (owned by ctx) says what is wrong and where. */
STS_MUST_USE enum sts_status facts_read(TALLOC_CTX *ctx, const char *text, size_t length,
                                        struct facts **ret, char **ret_why);

#endif
