/* SPDX-License-Identifier: MIT */
/* text_commands.c - the diagnosis commands of a domain as lines for a shell. */
#include <string.h>

#include "base/i18n.h"
#include "render/commands.h"

#define HASH "# "

/* The text wrapped, each line a comment. */
static void comment(struct page *page, const char *first, const char *text)
{
    const struct page_options *options = page_options(page);
    size_t width = options->width > strlen(HASH) ? options->width - strlen(HASH) : 0;
    struct page_options plain = {.width = width, .utf8 = options->utf8};
    struct page *lines = page_new(page, &plain);
    char *at = NULL;

    if (lines) {
        page_wrap(lines, 0, STYLE_PLAIN, first, STYLE_PLAIN, text);
        at = page_end(lines);
    }
    while (at && *at) {
        size_t length = strcspn(at, "\n");

        page_line(page, 0, STYLE_FAINT, talloc_asprintf(page, HASH "%.*s", (int)length, at));
        at += length + (at[length] == '\n');
    }
}

static void heading(struct page *page, const char *text)
{
    page_line(page, 0, STYLE_BOLD, talloc_asprintf(page, HASH "== %s ==", text));
}

/* A name out of a file may be anything; a comment is no place for quotes and dollars, which some
 * shells look at even there. */
static bool is_plain_name(const char *name)
{
    return name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-._")] == '\0';
}

static void first_heading(struct page *page, const char *domain)
{
    const char *title = _("The seven basic diagnostic commands");

    heading(page, is_plain_name(domain) ? talloc_asprintf(page, "%s: %s", title, domain) : title);
}

/* What the command shows, but not again for the next MX host. */
static void describe(struct page *page, const struct command_list *list, size_t i)
{
    const struct shown_command *one = &list->commands[i], *before = i ? one - 1 : NULL;
    char *number = one->number ? talloc_asprintf(page, "%zu. ", one->number) : NULL;

    if (before && before->number && before->number == one->number)
        return;
    if (i)
        page_blank(page);
    if (one->number && !(before && before->number)) {
        first_heading(page, list->domain);
        page_blank(page);
    }
    if (one->code && !(before && before->code && strcmp(before->code, one->code) == 0)) {
        heading(page, talloc_asprintf(page, "%s (%s)", one->title, one->code));
        if (!one->command)
            comment(page, "", _("See the commands above."));
    }
    if (*one->shows)
        comment(page, number ? number : "", one->shows);
    if (*one->expect)
        comment(page, "", talloc_asprintf(page, _("Expected: %s"), one->expect));
}

char *text_command_list(TALLOC_CTX *ctx, const struct command_list *list,
                        const struct page_options *options)
{
    struct page *page = page_new(ctx, options);

    if (!page)
        return NULL;
    for (size_t i = 0; i < list->count; i++) {
        const struct shown_command *one = &list->commands[i];

        if (!options->quiet)
            describe(page, list, i);
        if (one->command)
            page_line(page, 0, STYLE_PLAIN, one->command);
    }
    return page_end(page);
}
