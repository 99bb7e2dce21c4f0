/* SPDX-License-Identifier: MIT */
/* commands.h - the diagnosis commands of a domain, filled in: what `mtasts commands` prints.
 *
 * The seven of every diagnosis first, the last of them for each MX host; then those of the
 * findings, each command once. */
#ifndef RENDER_COMMANDS_H
#define RENDER_COMMANDS_H

#include <stddef.h>

#include <talloc.h>

#include "render/textout.h"
#include "rules/rules.h"

struct shown_command {
    const char *command; /* NULL: every command of this finding stands above already */
    const char *shows;   /* these are translated phrases */
    const char *expect;
    const char *code; /* of the finding; NULL: one of the seven */
    const char *title;
    size_t number; /* of the seven, from 1 */
};

struct command_list {
    const char *domain;
    struct shown_command *commands;
    size_t count;
};

/* Owned by ctx; NULL: no memory. */
struct command_list *command_list_new(TALLOC_CTX *ctx, const struct diagnosis *diagnosis);

/* Lines for a shell: commands, and comments between them.  No stranger's text stands in a comment.
 * Owned by ctx, as is the next; NULL: no memory. */
char *text_command_list(TALLOC_CTX *ctx, const struct command_list *list,
                        const struct textout_options *options);
/* mtasts.commands/1, without the line end. */
char *json_command_list(TALLOC_CTX *ctx, const struct command_list *list);

#endif
