/* SPDX-License-Identifier: MIT */
/* notify.c - the process that runs the command, and what is said to it.
 *
 * A batch is written piece by piece, as the socket takes it: its head, and for each order a head,
 * the domain and the text.  Results come while others still run. */
#include "app/notify.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/notify_process.h"
#include "base/bytes.h"
#include "base/memory.h"
#include "event/descriptor.h"

#define PIECES 3 /* of an order */

struct notify {
    struct notify_request request;
    struct descriptor_watch *watch_in, *watch_out; /* out: NULL when all is written */
    struct loop_timer *gone;                       /* there is no process; NULL */
    struct notify_batch_head batch;
    struct notify_order_head order;
    size_t piece;   /* that is being written */
    size_t written; /* bytes of it */
    struct notify_result result;
    size_t got; /* bytes of it */
    bool *ended;
    size_t left; /* orders */
    bool interrupted;
};

/* Our ends of the sockets, each above 0; 0: none. */
static int processes[NOTIFY_USES];

static int *process_of(const struct notify *notify)
{
    return &processes[notify->request.use];
}

/* It outlives us by a moment: nothing of ours, a socket that listens or the ends of other lanes, is
 * to be held by it. */
static void close_all_but(int fd)
{
    if (fd > STDERR_FILENO + 1)
        (void)close_range(STDERR_FILENO + 1, (unsigned)fd - 1, 0);
    (void)close_range((unsigned)fd + 1, ~0u, 0);
}

bool notify_prepare(enum notify_use use, const char *command)
{
    int ends[2];
    pid_t child;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    child = fork();
    if (child == 0) {
        close_all_but(ends[1]);
        notify_process(command, ends[1]);
    }
    close(ends[1]);
    if (child < 0)
        close(ends[0]);
    else
        processes[use] = ends[0];
    return child >= 0;
}

bool notify_prepare_lanes(enum notify_use first, const char *command)
{
    for (unsigned lane = 0; lane < NOTIFY_LANES; lane++)
        if (!notify_prepare((enum notify_use)(first + lane), command))
            return false;
    return true;
}

bool notify_is_there(enum notify_use use)
{
    return processes[use] > 0;
}

/* ---- an order ends --------------------------------------------------------------------------- */

static void end_order(struct notify *notify, size_t order, enum notify_outcome outcome, int number)
{
    bool forgiven = memory_forgive(false); /* what is written down then needs all of it */

    notify->ended[order] = true;
    notify->left--;
    notify->request.done(notify->request.arg, &notify->request.orders[order],
                         &(struct notify_end){outcome, number});
    memory_forgive(forgiven);
}

static void stop_watching(struct notify *notify)
{
    TALLOC_FREE(notify->watch_in);
    TALLOC_FREE(notify->watch_out);
}

static void end_all(struct notify *notify)
{
    stop_watching(notify);
    notify->request.over(notify->request.arg);
}

static void hang_up(const struct notify *notify)
{
    int *process = process_of(notify);

    if (*process > 0)
        close(*process);
    *process = 0;
}

static void process_has_ended(void *arg)
{
    struct notify *notify = arg;

    for (size_t i = 0; i < notify->request.count; i++)
        if (!notify->ended[i])
            end_order(notify, i, NOTIFY_NO_PROCESS, 0);
    stop_watching(notify);
    hang_up(notify);
    end_all(notify);
}

/* ---- what is said to it ---------------------------------------------------------------------- */

static size_t pieces_of(const struct notify *notify)
{
    return 1 + PIECES * notify->request.count;
}

static struct bytes piece_at(struct notify *notify, size_t piece)
{
    const struct notify_order *order;

    if (piece == 0)
        return (struct bytes){(const char *)&notify->batch, sizeof(notify->batch)};
    order = &notify->request.orders[(piece - 1) / PIECES];
    switch ((piece - 1) % PIECES) {
    case 0:
        notify->order = (struct notify_order_head){(uint32_t)strlen(order->domain),
                                                   (uint32_t)strlen(order->text)};
        return (struct bytes){(const char *)&notify->order, sizeof(notify->order)};
    case 1:
        return bytes_of(order->domain);
    default:
        return bytes_of(order->text);
    }
}

