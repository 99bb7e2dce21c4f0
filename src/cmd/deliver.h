/* SPDX-License-Identifier: MIT */
/* deliver.h - news of a pass on their way to the command of --notify. */
#ifndef CMD_DELIVER_H
#define CMD_DELIVER_H

#include "app/notify.h"
#include "app/watcher.h"
#include "cmd/options.h"

/* Begins as zero. */
struct news_orders {
    struct notify_order *list;
    size_t count;
};

/* The text is borrowed, the news are too.  False: no memory. */
bool deliver_add(TALLOC_CTX *ctx, struct news_orders *orders, struct watcher_news *news,
                 const char *text);
/* Runs the command for each, in the loop; the watcher hears of what arrived.  What did not is said.
 * An exit status. */
int deliver_run(TALLOC_CTX *ctx, struct loop *loop, const struct options *options,
                struct watcher *watcher, const struct news_orders *orders);

#endif
