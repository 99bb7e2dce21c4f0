/* SPDX-License-Identifier: MIT */
/* report_extent.c - where a report stands in a text, and whether it is small enough to be parsed.
 *
 * The JSON library needs up to 1 KiB for an object of two bytes, so the number of objects, and not
 * the length of the text, bounds the memory of a hostile one. */
#include "sts/report.h"

#include <string.h>

#include "base/ascii.h"

static bool is_between(unsigned char c)
{
    return ascii_is_space(c) || c == '[' || c == ']' || c == ',' || c == '\0' || c == 0x1e;
}

static size_t skip_between(struct bytes text, size_t at, bool *ret_list)
{
    while (at < text.length && is_between((unsigned char)text.data[at])) {
        *ret_list |= text.data[at] == '[';
        at++;
    }
    return at;
}

/* From an opening quote to behind the closing one: the first with an even number of backslashes
 * before it. */
static size_t skip_string(struct bytes text, size_t at)
{
    char quote = text.data[at++];
    const char *end;

    while ((end = memchr(text.data + at, quote, text.length - at))) {
        const char *slash = end;

        while (slash > text.data + at && slash[-1] == '\\')
            slash--;
        at = (size_t)(end - text.data) + 1;
        if ((end - slash) % 2 == 0)
            return at;
    }
    return text.length;
}

/* What matters outside strings: all else is passed over quickly. */
static const bool matters[256] = {['{'] = true, ['}'] = true, ['['] = true, [']'] = true,
                                  [','] = true, [':'] = true, ['"'] = true, ['\''] = true};

struct extent_tally {
    size_t depth, objects, members, colons;
};

static enum sts_report_fault take(struct extent_tally *tally, char c)
{
    switch (c) {
    case '{':
    case '[':
        if (++tally->objects > STS_REPORT_OBJECTS_MAX)
            return STS_REPORT_FAULT_TOO_MANY;
        return ++tally->depth > STS_REPORT_DEPTH ? STS_REPORT_FAULT_TOO_DEEP
                                                 : STS_REPORT_FAULT_NONE;
    case '}':
    case ']':
        tally->depth--;
        return STS_REPORT_FAULT_NONE;
    case ',':
        return ++tally->members > STS_REPORT_MEMBERS_MAX ? STS_REPORT_FAULT_TOO_MANY
                                                         : STS_REPORT_FAULT_NONE;
    case ':':
        tally->colons++;
        return STS_REPORT_FAULT_NONE;
    default:
        return STS_REPORT_FAULT_NONE;
    }
}

/* The object that begins at `at`; a fault was met before *ret_end. */
static enum sts_report_fault measure(struct bytes text, size_t at, struct bytes *ret,
                                     size_t *ret_colons, size_t *ret_end)
{
    struct extent_tally tally = {0};
    size_t begin = at;

    while (at < text.length) {
        char c = text.data[at];
        enum sts_report_fault fault;

        if (!matters[(unsigned char)c]) {
            at++;
            continue;
        }
        if (c == '"' || c == '\'') {
            at = skip_string(text, at);
            continue;
        }
        fault = take(&tally, c);
        at++;
        if (fault != STS_REPORT_FAULT_NONE) {
            *ret_end = at;
            return fault;
        }
        if (!tally.depth) {
            *ret = (struct bytes){text.data + begin, at - begin};
            *ret_colons = tally.colons;
            return STS_REPORT_FAULT_NONE;
        }
    }
    *ret_end = text.length;
    return STS_REPORT_FAULT_TRUNCATED;
}

struct report_extent report_extent(struct bytes text)
{
    struct report_extent extent = {0};
    size_t at = 0;
    bool list = false;

    extent.bom = bytes_begin(text, "\xef\xbb\xbf");
    at = skip_between(text, extent.bom ? 3 : 0, &extent.wrapped);
    if (at == text.length || text.data[at] != '{') {
        extent.fault = at == text.length ? STS_REPORT_FAULT_EMPTY : STS_REPORT_FAULT_NOT_JSON;
        extent.used = at;
        return extent;
    }
    extent.fault = measure(text, at, &extent.object, &extent.colons, &extent.used);
    if (extent.fault != STS_REPORT_FAULT_NONE)
        return extent;
    at = skip_between(text, at + extent.object.length, &list);
    extent.several = at < text.length && text.data[at] == '{';
    extent.trailing = at < text.length && !extent.several;
    extent.used = at;
    return extent;
}
