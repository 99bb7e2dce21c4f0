/* SPDX-License-Identifier: MIT */
/* text_right.c - the line of a policy that a wrong one was meant to be.
 *
 * A line is cut where keys begin (some wrote all fields into one), each piece is read as key and
 * value whatever stands between them, and the value is put right by its key.  Where one piece
 * cannot be, there is no answer: half a repair would be a guess.  Nor is there one for a line that
 * nobody wrote by hand: the work grows with the square of its length. */
#include "rules/text_findings.h"

#include <string.h>

#include <mtasts/match.h>

#include "base/ascii.h"
#include "base/hidden.h"
#include "base/near.h"
#include "base/text.h"
#include "sts/policy_key.h"

#define BETWEEN        " \t,;\"'<>[]"
#define LINE_MAX_BYTES 4096

/* ---- mx -------------------------------------------------------------------------------------- */

/* The host of "https://host:25/path", "host:25", "host." */
static const char *host_of(struct rules *r, const char *text)
{
    const char *scheme = strstr(text, "://");

    text = scheme ? scheme + 3 : text;
    return rule_text(r, "%.*s", (int)strcspn(text, ":/"), text);
}

/* A pattern without what people add to it; NULL: it is none. */
static const char *pattern_of(struct rules *r, const char *token)
{
    const char *host = host_of(r, token), *star = "";
    char name[STS_NAME_SIZE];

    if (*host == '*' || (*host == '.' && host[1])) { /* "*.a", ".a", "*a" */
        star = "*.";
        host += *host == '*';
        host += *host == '.';
    }
    if (strchr(token, '@') || sts_name_from_user(host, name) != STS_OK || !strchr(name, '.'))
        return NULL;
    return rule_text(r, "mx: %s%s", star, name);
}

/* What a line of a zone file has beside the name. */
static bool is_beside(const char *token)
{
    return !token[strspn(token, "0123456789")] || !strcasecmp(token, "IN") ||
           !strcasecmp(token, "MX");
}

/* Each name in a line of its own. */
static const char *right_mx(struct rules *r, const char *value)
{
    const char *lines = NULL;

    for (value += strspn(value, BETWEEN); *value; value += strspn(value, BETWEEN)) {
        size_t length = strcspn(value, BETWEEN);
        const char *token = rule_text(r, "%.*s", (int)length, value);
        const char *line = is_beside(token) ? "" : pattern_of(r, token);

        if (!line)
            return NULL;
        if (*line)
            lines = rule_lines(r, lines, line);
        value += length;
    }
    return lines;
}

/* ---- the others ------------------------------------------------------------------------------ */

static const char *right_version(struct rules *r, const char *value)
{
    (void)value; /* there is one only */
    return rule_text(r, "%s", "version: STSv1");
}

static const char *right_mode(struct rules *r, const char *value)
{
    static const struct {
        const char *word, *mode;
        size_t far;
    } modes[] = {
        {"enforce", "enforce", 2}, {"testing", "testing", 2},     {"none", "none", 1},
        {"test", "testing", 0},    {"report", "testing", 0},      {"off", "none", 0},
        {"disabled", "none", 0},   {"enforcement", "enforce", 0}, {"enforcing", "enforce", 0},
        {"monitor", "testing", 0}, {"reporting", "testing", 0},
    };
    const char *word = rule_lower(r, value);

    for (size_t i = 0; word && i < sizeof(modes) / sizeof(modes[0]); i++)
        if (*word && near_distance(word, modes[i].word) <= modes[i].far)
            return rule_text(r, "mode: %s", modes[i].mode);
    return NULL;
}

/* Seconds in what stands behind a number; 0: no unit that is known. */
static long long unit_of(const char *text)
{
    static const struct {
        const char *words;
        long long seconds;
    } units[] = {
        {" s sec secs second seconds ", 1}, {" min mins minute minutes ", 60},
        {" h hour hours ", 3600},           {" d day days ", 86400},
        {" w week weeks ", 604800},         {" month months ", 2592000},
        {" y year years ", 31536000},
    };
    size_t length = strlen(text);

    if (!length)
        return 1;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        const char *at = strstr(units[i].words, text);

        if (at && at[-1] == ' ' && at[length] == ' ')
            return units[i].seconds;
    }
    return 0;
}

