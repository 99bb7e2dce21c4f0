/* SPDX-License-Identifier: MIT */
/* deliver.c - the command of --notify, run for each of the news. */
#include "cmd/deliver.h"

#include <string.h>

#include "base/array.h"
#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/service.h"

#define JOBS_DEFAULT 8

struct news_delivery {
    const struct options *options;
    struct watcher *watcher;
    struct loop *loop;
    struct notify *notify; /* NULL: not begun */
    int status;
};

bool deliver_add(TALLOC_CTX *ctx, struct news_orders *orders, struct watcher_news *news,
                 const char *text)
{
    struct notify_order *order = array_grow(ctx, &orders->list, &orders->count, sizeof(*order));

    if (order)
        *order = (struct notify_order){news->domain, text, news};
    return order;
}

/* NULL: no memory. */
static char *why_not(TALLOC_CTX *ctx, const struct notify_end *end)
{
    switch (end->outcome) {
    case NOTIFY_EXITED:
        return talloc_asprintf(ctx, _("exited with status %d"), end->number);
    case NOTIFY_KILLED:
        return talloc_asprintf(ctx, _("killed by signal %d"), end->number);
    case NOTIFY_TIMED_OUT:
        return talloc_strdup(ctx, _("timed out"));
    case NOTIFY_INTERRUPTED:
        return talloc_strdup(ctx, _("interrupted"));
    case NOTIFY_NO_PROCESS:
        return talloc_strdup(ctx, _("the process that runs the command has ended"));
    default:
        return talloc_strdup(ctx, _(strerror(end->number)));
    }
}

static void on_delivered(void *arg, const struct notify_order *order, const struct notify_end *end)
{
    struct news_delivery *delivery = arg;
    int status;
    char *why;

    if (end->outcome == NOTIFY_DELIVERED) {
        ((struct watcher_news *)order->arg)->delivered = true;
        watcher_delivered(delivery->watcher, order->arg);
        return;
    }
    why = why_not(delivery, end);
    status = console_internal(_("%s: notification failed and will be retried: %s: %s"),
                              order->domain, delivery->options->notify, why ? why : "");
    delivery->status = exit_status_worse(delivery->status, status);
    talloc_free(why);
}

static void on_all_delivered(void *arg)
{
    const struct news_delivery *delivery = arg;

    loop_stop(delivery->loop);
}

static void on_signal(void *arg)
{
    const struct news_delivery *delivery = arg;

    if (delivery->notify)
        notify_interrupt(delivery->notify);
}

static enum sts_status run_orders(struct news_delivery *delivery, const struct news_orders *orders)
{
    const struct options *options = delivery->options;
    const struct notify_request request = {
        .orders = orders->list,
        .count = orders->count,
        .timeout_ms = options_timeout_ms(options),
        .jobs = options->jobs ? (size_t)options->jobs : JOBS_DEFAULT,
        .done = on_delivered,
        .over = on_all_delivered,
        .arg = delivery,
    };
    enum sts_status status = service_pulse(delivery, delivery->loop);

    if (status == STS_OK)
        status = service_attend(delivery, delivery->loop, on_signal, delivery);
    if (status == STS_OK)
        status = notify_start(delivery, delivery->loop, &request, &delivery->notify);
    return status == STS_OK ? loop_run(delivery->loop) : status;
}

int deliver_run(TALLOC_CTX *ctx, struct loop *loop, const struct options *options,
                struct watcher *watcher, const struct news_orders *orders)
{
    struct news_delivery *delivery;
    int status;

    if (!orders->count)
        return 0;
    delivery = talloc_zero(ctx, struct news_delivery);
    if (!delivery)
        return console_no_memory();
    *delivery = (struct news_delivery){.options = options, .watcher = watcher, .loop = loop};
    status = run_orders(delivery, orders) == STS_OK ? 0 : console_no_memory();
    status = exit_status_worse(status, delivery->status);
    talloc_free(delivery); /* the loop goes on, to store what was delivered */
    return status;
}
