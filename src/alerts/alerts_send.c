/* SPDX-License-Identifier: MIT */
/* alerts_send.c - the outbox: what is due is read, sent, and written down as sent or to be tried
 * again.
 *
 * A message that is under way is remembered here alone.  Whoever is killed then sends it once more,
 * with the same id; whoever has written down that it arrived does not. */
#include <string.h>

#include "alerts/alerts_work.h"
#include "alerts/limits.h"
#include "alerts/sending.h"
#include "base/clock.h"
#include "event/jobs.h"
#include "net/web_client.h"
#include "store/readers.h"

static void schedule(struct alerts *alerts, int64_t ms)
{
    loop_timer_again(alerts->send_due, loop_now(alerts->setup.loop) + ms);
}

static bool is_under_way(const struct alerts *alerts, int64_t delivery)
{
    for (size_t i = 0; i < alerts->sending_count; i++)
        if (alerts->sendings[i]->message->delivery.id == delivery)
            return true;
    return false;
}

/* ---- when the next is due -------------------------------------------------------------------- */

static void wait_for(struct alerts *alerts, int64_t due)
{
    int64_t seconds = due == INT64_MAX ? LIMIT_OUTBOX_S : due - clock_now();

    if (seconds > LIMIT_OUTBOX_S)
        seconds = LIMIT_OUTBOX_S;
    schedule(alerts, seconds > 0 ? seconds * 1000 : LIMIT_POLL_MS);
}

static void on_outbox(void *arg, void *data, enum sts_status status,
                      const struct store_fault *fault)
{
    struct alerts *alerts = arg;
    const struct messages *messages = data;

    if (fault)
        alerts->setup.fault(alerts->setup.arg, fault);
    for (size_t i = 0; !status && i < messages->count; i++)
        if (!is_under_way(alerts, messages->list[i]->delivery.id))
            sending_start(alerts, talloc_steal(alerts, messages->list[i]));
    if (status)
        schedule(alerts, LIMIT_RETRY_MS);
    else if (alerts->send_again)
        schedule(alerts, 0);
    else
        wait_for(alerts, messages->next_due);
}

static void on_due(void *arg)
{
    struct alerts *alerts = arg;
    struct messages *messages;
    struct store_read_request request = {messages_read, on_outbox, NULL, alerts};

    if (alerts->sending_count >= LIMIT_SENDING) {
        schedule(alerts, LIMIT_POLL_MS);
        return;
    }
    TALLOC_FREE(alerts->outbox);
    alerts->send_again = false;
    messages = talloc_zero(NULL, struct messages);
    request.data = messages;
    if (messages) {
        *messages = (struct messages){.now = clock_now(), .limit = (size_t)2 * LIMIT_SENDING};
        if (store_read_start(alerts, alerts->setup.readers, &request, &alerts->outbox) == STS_OK)
            return;
    }
    talloc_free(messages);
    schedule(alerts, LIMIT_RETRY_MS);
}

void alerts_send_wake(struct alerts *alerts)
{
    alerts->send_again = true;
    schedule(alerts, 0);
}

enum sts_status alerts_send_start(struct alerts *alerts)
{
    struct loop *loop = alerts->setup.loop;

    return loop_timer_start(alerts, loop, loop_now(loop), on_due, alerts, &alerts->send_due);
}
