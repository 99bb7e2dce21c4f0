/* SPDX-License-Identifier: MIT */
/* writer.c - a pool of one worker, and one batch of it at a time.
 *
 * The queue is the loop's; a batch takes what is in it and belongs to the worker until its job is
 * over.  The store is the worker's alone, on no context of the loop's; when there is no worker any
 * more, it is the loop's again. */
#include "store/writer.h"

#include <sys/queue.h>

#include "event/jobs.h"
#include "store/db.h"

#define BATCH_MAX 500 /* requests: a fraction of a second, since others wait to write meanwhile */

struct queued_write {
    struct store_writer_request request;
    enum sts_status prepared, status;
    struct store_fault *fault;      /* its own, with STS_E_REFUSED; NULL */
    TAILQ_ENTRY(queued_write) link; /* while it waits */
};

struct store_writer {
    char *where; /* NULL: the default */
    struct jobs *jobs;
    struct write_batch *batch; /* under way; NULL */
    struct jobs_handle *job;   /* of it */
    bool telling;              /* the next one begins after that */
    TAILQ_HEAD(, queued_write) queue;
    struct store *store; /* NULL: not open */
    size_t pending;
};

struct write_batch {
    struct store_writer *writer;
    struct queued_write **writes; /* with their data */
    size_t count;
    struct store_fault *fault; /* NULL: it was not the store */
    bool over;
};

/* What a job that never begins takes with it. */
struct batch_job {
    struct write_batch *batch;
};

/* ---- in the worker --------------------------------------------------------------------------- */

static enum sts_status open_for_batch(struct write_batch *batch)
{
    struct store_writer *writer = batch->writer;

    if (writer->store)
        return STS_OK;
    return store_open(NULL, writer->where, STORE_WRITE, &writer->store, &batch->fault);
}

/* What cannot be prepared is not written. */
static void prepare_all(struct write_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct store_writer_request *request = &batch->writes[i]->request;

        if (request->prepare)
            batch->writes[i]->prepared = request->prepare(request->data);
    }
}

static enum sts_status write_all(struct store *store, struct queued_write **writes, size_t count)
{
    enum sts_status status = store_begin(store);

    for (size_t i = 0; !status && i < count; i++)
        if (!writes[i]->prepared)
            status = writes[i]->request.write(store, writes[i]->request.data);
    if (!status)
        status = store_commit(store);
    store_rollback(store);
    return status;
}

static void settle(struct store *store, struct queued_write **writes, size_t count,
                   enum sts_status status)
{
    for (size_t i = 0; i < count; i++) {
        writes[i]->status = writes[i]->prepared ? writes[i]->prepared : status;
        if (status == STS_E_REFUSED && !writes[i]->prepared)
            writes[i]->fault = db_fault_copy(writes[i], store_fault(store));
    }
}

/* What is the fault of one request: which, shows when it is alone.  Halves, since each try costs
 * a flush; and where the store fails, the rest is not tried. */
static enum sts_status write_halves(struct store *store, struct queued_write **writes, size_t count)
{
    enum sts_status status = write_all(store, writes, count);
    size_t half = count / 2;

    if (status == STS_OK || status == STS_E_IO || count == 1) {
        settle(store, writes, count, status);
        return status;
    }
    status = write_halves(store, writes, half);
    if (status != STS_E_IO)
        return write_halves(store, writes + half, count - half);
    settle(store, writes + half, count - half, status);
    return status;
}

static void run_batch(struct write_batch *batch)
{
    struct store_writer *writer = batch->writer;
    enum sts_status status;

    prepare_all(batch);
    status = open_for_batch(batch);
    if (status)
        settle(NULL, batch->writes, batch->count, status);
    else
        status = write_halves(writer->store, batch->writes, batch->count);
    (void)talloc_steal(batch, batch->fault);
    batch->over = true;
    if (status != STS_E_IO || !writer->store)
        return;
    batch->fault = db_fault_copy(batch, store_fault(writer->store));
    TALLOC_FREE(writer->store);
}

static void run_batch_job(void *data)
{
    run_batch(((struct batch_job *)data)->batch);
}

/* ---- in the loop ----------------------------------------------------------------------------- */

static struct write_batch *next_batch(struct store_writer *writer)
{
    struct write_batch *batch = talloc_zero(NULL, struct write_batch);
    struct queued_write *write;

    if (batch)
        batch->writes = talloc_array(batch, struct queued_write *, BATCH_MAX);
    if (!batch || !batch->writes) {
        talloc_free(batch);
        return NULL;
    }
    batch->writer = writer;
    while (batch->count < BATCH_MAX && (write = TAILQ_FIRST(&writer->queue))) {
        TAILQ_REMOVE(&writer->queue, write, link);
        batch->writes[batch->count++] = talloc_steal(batch, write);
    }
    return batch;
}

