/* SPDX-License-Identifier: MIT */
/* check_links.c - results of the queue of checks in the store. */
#include "app/check_links.h"

#include <stdio.h>
#include <string.h>

#include "app/limits.h"
#include "base/clock.h"
#include "facts/facts_copy.h"
#include "facts/facts_json.h"
#include "store/readers.h"
#include "store/shared.h"
#include "store/writer.h"

#define DAY_S 86400

struct check_links {
    struct check_links_request request;
    size_t puts; /* so far */
};

struct check_links *check_links_new(TALLOC_CTX *ctx, const struct check_links_request *request)
{
    struct check_links *links = talloc_zero(ctx, struct check_links);

    if (!links)
        return NULL;
    links->request = *request;
    if (!links->request.now)
        links->request.now = clock_now;
    return links;
}

/* ---- into the store -------------------------------------------------------------------------- */

struct link_write {
    struct store_shared shared;
    struct facts *facts;
    bool prune;
};

static enum sts_status prepare(void *data)
{
    struct link_write *write = data;
    char *text;
    enum sts_status status = facts_write(write, write->facts, &text);

    if (status == STS_OK)
        write->shared.facts = bytes_of(text);
    return status;
}

static enum sts_status put(struct store *store, void *data)
{
    const struct link_write *write = data;
    enum sts_status status = store_put_shared(store, &write->shared);

    if (status == STS_OK && write->prune)
        status = store_prune_shared(store, write->shared.created, LIMIT_LINKS);
    return status;
}

static void on_put(void *arg, void *data, enum sts_status status, const struct store_fault *fault)
{
    const struct check_links_request *request = &((struct check_links *)arg)->request;

    (void)data;
    if (status != STS_OK && request->fault)
        request->fault(request->arg, fault);
}

static struct link_write *write_new(struct check_links *links, const struct check_run *run)
{
    struct link_write *write = talloc_zero(links, struct link_write);

    if (!write)
        return NULL;
    write->shared.id = talloc_strdup(write, run->id);
    write->shared.domain = talloc_strdup(write, run->domain);
    write->shared.created = links->request.now();
    write->shared.expires = write->shared.created + (int64_t)LIMIT_LINK_DAYS * DAY_S;
    write->prune = links->puts++ % LIMIT_LINKS_PRUNED == 0;
    if (!write->shared.id || !write->shared.domain ||
        facts_copy(write, run->diagnosis->facts, &write->facts) != STS_OK)
        TALLOC_FREE(write);
    return write;
}

void check_links_put(struct check_links *links, const struct check_run *run)
{
    struct link_write *write = write_new(links, run);
    const struct store_writer_request request = {
        .prepare = prepare, .write = put, .done = on_put, .data = write, .arg = links};
    enum sts_status status =
        write ? store_writer_put(links->request.writer, &request) : STS_E_NOMEM;

    if (status == STS_OK)
        return;
    talloc_free(write);
    on_put(links, NULL, status, NULL);
}

/* ---- out of the store ------------------------------------------------------------------------ */

/* All that the reader's thread makes hangs on it. */
struct link_found {
    char *id, *domain; /* id NULL: the domain's last */
    int64_t now;
    struct check_run run;
    struct look_event events[LOOK_STEPS + LOOK_HOSTS_MAX];
};

struct check_link_read {
    struct jobs_handle *job;
    check_link_fn done;
    void *arg;
};

static void list_events(struct link_found *found, const struct facts *facts)
{
    struct check_run *run = &found->run;

    for (size_t i = 0; i < LOOK_STEPS; i++) {
        for (size_t j = 0; i == LOOK_MX && j < facts->mx_count && j < LOOK_HOSTS_MAX; j++)
            found->events[run->event_count++] = (struct look_event){LOOK_MX, j, facts->elapsed_ms};
        found->events[run->event_count++] =
            (struct look_event){(enum look_step)i, LOOK_NO_HOST, facts->elapsed_ms};
    }
    run->events = found->events;
    run->host_count = facts->mx_count;
}

static enum sts_status judge(struct link_found *found, const struct store_shared *shared)
{
    struct diagnosis *diagnosis;
    struct facts *facts;
    char *why;
    enum sts_status status =
        facts_read(found, shared->facts.data, shared->facts.length, &facts, &why);

    if (status == STS_OK)
        status = diagnose(found, facts, facts->observed_at, &diagnosis);
    if (status != STS_OK)
        return status;
    snprintf(found->run.id, sizeof found->run.id, "%s", shared->id);
    snprintf(found->run.domain, sizeof found->run.domain, "%s", shared->domain);
    found->run.state = CHECK_DONE;
    found->run.asked_at = shared->created;
    list_events(found, facts);
    found->run.diagnosis = diagnosis;
    return STS_OK;
}

static enum sts_status read_link(struct store *store, void *data)
{
    struct link_found *found = data;
    struct store_shared *shared;
    enum sts_status status =
        found->id ? store_shared(store, found, found->id, found->now, &shared)
                  : store_last_shared(store, found, found->domain, found->now, &shared);

    return status == STS_OK && shared ? judge(found, shared) : status;
}

static void on_read(void *arg, void *data, enum sts_status status, const struct store_fault *fault)
{
    const struct check_link_read *read = arg;
    const struct link_found *found = data;
    bool absent = status == STS_E_IO && fault && fault->trouble == STORE_TROUBLE_ABSENT;

    read->done(read->arg, status == STS_OK && found->run.diagnosis ? &found->run : NULL,
               absent ? STS_OK : status);
}

static struct link_found *found_new(struct check_links *links, const struct check_link *link)
{
    struct link_found *found = talloc_zero(links, struct link_found);

    if (!found)
        return NULL;
    found->now = links->request.now();
    if (link->id)
        found->id = talloc_strdup(found, link->id);
    else
        found->domain = talloc_strdup(found, link->domain);
    if (!found->id && !found->domain)
        TALLOC_FREE(found);
    return found;
}

enum sts_status check_links_read(TALLOC_CTX *ctx, struct check_links *links,
                                 const struct check_link *link, check_link_fn done, void *arg,
                                 struct check_link_read **ret)
{
    struct check_link_read *read = talloc_zero(ctx, struct check_link_read);
    struct link_found *found = read ? found_new(links, link) : NULL;
    const struct store_read_request request = {read_link, on_read, found, read};
    enum sts_status status =
        found ? store_read_start(read, links->request.readers, &request, &read->job) : STS_E_NOMEM;

    if (status != STS_OK) {
        talloc_free(found);
        talloc_free(read);
        return status;
    }
    read->done = done;
    read->arg = arg;
    *ret = read;
    return STS_OK;
}
