/* SPDX-License-Identifier: MIT */
/* text_commands.c - the diagnosis commands of a domain as lines for a shell. */
#include <string.h>

#include "base/i18n.h"
#include "render/commands.h"

#define HASH "# "

/* The text wrapped, each line a comment. */
static void comment(struct textout *out, const char *first, const char *text)
{
    const struct textout_options *options = textout_options(out);
    size_t width = options->width > strlen(HASH) ? options->width - strlen(HASH) : 0;
    struct textout_options plain = {.width = width, .utf8 = options->utf8};
    struct textout *lines = textout_new(out, &plain);
    char *at = NULL;

    if (lines) {
        textout_wrap(lines, 0, STYLE_PLAIN, first, STYLE_PLAIN, text);
        at = textout_end(lines);
    }
    while (at && *at) {
        size_t length = strcspn(at, "\n");

        textout_line(out, 0, STYLE_FAINT, talloc_asprintf(out, HASH "%.*s", (int)length, at));
        at += length + (at[length] == '\n');
    }
}

static void heading(struct textout *out, const char *text)
{
    textout_line(out, 0, STYLE_BOLD, talloc_asprintf(out, HASH "== %s ==", text));
}

/* A name out of a file may be anything; a comment is no place for quotes and dollars, which some
 * shells look at even there. */
static bool is_plain_name(const char *name)
{
    return name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-._")] == '\0';
}

static void first_heading(struct textout *out, const char *domain)
{
    const char *title = _("The seven basic diagnostic commands");

    heading(out, is_plain_name(domain) ? talloc_asprintf(out, "%s: %s", title, domain) : title);
}

/* What the command shows, but not again for the next MX host. */
static void describe(struct textout *out, const struct command_list *list, size_t i)
{
    const struct shown_command *one = &list->commands[i], *before = i ? one - 1 : NULL;
    char *number = one->number ? talloc_asprintf(out, "%zu. ", one->number) : NULL;

    if (before && before->number && before->number == one->number)
        return;
    if (i)
        textout_blank(out);
    if (one->number && !(before && before->number)) {
        first_heading(out, list->domain);
        textout_blank(out);
    }
    if (one->code && !(before && before->code && strcmp(before->code, one->code) == 0)) {
        heading(out, talloc_asprintf(out, "%s (%s)", one->title, one->code));
        if (!one->command)
            comment(out, "", _("See the commands above."));
    }
    if (*one->shows)
        comment(out, number ? number : "", one->shows);
    if (*one->expect)
        comment(out, "", talloc_asprintf(out, _("Expected: %s"), one->expect));
}

char *text_command_list(TALLOC_CTX *ctx, const struct command_list *list,
                        const struct textout_options *options)
{
    struct textout *out = textout_new(ctx, options);

    if (!out)
        return NULL;
    for (size_t i = 0; i < list->count; i++) {
        const struct shown_command *one = &list->commands[i];

        if (!options->quiet)
            describe(out, list, i);
        if (one->command)
            textout_line(out, 0, STYLE_PLAIN, one->command);
    }
    return textout_end(out);
}
