/* SPDX-License-Identifier: MIT */
/* cmd.h - the subcommands, and what several of them need. */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <stddef.h>

#include <talloc.h>

#include "cmd/options.h"

/* Each returns the exit status; what was wrong has been said. */
int cmd_check(TALLOC_CTX *ctx, const struct options *options);
int cmd_observe(TALLOC_CTX *ctx, const struct options *options);
int cmd_scan(TALLOC_CTX *ctx, const struct options *options);
int cmd_lint(TALLOC_CTX *ctx, const struct options *options);
int cmd_generate(TALLOC_CTX *ctx, const struct options *options);
int cmd_plan(TALLOC_CTX *ctx, const struct options *options);
int cmd_rollback(TALLOC_CTX *ctx, const struct options *options);
int cmd_report(TALLOC_CTX *ctx, const struct options *options);
int cmd_commands(TALLOC_CTX *ctx, const struct options *options);
int cmd_history(TALLOC_CTX *ctx, const struct options *options);
int cmd_ingest(TALLOC_CTX *ctx, const struct options *options);
int cmd_selftest(TALLOC_CTX *ctx, const struct options *options);
int cmd_watch(TALLOC_CTX *ctx, const struct options *options);
int cmd_policyd(TALLOC_CTX *ctx, const struct options *options);
int cmd_collect(TALLOC_CTX *ctx, const struct options *options);
int cmd_send_reports(TALLOC_CTX *ctx, const struct options *options);
int cmd_event(TALLOC_CTX *ctx, const struct options *options);
int cmd_would_deliver(TALLOC_CTX *ctx, const struct options *options);
int cmd_serve(TALLOC_CTX *ctx, const struct options *options);
int cmd_config(TALLOC_CTX *ctx, const struct options *options);
int cmd_explain(TALLOC_CTX *ctx, const struct options *options);
int cmd_help(TALLOC_CTX *ctx, const struct options *options);

/* ---- files (input.c) ------------------------------------------------------------------------- */

/* A whole file, "-" for standard input, of at most `ceiling` bytes and a NUL behind them; a longer
 * one is cut to ceiling + 1 bytes.  0, or EXIT_INTERNAL after a line on standard error. */
int input_read(TALLOC_CTX *ctx, const char *path, size_t ceiling, char **ret, size_t *ret_length);

/* The domains of the operands, of standard input where one is "-", and of the file of --domains, as
 * A-labels (input_names.c).  EXIT_USAGE where an operand is no domain name.  A line of a list that
 * is none is said and passed over: `status` is then EXIT_USAGE, for the end of the command. */
struct input_names {
    const char **given;
    const char **names;
    size_t count;
    int status;
};
int input_names(TALLOC_CTX *ctx, const struct options *options, struct input_names *ret);

#endif
