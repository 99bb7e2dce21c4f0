/* SPDX-License-Identifier: MIT */
/* report_fit.c - strangers' texts as a report may hold them.
 *
 * A character first, then a text of them, then what only some texts may be. */
#include "sts/report_fit.h"

#include <string.h>

#include "base/ascii.h"
#include "base/hname.h"
#include "base/text.h"
#include "mtasts/report_builder.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* ---- characters ------------------------------------------------------------------------------ */

/* A control character, C1 in UTF-8 included. */
static bool is_control(const char *c, size_t size)
{
    unsigned char first = (unsigned char)c[0], second = (unsigned char)(size == 2 ? c[1] : 0xff);

    return size == 1 ? first < ' ' || first == 0x7f : first == 0xc2 && second < 0xa0;
}

/* U+FDD0 to U+FDEF, and the last two of each plane: what I-JSON forbids (RFC 7493 section 2.1). */
static bool is_noncharacter(const char *c, size_t size)
{
    const unsigned char *byte = (const unsigned char *)c;

    if (size == 3 && byte[0] == 0xef)
        return (byte[1] == 0xb7 && byte[2] >= 0x90 && byte[2] <= 0xaf) ||
               (byte[1] == 0xbf && byte[2] >= 0xbe);
    return size == 4 && (byte[1] & 0x0f) == 0x0f && byte[2] == 0xbf && byte[3] >= 0xbe;
}

/* One character as it is to be; returns the bytes of `text` it was. */
static size_t fit_character(const char *text, size_t length, struct bytes *ret)
{
    size_t size = text_character(text, length);

    *ret = (struct bytes){text, size};
    if (is_control(text, size))
        *ret = bytes_of(" ");
    else if ((size == 1 && (unsigned char)*text >= 0x80) || is_noncharacter(text, size))
        *ret = bytes_of(REPLACEMENT);
    return size;
}

/* ---- texts ----------------------------------------------------------------------------------- */

char *fit_text(struct fitting *fitting, const char *text)
{
    char buffer[STS_REPORT_TEXT_MAX];
    struct bytes whole = bytes_trim(bytes_of(text ? text : "")), character, left;
    size_t length = 0;
    char *copy;

    for (size_t at = 0; at < whole.length; length += character.length) {
        at += fit_character(whole.data + at, whole.length - at, &character);
        if (length + character.length > sizeof(buffer))
            break;
        memcpy(buffer + length, character.data, character.length);
    }
    left = bytes_trim((struct bytes){buffer, length});
    if (!left.length)
        return NULL;
    copy = talloc_strndup(fitting->mem, left.data, left.length);
    fitting->no_memory = fitting->no_memory || !copy;
    return copy;
}

static char *fit_lower(struct fitting *fitting, struct bytes text)
{
    char *copy = talloc_strndup(fitting->mem, text.data, text.length);

    fitting->no_memory = fitting->no_memory || !copy;
    for (char *c = copy; c && *c; c++)
        *c = ascii_lower(*c);
    return copy;
}

static char *fit_any_name(struct fitting *fitting, const char *text, bool pattern)
{
    struct bytes name = bytes_of(text ? text : "");

    if (name.length && name.data[name.length - 1] == '.')
        name.length--;
    return hname_valid(pattern && bytes_begin(name, "*.") ? bytes_from(name, 2) : name)
               ? fit_lower(fitting, name)
               : NULL;
}

char *fit_name(struct fitting *fitting, const char *text)
{
    return fit_any_name(fitting, text, false);
}

char *fit_pattern(struct fitting *fitting, const char *text)
{
    return fit_any_name(fitting, text, true);
}

char *fit_helo(struct fitting *fitting, const char *text)
{
    char *helo = fit_text(fitting, text);

    if (helo)
        helo[strcspn(helo, " ")] = '\0';
    return helo;
}

char *fit_address(struct fitting *fitting, const char *text)
{
    char form[HNAME_ADDRESS_SIZE];

    return text && hname_address(bytes_of(text), form) ? fit_text(fitting, form) : NULL;
}

/* A line of a policy.  One in brackets would be read as a JSON list of lines, which some senders
 * write; in a policy it is no field. */
char *fit_line(struct fitting *fitting, const char *text)
{
    char *line = fit_text(fitting, text);

    if (line && line[0] == '[' && line[strlen(line) - 1] == ']')
        return NULL;
    return line;
}

const char *const *fit_list(struct fitting *fitting, const char *const *list, size_t count,
                            fit_fn *fit, size_t *ret_count)
{
    size_t room = count < STS_REPORT_LINES_MAX ? count : STS_REPORT_LINES_MAX;
    const char **fitted = talloc_array(fitting->mem, const char *, room + 1);

    *ret_count = 0;
    fitting->no_memory = fitting->no_memory || !fitted;
    for (size_t i = 0; i < count && *ret_count < room && !fitting->no_memory; i++) {
        fitted[*ret_count] = fit(fitting, list[i]);
        *ret_count += fitted[*ret_count] != NULL;
    }
    return fitted;
}
