/* SPDX-License-Identifier: MIT */
/* bytes.c - comparing and cutting texts of known length. */
#include "base/bytes.h"

#include <string.h>

#include "base/ascii.h"

struct bytes bytes_of(const char *text)
{
    return (struct bytes){text, strlen(text)};
}

bool bytes_begin(struct bytes a, const char *text)
{
    size_t length = strlen(text);

    return a.length >= length && (length == 0 || memcmp(a.data, text, length) == 0);
}

bool bytes_equal(struct bytes a, const char *text)
{
    return a.length == strlen(text) && bytes_begin(a, text);
}

bool bytes_begin_nocase(struct bytes a, const char *text)
{
    for (size_t i = 0; text[i]; i++)
        if (i >= a.length || ascii_lower(a.data[i]) != ascii_lower(text[i]))
            return false;
    return true;
}

bool bytes_equal_nocase(struct bytes a, const char *text)
{
    return a.length == strlen(text) && bytes_begin_nocase(a, text);
}

struct bytes bytes_from(struct bytes a, size_t at)
{
    if (at > a.length)
        at = a.length;
    if (at == 0)
        return a;
    return (struct bytes){a.data + at, a.length - at};
}

long bytes_find_nocase(struct bytes a, const char *text)
{
    for (size_t at = 0; at < a.length; at++)
        if (bytes_begin_nocase(bytes_from(a, at), text))
            return (long)at;
    return -1;
}

long bytes_find_char(struct bytes a, char c)
{
    const char *found = a.length ? memchr(a.data, c, a.length) : NULL;

    return found ? (long)(found - a.data) : -1;
}

struct bytes bytes_trim(struct bytes a)
{
    while (a.length && ascii_is_space((unsigned char)a.data[0]))
        a = bytes_from(a, 1);
    while (a.length && ascii_is_space((unsigned char)a.data[a.length - 1]))
        a.length--;
    return a;
}
