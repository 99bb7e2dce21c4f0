/* SPDX-License-Identifier: MIT */
/* explain.c - the knowledge base.  Each entry has one address, that of its name; other spellings
 * and other words lead there. */
#include "serve/explain.h"

#include <string.h>

#include <talloc.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "pages/explain.h"
#include "render/kb_entry.h"
#include "render/kb_find.h"
#include "render/kb_search.h"
#include "serve/exchange.h"
#include "serve/page.h"
#include "serve/page_cache.h"
#include "serve/service.h"

#define DAY_SECONDS 86400

struct page_service {
    struct kb_index *indexes[I18N_LANGUAGE_COUNT]; /* made when first asked for */
    struct page_cache *cache;
};

/* Ids in examples are made of it: a day long they are the same, and so is the page. */
static int64_t example_time(void)
{
    int64_t now = clock_now();

    return now - now % DAY_SECONDS;
}

static const struct kb_index *index_of(struct exchange *exchange)
{
    struct page_service *pages = exchange_service(exchange)->pages;
    enum i18n_language language = i18n_used();

    if (!pages->indexes[language])
        pages->indexes[language] = kb_index_new(pages);
    return pages->indexes[language];
}

/* ---- pages that were sent before --------------------------------------------------------------
 */

static bool answer_kept(struct exchange *exchange)
{
    return page_cache_answer(exchange, exchange_service(exchange)->pages->cache, example_time());
}

static void answer_and_keep(struct exchange *exchange, struct html *html)
{
    page_cache_keep(exchange, exchange_service(exchange)->pages->cache, example_time(), html);
    page_answer_lasting(exchange, html);
}

/* ---- lists ----------------------------------------------------------------------------------- */

static size_t search(struct exchange *exchange, const char *query, size_t **ret_found)
{
    const struct kb_index *index = index_of(exchange);

    *ret_found = talloc_array(exchange, size_t, (unsigned)kb_entry_count());
    return index && *ret_found ? kb_search(index, query, *ret_found) : 0;
}

static void make_list(struct exchange *exchange)
{
    struct explain_index_page page = {
        .frame = page_frame(exchange, _("Knowledge"), FRAME_EXPLAIN),
        .query = exchange_query(exchange, "q"),
    };
    struct html *html = page_begin(exchange);
    size_t *found = NULL, count = 0;

    if (!html)
        return;
    if (page.query && !page.query[strspn(page.query, " ")])
        page.query = NULL;
    if (page.query)
        count = search(exchange, page.query, &found);
    explain_index_fill(exchange, &page, found, count);
    page_explain_index(html, &page);
    answer_and_keep(exchange, html);
}

static void answer_list(struct exchange *exchange)
{
    if (!answer_kept(exchange))
        make_list(exchange);
}

/* What was perhaps meant, and where the word occurs. */
static void answer_unknown(struct exchange *exchange, const char *word,
                           const struct suggestion *near)
{
    struct explain_link links[SUGGEST_MAX];
    struct explain_index_page page = {
        .frame = page_frame(exchange, _("Knowledge"), FRAME_EXPLAIN),
        .query = word,
        .unknown = word,
        .near = links,
    };
    struct html *html = page_begin(exchange);
    size_t *found = NULL, count;

    if (!html)
        return;
    for (; page.near_count < near->count; page.near_count++)
        links[page.near_count] = explain_link_to(near->names[page.near_count]);
    page.frame.hidden = true;
    count = search(exchange, word, &found);
    explain_index_fill(exchange, &page, found, count);
    page_explain_index(html, &page);
    page_answer(exchange, 404, html);
}

/* ---- entries --------------------------------------------------------------------------------- */

static void answer_one(struct exchange *exchange, const struct kb_entry *entry)
{
    struct explain_entry_page page = {.frame = page_frame(exchange, entry->title, FRAME_EXPLAIN)};
    struct html *html = page_begin(exchange);

    if (!html)
        return;
    explain_entry_fill(exchange, &page, entry);
    page_explain_entry(html, &page);
    answer_and_keep(exchange, html);
}

static void answer_variants(struct exchange *exchange, const char *word,
                            struct kb_entry *const *entries, size_t count)
{
    struct explain_variants_page page = {.frame = page_frame(exchange, word, FRAME_EXPLAIN),
                                         .word = word};
    struct html *html = page_begin(exchange);

    if (!html)
        return;
    explain_variants_fill(exchange, &page, entries, count);
    page_explain_variants(html, &page);
    page_answer_lasting(exchange, html);
}

/* Of findings and result types the list will do: they say themselves what they are. */
static void answer_several(struct exchange *exchange, const char *word,
                           const struct kb_found *found)
{
    struct kb_entry **entries = talloc_array(exchange, struct kb_entry *, (unsigned)found->count);
    struct html *html;
    struct explain_index_page page = {.frame = page_frame(exchange, word, FRAME_EXPLAIN),
                                      .query = word};

    for (size_t i = 0; entries && i < found->count; i++)
        entries[i] = kb_entry_new(entries, found->entries[i], example_time());
    if (entries && entries[0] && entries[0]->variants[0]) {
        answer_variants(exchange, word, entries, found->count);
        return;
    }
    html = page_begin(exchange);
    if (!html)
        return;
    explain_index_fill(exchange, &page, found->entries, found->count);
    page_explain_index(html, &page);
    page_answer_lasting(exchange, html);
}

static void answer_found(struct exchange *exchange, const char *word, const struct kb_found *found)
{
    const char *name = kb_entry_name(found->entries[0]);
    struct kb_entry *entry;

    if (found->count > 1) {
        answer_several(exchange, word, found);
        return;
    }
    if (strcmp(name, word) != 0) {
        exchange_redirect(exchange, talloc_asprintf(exchange, "/explain/%s", name));
        return;
    }
    entry = kb_entry_new(exchange, found->entries[0], example_time());
    if (entry)
        answer_one(exchange, entry);
    else
        exchange_problem(exchange, 500, "internal", _("out of memory"));
}

static void answer_error(struct exchange *exchange, const char *word, const struct kb_entry *error)
{
    if (strcmp(error->code, word) != 0)
        exchange_redirect(exchange, talloc_asprintf(exchange, "/explain/%s", error->code));
    else
        answer_one(exchange, error);
}

static void answer_word(struct exchange *exchange)
{
    const char *word = exchange_place(exchange, "word");
    const struct kb_entry *error;
    struct kb_found found;

    if (answer_kept(exchange))
        return;
    error = kb_entry_error(exchange, word, example_time());
    if (kb_find(exchange, word, &found) != STS_OK)
        exchange_problem(exchange, 500, "internal", _("out of memory"));
    else if (found.count)
        answer_found(exchange, word, &found);
    else if (error)
        answer_error(exchange, word, error);
    else
        answer_unknown(exchange, word, &found.near);
}

static enum sts_status start(struct service *service)
{
    service->pages = talloc_zero(service, struct page_service);
    if (!service->pages)
        return STS_E_NOMEM;
    service->pages->cache = page_cache_new(service->pages);
    return service->pages->cache ? STS_OK : STS_E_NOMEM;
}

static const struct route routes[] = {
    {HTTP_GET, "/explain", answer_list, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/explain/{word}", answer_word, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
};
const struct route_table explain_routes = {routes, sizeof(routes) / sizeof(routes[0]), start};
