/* SPDX-License-Identifier: MIT */
/* imap_command.h - a command on its way out (RFC 3501 section 4.3).
 *
 * A text goes out quoted, or as a literal where it cannot be quoted; before the bytes of a literal
 * the server has to ask for them, so a command has portions.  Private to net/. */
#ifndef NET_IMAP_COMMAND_H
#define NET_IMAP_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

/* A NUL ends a portion. */
struct imap_command {
    char *data; /* NULL: no memory, or no command */
    size_t length;
    size_t sent;
};

/* Drops what the last one left. */
void imap_command_begin(TALLOC_CTX *ctx, struct imap_command *command, unsigned tag,
                        const char *verb);
void imap_command_put(struct imap_command *command, const char *text);
void imap_command_put_string(struct imap_command *command, const char *text);
/* "1,5,7" */
void imap_command_put_set(struct imap_command *command, const uint32_t *uids, size_t count);
/* What follows waits for the server. */
void imap_command_pause(struct imap_command *command);
/* A line of its own, no command. */
void imap_command_line(TALLOC_CTX *ctx, struct imap_command *command, const char *text);

/* The portion that may go out; NULL: none. */
const char *imap_command_portion(struct imap_command *command, size_t *ret_length);
/* Does something wait for the server?  Then it may go out. */
bool imap_command_go_on(struct imap_command *command);

#endif
