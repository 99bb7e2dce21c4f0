/* SPDX-License-Identifier: MIT */
/* zone.c - the writers for zone files. */
#include "base/zone.h"

#include <string.h>

#include "base/dname.h"

#define STRING_MAX 255 /* octets of one character-string */

char *zone_name(TALLOC_CTX *ctx, const char *name)
{
    char *text = dname_labels_valid(bytes_of(name)) ? talloc_strdup(ctx, "") : NULL;

    while (text && *name) {
        size_t length = *name == '\\' ? 2 : 1;

        if (strchr("\"();@$", *name))
            text = talloc_strdup_append_buffer(text, "\\");
        if (text)
            text = talloc_strndup_append_buffer(text, name, length);
        name += length;
    }
    return text;
}

/* One octet as it stands between quotation marks. */
static char *append_quoted(char *text, char c)
{
    unsigned char octet = (unsigned char)c;

    if (octet < ' ' || octet >= 0x7F)
        return talloc_asprintf_append_buffer(text, "\\%03d", octet);
    return talloc_asprintf_append_buffer(text, "%s%c", c == '"' || c == '\\' ? "\\" : "", c);
}

char *zone_quoted(TALLOC_CTX *ctx, const char *text)
{
    char *out = talloc_strdup(ctx, "");

    for (; out && *text; text++)
        out = append_quoted(out, *text);
    return out;
}

char *zone_strings(TALLOC_CTX *ctx, const char *text)
{
    char *data = talloc_strdup(ctx, "\"");
    size_t in_string = 0;

    for (; data && *text; text++) {
        if (in_string++ == STRING_MAX) {
            data = talloc_strdup_append_buffer(data, "\" \"");
            in_string = 1;
        }
        if (data)
            data = append_quoted(data, *text);
    }
    return data ? talloc_strdup_append_buffer(data, "\"") : NULL;
}
