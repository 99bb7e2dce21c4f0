/* SPDX-License-Identifier: MIT */
/* input.c - files that people give. */
#include "cmd/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "cmd/console.h"

#define PIECE 65536

static int read_stream(TALLOC_CTX *ctx, FILE *file, size_t ceiling, char **ret, size_t *ret_length)
{
    size_t length = 0, room = PIECE;
    char *text = talloc_array(ctx, char, room + 1);

    while (text) {
        size_t wanted = room - length, got;

        got = fread(text + length, 1, wanted, file);
        length += got;
        if (length > ceiling || got < wanted)
            break;
        room *= 2;
        text = talloc_realloc(ctx, text, char, room + 1);
    }
    if (!text)
        return console_no_memory();
    length = length > ceiling ? ceiling + 1 : length;
    text[length] = '\0';
    *ret = text;
    *ret_length = length;
    return 0;
}

static int read_checked(TALLOC_CTX *ctx, FILE *file, const char *path, size_t ceiling, char **ret,
                        size_t *ret_length)
{
    int status = read_stream(ctx, file, ceiling, ret, ret_length);

    if (!status && ferror(file))
        status = console_internal(_("%s could not be read: %s"), path, _(strerror(errno)));
    return status;
}

int input_read(TALLOC_CTX *ctx, const char *path, size_t ceiling, char **ret, size_t *ret_length)
{
    FILE *file;
    int status;

    if (strcmp(path, "-") == 0)
        return read_checked(ctx, stdin, path, ceiling, ret, ret_length);
    file = fopen(path, "re");
    if (!file)
        return console_internal(_("%s could not be read: %s"), path, _(strerror(errno)));
    status = read_checked(ctx, file, path, ceiling, ret, ret_length);
    fclose(file);
    return status;
}
