/* SPDX-License-Identifier: MIT */
/* config_read.h - the configuration files: which there are, what they set, and for whom.
 *
 * A key is the long name of an option.  Built in < the system's file < the user's < environment <
 * command line; within one file, the section of a subcommand counts before what is for all. */
#ifndef CMD_CONFIG_READ_H
#define CMD_CONFIG_READ_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include "cmd/option_row.h"

#define CONFIG_SYSTEM "/etc/mtasts.conf"

struct config_source {
    const char *path;
    bool named;  /* by --config or MTASTS_CONFIG: it must be there */
    bool absent; /* it is not there */
};

struct config_setting {
    const struct option *option;
    const char *section; /* NULL: for all */
    unsigned commands;   /* of the section; all without one */
    const char *value;   /* a path is made absolute; "yes" or "no" of a flag */
    const char *where;   /* "FILE:LINE" */
    size_t source, line;
};

struct config {
    struct config_source *sources; /* the one that counts less first */
    size_t source_count;
    struct config_setting *settings;
    size_t count;
};

/* Those of --config or MTASTS_CONFIG, else the system's and the user's; none with --no-config. */
enum sts_status config_sources(TALLOC_CTX *ctx, const struct options *options, struct config *ret);
/* Reads and judges every line of `sources`, whatever the subcommand is.  0, EXIT_USAGE where
 * something in a file is wrong or its mode is, or EXIT_INTERNAL where it cannot be read, after one
 * line on standard error. */
int config_read(TALLOC_CTX *ctx, struct config *config);

/* Does the setting count for the subcommand, or does another one override it?  0: for none in
 * particular, so that no section counts. */
bool config_counts(const struct config *config, const struct config_setting *setting,
                   unsigned command);
/* What counts for the subcommand, where command line and environment do not say otherwise.  0, or
 * EXIT_USAGE after a line on standard error. */
int config_apply(TALLOC_CTX *ctx, const struct config *config, enum command_bit command,
                 struct options *options);

#endif
