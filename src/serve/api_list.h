/* SPDX-License-Identifier: MIT */
/* api_list.h - lists of the API: which page is asked for, and a page as the answer; private to
 * serve/.
 *
 * All of them take ?limit= and ?cursor=, and answer {"items":[...],"next":...} with an ETag and,
 * where there is a next page, a Link to it.  A cursor is what the list says: opaque to clients. */
#ifndef SERVE_API_LIST_H
#define SERVE_API_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json_write.h"

struct exchange;

/* For the descriptions of routes. */
#define API_LIST_QUERY                                                                             \
    {"limit", "So many at most: 1 to 500; the default is 50."},                                    \
    {                                                                                              \
        "cursor", "The member next of the answer before."                                          \
    }

struct api_page {
    size_t limit;
    const char *cursor; /* the exchange's; NULL: the first page */
};

/* False: it was answered. */
bool api_page_read(struct exchange *exchange, size_t otherwise, struct api_page *ret);
/* A cursor that is a number, of a list from the newest on: INT64_MAX where there is none.  False:
 * it was answered. */
bool api_page_below(struct exchange *exchange, const struct api_page *list, int64_t *ret);
/* 422: the cursor, or another field of the query, is wrong; detail: translated. */
void api_list_no_cursor(struct exchange *exchange);
void api_list_wrong(struct exchange *exchange, const char *name, const char *detail);

/* next: the cursor of the next page, NULL: this is the last one.  path: of the route. */
void api_list_begin(struct json_writer *json);
void api_list_end(struct exchange *exchange, struct json_writer *json, const char *path,
                  const char *next);
/* Of a text that has both members already; NULL: no memory. */
void api_list_answer(struct exchange *exchange, const char *text, const char *path,
                     const char *next);
/* RFC 8288: where the next page is, with the other fields of the query as they came. */
void api_list_link(struct exchange *exchange, const char *path, const char *next);

#endif
