/* SPDX-License-Identifier: MIT */
/* policy_store_read.c - the store read: all of it at the start, and of a domain when it is asked
 * for. */
#include "policyd/policy_store_work.h"

#include <string.h>
#include <sys/random.h>

#include "base/array.h"
#include "base/clock.h"
#include "event/jobs.h"
#include "policyd/limits.h"
#include "policyd/policy_text.h"

uint32_t policy_chance(void)
{
    uint32_t number = 0;

    if (getrandom(&number, sizeof(number), GRND_NONBLOCK) != (ssize_t)sizeof(number))
        number = (uint32_t)clock_monotonic_ms();
    return number;
}

/* What no sender would use is not there: a file may hold anything. */
enum sts_status stored_of_row(TALLOC_CTX *ctx, const struct store_cached_policy *row,
                              struct policy_stored *ret)
{
    struct live_policy *policy = NULL;
    enum sts_status status = STS_OK;

    if (row->policy)
        status = policy_text_read(ctx, bytes_of(row->policy), row->id, &policy);
    *ret = (struct policy_stored){
        .policy = policy, .fetched_at = policy ? row->fetched_at : 0, .used_at = row->used_at};
    if (row->dane >= DANE_COVER_NONE && row->dane <= DANE_COVER_ALL) {
        ret->dane = (enum dane_cover)row->dane;
        ret->dane_at = row->dane_at;
    }
    return status;
}

static int64_t shifted(const struct policy_store *store, int64_t time)
{
    int64_t ours = time;

    if (!time || __builtin_add_overflow(time, store->shift, &ours))
        return time;
    return ours;
}

struct policy_stored stored_shifted(const struct policy_store *store,
                                    const struct policy_stored *stored)
{
    struct policy_stored own = *stored;

    own.fetched_at = shifted(store, stored->fetched_at);
    own.dane_at = shifted(store, stored->dane_at);
    own.used_at = shifted(store, stored->used_at);
    own.moved = store->shift != 0;
    return own;
}

/* ---- of a domain ----------------------------------------------------------------------------- */

struct policy_recall {
    struct policy_store *store;
    struct policy_entry *entry; /* NULL: nobody waits for it any more */
    char *domain;
    TAILQ_ENTRY(policy_recall) next; /* while it waits */
    bool waits;
    struct jobs_handle *job;
    struct loop_timer *timer;
};

struct recalled {
    char *domain;
    bool found;
    struct policy_stored stored;
};

static int recall_drop(struct policy_recall *recall)
{
    recall->store->recalling--;
    if (recall->waits)
        TAILQ_REMOVE(&recall->store->recalls, recall, next);
    return 0;
}

/* The entry that waits, which stays meanwhile; or, when it comes late, what is there now. */
static struct policy_entry *entry_of(const struct policy_recall *recall)
{
    return recall->entry ? recall->entry
                         : policy_cache_find(recall->store->request.cache, recall->domain);
}

static void give(struct policy_store *store, struct policy_entry *entry,
                 const struct policy_stored *stored)
{
    int64_t now = store->request.now(store->request.arg);
    struct policy_stored own = stored ? stored_shifted(store, stored) : (struct policy_stored){0};

    /* Without memory, what is there counts. */
    if (policy_entry_restore(entry, stored ? &own : NULL, now, policy_chance()) != STS_OK)
        return;
    store->request.changed(store->request.arg, entry);
}

/* Not while a row is being recalled: it would be found pruned, or too old, by who starts next. */
static void end_correcting(struct policy_store *store)
{
    if (!store->read_all || store->corrected || (store->shift && store->recalling))
        return;
    store->corrected = true;
    policy_store_is_corrected(store); /* it is written behind the others */
    policy_store_prune(store);        /* not before: by a clock that was set all looks unused */
}

static void save_corrected(struct policy_store *store, const char *domain)
{
    struct policy_entry *entry = policy_cache_find(store->request.cache, domain);

    if (entry)
        policy_store_save(store, entry, false);
}

