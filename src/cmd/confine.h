/* SPDX-License-Identifier: MIT */
/* confine.h - what a subcommand needs is what it keeps. */
#ifndef CMD_CONFINE_H
#define CMD_CONFINE_H

#include <talloc.h>

#include "cmd/options.h"

/* Enters the sandbox (sandbox/sandbox.h) with what the subcommand and its options need.  Before
 * anything is opened and any thread begins.  0, or an exit status after a line on standard error.
 */
int confine(TALLOC_CTX *ctx, enum command_bit command, const struct options *options);

#endif
