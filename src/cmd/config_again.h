/* SPDX-License-Identifier: MIT */
/* config_again.h - the configuration files read once more, while a service runs. */
#ifndef CMD_CONFIG_AGAIN_H
#define CMD_CONFIG_AGAIN_H

#include "cmd/options.h"

/* What the command line says, before any file is applied; copied. */
void config_again_begin(const struct options *given);
/* The same with what the files say now, owned by ctx.  Otherwise a status, after a line on standard
 * error that names file and line. */
int config_again(TALLOC_CTX *ctx, enum command_bit command, struct options *ret);
/* Names the options of the subcommand that a file may set and that differ. */
void config_differences(enum command_bit command, const struct options *before,
                        const struct options *after, void (*differs)(void *arg, const char *name),
                        void *arg);

#endif
