/* SPDX-License-Identifier: MIT */
/* account_name.c - names that can be typed and told apart. */
#include "accounts/account_name.h"

#include <string.h>

#include "accounts/limits.h"
#include "base/ascii.h"
#include "base/bytes.h"
#include "base/text.h"

char *account_name_of_group(TALLOC_CTX *ctx, const char *typed)
{
    struct bytes name = bytes_trim(bytes_of(typed));

    if (name.length == 0 || name.length > ACCOUNT_NAME_MAX ||
        !text_is_printable(name.data, name.length) || bytes_find_char(name, '\\') >= 0)
        return NULL;
    return talloc_strndup(ctx, name.data, name.length);
}

char *account_name_of_user(TALLOC_CTX *ctx, const char *typed)
{
    char *name = account_name_of_group(ctx, typed);

    for (char *c = name; c && *c; c++)
        *c = ascii_lower(*c);
    if (!name || !strpbrk(name, " \t"))
        return name;
    talloc_free(name);
    return NULL;
}
