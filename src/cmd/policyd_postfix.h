/* SPDX-License-Identifier: MIT */
/* policyd_postfix.h - at the start of the policy daemon: does the Postfix of this machine, if there
 * is one, ask it in the right way? */
#ifndef CMD_POLICYD_POSTFIX_H
#define CMD_POLICYD_POSTFIX_H

#include "cmd/options.h"
#include "event/loop.h"
#include "policyd/postfix_config.h"

/* Runs postconf(1), so before the sandbox, in a process that nobody waits for; says on standard
 * error what is wrong.  It fails nothing: where there is no postconf, or no Postfix set up, there
 * is nothing to say. */
void policyd_postfix_check(const struct options *options);

/* What `postconf WORDS` writes, owned by ctx; words[0] is its name, NULL at the end.  No data:
 * there is no postconf, or it failed. */
struct bytes policyd_postconf(TALLOC_CTX *ctx, struct loop *loop, const char *const *words);
/* The settings of postfix_config.h; false: there is no Postfix that is set up. */
bool policyd_postfix_config(TALLOC_CTX *ctx, struct loop *loop, struct postfix_config *ret);

#endif
