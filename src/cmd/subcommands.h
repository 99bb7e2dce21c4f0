/* SPDX-License-Identifier: MIT */
/* subcommands.h - the table of subcommands, for main(), --help and the completions of shells. */
#ifndef CMD_SUBCOMMANDS_H
#define CMD_SUBCOMMANDS_H

#include <stddef.h>

#include <talloc.h>

#include "cmd/options.h"

struct subcommand {
    const char *name;
    enum command_bit bit;
    int (*run)(TALLOC_CTX *ctx, const struct options *options);
    const char *usage[8]; /* behind the name; the first ends with the operands */
    const char *summary;
};

extern const struct subcommand subcommands[];
extern const size_t subcommand_count;

struct suggestion;

/* By its whole name; NULL: none, as of NULL. */
const struct subcommand *subcommand_named(const char *name);
/* Offers the names of all. */
void suggest_subcommands(struct suggestion *near);
/* By its name or any beginning of it that no other has.  NULL after a line on standard error. */
const struct subcommand *subcommand_find(const char *name);

/* On standard output; both return the exit status. */
int subcommand_help(const struct subcommand *command);
int program_help(void);

#endif
