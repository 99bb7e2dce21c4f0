/* SPDX-License-Identifier: MIT */
/* program.c - sendmail(1) and the command: processes that were begun before the sandbox. */
#include "alerts/sending.h"

#include <errno.h>
#include <string.h>

#include "alerts/limits.h"
#include "base/array.h"
#include "base/i18n.h"

static void begin_batch(struct program *program);

static void on_done(void *arg, const struct notify_order *order, const struct notify_end *end)
{
    struct sending *sending = order->arg;
    char *fault = NULL;

    (void)arg;
    if (end->outcome == NOTIFY_DELIVERED) {
        sending_end(sending, NULL);
        return;
    }
    fault = end->outcome == NOTIFY_EXITED
                ? talloc_asprintf(sending, "exited with status %d", end->number)
            : end->outcome == NOTIFY_KILLED
                ? talloc_asprintf(sending, "killed by signal %d", end->number)
            : end->outcome == NOTIFY_TIMED_OUT   ? talloc_strdup(sending, "timed out")
            : end->outcome == NOTIFY_INTERRUPTED ? talloc_strdup(sending, "interrupted")
            : end->outcome == NOTIFY_NO_PROCESS
                ? talloc_strdup(sending, "the process that runs the command has ended")
                : talloc_strdup(sending, strerror(end->number));
    sending_end(sending, fault ? fault : "");
}

/* Not from within its own callback. */
static void on_free(void *arg)
{
    struct program *program = arg;

    TALLOC_FREE(program->running);
    TALLOC_FREE(program->orders);
    program->order_count = 0;
    TALLOC_FREE(program->due);
    begin_batch(program);
}

static void on_over(void *arg)
{
    struct program *program = arg;
    struct loop *loop = program->alerts->setup.loop;

    if (loop_timer_start(program->alerts, loop, loop_now(loop), on_free, program, &program->due) !=
        STS_OK)
        program->due = NULL;
}

static void fail_all(struct program *program)
{
    for (size_t i = 0; i < program->order_count; i++)
        sending_end(program->orders[i].arg, strerror(ENOMEM));
    TALLOC_FREE(program->orders);
    program->order_count = 0;
}

static void begin_batch(struct program *program)
{
    struct alerts *alerts = program->alerts;
    struct notify_request request = {.use = program->use,
                                     .timeout_ms = LIMIT_COMMAND_MS,
                                     .jobs = LIMIT_SENDING,
                                     .done = on_done,
                                     .over = on_over,
                                     .arg = program};

    if (program->running || !program->waiting_count)
        return;
    for (size_t i = 0; i < program->waiting_count; i++) {
        struct sending *sending = program->waiting[i];
        struct notify_order *order =
            array_grow(alerts, &program->orders, &program->order_count, sizeof(*order));

        if (order)
            *order = (struct notify_order){"", sending->text, sending};
        else
            sending_end(sending, strerror(ENOMEM));
    }
    TALLOC_FREE(program->waiting);
    program->waiting_count = 0;
    request.orders = program->orders;
    request.count = program->order_count;
    if (request.count &&
        notify_start(alerts, alerts->setup.loop, &request, &program->running) != STS_OK)
        fail_all(program);
}

void program_add(struct program *program, struct sending *sending)
{
    struct sending **room = sending->text ? array_grow(program->alerts, &program->waiting,
                                                       &program->waiting_count, sizeof(*room))
                                          : NULL;

    if (!room) {
        sending_end(sending, strerror(ENOMEM));
        return;
    }
    *room = sending;
    begin_batch(program);
}
