/* SPDX-License-Identifier: MIT */
/* live.h - observe many domains side by side and show each in the order given. */
#ifndef CMD_LIVE_H
#define CMD_LIVE_H

#include <talloc.h>

#include "cmd/options.h"
#include "facts/facts.h"
#include "net/net.h"
#include "probe/probe.h"

struct loop;

/* What standard output gets for one domain. */
struct live_output {
    char *text; /* owned by ctx; NULL: nothing */
    int status; /* 0 before: the exit status */
};
/* STS_E_NOMEM where it could not be made. */
typedef enum sts_status (*live_show_fn)(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                                        struct live_output *ret);

/* On standard output; no_memory: say so instead.  An exit status. */
int live_print(const struct live_output *shown, bool no_memory);

/* What the options say about the network. */
void live_net_options(const struct options *options, struct net_options *ret);

/* One look at our own place, without a domain. */
int live_place(TALLOC_CTX *ctx, const struct options *options, live_show_fn show, void *arg);
/* The exit status: the worst of all domains. */
int live_run(TALLOC_CTX *ctx, const struct options *options, live_show_fn show, void *arg);
/* The same in the caller's loop (NULL: one of its own), which it runs and stops. */
int live_run_in(TALLOC_CTX *ctx, struct loop *loop, const struct options *options,
                live_show_fn show, void *arg);

#endif