/* Digits, "604.800" and "604 800" among them; *text is then behind them.  -1: none. */
static long long number_of(const char **text)
{
    const char *at = *text;
    long long number = 0;
    size_t digits = strspn(at, "0123456789");

    if (!digits)
        return -1;
    for (;;) {
        for (size_t i = 0; i < digits; i++)
            number = number > STS_MAX_AGE_MAX ? number : number * 10 + (at[i] - '0');
        at += digits;
        digits = *at && strchr(" .,_'", *at) ? strspn(at + 1, "0123456789") : 0;
        if (digits != 3)
            break;
        at++;
    }
    *text = at;
    return number;
}

static const char *right_max_age(struct rules *r, const char *value)
{
    const char *at = rule_lower(r, value);
    long long number, unit;

    at += at && *at == '+';
    number = at ? number_of(&at) : -1;
    if (number < 0)
        return NULL;
    unit = unit_of(at + strspn(at, " \t"));
    number = number > STS_MAX_AGE_MAX ? STS_MAX_AGE_MAX : number * unit;
    if (!unit)
        return NULL;
    return rule_text(r, "max_age: %lld", number > STS_MAX_AGE_MAX ? STS_MAX_AGE_MAX : number);
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* The text with every character that is not what it looks like replaced by what was meant; NULL:
 * there are bytes that nothing can be made of. */
static char *plain_of(struct rules *r, const char *data, size_t length)
{
    char *plain = talloc_array(r->view.mem, char, length + 1);
    size_t count = 0;

    for (size_t at = 0, size; plain && at < length; at += size) {
        struct bytes rest = {data + at, length - at};
        const struct hidden *hidden = hidden_at(rest);

        size = hidden ? strlen(hidden->bytes) : text_character(rest.data, rest.length);
        if (!*rest.data || (!hidden && !text_is_utf8(rest.data, size)))
            return NULL;
        memcpy(plain + count, hidden ? hidden->plain : rest.data,
               hidden ? strlen(hidden->plain) : size);
        count += hidden ? strlen(hidden->plain) : size;
    }
    if (plain)
        plain[count] = '\0';
    else
        r->view.no_memory = true;
    return plain;
}

static bool is_literal_end(const char *text)
{
    return text[0] == '\\' && (text[1] == 'n' || text[1] == 'r');
}

/* Where the piece at `text` ends: before the next key, at a line end, at a comment. */
static size_t piece_length(const char *text)
{
    size_t at = 0;

    for (; text[at] && text[at] != '\n' && !is_literal_end(text + at); at++) {
        bool behind = at && strchr(BETWEEN, text[at - 1]);

        if (behind && (text[at] == '#' || !strncmp(text + at, "//", 2)))
            break;
        if (behind && policy_key_begins(bytes_of(text + at)) != KEY_UNKNOWN)
            break;
    }
    return at;
}

/* The value without quotation marks and what else stands around it. */
static const char *bare_value(struct rules *r, const char *value, size_t length)
{
    while (length && strchr(BETWEEN, *value))
        value++, length--;
    while (length && strchr(BETWEEN, value[length - 1]))
        length--;
    return rule_text(r, "%.*s", (int)length, value);
}

static const char *right_piece(struct rules *r, const char *text, size_t length)
{
    static const char *(*const repairs[])(struct rules *, const char *) = {
        [KEY_VERSION] = right_version,
        [KEY_MODE] = right_mode,
        [KEY_MAX_AGE] = right_max_age,
        [KEY_MX] = right_mx,
    };
    size_t end = strcspn(text, ":=");
    enum policy_key key;

    if (end >= length) /* "max_age 604800" */
        end = strcspn(text, " \t");
    if (end >= length)
        return NULL;
    key = policy_key_meant((struct bytes){text, end});
    if (key == KEY_UNKNOWN)
        return NULL;
    return repairs[key](r, bare_value(r, text + end + 1, length - end - 1));
}

const char *text_right_line(struct rules *r, const char *data, size_t length)
{
    const char *text = length <= LINE_MAX_BYTES ? plain_of(r, data, length) : NULL, *lines = NULL;

    if (!text)
        return NULL;
    text += strspn(text, BETWEEN "-*"); /* the bullet of a list */
    while (*text) {
        size_t piece = piece_length(text);
        const char *right = NULL;

        if (piece) {
            right = right_piece(r, text, piece);
            if (!right)
                return NULL;
            lines = rule_lines(r, lines, right);
        }
        text += piece;
        if (*text == '#' || *text == '/')
            break;
        while (*text && (strchr(BETWEEN "\n", *text) || is_literal_end(text)))
            text += is_literal_end(text) ? 2 : 1;
    }
    return lines;
}
