/* SPDX-License-Identifier: MIT */
/* readers.c - as many connections as workers, those that are idle in a list under a lock. */
#include "store/readers.h"

#include <pthread.h>

#include "event/jobs.h"
#include "store/db.h"

struct store_readers {
    char *where; /* NULL: the default */
    struct jobs *jobs;
    pthread_mutex_t lock;
    struct store **idle; /* room for all of them; each on no context */
    size_t idle_count;
};

struct store_reading {
    struct store_readers *readers;
    struct store_read_request request;
    enum sts_status status;
    struct store_fault *fault; /* NULL: it was not the store */
};

/* ---- in a worker ----------------------------------------------------------------------------- */

/* NULL: none is idle. */
static struct store *take_idle(struct store_readers *readers)
{
    struct store *store = NULL;

    pthread_mutex_lock(&readers->lock);
    if (readers->idle_count)
        store = readers->idle[--readers->idle_count];
    pthread_mutex_unlock(&readers->lock);
    return store;
}

static void put_idle(struct store_readers *readers, struct store *store)
{
    pthread_mutex_lock(&readers->lock);
    readers->idle[readers->idle_count++] = store;
    pthread_mutex_unlock(&readers->lock);
}

static void run_reading(void *data)
{
    struct store_reading *reading = data;
    struct store *store = take_idle(reading->readers);

    if (!store)
        reading->status =
            store_open(NULL, reading->readers->where, STORE_READ, &store, &reading->fault);
    if (!store) {
        reading->fault = talloc_steal(reading, reading->fault);
        return;
    }
    reading->status = reading->request.read(store, reading->request.data);
    if (reading->status != STS_E_IO) {
        put_idle(reading->readers, store);
        return;
    }
    reading->fault = db_fault_copy(reading, store_fault(store));
    talloc_free(store);
}

/* ---- in the loop ----------------------------------------------------------------------------- */

static void on_read(void *arg, void *data)
{
    const struct store_reading *reading = data;

    (void)arg;
    reading->request.done(reading->request.arg, reading->request.data, reading->status,
                          reading->fault);
}

enum sts_status store_read_start(TALLOC_CTX *ctx, struct store_readers *readers,
                                 const struct store_read_request *request, struct jobs_handle **ret)
{
    struct store_reading *reading = talloc_zero(NULL, struct store_reading);
    const struct jobs_request job = {run_reading, on_read, reading, NULL};
    TALLOC_CTX *before = request->data ? talloc_parent(request->data) : NULL;

    if (!reading)
        return STS_E_NOMEM;
    reading->readers = readers;
    reading->request = *request;
    reading->request.data = talloc_steal(reading, request->data);
    if (jobs_start(ctx, readers->jobs, &job, ret) == STS_OK)
        return STS_OK;
    (void)talloc_steal(before, request->data);
    talloc_free(reading);
    return STS_E_NOMEM;
}

static int store_readers_drop(struct store_readers *readers)
{
    TALLOC_FREE(readers->jobs);
    while (readers->idle_count)
        talloc_free(readers->idle[--readers->idle_count]);
    pthread_mutex_destroy(&readers->lock);
    return 0;
}

enum sts_status store_readers_new(TALLOC_CTX *ctx, struct loop *loop, const char *where,
                                  size_t connections, struct store_readers **ret)
{
    struct store_readers *readers = talloc_zero(ctx, struct store_readers);
    enum sts_status status = STS_E_NOMEM;

    if (!readers)
        return STS_E_NOMEM;
    pthread_mutex_init(&readers->lock, NULL);
    talloc_set_destructor(readers, store_readers_drop);
    readers->where = talloc_strdup(readers, where);
    readers->idle = talloc_array(readers, struct store *, (unsigned)connections);
    if (readers->idle && (readers->where || !where))
        status = jobs_new(readers, loop, connections, &readers->jobs);
    if (status)
        talloc_free(readers);
    else
        *ret = readers;
    return status;
}
