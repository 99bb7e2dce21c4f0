/* SPDX-License-Identifier: MIT */
/* command_note.h - what a diagnosis command shows, and what is expected as its answer.
 *
 * One row for each kind of command that advice has (command_note.c).  test_command_note.c sees to
 * it that every command of the advice has one. */
#ifndef KNOWLEDGE_COMMAND_NOTE_H
#define KNOWLEDGE_COMMAND_NOTE_H

#include "rules/rules.h"

struct command_note {
    const char *with[3]; /* pieces that the template holds, all of them; NULL: no more */
    const char *shows;   /* msgids, phrases */
    const char *expect;
};

/* NULL: nothing is known of such a command. */
const struct command_note *command_note_of(const char *template);

/* The seven commands that every diagnosis begins with: templates; of a twin for --resolver or
 * --ca-file and one for everybody, the first comes first.  NULL ends them. */
extern const char *const basic_commands[];
/* The last of the seven: for each MX host, place {host}; and where none is known, for all that DNS
 * has when it is run. */
extern const char *const basic_mx_command, *const basic_all_mx_commands[];

#endif
