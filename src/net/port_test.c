/* SPDX-License-Identifier: MIT */
/* port_test.c - a connection that is closed as soon as it is made. */
#include "net/port_test.h"

#include <unistd.h>

#include <event2/event.h>

#include "event/loop.h"
#include "net/tcp.h"

struct port_test {
    struct loop *loop;
    int fd;
    struct event *writable;
    struct loop_timer *timer;
    enum net_outcome outcome;
    port_test_fn done;
    void *arg;
};

static void hang_up(struct port_test *test)
{
    if (test->writable)
        event_free(test->writable);
    test->writable = NULL;
    if (test->fd >= 0)
        close(test->fd);
    test->fd = -1;
}

static int test_drop(struct port_test *test)
{
    hang_up(test);
    return 0;
}

static void answered(evutil_socket_t fd, short what, void *arg)
{
    struct port_test *test = arg;
    int error = tcp_connect_error((int)fd);

    (void)what;
    loop_woke(test->loop);
    test->outcome = error ? tcp_outcome(error) : NET_OK;
    hang_up(test);
    talloc_free(test->timer);
    test->done(test->arg, test->outcome);
}

/* The deadline, or a failure at once. */
static void test_ends(void *arg)
{
    struct port_test *test = arg;

    hang_up(test);
    test->done(test->arg, test->outcome);
}

enum sts_status port_test(TALLOC_CTX *ctx, struct loop *loop,
                          const struct port_test_request *request, struct port_test **ret)
{
    struct port_test *test = talloc_zero(ctx, struct port_test);
    int64_t deadline = request->deadline;
    enum sts_status status;
    int error;

    if (!test)
        return STS_E_NOMEM;
    test->loop = loop;
    test->outcome = NET_TIMEOUT;
    test->done = request->done;
    test->arg = request->arg;
    test->fd = tcp_connect(request->address, request->port, &error);
    talloc_set_destructor(test, test_drop);
    if (test->fd >= 0) {
        test->writable = event_new(loop_base(loop), test->fd, EV_WRITE, answered, test);
        if (!test->writable) {
            talloc_free(test);
            return STS_E_NOMEM;
        }
        event_add(test->writable, NULL);
    } else {
        test->outcome = tcp_outcome(error);
        deadline = 0;
    }
    status = loop_timer_start(test, loop, deadline, test_ends, test, &test->timer);
    if (status != STS_OK) {
        talloc_free(test);
        return status;
    }
    *ret = test;
    return STS_OK;
}
