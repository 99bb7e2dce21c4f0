/* SPDX-License-Identifier: MIT */
/* live.h - observe many domains side by side and show each in the order given. */
#ifndef CMD_LIVE_H
#define CMD_LIVE_H

#include <talloc.h>

#include "cmd/options.h"
#include "facts/facts.h"
#include "net/net.h"
#include "probe/probe.h"

/* What standard output gets for one domain, owned by ctx; *ret_status is its exit status.  NULL: no
 * memory. */
typedef char *(*live_show_fn)(TALLOC_CTX *ctx, const struct options *options,
                              const struct facts *facts, int *ret_status);

/* What the options say about the network. */
void live_net_options(const struct options *options, struct net_options *ret);

/* One look at our own place, without a domain. */
int live_place(TALLOC_CTX *ctx, const struct options *options, live_show_fn show);
/* The exit status: the worst of all domains. */
int live_run(TALLOC_CTX *ctx, const struct options *options, live_show_fn show);

#endif