/* A page that came meanwhile left the row as it was, so what was found is corrected here. */
static void end_recall(struct policy_recall *recall, const struct policy_stored *stored)
{
    struct policy_store *store = recall->store;
    struct policy_entry *entry = entry_of(recall);
    bool wanted = entry && (recall->entry || !policy_entry_is_busy(entry, POLICY_PART_STORED));

    store->counts.found += stored != NULL;
    if (wanted && (recall->entry || stored))
        give(store, entry, stored);
    if (stored && store->shift)
        save_corrected(store, recall->domain);
    talloc_free(recall);
    end_correcting(store);
}

static enum sts_status read_one(struct store *store, void *data)
{
    struct recalled *recalled = data;
    struct store_cached_policy *row;
    enum sts_status status = store_cached_policy(store, recalled, recalled->domain, &row);

    recalled->found = status == STS_OK && row;
    return recalled->found ? stored_of_row(recalled, row, &recalled->stored) : status;
}

static void read_later(struct policy_store *store)
{
    store->read_again = loop_now(store->request.loop) + LIMIT_STORE_RETRY_MS;
}

static void on_recalled(void *arg, void *data, enum sts_status status,
                        const struct store_fault *fault)
{
    struct policy_recall *recall = arg;
    const struct recalled *recalled = data;

    (void)fault; /* writing shows it, too */
    if (status == STS_E_IO)
        read_later(recall->store);
    end_recall(recall, status == STS_OK && recalled->found ? &recalled->stored : NULL);
}

/* It comes when it comes, but keeps nobody waiting. */
static void on_late(void *arg)
{
    struct policy_recall *recall = arg;
    struct policy_entry *entry = recall->entry;

    read_later(recall->store);
    recall->entry = NULL;
    give(recall->store, entry, NULL);
}

static enum sts_status start_recall(struct policy_recall *recall)
{
    struct recalled *recalled = talloc_zero(recall, struct recalled);
    const struct store_read_request request = {
        .read = read_one, .done = on_recalled, .data = recalled, .arg = recall};
    enum sts_status status = STS_E_NOMEM;

    if (recalled)
        recalled->domain = talloc_strdup(recalled, recall->domain);
    if (recalled && recalled->domain)
        status = store_read_start(recall, recall->store->readers, &request, &recall->job);
    if (status != STS_OK)
        talloc_free(recalled);
    return status;
}

static struct policy_recall *recall_new(struct policy_store *store, struct policy_entry *entry)
{
    struct policy_recall *recall = talloc_zero(store, struct policy_recall);
    int64_t late = loop_now(store->request.loop) + LIMIT_STORE_WAIT_MS;

    if (!recall)
        return NULL;
    *recall = (struct policy_recall){.store = store, .entry = entry, .waits = !store->opened};
    if (recall->waits)
        TAILQ_INSERT_TAIL(&store->recalls, recall, next);
    talloc_set_destructor(recall, recall_drop);
    store->recalling++;
    recall->domain = talloc_strdup(recall, policy_entry_domain(entry));
    if (!recall->domain || loop_timer_start(recall, store->request.loop, late, on_late, recall,
                                            &recall->timer) != STS_OK)
        TALLOC_FREE(recall);
    return recall;
}

bool policy_store_recall(struct policy_store *store, struct policy_entry *entry)
{
    bool usable =
        (store->opened || store->opening) && loop_now(store->request.loop) >= store->read_again;
    struct policy_recall *recall = usable ? recall_new(store, entry) : NULL;

    policy_entry_begin(entry, POLICY_PART_STORED);
    if (recall && (recall->waits || start_recall(recall) == STS_OK))
        return true;
    talloc_free(recall);
    return policy_entry_restore(entry, NULL, store->request.now(store->request.arg), 0) != STS_OK;
}

/* ---- all of it ------------------------------------------------------------------------------- */

struct page_row {
    char *domain;
    struct policy_stored stored;
};

struct store_page {
    int64_t used_at; /* behind which it begins */
    char *domain;
    struct page_row *rows;
    size_t count;
    bool no_memory;
};

static bool take_row(void *arg, const struct store_cached_policy *row)
{
    struct store_page *page = arg;
    struct page_row *added = array_grow(page, &page->rows, &page->count, sizeof(*added));

    page->no_memory = !added;
    if (!added)
        return false;
    added->domain = talloc_strdup(page, row->domain);
    page->no_memory = !added->domain || stored_of_row(page, row, &added->stored) != STS_OK;
    return !page->no_memory;
}

