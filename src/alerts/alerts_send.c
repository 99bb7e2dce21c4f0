/* SPDX-License-Identifier: MIT */
/* alerts_send.c - the outbox: what is due is claimed, sent, and written down as sent or to be tried
 * again.
 *
 * As much is claimed as can be sent at once, for longer than that may take.  Whoever is killed
 * meanwhile leaves it to whoever comes then, who sends it with the same id; what was written down
 * as sent nobody sends again. */
#include <string.h>

#include "alerts/alerts_work.h"
#include "alerts/limits.h"
#include "alerts/sending.h"
#include "base/clock.h"
#include "store/writer.h"

static void schedule(struct alerts *alerts, int64_t ms)
{
    loop_timer_again(alerts->send_due, loop_now(alerts->setup.loop) + ms);
}

/* ---- is it over? ----------------------------------------------------------------------------- */

static void on_late(void *arg)
{
    struct alerts *alerts = arg;
    loop_fn stopped = alerts->stopped;

    alerts->stopped = NULL;
    if (stopped)
        stopped(alerts->stopped_arg);
}

static void end_if_over(struct alerts *alerts)
{
    if (alerts->stopping && !alerts->claiming && !alerts->sending_count)
        on_late(alerts);
}

/* ---- when the next is due -------------------------------------------------------------------- */

static void wait_for(struct alerts *alerts, int64_t due)
{
    int64_t seconds = due == INT64_MAX ? LIMIT_OUTBOX_S : due - clock_now();

    if (seconds > LIMIT_OUTBOX_S)
        seconds = LIMIT_OUTBOX_S;
    schedule(alerts, seconds > 0 ? seconds * 1000 : LIMIT_POLL_MS);
}

static void on_claimed(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    struct alerts *alerts = arg;
    const struct messages *messages = data;

    alerts->claiming = false;
    if (fault)
        alerts->setup.fault(alerts->setup.arg, fault);
    for (size_t i = 0; !status && i < messages->count; i++)
        sending_start(alerts, talloc_steal(alerts, messages->list[i]));
    if (status)
        schedule(alerts, LIMIT_RETRY_MS);
    else if (alerts->send_again)
        schedule(alerts, 0);
    else
        wait_for(alerts, messages->next_due);
    end_if_over(alerts);
}

static size_t webhook_room(const struct alerts *alerts)
{
    struct sending_room room = {.usual = LIMIT_WEBHOOKS, .all = LIMIT_WEBHOOKS_ALL};
    int64_t now = loop_now(alerts->setup.loop);

    for (size_t i = 0; i < alerts->sending_count; i++)
        if (alerts->sendings[i]->request)
            sending_room_count(&room, alerts->sendings[i]->began, now);
    return sending_room_left(&room);
}

static void on_due(void *arg)
{
    struct alerts *alerts = arg;
    struct messages *messages;
    struct store_writer_request request = {.write = messages_claim, .done = on_claimed, .arg = arg};

    if (alerts->claiming || alerts->stopping)
        return;
    alerts->send_again = false;
    request.data = messages = talloc_zero(NULL, struct messages);
    if (messages)
        *messages = (struct messages){.now = clock_now(),
                                      .room = {[MESSAGE_WEBHOOK] = webhook_room(alerts),
                                               [MESSAGE_MAIL] = program_room(alerts->mail),
                                               [MESSAGE_COMMAND] = program_room(alerts->command)}};
    alerts->claiming = messages && store_writer_put(alerts->setup.writer, &request) == STS_OK;
    if (alerts->claiming)
        return;
    talloc_free(messages);
    schedule(alerts, LIMIT_RETRY_MS);
}

void alerts_send_wake(struct alerts *alerts)
{
    alerts->send_again = true;
    schedule(alerts, 0);
}

void alerts_send_next(struct alerts *alerts)
{
    alerts_send_wake(alerts);
    end_if_over(alerts);
}

enum sts_status alerts_send_start(struct alerts *alerts)
{
    struct loop *loop = alerts->setup.loop;

    return loop_timer_start(alerts, loop, loop_now(loop), on_due, alerts, &alerts->send_due);
}

/* ---- the end --------------------------------------------------------------------------------- */

void alerts_stop(struct alerts *alerts, loop_fn stopped, void *arg)
{
    struct loop *loop = alerts->setup.loop;

    alerts->stopping = true;
    alerts->stopped = stopped;
    alerts->stopped_arg = arg;
    if (loop_timer_start(alerts, loop, loop_now(loop) + LIMIT_DRAIN_MS, on_late, alerts,
                         &alerts->stop_due) != STS_OK)
        on_late(alerts);
    else
        end_if_over(alerts);
}
