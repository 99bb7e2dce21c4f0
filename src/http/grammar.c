/* SPDX-License-Identifier: MIT */
/* grammar.c - classes of characters, lists. */
#include "http/grammar.h"

#include "base/ascii.h"

bool http_is_token(unsigned char c)
{
    switch (c) {
    case '!':
    case '#':
    case '$':
    case '%':
    case '&':
    case '\'':
    case '*':
    case '+':
    case '-':
    case '.':
    case '^':
    case '_':
    case '`':
    case '|':
    case '~':
        return true;
    default:
        return ascii_is_alnum(c);
    }
}

bool http_is_control(unsigned char c)
{
    return c < 0x20 || c == 0x7f;
}

int http_hex(unsigned char c)
{
    if (ascii_is_digit(c))
        return c - '0';
    c = (unsigned char)ascii_lower((char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The length of the list's first member, up to its comma. */
static size_t member_length(struct bytes list)
{
    bool quoted = false;

    for (size_t i = 0; i < list.length; i++) {
        if (list.data[i] == '"')
            quoted = !quoted;
        else if (quoted && list.data[i] == '\\')
            i++;
        else if (!quoted && list.data[i] == ',')
            return i;
    }
    return list.length;
}

bool http_list_next(struct bytes *list, struct bytes *ret)
{
    while (list->length) {
        size_t length = member_length(*list);

        *ret = bytes_trim((struct bytes){list->data, length});
        *list = bytes_from(*list, length < list->length ? length + 1 : length);
        if (ret->length)
            return true;
    }
    return false;
}
