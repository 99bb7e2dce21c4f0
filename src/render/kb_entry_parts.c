/* SPDX-License-Identifier: MIT */
/* kb_entry_parts.c - the lists of an entry. */
#include "render/kb_entry_parts.h"

#include <string.h>

#include "base/i18n.h"
#include "render/finding_text.h"

static size_t length_of(char *const *list)
{
    size_t length = 0;

    while (list && list[length])
        length++;
    return length;
}

char **kb_entry_line(TALLOC_CTX *ctx, char **list, char *line)
{
    size_t length = length_of(list);
    char **longer = line ? talloc_realloc(ctx, list, char *, length + 2) : NULL;

    if (!longer)
        return list;
    longer[length] = talloc_steal(longer, line);
    longer[length + 1] = NULL;
    return longer;
}

char **kb_entry_empty(TALLOC_CTX *ctx)
{
    return talloc_zero_array(ctx, char *, 1);
}

char **kb_entry_sentences(TALLOC_CTX *ctx, char **list, const char *const *msgids,
                          struct expand_params params)
{
    for (; msgids && *msgids; msgids++)
        list = kb_entry_line(ctx, list, expand_text(ctx, _(*msgids), params));
    return list;
}

char **kb_entry_commands(TALLOC_CTX *ctx, char **list, const char *const *templates,
                         struct expand_params params)
{
    for (; templates && *templates; templates++) {
        char *line =
            finding_text_is_optional(*templates) ? NULL : expand_command(ctx, *templates, params);
        size_t i = 0;

        while (line && list && list[i] && strcmp(list[i], line) != 0)
            i++;
        list = kb_entry_line(ctx, list, list && list[i] ? NULL : line);
    }
    return list;
}

char **kb_entry_names(TALLOC_CTX *ctx, char **list, const char *const *names)
{
    for (; names && *names; names++)
        list = kb_entry_line(ctx, list, talloc_strdup(ctx, *names));
    return list;
}
