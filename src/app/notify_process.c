/* SPDX-License-Identifier: MIT */
/* notify_process.c - the process that runs the command: a child for each text, side by side.
 *
 * Between batches there is nothing to do but to wait for the next, so reading one blocks.  While it
 * runs, whatever comes means to stop. */
#include "app/notify_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "event/child.h"
#include "event/descriptor.h"

#define SHELL      "/bin/sh"
#define JOBS_MAX   64
#define VARIABLE   "MTASTS_DOMAIN="
#define DOMAIN_MAX 255         /* bytes */
#define TEXT_MAX   (64u << 20) /* bytes of one order */

/* One run of the command. */
struct run {
    struct notify_batch *batch;
    char *domain, *text;
    struct child *child; /* NULL: it has ended, or did not begin yet */
};

struct notify_batch {
    int fd;
    const char *command;
    struct loop *loop;
    struct loop_timer *turn; /* due now: there may be something to begin, or nothing left */
    int64_t timeout_ms;
    size_t jobs;
    struct run *runs;
    size_t count, begun, running;
    bool interrupted;
};

/* ---- the socket ------------------------------------------------------------------------------ */

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

static char *receive_text(TALLOC_CTX *ctx, int fd, uint32_t length, uint32_t most)
{
    char *text = length <= most ? talloc_size(ctx, (size_t)length + 1) : NULL;

    if (!text || !receive_all(fd, text, length))
        return NULL;
    text[length] = '\0';
    return text;
}

/* Its words of a stranger are those of a domain name only. */
static bool is_name(const char *domain)
{
    return strspn(domain, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == strlen(domain);
}

static bool receive_order(struct notify_batch *batch, struct run *run)
{
    struct notify_order_head head;

    if (!receive_all(batch->fd, &head, sizeof(head)))
        return false;
    run->batch = batch;
    run->domain = receive_text(batch, batch->fd, head.domain, DOMAIN_MAX);
    run->text = receive_text(batch, batch->fd, head.text, TEXT_MAX);
    return run->domain && run->text && is_name(run->domain);
}

static bool receive_batch(struct notify_batch *batch)
{
    struct notify_batch_head head;

    if (!receive_all(batch->fd, &head, sizeof(head)) || head.count > UINT32_MAX)
        return false;
    batch->timeout_ms = head.timeout_ms;
    batch->jobs = head.jobs < JOBS_MAX ? (size_t)head.jobs : JOBS_MAX;
    batch->runs = talloc_zero_array(batch, struct run, (unsigned)head.count);
    for (; batch->runs && batch->count < head.count; batch->count++)
        if (!receive_order(batch, &batch->runs[batch->count]))
            return false;
    return batch->runs;
}

/* Whoever asked may be gone; that is seen when the next batch is read. */
static void answer(const struct notify_batch *batch, size_t order, enum notify_outcome outcome,
                   int number)
{
    const struct notify_result result = {order, (uint32_t)outcome, number};

    (void)send_all(batch->fd, &result, sizeof(result));
}

/* ---- a run ----------------------------------------------------------------------------------- */

/* The environment with MTASTS_DOMAIN. */
static char **environment(TALLOC_CTX *ctx, const char *domain)
{
    size_t count = 0;
    char **made;

    while (environ[count])
        count++;
    made = talloc_zero_array(ctx, char *, (unsigned)count + 2);
    if (!made)
        return NULL;
    made[0] = talloc_asprintf(made, "%s%s", VARIABLE, domain);
    if (!made[0])
        return NULL;
    for (size_t i = 0, at = 1; i < count; i++)
        if (strncmp(environ[i], VARIABLE, strlen(VARIABLE)) != 0)
            made[at++] = environ[i];
    return made;
}

static void on_end(void *arg, const struct child_end *end)
{
    static const enum notify_outcome outcomes[] = {
        [CHILD_EXITED] = NOTIFY_EXITED,
        [CHILD_KILLED] = NOTIFY_KILLED,
        [CHILD_TIMED_OUT] = NOTIFY_TIMED_OUT,
    };
    struct run *run = arg;
    struct notify_batch *batch = run->batch;
    bool delivered = end->outcome == CHILD_EXITED && end->number == 0;

    TALLOC_FREE(run->child);
    batch->running--;
    answer(batch, (size_t)(run - batch->runs),
           delivered ? NOTIFY_DELIVERED : outcomes[end->outcome], end->number);
    loop_timer_again(batch->turn, loop_now(batch->loop));
}

/* 0, or an error number. */
static int begin(struct notify_batch *batch, struct run *run)
{
    const char *const words[] = {"sh", "-c", batch->command, NULL};
    char **env = environment(batch, run->domain);
    const struct child_request request = {.path = SHELL,
                                          .words = words,
                                          .environment = env,
                                          .input = bytes_of(run->text),
                                          .deadline = loop_now(batch->loop) + batch->timeout_ms,
                                          .over = on_end,
                                          .arg = run};
    enum sts_status status = STS_E_NOMEM;

    if (env)
        status = child_start(batch, batch->loop, &request, &run->child);
    talloc_free(env);
    return status == STS_OK ? 0 : status == STS_E_IO ? errno : ENOMEM;
}

/* ---- a batch --------------------------------------------------------------------------------- */

static void begin_next(struct notify_batch *batch)
{
    size_t i = batch->begun++;
    int error = batch->interrupted ? 0 : begin(batch, &batch->runs[i]);

    if (batch->interrupted)
        answer(batch, i, NOTIFY_INTERRUPTED, 0);
    else if (error)
        answer(batch, i, NOTIFY_NOT_BEGUN, error);
    else
        batch->running++;
}

static void on_turn(void *arg)
{
    struct notify_batch *batch = arg;

    while (batch->begun < batch->count && batch->running < batch->jobs)
        begin_next(batch);
    if (!batch->running)
        loop_stop(batch->loop);
}

static void on_stop(void *arg)
{
    struct notify_batch *batch = arg;

    batch->interrupted = true;
    for (size_t i = 0; i < batch->begun; i++)
        if (batch->runs[i].child) {
            TALLOC_FREE(batch->runs[i].child);
            batch->running--;
            answer(batch, i, NOTIFY_INTERRUPTED, 0);
        }
    on_turn(batch);
}

static enum sts_status run_batch(struct notify_batch *batch)
{
    const struct descriptor_watch_request request = {batch->fd, DESCRIPTOR_READ, on_stop, batch};
    struct descriptor_watch *stop;
    enum sts_status status = descriptor_watch_start(batch, batch->loop, &request, &stop);

    if (status == STS_OK)
        status = loop_timer_start(batch, batch->loop, loop_now(batch->loop), on_turn, batch,
                                  &batch->turn);
    return status == STS_OK ? loop_run(batch->loop) : status;
}

static bool serve_batch(const struct notify_batch *like)
{
    struct notify_batch *batch = talloc_memdup(NULL, like, sizeof(*like));
    bool goes_on = batch && receive_batch(batch) && run_batch(batch) == STS_OK;

    talloc_free(batch);
    return goes_on;
}

/* Interrupts are for who asked; what that says about them counts. */
void notify_process(const char *command, int fd)
{
    struct notify_batch like = {.fd = fd, .command = command};
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    bool goes_on = nothing >= 0 && loop_new(NULL, &like.loop) == STS_OK;

    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
    /* Nobody who reads our output is to wait for this process. */
    (void)dup2(nothing, STDIN_FILENO);
    (void)dup2(STDERR_FILENO, STDOUT_FILENO);
    while (goes_on)
        goes_on = serve_batch(&like);
    _exit(0);
}
