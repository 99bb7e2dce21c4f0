/* SPDX-License-Identifier: MIT */
/* generate_wish.h - what the options of generate say about a publication. */
#ifndef CMD_GENERATE_WISH_H
#define CMD_GENERATE_WISH_H

#include "cmd/options.h"
#include "rollout/publication.h"

/* All but domain, facts and time; owned by ctx or borrowed from the options.  0, or the exit status
 * after a line on standard error. */
int generate_wish_of(TALLOC_CTX *ctx, const struct options *options, struct publication *ret);

#endif
