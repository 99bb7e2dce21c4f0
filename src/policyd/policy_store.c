/* SPDX-License-Identifier: MIT */
/* policy_store.c - the cache written to a store, off the loop. */
#include "policyd/policy_store_work.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "policyd/limits.h"
#include "policyd/policy_text.h"

/* ---- does it work? --------------------------------------------------------------------------- */

static void try_again(struct policy_store *store)
{
    loop_timer_again(store->retry, loop_now(store->request.loop) + LIMIT_STORE_RETRY_MS);
}

void policy_store_state(struct policy_store *store, const struct store_fault *fault)
{
    const struct policy_store_request *request = &store->request;

    store->failed = fault != NULL;
    store->counts.failing = store->failed;
    if (fault) {
        store->counts.failed++;
        try_again(store);
    }
    if (store->failed == store->said)
        return;
    store->said = store->failed;
    request->state(request->arg, fault);
}

/* What is written while it is being opened is written behind that. */
static bool is_usable(const struct policy_store *store)
{
    return (store->opened || store->opening) && !store->failed;
}

/* ---- an entry -------------------------------------------------------------------------------- */

/* An entry that is being written; it stays meanwhile. */
struct saving {
    struct policy_store *store;
    struct policy_entry *entry;
    struct policy_stored stored; /* its policy is not to be used */
    struct loop_timer *timer;    /* NULL: nobody waits */
};

static enum sts_status write_entry(struct store *store, void *data)
{
    return store_put_cached_policy(store, data);
}

static void on_saved(void *arg, void *data, enum sts_status status, const struct store_fault *fault)
{
    struct saving *saving = arg;
    struct policy_store *store = saving->store;
    struct policy_entry *entry = saving->entry;
    bool saved = status == STS_OK, again;

    (void)data;
    store->saving--;
    store->slow = false;
    store->counts.saved += saved;
    if (saved || fault)
        policy_store_state(store, saved ? NULL : fault);
    again = policy_entry_saved(entry, saved ? &saving->stored : NULL);
    talloc_free(saving);
    policy_store_save(store, entry, again); /* it may have changed meanwhile */
    policy_store_go_on_reading(store);
    store->request.changed(store->request.arg, entry);
}

/* Who waits for it is answered. */
static void on_slow(void *arg)
{
    struct saving *saving = arg;
    struct policy_store *store = saving->store;
    struct policy_entry *entry = saving->entry;

    store->slow = true;
    policy_entry_wait_no_more(entry);
    store->request.changed(store->request.arg, entry);
}

static struct store_cached_policy *row_of(TALLOC_CTX *ctx, const struct policy_entry *entry)
{
    struct store_cached_policy *row = talloc_zero(ctx, struct store_cached_policy);
    const struct policy_stored stored = policy_entry_stored(entry);
    const struct live_policy *policy = stored.policy;
    bool good = row != NULL;

    if (!good)
        return NULL;
    row->domain = talloc_strdup(row, policy_entry_domain(entry));
    row->policy = policy ? policy_text(row, policy) : NULL;
    row->id = policy && policy->id ? talloc_strdup(row, policy->id) : NULL;
    row->fetched_at = stored.fetched_at;
    row->dane = stored.dane;
    row->dane_at = stored.dane_at;
    row->used_at = stored.used_at;
    if (row->domain && (row->policy || !policy) && (row->id || !policy || !policy->id))
        return row;
    talloc_free(row);
    return NULL;
}

static struct saving *saving_new(struct policy_store *store, struct policy_entry *entry,
                                 bool waited)
{
    struct saving *saving = talloc_zero(store, struct saving);
    int64_t late = loop_now(store->request.loop) + LIMIT_STORE_WAIT_MS;

    if (!saving)
        return NULL;
    *saving = (struct saving){.store = store, .entry = entry, .stored = policy_entry_stored(entry)};
    if (waited && loop_timer_start(saving, store->request.loop, late, on_slow, saving,
                                   &saving->timer) != STS_OK)
        TALLOC_FREE(saving);
    return saving;
}

/* Without memory it stays unsaved, and is tried at the next sweep. */
static void begin_save(struct policy_store *store, struct policy_entry *entry, bool waited)
{
    struct store_cached_policy *row = row_of(store, entry);
    struct saving *saving = row ? saving_new(store, entry, waited) : NULL;
    const struct store_writer_request request = {
        .write = write_entry, .done = on_saved, .data = row, .arg = saving};

    if (!saving || store_writer_put(store->writer, &request) != STS_OK) {
        talloc_free(saving);
        talloc_free(row);
        return;
    }
    store->saving++;
    policy_entry_save(entry, waited);
}

void policy_store_save(struct policy_store *store, struct policy_entry *entry, bool waited)
{
    if (policy_entry_is_saving(entry) && waited && !store->slow && policy_entry_is_unsaved(entry))
        policy_entry_save_again(entry);
    else if (is_usable(store) && store->saving < LIMIT_SAVING && !policy_entry_is_saving(entry) &&
             policy_entry_is_unsaved(entry))
        begin_save(store, entry, waited && !store->slow);
}

/* ---- those that are of no use ---------------------------------------------------------------- */

struct pruning {
    int64_t before;
};

static enum sts_status write_prune(struct store *store, void *data)
{
    const struct pruning *pruning = data;