static void give_back(struct store_writer *writer)
{
    struct write_batch *batch = writer->batch;

    while (batch && batch->count) {
        struct queued_write *write = talloc_steal(writer, batch->writes[--batch->count]);

        TAILQ_INSERT_HEAD(&writer->queue, write, link);
    }
    TALLOC_FREE(writer->batch);
}

static void on_batch_over(void *arg, void *data);

static enum sts_status start_batch(struct store_writer *writer)
{
    struct batch_job *job;
    enum sts_status status = STS_E_NOMEM;

    if (writer->batch || writer->telling || TAILQ_EMPTY(&writer->queue))
        return STS_OK;
    job = talloc_zero(NULL, struct batch_job);
    writer->batch = job ? next_batch(writer) : NULL;
    if (writer->batch) {
        const struct jobs_request request = {run_batch_job, on_batch_over, job, writer};

        job->batch = writer->batch;
        status = jobs_start(writer, writer->jobs, &request, &writer->job);
    }
    if (status) {
        give_back(writer);
        talloc_free(job);
    }
    return status;
}

static const struct store_fault *fault_of(const struct write_batch *batch,
                                          const struct queued_write *write)
{
    return write->status == STS_E_IO ? batch->fault : write->fault;
}

static void tell(struct store_writer *writer, const struct queued_write *write,
                 enum sts_status status, const struct store_fault *fault)
{
    writer->pending--;
    if (write->request.done)
        write->request.done(write->request.arg, write->request.data, status, fault);
}

void store_writer_refuse(struct store_writer *writer, enum sts_status status,
                         const struct store_fault *fault)
{
    struct queued_write *write;

    while ((write = TAILQ_FIRST(&writer->queue))) {
        TAILQ_REMOVE(&writer->queue, write, link);
        tell(writer, write, status, fault);
        talloc_free(write);
    }
}

void store_writer_forget(struct store_writer *writer, const void *arg)
{
    struct queued_write *write;

    TAILQ_FOREACH(write, &writer->queue, link)
    if (write->request.arg == arg)
        write->request.done = NULL;
    for (size_t i = 0; writer->batch && i < writer->batch->count; i++)
        if (writer->batch->writes[i]->request.arg == arg)
            writer->batch->writes[i]->request.done = NULL; /* the worker does not look at it */
}

static void on_batch_over(void *arg, void *data)
{
    struct store_writer *writer = arg;
    struct jobs_handle *job = writer->job;
    struct write_batch *batch = writer->batch;

    (void)data;
    writer->batch = NULL;
    writer->telling = true;
    for (size_t i = 0; i < batch->count; i++)
        tell(writer, batch->writes[i], batch->writes[i]->status, fault_of(batch, batch->writes[i]));
    writer->telling = false;
    talloc_free(batch);
    talloc_free(job);
    if (start_batch(writer) != STS_OK)
        store_writer_refuse(writer, STS_E_NOMEM, NULL);
}

enum sts_status store_writer_put(struct store_writer *writer,
                                 const struct store_writer_request *request)
{
    struct queued_write *write = talloc_zero(writer, struct queued_write);
    TALLOC_CTX *before = request->data ? talloc_parent(request->data) : NULL;

    if (!write)
        return STS_E_NOMEM;
    write->request = *request;
    write->request.data = talloc_steal(write, request->data);
    TAILQ_INSERT_TAIL(&writer->queue, write, link);
    if (start_batch(writer) == STS_OK) {
        writer->pending++;
        return STS_OK;
    }
    TAILQ_REMOVE(&writer->queue, write, link);
    (void)talloc_steal(before, request->data);
    talloc_free(write);
    return STS_E_NOMEM;
}

size_t store_writer_pending(const struct store_writer *writer)
{
    return writer ? writer->pending : 0;
}

/* Without a worker the store and the batch are the loop's. */
static int store_writer_drop(struct store_writer *writer)
{
    TALLOC_FREE(writer->jobs);
    if (!writer->batch)
        writer->batch = next_batch(writer);
    while (writer->batch && writer->batch->count) {
        if (!writer->batch->over)
            run_batch(writer->batch);
        talloc_free(writer->batch);
        writer->batch = next_batch(writer);
    }
    talloc_free(writer->batch);
    talloc_free(writer->store);
    return 0;
}

enum sts_status store_writer_new(TALLOC_CTX *ctx, struct loop *loop, const char *where,
                                 struct store_writer **ret)
{
    struct store_writer *writer = talloc_zero(ctx, struct store_writer);
    enum sts_status status;

    if (!writer)
        return STS_E_NOMEM;
    TAILQ_INIT(&writer->queue);
    writer->where = talloc_strdup(writer, where);
    status = where && !writer->where ? STS_E_NOMEM : jobs_new(writer, loop, 1, &writer->jobs);
    if (status) {
        talloc_free(writer);
        return status;
    }
    talloc_set_destructor(writer, store_writer_drop);
    *ret = writer;
    return STS_OK;
}
