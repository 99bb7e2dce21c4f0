/* SPDX-License-Identifier: MIT */
/* policyd_overrides.h - the file of --overrides: read, listed, and what is wrong in it said. */
#ifndef CMD_POLICYD_OVERRIDES_H
#define CMD_POLICYD_OVERRIDES_H

#include "cmd/options.h"
#include "policyd/overrides.h"

/* Reads it, and warns of those that have expired; without --overrides *ret is NULL.  0, or an exit
 * status after a line on standard error. */
int policyd_overrides_load(TALLOC_CTX *ctx, const struct options *options, struct overrides **ret);
/* Lists them. */
int policyd_overrides(TALLOC_CTX *ctx, const struct options *options);

#endif
