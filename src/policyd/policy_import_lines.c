/* SPDX-License-Identifier: MIT */
/* policy_import_lines.c - the lines of postfix-mta-sts-resolver.
 *
 * ts is when it fetched the policy, or last saw that the record still has the same id: it does not
 * fetch then, and does not keep which of the two it was.  To end the policy earlier than that
 * program does would protect less. */
#include "policyd/policy_import_work.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/json.h"
#include "policyd/limits.h"

enum { DOMAIN_AT, TIME_AT, ID_AT, BODY_AT, FIELDS };

static bool split(struct bytes line, struct bytes fields[FIELDS])
{
    for (size_t i = 0; i < FIELDS; i++) {
        long tab = bytes_find_char(line, '\t');

        if ((tab < 0) != (i == FIELDS - 1))
            return false;
        fields[i] = (struct bytes){line.data, tab < 0 ? line.length : (size_t)tab};
        line = bytes_from(line, fields[i].length + (tab >= 0));
    }
    return true;
}

/* Digits; a fraction, as of time.time(), is cut off.  0: it is none. */
static int64_t time_of(struct bytes text)
{
    int64_t time = 0;
    size_t i = 0;

    for (; i < text.length && text.data[i] >= '0' && text.data[i] <= '9' && i < 12; i++)
        time = time * 10 + (text.data[i] - '0');
    return i == text.length || text.data[i] == '.' ? time : 0;
}

static bool mx_of(TALLOC_CTX *ctx, const struct json *mx, struct imported *found)
{
    struct bytes *names = NULL;

    if (!json_is(mx, JSON_ARRAY))
        return mx == NULL;
    for (size_t i = 0; i < mx->count && i <= LIMIT_IMPORT_NAMES; i++) {
        struct bytes *name = array_grow(ctx, &names, &found->mx_count, sizeof(*names));

        if (!name || !json_is(&mx->items[i], JSON_STRING))
            return false;
        *name = mx->items[i].text;
    }
    found->mx = names;
    return true;
}

static enum policy_import_fault take_line(struct importing *importing, TALLOC_CTX *own,
                                          struct bytes line)
{
    struct bytes fields[FIELDS] = {{NULL, 0}};
    struct imported found = {.max_age = 0};
    const struct json *mode, *max_age;
    struct json *body = NULL;
    enum json_fault fault;
    size_t at;

    if (!split(line, fields))
        return POLICY_IMPORT_BAD_LINE;
    fault = json_read(own, fields[BODY_AT], false, LIMIT_IMPORT_DEPTH, &body, &at);
    if (fault)
        return fault == JSON_NO_MEMORY ? POLICY_IMPORT_NO_MEMORY : POLICY_IMPORT_BAD_LINE;
    found.domain = fields[DOMAIN_AT];
    found.id = fields[ID_AT];
    found.fetched_at = time_of(fields[TIME_AT]);
    mode = json_member(body, "mode");
    max_age = json_member(body, "max_age");
    if (!found.fetched_at || !json_is(mode, JSON_STRING) || !json_is(max_age, JSON_INTEGER) ||
        !mx_of(own, json_member(body, "mx"), &found))
        return POLICY_IMPORT_BAD_LINE;
    found.mode = mode->text.data;
    found.max_age = max_age->integer;
    return import_take(importing, &found);
}

static enum policy_import_fault take_one(struct importing *importing, struct bytes line)
{
    TALLOC_CTX *own = talloc_new(importing->ctx);
    enum policy_import_fault fault =
        own ? take_line(importing, own, line) : POLICY_IMPORT_NO_MEMORY;

    talloc_free(own);
    return fault;
}

/* The lists of postfix-tlspol have columns of blanks. */
static bool has_tab(struct bytes text)
{
    long end = bytes_find_char(text, '\n');
    struct bytes line = {text.data, end < 0 ? text.length : (size_t)end};

    return bytes_find_char(line, '\t') >= 0;
}

static bool is_text(struct bytes text)
{
    return !memchr(text.data, '\0', text.length);
}

enum policy_import_fault import_lines(struct importing *importing, struct bytes text)
{
    enum policy_import_fault fault = POLICY_IMPORT_OK;

    if (!has_tab(text) || !is_text(text))
        return is_text(text) ? POLICY_IMPORT_NAMES : POLICY_IMPORT_UNKNOWN;
    while (!fault && text.length) {
        long end = bytes_find_char(text, '\n');
        struct bytes line = {text.data, end < 0 ? text.length : (size_t)end};

        importing->import->line++;
        text = bytes_from(text, line.length + (end >= 0));
        if (bytes_trim(line).length)
            fault = take_one(importing, line);
    }
    return fault;
}
