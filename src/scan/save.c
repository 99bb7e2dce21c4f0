/* SPDX-License-Identifier: MIT */
/* save.c - results on their way into the store, and then into the file.
 *
 * A line is written when its check is durable.  So whoever is killed has no line without its check;
 * a check without its line there may be, and the scan that is continued looks at that domain again,
 * but does not store it twice: what the store has of it since the scan began is this one. */
#include "event/loop.h"
#include "scan/work.h"

static enum sts_status write_result(struct store *store, void *data)
{
    const struct result *result = data;
    int64_t seq;

    return result->continued ? stored_check_write_once(store, result->check, result->since)
                             : stored_check_write(store, result->check, &seq);
}

/* The first fault counts; what waits for the store would meet the same. */
static void fail(struct work *work, enum sts_status status, const struct store_fault *fault)
{
    bool first = atomic_load(&work->outcome) == SCAN_DONE;

    if (fault && first && work->config->store_failed)
        work->config->store_failed(work->config->arg, fault);
    work_fail(work, status == STS_E_IO ? SCAN_STORE_FAILED : SCAN_NO_MEMORY);
    store_writer_refuse(work->writer, status, fault);
}

static void on_written(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    struct work *work = arg;
    struct result *result = data;

    if (status == STS_E_IO || status == STS_E_NOMEM) {
        fail(work, status, fault);
    } else {
        *(status ? &work->unsaved : &work->saved) += 1;
        work_write(work, talloc_steal(NULL, result->line));
    }
    wakeup_signal(work->lines_added);
}

enum sts_status work_save_open(struct work *work)
{
    if (!work->config->save)
        return STS_OK;
    return store_writer_new(work, work->loop, work->config->store, &work->writer);
}

bool work_saves_no_more(const struct work *work)
{
    return store_writer_pending(work->writer) >= SAVING_MAX;
}

void work_save(struct work *work, struct result *result)
{
    const struct store_writer_request request = {
        .write = write_result, .done = on_written, .data = result, .arg = work};

    if (atomic_load(&work->outcome) != SCAN_DONE) {
        talloc_free(result);
    } else if (store_writer_put(work->writer, &request) != STS_OK) {
        talloc_free(result);
        work_fail(work, SCAN_NO_MEMORY);
    }
}
