/* SPDX-License-Identifier: MIT */
/* plan_options.h - what the options say about the next steps of a domain (plan, rollback). */
#ifndef CMD_PLAN_OPTIONS_H
#define CMD_PLAN_OPTIONS_H

#include <talloc.h>

#include "app/advise.h"
#include "cmd/options.h"

/* Fills in all but what kind of advice it is, the store and the callback.  What it makes is owned
 * by ctx.  An exit status. */
int plan_options_read(TALLOC_CTX *ctx, const struct options *options, struct advise_request *ret);

#endif
