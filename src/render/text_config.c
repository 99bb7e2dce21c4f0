/* SPDX-License-Identifier: MIT */
/* text_config.c - what is configured, as a configuration file. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "render/config_page.h"

/* As the parser of such files reads it back (cmd/config_file.h). */
static char *written(TALLOC_CTX *ctx, const char *value)
{
    char *text;

    if (*value && !strpbrk(value, "\"#\\") && *value != ' ' && value[strlen(value) - 1] != ' ')
        return text_printable(ctx, value, strlen(value), 0);
    text = talloc_strdup(ctx, "\"");
    for (; text && *value; value++)
        text =
            talloc_asprintf_append_buffer(text, "%s%c", strchr("\"\\", *value) ? "\\" : "", *value);
    return text ? talloc_strdup_append_buffer(text, "\"") : NULL;
}

static char *add_row(TALLOC_CTX *ctx, char *text, const struct config_row *row)
{
    char *value = row->value ? written(ctx, row->value) : talloc_strdup(ctx, "");

    if (!text || !value)
        return NULL;
    if (row->origin == CONFIG_DEFAULT)
        return talloc_asprintf_append_buffer(text, "# %s =%s%s\n", row->key, *value ? " " : "",
                                             value);
    return talloc_asprintf_append_buffer(text, "%s = %s  # %s\n", row->key, value, row->where);
}

static char *add_files(char *text, const struct config_page *page)
{
    for (size_t i = 0; text && i < page->file_count; i++)
        text = talloc_asprintf_append_buffer(text, "# %s: %s\n", page->files[i].path,
                                             page->files[i].read ? _("read") : _("not there"));
    if (text)
        text = talloc_asprintf_append_buffer(text, "# %s\n\n",
                                             _("Lines that begin with # KEY = show defaults."));
    return text;
}

char *text_config(TALLOC_CTX *ctx, const struct config_page *page, bool quiet)
{
    char *text = talloc_strdup(ctx, "");
    const char *section = "";

    if (!quiet)
        text = add_files(text, page);
    for (size_t i = 0; text && i < page->count; i++) {
        const struct config_row *row = &page->rows[i];

        if (quiet && row->origin == CONFIG_DEFAULT)
            continue;
        if (row->section && strcmp(row->section, section) != 0)
            text = talloc_asprintf_append_buffer(text, "\n[%s]\n", row->section);
        section = row->section ? row->section : section;
        text = add_row(ctx, text, row);
    }
    return text;
}
