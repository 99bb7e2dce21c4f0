/* SPDX-License-Identifier: MIT */
/* imap_command.c - commands written. */
#include "net/imap_command.h"

#include <stdio.h>
#include <string.h>

static void append(struct imap_command *command, const char *data, size_t length)
{
    char *grown;

    if (!command->data)
        return;
    grown = talloc_realloc_size(NULL, command->data, command->length + length + 1);
    if (!grown) {
        TALLOC_FREE(command->data);
        return;
    }
    memcpy(grown + command->length, data, length);
    command->data = grown;
    command->length += length;
}

void imap_command_put(struct imap_command *command, const char *text)
{
    append(command, text, strlen(text));
}

void imap_command_pause(struct imap_command *command)
{
    append(command, "", 1);
}

static void begin(TALLOC_CTX *ctx, struct imap_command *command)
{
    talloc_free(command->data);
    *command = (struct imap_command){talloc_strdup(ctx, ""), 0, 0};
}

void imap_command_begin(TALLOC_CTX *ctx, struct imap_command *command, unsigned tag,
                        const char *verb)
{
    char text[16];

    begin(ctx, command);
    snprintf(text, sizeof(text), "A%u ", tag);
    imap_command_put(command, text);
    imap_command_put(command, verb);
}

void imap_command_line(TALLOC_CTX *ctx, struct imap_command *command, const char *text)
{
    begin(ctx, command);
    imap_command_put(command, text);
    imap_command_put(command, "\r\n");
}

/* QUOTED-CHAR and the two that are escaped. */
static bool can_be_quoted(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || (unsigned char)*text > 0x7e)
            return false;
    return true;
}

void imap_command_put_string(struct imap_command *command, const char *text)
{
    char size[32];

    if (!can_be_quoted(text)) {
        snprintf(size, sizeof(size), "{%zu}\r\n", strlen(text));
        imap_command_put(command, size);
        imap_command_pause(command);
        imap_command_put(command, text);
        return;
    }
    append(command, "\"", 1);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            append(command, "\\", 1);
        append(command, text, 1);
    }
    append(command, "\"", 1);
}

void imap_command_put_set(struct imap_command *command, const uint32_t *uids, size_t count)
{
    char text[16];

    for (size_t i = 0; i < count; i++) {
        snprintf(text, sizeof(text), "%s%u", i ? "," : "", (unsigned)uids[i]);
        imap_command_put(command, text);
    }
}

const char *imap_command_portion(struct imap_command *command, size_t *ret_length)
{
    const char *from = command->data ? command->data + command->sent : NULL;

    *ret_length = from ? strnlen(from, command->length - command->sent) : 0;
    command->sent += *ret_length;
    return *ret_length ? from : NULL;
}

bool imap_command_go_on(struct imap_command *command)
{
    if (!command->data || command->sent == command->length)
        return false;
    command->sent++; /* the NUL */
    return true;
}