static enum sts_status read_page(struct store *store, void *data)
{
    struct store_page *page = data;
    enum sts_status status =
        store_cached_policies(store, page->used_at, page->domain, LIMIT_STORE_PAGE, take_row, page);

    return status == STS_OK && page->no_memory ? STS_E_NOMEM : status;
}

/* Its row has been corrected already, as who asked for it found it first. */
static bool is_corrected(const struct policy_entry *entry, const struct policy_stored *stored)
{
    const struct policy_stored own = policy_entry_stored(entry);

    return own.fetched_at == stored->fetched_at && own.dane_at == stored->dane_at;
}

/* Of a domain that is there, too: it may have been asked for when the store could not be read. */
static enum sts_status add_row(struct policy_store *store, const struct page_row *row)
{
    struct policy_cache *cache = store->request.cache;
    struct policy_entry *entry = policy_cache_find(cache, row->domain);
    const struct policy_stored own = stored_shifted(store, &row->stored);
    int64_t now = store->request.now(store->request.arg);
    enum sts_status status = STS_OK;

    if (!entry)
        status = policy_cache_add(cache, row->domain, &own, now, policy_chance());
    else if (!policy_entry_is_busy(entry, POLICY_PART_STORED) && !is_corrected(entry, &row->stored))
        give(store, entry, &row->stored);
    if (status == STS_OK && own.moved)
        save_corrected(store, row->domain);
    return status;
}

/* False: there is no room for more. */
static bool add_rows(struct policy_store *store, const struct store_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        if (add_row(store, &page->rows[i]) != STS_OK)
            return false;
        store->counts.loaded++;
    }
    return true;
}

static void on_page(void *arg, void *data, enum sts_status status, const struct store_fault *fault);

static void begin_page(struct policy_store *store, struct store_page *page)
{
    const struct store_read_request request = {
        .read = read_page, .done = on_page, .data = page, .arg = store};

    if (store_read_start(store, store->readers, &request, &store->loading) != STS_OK)
        talloc_free(page);
}

/* What is not read in advance is found when it is asked for; so without memory it is left. */
static struct store_page *page_new(struct policy_store *store, int64_t used_at, const char *domain)
{
    struct store_page *page = talloc_zero(store, struct store_page);

    if (!page)
        return NULL;
    page->used_at = used_at;
    page->domain = talloc_strdup(page, domain);
    if (!page->domain)
        TALLOC_FREE(page);
    return page;
}

void policy_store_go_on_reading(struct policy_store *store)
{
    struct store_page *page = store->saving && store->shift ? NULL : store->next_page;

    if (!page)
        return;
    store->next_page = NULL;
    begin_page(store, page);
}

static void on_page(void *arg, void *data, enum sts_status status, const struct store_fault *fault)
{
    struct policy_store *store = arg;
    const struct store_page *page = data;
    struct jobs_handle *job = store->loading;
    const struct page_row *last = page->count ? &page->rows[page->count - 1] : NULL;

    store->loading = NULL;
    if (fault)
        policy_store_state(store, fault);
    if (status == STS_OK && add_rows(store, page) && page->count == LIMIT_STORE_PAGE)
        store->next_page = page_new(store, last->stored.used_at, last->domain);
    else if (status == STS_OK)
        store->read_all = true;
    talloc_free(job);
    end_correcting(store);
    policy_store_go_on_reading(store);
}

/* ---- it is open, or not ---------------------------------------------------------------------- */

void policy_store_begin_reading(struct policy_store *store)
{
    struct policy_recall *recall;

    store->read_again = 0;
    while ((recall = TAILQ_FIRST(&store->recalls))) {
        TAILQ_REMOVE(&store->recalls, recall, next);
        recall->waits = false;
        if (start_recall(recall) != STS_OK)
            end_recall(recall, NULL);
    }
    if (!store->read_all && !store->loading && !store->next_page)
        store->next_page = page_new(store, INT64_MAX, "");
    policy_store_go_on_reading(store);
}

void policy_store_end_waiting(struct policy_store *store)
{
    struct policy_recall *recall;

    while ((recall = TAILQ_FIRST(&store->recalls)))
        end_recall(recall, NULL);
}