static void ask_to_stop(const struct notify *notify)
{
    (void)send(*process_of(notify), "s", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void all_is_written(struct notify *notify)
{
    TALLOC_FREE(notify->watch_out);
    if (notify->interrupted)
        ask_to_stop(notify);
}

static void on_writable(void *arg)
{
    struct notify *notify = arg;
    struct bytes left = bytes_from(piece_at(notify, notify->piece), notify->written);
    ssize_t done = send(*process_of(notify), left.data, left.length, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (done < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (done < 0) {
        process_has_ended(notify);
        return;
    }
    notify->written += (size_t)done;
    if ((size_t)done < left.length)
        return;
    notify->written = 0;
    if (++notify->piece == pieces_of(notify))
        all_is_written(notify);
}

void notify_interrupt(struct notify *notify)
{
    if (notify->interrupted)
        return;
    notify->interrupted = true;
    if (!notify->watch_out)
        ask_to_stop(notify);
}

/* ---- what it says ---------------------------------------------------------------------------- */

static bool is_sound(const struct notify *notify)
{
    const struct notify_result *result = &notify->result;

    return result->order < notify->request.count && !notify->ended[result->order] &&
           result->outcome < NOTIFY_OUTCOMES;
}

static void on_readable(void *arg)
{
    struct notify *notify = arg;
    const struct notify_result *result = &notify->result;
    ssize_t done = recv(*process_of(notify), (char *)&notify->result + notify->got,
                        sizeof(notify->result) - notify->got, MSG_DONTWAIT);

    if (done < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    notify->got += done > 0 ? (size_t)done : 0;
    if (done > 0 && notify->got < sizeof(notify->result))
        return;
    notify->got = 0;
    if (done <= 0 || !is_sound(notify)) {
        process_has_ended(notify);
        return;
    }
    end_order(notify, (size_t)result->order, (enum notify_outcome)result->outcome, result->number);
    if (!notify->left)
        end_all(notify);
}

/* ---- the start ------------------------------------------------------------------------------- */

/* Results that nobody takes would be taken for those of the next. */
static int notify_drop(struct notify *notify)
{
    stop_watching(notify);
    if (notify->left)
        hang_up(notify);
    return 0;
}

static enum sts_status watch(struct notify *notify, struct loop *loop)
{
    const struct descriptor_watch_request in = {*process_of(notify), DESCRIPTOR_READ, on_readable,
                                                notify};
    const struct descriptor_watch_request out = {*process_of(notify), DESCRIPTOR_WRITE, on_writable,
                                                 notify};
    enum sts_status status;

    if (*process_of(notify) <= 0)
        return loop_timer_start(notify, loop, loop_now(loop), process_has_ended, notify,
                                &notify->gone);
    status = descriptor_watch_start(notify, loop, &in, &notify->watch_in);
    if (status != STS_OK)
        return status;
    return descriptor_watch_start(notify, loop, &out, &notify->watch_out);
}

enum sts_status notify_start(TALLOC_CTX *ctx, struct loop *loop,
                             const struct notify_request *request, struct notify **ret)
{
    struct notify *notify = talloc_zero(ctx, struct notify);
    enum sts_status status;

    if (!notify)
        return STS_E_NOMEM;
    notify->request = *request;
    notify->batch = (struct notify_batch_head){request->timeout_ms, request->jobs, request->count};
    notify->left = request->count;
    notify->ended = talloc_zero_array(notify, bool, (unsigned)request->count);
    status = notify->ended ? watch(notify, loop) : STS_E_NOMEM;
    if (status != STS_OK) {
        talloc_free(notify);
        return status;
    }
    talloc_set_destructor(notify, notify_drop);
    *ret = notify;
    return STS_OK;
}