    return store_prune_cached_policies(store, pruning->before, LIMIT_POLICY_DOMAINS);
}

static void on_pruned(void *arg, void *data, enum sts_status status,
                      const struct store_fault *fault)
{
    (void)data;
    if (status == STS_OK || fault)
        policy_store_state(arg, fault);
}

void policy_store_prune(struct policy_store *store)
{
    struct pruning *pruning = is_usable(store) ? talloc_zero(store, struct pruning) : NULL;
    const struct store_writer_request request = {
        .write = write_prune, .done = on_pruned, .data = pruning, .arg = store};

    if (!pruning)
        return;
    pruning->before = store->request.now(store->request.arg) - LIMIT_POLICY_UNUSED_S;
    if (store_writer_put(store->writer, &request) != STS_OK)
        talloc_free(pruning);
}

static enum sts_status write_forget(struct store *store, void *data)
{
    return store_forget_cached_policy(store, data);
}

void policy_store_forget(struct policy_store *store, const char *domain)
{
    char *copy = is_usable(store) ? talloc_strdup(store, domain) : NULL;
    const struct store_writer_request request = {
        .write = write_forget, .done = on_pruned, .data = copy, .arg = store};

    if (copy && store_writer_put(store->writer, &request) != STS_OK)
        talloc_free(copy);
}

/* ---- the clock, with which it is opened ------------------------------------------------------ */

struct clock_seen {
    char boot[64];
    int64_t start, before;
    bool corrected; /* the times of what is stored are by this clock */
};

/* A machine that has no such thing is one that is booted each time. */
static void read_boot(char boot[64])
{
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t got = fd >= 0 ? read(fd, boot, 63) : -1;

    if (fd >= 0)
        (void)close(fd);
    boot[got > 0 ? (size_t)got : 0] = '\0';
    boot[strcspn(boot, "\n")] = '\0';
}

static enum sts_status write_clock(struct store *store, void *data)
{
    struct clock_seen *seen = data;

    if (!*seen->boot)
        seen->before = seen->start;
    if (!*seen->boot)
        return STS_OK;
    return store_put_cache_clock(store, seen->boot, seen->start,
                                 seen->corrected ? INT64_MAX : LIMIT_CLOCK_STEP_S, &seen->before);
}

static int64_t step_of(const struct clock_seen *seen)
{
    int64_t step = seen->start - seen->before;

    return step > LIMIT_CLOCK_STEP_S || step < -LIMIT_CLOCK_STEP_S ? step : 0;
}

static void on_unsaved(void *arg, struct policy_entry *entry)
{
    policy_store_save(arg, entry, false);
}

static void on_clock(void *arg, void *data, enum sts_status status, const struct store_fault *fault)
{
    struct policy_store *store = arg;
    bool first = !store->opened;

    store->opening = false;
    if (status == STS_OK || fault)
        policy_store_state(store, fault);
    if (status != STS_OK) {
        policy_store_end_waiting(store);
        try_again(store);
        return;
    }
    store->opened = true;
    if (first)
        store->shift = step_of(data);
    policy_cache_unsaved(store->request.cache,
                         &(struct policy_sweep){.unsaved = on_unsaved, .arg = store});
    policy_store_begin_reading(store);
}

/* A clock that was set forward is put in when the times of all that is stored are corrected: who is
 * killed before that corrects them once more, and what is then later than now counts as now.  One
 * that was set back is put in at once: what is stored is later than now anyway. */
static void put_clock(struct policy_store *store, bool corrected)
{
    struct clock_seen *seen = store->opening ? NULL : talloc_zero(store, struct clock_seen);
    const struct store_writer_request request = {
        .write = write_clock, .done = on_clock, .data = seen, .arg = store};

    if (!seen)
        return;
    read_boot(seen->boot);
    seen->start = clock_jump_start();
    seen->corrected = corrected;
    store->opening = store_writer_put(store->writer, &request) == STS_OK;
    if (!store->opening)
        talloc_free(seen);
}

void policy_store_clock_was_set(struct policy_store *store)
{
    put_clock(store, false);
}

void policy_store_is_corrected(struct policy_store *store)
{
    if (store->shift)
        put_clock(store, true);
}

/* What it answers to this shows whether it works again. */
static void on_retry(void *arg)
{
    struct policy_store *store = arg;

    if (store->failed || !store->opened)
        put_clock(store, false);
}

enum sts_status policy_store_new(TALLOC_CTX *ctx, const struct policy_store_request *request,
                                 struct policy_store **ret)
{
    struct policy_store *store = talloc_zero(ctx, struct policy_store);
    struct loop *loop = request->loop;
    enum sts_status status;

    if (!store)
        return STS_E_NOMEM;
    store->request = *request;
    TAILQ_INIT(&store->recalls);
    status = store_writer_new(store, loop, request->where, &store->writer);
    if (status == STS_OK)
        status =
            store_readers_new(store, loop, request->where, LIMIT_STORE_READERS, &store->readers);
    if (status == STS_OK)
        status = loop_timer_start(store, loop, INT64_MAX / 2, on_retry, store, &store->retry);
    if (status != STS_OK) {
        talloc_free(store);
        return status;
    }
    policy_cache_set_store(request->cache);
    put_clock(store, false);
    *ret = store;
    return STS_OK;
}

struct policy_store_counts policy_store_counts(const struct policy_store *store)
{
    return store->counts;
}
