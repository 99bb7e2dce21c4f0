/* SPDX-License-Identifier: MIT */
/* page_cache.c - pages of the knowledge base as they were sent. */
#include "serve/page_cache.h"

#include <string.h>

#include "base/table.h"
#include "pages/html.h"
#include "serve/etag.h"
#include "serve/exchange.h"
#include "serve/limits.h"
#include "serve/page.h"
#include "serve/visitor.h"

struct kept_page {
    char *key; /* "en dark /explain/dane" */
    char tag[ETAG_SIZE];
    struct bytes content;
};

struct page_cache {
    struct table pages;
    TALLOC_CTX *all; /* of the pages: they go together */
    int64_t day;
    size_t bytes;
};

static uint64_t hash_of(const char *key)
{
    return table_hash(0, key, strlen(key));
}

static uint64_t page_hash(const void *owner, uint64_t word)
{
    const struct kept_page *page = table_thing(word);

    (void)owner;
    return hash_of(page->key);
}

static bool page_is(const void *owner, uint64_t word, const void *key)
{
    const struct kept_page *page = table_thing(word);

    (void)owner;
    return strcmp(page->key, key) == 0;
}

static const struct table_kind pages_kind = {page_hash, page_is};

/* All of a day, or all that there was room for, is forgotten at once. */
static bool begin_anew(struct page_cache *cache, int64_t day)
{
    talloc_free(cache->all);
    cache->all = talloc_new(cache);
    cache->day = day;
    cache->bytes = 0;
    table_begin(&cache->pages, cache->all, &pages_kind, NULL);
    return cache->all;
}

struct page_cache *page_cache_new(TALLOC_CTX *ctx)
{
    struct page_cache *cache = talloc_zero(ctx, struct page_cache);

    if (cache && !begin_anew(cache, 0))
        TALLOC_FREE(cache);
    return cache;
}

/* NULL: it is one that is made for this visitor, or memory ran out. */
static char *key_of(struct exchange *exchange)
{
    const struct visitor *visitor = exchange_visitor(exchange);
    const struct http_request *request = exchange_request(exchange);

    if (exchange_account(exchange) || *request->query)
        return NULL;
    return talloc_asprintf(exchange, "%s %s %s", visitor->language,
                           visitor->theme ? visitor->theme : "", request->path);
}

bool page_cache_answer(struct exchange *exchange, const struct page_cache *cache, int64_t day)
{
    char *key = cache->day == day ? key_of(exchange) : NULL;
    uint64_t word = key ? table_find(&cache->pages, hash_of(key), key) : 0;
    const struct kept_page *page = table_thing(word);

    if (!word)
        return false;
    page_answer_kept(exchange, page->tag, page->content);
    return true;
}

void page_cache_keep(struct exchange *exchange, struct page_cache *cache, int64_t day,
                     const struct html *html)
{
    struct bytes content = html_content(html);
    char *key = html_is_whole(html) ? key_of(exchange) : NULL;
    struct kept_page *page;

    if (!key || content.length > LIMIT_PAGE_CACHE / 8 ||
        table_find(&cache->pages, hash_of(key), key))
        return;
    if ((cache->day != day || cache->bytes + content.length > LIMIT_PAGE_CACHE) &&
        !begin_anew(cache, day))
        return;
    page = talloc_zero(cache->all, struct kept_page);
    if (!page)
        return;
    page->key = talloc_steal(page, key);
    page->content =
        (struct bytes){talloc_memdup(page, content.data, content.length), content.length};
    etag_of(content, page->tag);
    if (page->content.data && table_add(&cache->pages, table_word(page)))
        cache->bytes += content.length;
    else
        talloc_free(page);
}
