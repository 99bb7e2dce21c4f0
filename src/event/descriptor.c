/* SPDX-License-Identifier: MIT */
/* descriptor.c - libevent's event of a descriptor, which says that it came. */
#include "event/descriptor.h"

#include <event2/event.h>

struct descriptor_watch {
    struct loop *loop;
    struct event *event;
    loop_fn ready;
    void *arg;
};

static int watch_drop(struct descriptor_watch *watch)
{
    event_free(watch->event);
    return 0;
}

static void on_ready(evutil_socket_t fd, short what, void *arg)
{
    struct descriptor_watch *watch = arg;

    (void)fd, (void)what;
    loop_woke(watch->loop);
    watch->ready(watch->arg);
}

enum sts_status descriptor_watch_start(TALLOC_CTX *ctx, struct loop *loop,
                                       const struct descriptor_watch_request *request,
                                       struct descriptor_watch **ret)
{
    struct descriptor_watch *watch = talloc_zero(ctx, struct descriptor_watch);
    short what = request->use == DESCRIPTOR_READ ? EV_READ : EV_WRITE;

    if (!watch)
        return STS_E_NOMEM;
    *watch = (struct descriptor_watch){.loop = loop, .ready = request->ready, .arg = request->arg};
    watch->event =
        event_new(loop_base(loop), request->fd, (short)(what | EV_PERSIST), on_ready, watch);
    if (watch->event)
        talloc_set_destructor(watch, watch_drop);
    if (!watch->event || event_add(watch->event, NULL) != 0) {
        talloc_free(watch);
        return STS_E_NOMEM;
    }
    *ret = watch;
    return STS_OK;
}

void descriptor_watch_hold(struct descriptor_watch *watch, bool hold)
{
    if (hold)
        event_del(watch->event);
    else
        event_add(watch->event, NULL);
}
