/* SPDX-License-Identifier: MIT */
/* watch_pass.h - one pass of watch over its domains, or over the facts of --from. */
#ifndef CMD_WATCH_PASS_H
#define CMD_WATCH_PASS_H

#include <talloc.h>

#include "cmd/options.h"

/* The exit status: the worst of all domains; EXIT_USAGE where nothing was begun. */
int watch_pass(TALLOC_CTX *ctx, const struct options *options);

#endif
