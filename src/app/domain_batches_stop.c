/* SPDX-License-Identifier: MIT */
/* domain_batches_stop.c - what is ours and not done is given back, as in domain_watch_stop.c. */
#include "app/domain_batches_work.h"

#include "base/array.h"
#include "store/batches.h"
#include "store/writer.h"

struct back_write {
    struct back {
        int64_t batch, place, until;
    } * list;
    size_t count;
    int64_t now;
};

static enum sts_status write_back(struct store *store, void *data)
{
    const struct back_write *write = data;
    enum sts_status status = STS_OK;

    for (size_t i = 0; !status && i < write->count; i++)
        status = store_batch_back(store, write->list[i].batch, write->list[i].place,
                                  write->list[i].until, write->now);
    return status;
}

static void on_written(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    struct domain_batches *batches = arg;

    (void)data;
    if (status)
        batches->request.fault(batches->request.arg, fault);
    batches->stopped(batches->stopped_arg);
}

/* Where there is no memory it is waited for, as after a kill. */
static void add_all(struct back_write *write, const struct batch_looks *looks)
{
    const struct batch_look *look;

    TAILQ_FOREACH(look, looks, link)
    {
        struct back *made = array_grow(write, &write->list, &write->count, sizeof(*made));

        if (made)
            *made = (struct back){look->batch, look->place, look->until};
    }
}

void batches_give_back(struct domain_batches *batches)
{
    struct back_write *write = talloc_zero(batches, struct back_write);
    const struct store_writer_request request = {NULL, write_back, on_written, write, batches};

    if (write) {
        write->now = batches->request.now();
        add_all(write, &batches->claimed);
        add_all(write, &batches->looking);
    }
    if (write && write->count && store_writer_put(batches->request.writer, &request) == STS_OK)
        return;
    talloc_free(write);
    batches->stopped(batches->stopped_arg);
}

void domain_batches_stop(struct domain_batches *batches, loop_fn stopped, void *arg)
{
    batches->stopped = stopped;
    batches->stopped_arg = arg;
    if (!batches->claiming)
        batches_give_back(batches);
}
