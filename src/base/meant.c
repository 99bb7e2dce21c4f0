/* SPDX-License-Identifier: MIT */
/* meant.c - the domain that was meant by what is none.
 *
 * Each row makes another text of what was typed, by one kind of slip; the first of them in which a
 * domain with a dot is found is what was meant.  Where a text could be two things, no row fits. */
#include "base/pasted.h"

#include <string.h>
#include <strings.h>

#include "base/bytes.h"

#define MEANT_MAX 512 /* bytes: nobody types more by mistake */

static bool is_blank(char c)
{
    return c && strchr(" \t\r\n", c);
}

/* A list is no slip: "a.example, b.example". */
static bool is_list(const char *text)
{
    const char *comma = strpbrk(text, ",;");

    return comma && memchr(text, '.', (size_t)(comma - text)) && strchr(comma, '.');
}

/* "example,org", "example . org", "example..org" */
static bool mend_dots(const char *text, char *to)
{
    size_t length = 0;

    if (is_list(text))
        return false;
    for (; *text; text++) {
        bool behind_dot = !length || to[length - 1] == '.';
        char c = *text;

        if (c == ',' || c == ';')
            c = '.';
        if (behind_dot && (c == '.' || is_blank(c)))
            continue;
        while (c == '.' && length && is_blank(to[length - 1]))
            length--;
        to[length++] = c;
    }
    to[length] = '\0';
    return true;
}

/* "my_domain.example": underscores are in no host name. */
static bool mend_dashes(const char *text, char *to)
{
    if (!mend_dots(text, to))
        return false;
    for (char *c = to; *c; c++)
        if (*c == '_')
            *c = '-';
    return true;
}

/* "http//example.org", "https:/example.org", "mailto//a@example.org" */
static bool cut_scheme(const char *text, char *to)
{
    static const char *const schemes[] = {"https", "http", "mailto", "www:", "ftp"};

    text += strspn(text, " \t\r\n");
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        size_t length = strlen(schemes[i]);

        if (strncasecmp(text, schemes[i], length) != 0 || !strchr(":/\\;", text[length]))
            continue;
        text += length;
        text += strspn(text, ":/\\; ");
        memcpy(to, text, strlen(text) + 1);
        return true;
    }
    return false;
}

/* "check example.org now": the only word with a dot inside. */
static bool take_word(const char *text, char *to)
{
    size_t found = 0;

    for (text += strspn(text, " \t\r\n"); *text; text += strspn(text, " \t\r\n")) {
        size_t length = strcspn(text, " \t\r\n");
        const char *dot = memchr(text, '.', length);

        if (dot && dot > text && dot + 1 < text + length) {
            memcpy(to, text, length);
            to[length] = '\0';
            found++;
        }
        text += length;
    }
    return found == 1;
}

bool pasted_meant(const char *text, char name[STS_NAME_SIZE])
{
    static bool (*const mends[])(const char *text, char *to) = {mend_dots, cut_scheme, mend_dashes,
                                                                take_word};
    enum pasted_form form;
    char mended[MEANT_MAX];

    if (strlen(text) >= sizeof(mended))
        return false;
    for (size_t i = 0; i < sizeof(mends) / sizeof(mends[0]); i++)
        if (mends[i](text, mended) && pasted_domain(mended, name, &form) == STS_OK &&
            strchr(name, '.'))
            return true;
    return false;
}
