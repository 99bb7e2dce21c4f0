/* SPDX-License-Identifier: MIT */
/* list.h - names out of a text that comes in pieces: one a line, or a column of CSV (RFC 4180). */
#ifndef SCAN_LIST_H
#define SCAN_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#define LIST_FIELD_MAX 1024 /* bytes kept of a line or field; no domain name is so long */

struct list;

/* One name as it stands there, without blanks around it; line counts from 1.  False: stop. */
typedef bool (*list_name_fn)(void *arg, int64_t line, const char *given);

/* column NULL: one name a line; blank lines and those that begin with '#' are passed over.  Else
 * the number of a column from 1, or a name that stands in the first line. */
STS_MUST_USE enum sts_status list_new(TALLOC_CTX *ctx, const char *column, list_name_fn name,
                                      void *arg, struct list **ret);
/* False: the callback wants no more, or the first line lacks the column. */
bool list_feed(struct list *list, const char *data, size_t length);
bool list_end(struct list *list);
/* The first line was read, and no column has that name. */
bool list_lacks_column(const struct list *list);

#endif
