/* SPDX-License-Identifier: MIT */
/* domain_watch_stop.c - what is ours and not done is given back, so that nobody waits for it. */
#include "app/domain_watch_work.h"

#include "base/array.h"
#include "store/writer.h"

struct back_write {
    struct back {
        const char *domain;
        int64_t until, first;
    } * list;
    size_t count;
};

static enum sts_status write_back(struct store *store, void *data)
{
    const struct back_write *write = data;
    enum sts_status status = STS_OK;

    for (size_t i = 0; !status && i < write->count; i++)
        status = store_schedule_back(store, write->list[i].domain, write->list[i].until,
                                     write->list[i].first);
    return status;
}

static void on_written(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    struct domain_watch *watch = arg;

    (void)data;
    if (status)
        watch_fail(watch, fault);
    watch->stopped(watch->stopped_arg);
}

/* Where there is no memory it is due again by itself. */
static void add(struct back_write *write, const char *domain, int64_t until, int64_t first)
{
    const char *copy = talloc_strdup(write, domain);
    struct back *made = copy ? array_grow(write, &write->list, &write->count, sizeof(*made)) : NULL;

    if (made)
        *made = (struct back){copy, until, first};
}

static void add_all(struct back_write *write, const struct domain_watch *watch)
{
    const struct watch_look *look;
    const struct watch_doubt *doubt;

    TAILQ_FOREACH(look, &watch->claimed, link)
    add(write, look->domain, look->until, look->first);
    TAILQ_FOREACH(look, &watch->looking, link)
    add(write, look->domain, look->until, look->first);
    TAILQ_FOREACH(doubt, &watch->doubts, link)
    add(write, doubt->facts->domain, doubt->until, doubt->first);
}

void watch_give_back(struct domain_watch *watch)
{
    struct back_write *write = talloc_zero(watch, struct back_write);
    const struct store_writer_request request = {NULL, write_back, on_written, write, watch};

    if (write)
        add_all(write, watch);
    if (write && write->count && store_writer_put(watch->request.writer, &request) == STS_OK)
        return;
    talloc_free(write);
    watch->stopped(watch->stopped_arg);
}

void domain_watch_stop(struct domain_watch *watch, loop_fn stopped, void *arg)
{
    watch->stopped = stopped;
    watch->stopped_arg = arg;
    if (!watch->claiming)
        watch_give_back(watch);
}
