/* SPDX-License-Identifier: MIT */
/* page_cache.h - pages of the knowledge base as they were sent, for visitors who are not signed in:
 * they are alike for everybody with the same language and appearance, and change with the day only.
 * Private to serve/. */
#ifndef SERVE_PAGE_CACHE_H
#define SERVE_PAGE_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

struct exchange;
struct html;
struct page_cache;

/* NULL: no memory. */
struct page_cache *page_cache_new(TALLOC_CTX *ctx);
/* False: it is not there, and nothing was answered.  day: another one than it was kept with makes
 * it useless. */
bool page_cache_answer(struct exchange *exchange, const struct page_cache *cache, int64_t day);
/* Keeps a page that page_answer_lasting() is about to send, of an address without a query. */
void page_cache_keep(struct exchange *exchange, struct page_cache *cache, int64_t day,
                     const struct html *html);

#endif
