/* SPDX-License-Identifier: MIT */
/* input.c - files and names that people give. */
#include "cmd/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <mtasts/match.h>

#include "base/i18n.h"
#include "cmd/console.h"

#define PIECE     65536
#define NAMES_MAX 1000000 /* more is a mistake, or work for a queue */

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

int input_read(TALLOC_CTX *ctx, const char *path, size_t ceiling, char **ret, size_t *ret_length)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    int status;

    if (!file)
        return console_internal(_("%s could not be read: %s"), path, _(strerror(errno)));
    status = read_stream(ctx, file, ceiling, ret, ret_length);
    if (!status && ferror(file))
        status = console_internal(_("%s could not be read: %s"), path, _(strerror(errno)));
    if (file != stdin)
        fclose(file);
    return status;
}

static int add_name(TALLOC_CTX *ctx, const char *given, struct input_names *names)
{
    char name[STS_NAME_SIZE];

    if (sts_name_from_user(given, name) != STS_OK)
        return console_usage(_("\"%s\" is not a domain name"), given);
    if (names->count == NAMES_MAX)
        return console_usage(_("more than %d domains; split the list"), NAMES_MAX);
    /* Doubling, so that a long list costs no more than its length. */
    if (!(names->count & (names->count - 1))) {
        size_t room = names->count ? 2 * names->count : 1;

        names->given = talloc_realloc(ctx, names->given, const char *, room);
        names->names = talloc_realloc(ctx, names->names, const char *, room);
        if (!names->given || !names->names)
            return console_no_memory();
    }
    names->given[names->count] = given;
    names->names[names->count] = talloc_strdup(ctx, name);
    return names->names[names->count++] ? 0 : console_no_memory();
}

/* One name a line; blank lines and those that begin with '#' are passed over. */
static int add_from_stdin(TALLOC_CTX *ctx, struct input_names *names)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    int status = 0;

    while (!status && (length = getline(&line, &room, stdin)) >= 0) {
        char *begin = line + strspn(line, " \t\r\n");
        char *end = line + length;

        while (end > begin && strchr(" \t\r\n", end[-1]))
            end--;
        *end = '\0';
        if (*begin && *begin != '#') {
            char *copy = talloc_strdup(ctx, begin);

            status = copy ? add_name(ctx, copy, names) : console_no_memory();
        }
    }
    /* getline() allocates by itself. */
    free(line);
    if (!status && ferror(stdin))
        return console_internal(_("standard input could not be read: %s"), _(strerror(errno)));
    return status;
}

int input_names(TALLOC_CTX *ctx, const struct options *options, struct input_names *ret)
{
    int status = 0;

    *ret = (struct input_names){NULL, NULL, 0};
    for (size_t i = 0; !status && i < options->operand_count; i++) {
        if (strcmp(options->operands[i], "-") == 0)
            status = add_from_stdin(ctx, ret);
        else
            status = add_name(ctx, options->operands[i], ret);
    }
    if (!status && !ret->count)
        return console_usage("%s", _("specify a domain, for example: mtasts check example.com"));
    return status;
}
