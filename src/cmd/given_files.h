/* SPDX-License-Identifier: MIT */
/* given_files.h - files given where domains are expected, and domains where files are. */
#ifndef CMD_GIVEN_FILES_H
#define CMD_GIVEN_FILES_H

#include "cmd/options.h"

/* 0, or an exit status after a line on standard error that says which command was perhaps meant.
 * `name` is the subcommand's; to be called before files are given up. */
int given_files_check(TALLOC_CTX *ctx, enum command_bit command, const char *name,
                      const struct options *options);

#endif
