/* SPDX-License-Identifier: MIT */
/* out.h - an outline on its way out: its files into --out, the rest to standard output. */
#ifndef CMD_OUT_H
#define CMD_OUT_H

#include <talloc.h>

#include "cmd/options.h"
#include "rollout/outline.h"

/* What standard output gets, owned by ctx; NULL: no memory.  *ret_status is the exit status: of the
 * outline's worst note, and of the files. */
char *out_outline(TALLOC_CTX *ctx, const struct options *options, const struct outline *outline,
                  const char *format, int *ret_status);

/* Write a file whole or not at all: beside its place, then renamed.  0, or EXIT_INTERNAL after a
 * line on standard error. */
int out_file(TALLOC_CTX *ctx, const char *path, const char *text, size_t length);

#endif
