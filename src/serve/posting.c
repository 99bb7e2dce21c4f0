/* SPDX-License-Identifier: MIT */
/* posting.c - a body out of its file, on a thread, to a receiver. */
#include "serve/posting.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "event/jobs.h"
#include "serve/account_pages.h"
#include "serve/exchange.h"
#include "serve/service.h"
#include "serve/upload.h"

/* A child of the exchange, which may go first. */
struct posting {
    struct exchange *exchange;
    struct receiver *receiver;
    struct jobs_handle *job;
    posting_done_fn done;
};

static int posting_drop(struct posting *posting)
{
    receiver_forget(posting->receiver, posting);
    return 0;
}

/* The body, read on a thread; the descriptor is its own, since the exchange may go first. */
struct posted_body {
    int fd;
    int64_t offset;
    size_t length;
    char *bytes;
    struct receiver_set *set;
    bool complete;
};

static int posted_body_drop(struct posted_body *body)
{
    if (body->fd >= 0)
        close(body->fd);
    return 0;
}

static void read_body(void *data)
{
    struct posted_body *body = data;
    size_t done = 0;
    ssize_t got = 1;

    while (done < body->length && got > 0) {
        got =
            pread(body->fd, body->bytes + done, body->length - done, body->offset + (int64_t)done);
        if (got < 0 && errno == EINTR)
            got = 1;
        else if (got > 0)
            done += (size_t)got;
    }
    body->complete = done == body->length;
}

static void tell(struct posting *posting, const struct receiver_item *item)
{
    enum i18n_language before = account_pages_speak(posting->exchange);

    posting->done(posting->exchange, item);
    i18n_use(before);
}

static void on_stored(void *arg, struct receiver_set *set, enum sts_status status,
                      const struct store_fault *fault)
{
    (void)fault;
    tell(arg, status == STS_OK ? &set->items[0] : NULL);
}

static void on_body(void *arg, void *data)
{
    struct posting *posting = arg;
    struct posted_body *body = data;
    struct receiver_set *set = body->set;

    if (body->complete) {
        set->items[0].bytes = (struct bytes){body->bytes, body->length};
        (void)talloc_steal(set, body->bytes);
        (void)talloc_steal(posting, set);
    }
    if (!body->complete || receiver_take(posting->receiver, set, on_stored, posting) != STS_OK)
        tell(posting, NULL);
}

static struct posted_body *body_of(struct exchange *exchange, const struct upload *upload,
                                   struct receiver_set *set)
{
    struct posted_body *body = talloc_zero(exchange, struct posted_body);

    if (!body)
        return NULL;
    body->fd = upload_open(upload, &body->offset);
    talloc_set_destructor(body, posted_body_drop);
    body->length = (size_t)upload->length;
    body->bytes = talloc_size(body, body->length + 1);
    body->set = talloc_steal(body, set);
    return body->fd >= 0 && body->bytes ? body : NULL;
}

static bool start_reading(struct exchange *exchange, const struct posting_request *posted,
                          struct posting *posting)
{
    const struct jobs_request request = {.work = read_body,
                                         .done = on_body,
                                         .data = body_of(exchange, posted->upload, posted->set),
                                         .arg = posting};

    return request.data &&
           jobs_start(posting, exchange_service(exchange)->jobs, &request, &posting->job) == STS_OK;
}

/* What is in memory needs no thread. */
static bool take_at_once(const struct posting_request *posted, struct posting *posting)
{
    struct receiver_set *set = posted->set;
    struct bytes *bytes = &set->items[0].bytes;

    if (posted->upload) {
        *bytes = posted->upload->memory;
        bytes->data = talloc_memdup(set, bytes->data, bytes->length);
    }
    return bytes->data && receiver_take(posted->receiver, set, on_stored, posting) == STS_OK;
}

bool posting_start(struct exchange *exchange, const struct posting_request *posted)
{
    struct posting *posting = talloc_zero(exchange, struct posting);

    if (!posting)
        return false;
    posting->exchange = exchange;
    posting->receiver = posted->receiver;
    posting->done = posted->done;
    talloc_set_destructor(posting, posting_drop);
    if (posted->upload && posted->upload->fd >= 0)
        return start_reading(exchange, posted, posting);
    return take_at_once(posted, posting);
}

struct receiver_set *posting_set(TALLOC_CTX *ctx, const char *kind, const char *source)
{
    struct receiver_set *set = talloc_zero(ctx, struct receiver_set);

    if (!set)
        return NULL;
    set->items = talloc_zero(set, struct receiver_item);
    set->count = 1;
    set->now = clock_now();
    set->way = (struct store_way_name){kind, "", ""};
    if (set->items)
        set->items[0].source = talloc_strdup(set, source);
    return set->items && set->items[0].source ? set : NULL;
}
