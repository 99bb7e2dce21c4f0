/* SPDX-License-Identifier: MIT */
/* write_files.h - an advisory on its way out: its files into --out, the rest to standard output. */
#ifndef CMD_WRITE_FILES_H
#define CMD_WRITE_FILES_H

#include <talloc.h>

#include "cmd/options.h"
#include "rollout/advisory.h"

/* What standard output gets, owned by ctx; NULL: no memory.  *ret_status is the exit status: of the
 * advisory's worst note, and of the files. */
char *write_advisory(TALLOC_CTX *ctx, const struct options *options,
                     const struct advisory *advisory, const char *format, int *ret_status);

/* Write a file whole or not at all: beside its place, then renamed.  0, or EXIT_INTERNAL after a
 * line on standard error. */
int write_file(TALLOC_CTX *ctx, const char *path, const char *text, size_t length);

#endif
