/* SPDX-License-Identifier: MIT */
/* ascii.h - character classes of the standards: ASCII, whatever the locale says. */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>

static inline bool ascii_is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static inline bool ascii_is_upper(unsigned char c)
{
    return c >= 'A' && c <= 'Z';
}

static inline bool ascii_is_alpha(unsigned char c)
{
    return ascii_is_upper(c) || (c >= 'a' && c <= 'z');
}

static inline bool ascii_is_alnum(unsigned char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c);
}

/* WSP of RFC 5234. */
static inline bool ascii_is_blank(unsigned char c)
{
    return c == ' ' || c == '\t';
}

/* Blanks and line ends. */
static inline bool ascii_is_space(unsigned char c)
{
    return ascii_is_blank(c) || c == '\r' || c == '\n';
}

static inline char ascii_lower(char c)
{
    if (!ascii_is_upper((unsigned char)c))
        return c;
    return (char)(unsigned char)(c + ('a' - 'A'));
}

static inline char ascii_upper(char c)
{
    if (c < 'a' || c > 'z')
        return c;
    return (char)(unsigned char)(c - ('a' - 'A'));
}

#endif
