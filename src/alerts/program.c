/* SPDX-License-Identifier: MIT */
/* program.c - sendmail(1) and the command: processes that were begun before the sandbox. */
#include "alerts/sending.h"

#include <errno.h>
#include <string.h>

#include "alerts/limits.h"
#include "base/i18n.h"

static char *fault_of(TALLOC_CTX *ctx, const struct notify_end *end)
{
    switch (end->outcome) {
    case NOTIFY_EXITED:
        return talloc_asprintf(ctx, "exited with status %d", end->number);
    case NOTIFY_KILLED:
        return talloc_asprintf(ctx, "killed by signal %d", end->number);
    case NOTIFY_TIMED_OUT:
        return talloc_strdup(ctx, "timed out");
    case NOTIFY_INTERRUPTED:
        return talloc_strdup(ctx, "interrupted");
    case NOTIFY_NO_PROCESS:
        return talloc_strdup(ctx, "the process that runs the command has ended");
    default:
        return talloc_strdup(ctx, strerror(end->number));
    }
}

static void on_done(void *arg, const struct notify_order *order, const struct notify_end *end)
{
    struct sending *sending = order->arg;
    char *fault = end->outcome == NOTIFY_DELIVERED ? NULL : fault_of(sending, end);

    (void)arg;
    sending_end(sending, end->outcome == NOTIFY_DELIVERED ? NULL : fault ? fault : "");
}

/* Not from within its own callback. */
static void on_free(void *arg)
{
    struct program *program = arg;

    TALLOC_FREE(program->running);
    TALLOC_FREE(program->due);
    alerts_send_wake(program->alerts);
}

static void on_over(void *arg)
{
    struct program *program = arg;
    struct loop *loop = program->alerts->setup.loop;

    if (loop_timer_start(program->alerts, loop, loop_now(loop), on_free, program, &program->due) !=
        STS_OK)
        program->due = NULL;
}

static bool is_any_there(const struct program *lanes)
{
    for (size_t i = 0; i < NOTIFY_LANES; i++)
        if (notify_is_there(lanes[i].use))
            return true;
    return false;
}

/* A lane whose process has ended would fail all that comes, and be free again at once: it counts
 * only where no other is there, so that somebody is told why. */
static bool is_free(const struct program *lanes, size_t lane)
{
    return !lanes[lane].running && (notify_is_there(lanes[lane].use) || !is_any_there(lanes));
}

size_t program_room(const struct program *lanes)
{
    struct sending_room room = {.usual = LIMIT_LANES, .all = NOTIFY_LANES};
    int64_t now = loop_now(lanes->alerts->setup.loop);
    size_t free = 0, left;

    for (size_t i = 0; i < NOTIFY_LANES; i++) {
        free += is_free(lanes, i);
        if (lanes[i].running)
            sending_room_count(&room, lanes[i].began, now);
    }
    left = sending_room_left(&room);
    return left < free ? left : free;
}

/* The text outlives the sending, which ends before the run is over. */
static enum sts_status begin(struct program *program, struct sending *sending)
{
    struct alerts *alerts = program->alerts;
    const struct notify_request request = {.use = program->use,
                                           .orders = &program->order,
                                           .count = 1,
                                           .timeout_ms = LIMIT_COMMAND_MS,
                                           .jobs = 1,
                                           .done = on_done,
                                           .over = on_over,
                                           .arg = program};
    enum sts_status status;

    program->order = (struct notify_order){"", sending->text, sending};
    program->began = loop_now(alerts->setup.loop);
    status = notify_start(alerts, alerts->setup.loop, &request, &program->running);
    if (!status)
        (void)talloc_steal(program->running, sending->text);
    return status;
}

void program_add(struct program *lanes, struct sending *sending)
{
    size_t lane = 0;

    while (lane < NOTIFY_LANES && !is_free(lanes, lane))
        lane++;
    if (!sending->text || lane == NOTIFY_LANES || begin(&lanes[lane], sending) != STS_OK)
        sending_end(sending, strerror(ENOMEM));
}
