/* SPDX-License-Identifier: MIT */
/* policy_repaired.c - a whole policy as it was meant.
 *
 * Lines that say nothing go, a line that is wrong becomes what it was meant to be (text_right.c),
 * an extension stays, and of version, mode and max_age one line each is left: the first whose key
 * is written as it must be, else the first.  Only what the parser then finds valid is offered. */
#include "rules/text_findings.h"

#include <string.h>

#include <mtasts/policy.h>

#include "base/array.h"
#include "base/scanner.h"
#include "sts/policy_key.h"

struct repaired_line {
    struct bytes text;
    enum policy_key key;
    bool exact; /* its key was written so */
};

struct repair {
    struct rules *r;
    struct repaired_line *lines;
    size_t count;
    bool hopeless;
};

static struct bytes trimmed(struct bytes line)
{
    while (line.length && strchr(" \t", line.data[line.length - 1]))
        line.length--;
    while (line.length && strchr(" \t", *line.data))
        line = bytes_from(line, 1);
    return line;
}

static struct bytes key_of(struct bytes line)
{
    const char *colon = line.length ? memchr(line.data, ':', line.length) : NULL;

    return (struct bytes){line.data, colon ? (size_t)(colon - line.data) : 0};
}

static void add(struct repair *repair, struct bytes text, bool exact)
{
    struct repaired_line *line =
        array_grow(repair->r->view.mem, &repair->lines, &repair->count, sizeof(*line));

    if (line)
        *line = (struct repaired_line){text, policy_key_find(key_of(text)), exact};
    else
        repair->r->view.no_memory = repair->hopeless = true;
}

/* Is it an extension field, beside which all else would be valid? */
static bool is_extension(struct rules *r, struct bytes line)
{
    const char *text = talloc_asprintf(
        r->view.mem, "version: STSv1\nmode: none\nmax_age: 0\n%.*s\n", (int)line.length, line.data);
    struct sts_policy *policy = NULL;
    bool valid = text && !memchr(line.data, 0, line.length) &&
                 sts_policy_parse(text, strlen(text), &policy) == STS_OK &&
                 sts_policy_valid(policy);

    sts_policy_free(policy);
    return valid;
}

static bool is_comment(struct bytes line)
{
    return bytes_begin(line, "#") || bytes_begin(line, "//") || bytes_begin(line, ";");
}

static void repair_line(struct repair *repair, struct bytes line)
{
    struct bytes plain = trimmed(line);
    const char *right;

    if (!plain.length || is_comment(plain))
        return;
    right = text_right_line(repair->r, line.data, line.length);
    if (!right && is_extension(repair->r, plain)) {
        add(repair, plain, true);
        return;
    }
    repair->hopeless |= !right;
    for (size_t length; right && *right; right += length + (right[length] == '\n')) {
        length = strcspn(right, "\n");
        add(repair, (struct bytes){right, length},
            bytes_equal(key_of(plain),
                        policy_key_name(policy_key_find(key_of((struct bytes){right, length})))));
    }
}

/* A line ends with LF, CRLF or, wrongly, CR. */
static void repair_lines(struct repair *repair, struct bytes text)
{
    while (text.length && !repair->hopeless) {
        size_t length = 0;

        while (length < text.length && text.data[length] != '\n' && text.data[length] != '\r')
            length++;
        repair_line(repair, (struct bytes){text.data, length});
        text = bytes_from(text, length < text.length ? length + 1 : length);
    }
}

/* Of a field that counts once the line that stays; SIZE_MAX: there is none. */
static size_t chosen(const struct repair *repair, enum policy_key key)
{
    size_t first = SIZE_MAX;

    for (size_t i = 0; i < repair->count; i++) {
        if (repair->lines[i].key != key)
            continue;
        if (repair->lines[i].exact)
            return i;
        first = first == SIZE_MAX ? i : first;
    }
    return first;
}

static char *joined(const struct repair *repair)
{
    size_t once[KEY_MX];
    char *text;

    for (enum policy_key key = KEY_VERSION; key < KEY_MX; key++)
        once[key] = chosen(repair, key);
    text =
        talloc_strdup(repair->r->view.mem, once[KEY_VERSION] == SIZE_MAX ? "version: STSv1\n" : "");
    for (size_t i = 0; text && i < repair->count; i++) {
        const struct repaired_line *line = &repair->lines[i];

        if (line->key >= KEY_MX || once[line->key] == i)
            text = talloc_asprintf_append_buffer(text, "%.*s\n", (int)line->text.length,
                                                 line->text.data);
    }
    if (!text)
        repair->r->view.no_memory = true;
    return text;
}

static bool is_valid(struct rules *r, const char *text)
{
    struct sts_policy *policy = NULL;
    enum sts_status status = sts_policy_parse(text, strlen(text), &policy);
    bool valid = status == STS_OK && sts_policy_valid(policy);

    r->view.no_memory |= status == STS_E_NOMEM;
    sts_policy_free(policy);
    return valid;
}

const char *policy_repaired(struct rules *r, const char *text, size_t length)
{
    struct repair repair = {.r = r};
    char *whole;

    repair_lines(&repair, (struct bytes){text, length});
    whole = repair.hopeless ? NULL : joined(&repair);
    return whole && is_valid(r, whole) ? whole : NULL;
}
