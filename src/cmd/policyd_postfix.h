/* SPDX-License-Identifier: MIT */
/* policyd_postfix.h - at the start of the policy daemon: does the Postfix of this machine, if there
 * is one, ask it in the right way? */
#ifndef CMD_POLICYD_POSTFIX_H
#define CMD_POLICYD_POSTFIX_H

#include "cmd/options.h"

/* Runs postconf(1), so before the sandbox, in a process that nobody waits for; says on standard
 * error what is wrong.  It fails nothing: where there is no postconf, or no Postfix set up, there
 * is nothing to say. */
void policyd_postfix_check(const struct options *options);

#endif
