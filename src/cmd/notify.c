/* SPDX-License-Identifier: MIT */
/* notify.c - the process that runs the command of --notify, and what is said to it.
 *
 * To it: for each batch a head, and for each order a head, the domain and the text; a byte behind
 * the last batch asks it to end what runs.  From it: for each order its place in the batch and why
 * it was not delivered.  Where our end is closed it ends what runs, and itself. */
#include "cmd/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cmd/service.h"

#define POLL_MS    200         /* how soon a request to stop is passed on */
#define DOMAIN_MAX 255         /* bytes */
#define TEXT_MAX   (64u << 20) /* bytes of one order */
#define WHY_MAX    4096        /* bytes */
#define DELIVERED  UINT32_MAX  /* in place of the length of a reason */

struct batch_head {
    int64_t timeout_ms;
    uint64_t jobs, count;
};

struct order_head {
    uint32_t domain, text; /* bytes that follow */
};

struct result_head {
    uint64_t order;
    uint32_t why; /* bytes that follow */
};

static int process = -1; /* our end of the socket; -1: none */

static bool send_all(int fd, const void *data, size_t length)
{
    const char *at = data;

    while (length) {
        ssize_t done = send(fd, at, length, MSG_NOSIGNAL);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        at += done;
        length -= (size_t)done;
    }
    return true;
}

static bool receive_all(int fd, void *data, size_t length)
{
    char *at = data;

    while (length) {
        ssize_t done = recv(fd, at, length, 0);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        at += done;
        length -= (size_t)done;
    }
    return true;
}

/* ---- the process ----------------------------------------------------------------------------- */

static int asked; /* its end of the socket */

/* Its words of a stranger are those of a domain name only. */
static bool is_name(const char *domain)
{
    return strspn(domain, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == strlen(domain);
}

static char *receive_text(TALLOC_CTX *ctx, uint32_t length, uint32_t most)
{
    char *text = length <= most ? talloc_size(ctx, (size_t)length + 1) : NULL;

    if (!text || !receive_all(asked, text, length))
        return NULL;
    text[length] = '\0';
    return text;
}

static bool receive_order(TALLOC_CTX *ctx, struct notify_order *order)
{
    struct order_head head;

    if (!receive_all(asked, &head, sizeof(head)))
        return false;
    order->domain = receive_text(ctx, head.domain, DOMAIN_MAX);
    order->text = receive_text(ctx, head.text, TEXT_MAX);
    return order->domain && order->text && is_name(order->domain);
}

/* A byte, or the end of who asked: either means to stop. */
static bool is_asked_to_stop(void)
{
    struct pollfd polled = {.fd = asked, .events = POLLIN};

    return poll(&polled, 1, 0) > 0;
}

static void answer(void *arg, const struct notify_order *order, const char *why)
{
    const struct notify_order *first = arg;
    size_t length = why ? strnlen(why, WHY_MAX) : 0;
    struct result_head head = {(uint64_t)(order - first), why ? (uint32_t)length : DELIVERED};

    if (send_all(asked, &head, sizeof(head)))
        (void)send_all(asked, why, length);
}

static bool serve_batch(TALLOC_CTX *ctx, const char *command)
{
    struct batch_head head;
    struct notify_order *orders;
    struct notify notify = {.done = answer, .stop = is_asked_to_stop};

    if (!receive_all(asked, &head, sizeof(head)) || head.count > UINT32_MAX)
        return false;
    orders = talloc_zero_array(ctx, struct notify_order, (unsigned)head.count);
    for (size_t i = 0; orders && i < head.count; i++)
        if (!receive_order(orders, &orders[i]))
            return false;
    notify.timeout_ms = head.timeout_ms;
    notify.jobs = (size_t)head.jobs;
    notify.arg = orders;
    return orders && notify_run_here(ctx, command, &notify, orders, (size_t)head.count);
}

/* Interrupts are for who asked; what that says about them counts. */
__attribute__((noreturn)) static void serve(const char *command, int fd)
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    bool goes_on = nothing >= 0;

    asked = fd;
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
    /* Nobody who reads our output is to wait for this process. */
    (void)dup2(nothing, STDIN_FILENO);
    (void)dup2(STDERR_FILENO, STDOUT_FILENO);
    while (goes_on) {
        TALLOC_CTX *ctx = talloc_new(NULL);

        goes_on = ctx && serve_batch(ctx, command);
        talloc_free(ctx);
    }
    _exit(0);
}

bool notify_prepare(const char *command)
{
    int ends[2];
    pid_t child;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    child = fork();
    if (child == 0) {
        close(ends[0]);
        serve(command, ends[1]);
    }
    close(ends[1]);
    if (child < 0)
        close(ends[0]);
    else
        process = ends[0];
    return child >= 0;
}

/* ---- what is said to it ---------------------------------------------------------------------- */

static bool ask(const struct notify *notify, const struct notify_order *orders, size_t count)
{
    struct batch_head head = {notify->timeout_ms, notify->jobs, count};
    bool sent = send_all(process, &head, sizeof(head));

    for (size_t i = 0; sent && i < count; i++) {
        struct order_head order = {(uint32_t)strlen(orders[i].domain),
                                   (uint32_t)strlen(orders[i].text)};

        service_alive();
        sent = send_all(process, &order, sizeof(order)) &&
               send_all(process, orders[i].domain, order.domain) &&
               send_all(process, orders[i].text, order.text);
    }
    return sent;
}

static void pass_on_stop(const struct notify *notify, bool *asked_to_stop)
{
    if (*asked_to_stop || !notify->stop())
        return;
    *asked_to_stop = true;
    (void)send_all(process, "s", 1);
}

/* One result; false: there will be none any more. */
static bool take_result(const struct notify *notify, const struct notify_order *orders,
                        size_t count, bool *done)
{
    struct result_head head;
    char why[WHY_MAX + 1];

    if (!receive_all(process, &head, sizeof(head)) || head.order >= count || done[head.order])
        return false;
    done[head.order] = true;
    if (head.why == DELIVERED) {
        notify->done(notify->arg, &orders[head.order], NULL);
        return true;
    }
    if (head.why > WHY_MAX || !receive_all(process, why, head.why))
        head.why = 0;
    why[head.why] = '\0';
    notify->done(notify->arg, &orders[head.order], why);
    return true;
}

static bool wait_for_result(const struct notify *notify, bool *asked_to_stop)
{
    struct pollfd polled = {.fd = process, .events = POLLIN};
    int ready;

    do {
        pass_on_stop(notify, asked_to_stop);
        service_alive();
        ready = poll(&polled, 1, POLL_MS);
    } while (ready == 0 || (ready < 0 && errno == EINTR));
    return ready > 0;
}

bool notify_run(TALLOC_CTX *ctx, const struct notify *notify, const struct notify_order *orders,
                size_t count)
{
    bool *done = talloc_zero_array(ctx, bool, (unsigned)count + 1);
    bool asked_to_stop = false, goes_on;
    size_t left = count;

    if (!done)
        return false;
    goes_on = process >= 0 && ask(notify, orders, count);
    while (goes_on && left) {
        goes_on =
            wait_for_result(notify, &asked_to_stop) && take_result(notify, orders, count, done);
        left -= goes_on;
    }
    for (size_t i = 0; !goes_on && i < count; i++)
        if (!done[i])
            notify->done(notify->arg, &orders[i], _("the process that runs the command has ended"));
    talloc_free(done);
    return true;
}
