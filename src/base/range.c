/* SPDX-License-Identifier: MIT */
/* range.c - ranges of monitoring plugins. */
#include "base/range.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* "-?[0-9]+(.[0-9]+)?", and nothing else that strtod() would take; NULL: none. */
static const char *read_number(const char *text, double *ret)
{
    const char *at = text + (*text == '-');
    size_t digits = strspn(at, "0123456789");

    if (!digits)
        return NULL;
    at += digits;
    if (*at == '.') {
        digits = strspn(++at, "0123456789");
        at += digits;
    }
    if (!digits)
        return NULL;
    *ret = strtod(text, NULL);
    return at;
}

/* What stands before the colon; NULL: nothing that may. */
static const char *read_start(const char *text, double *ret)
{
    if (*text == '~') {
        *ret = -INFINITY;
        return text + 1;
    }
    return read_number(text, ret);
}

bool range_parse(const char *text, struct range *ret)
{
    struct range range = {.start = 0, .end = INFINITY, .inside = *text == '@'};
    const char *at = text + range.inside;
    const char *colon = strchr(at, ':');

    if (strlen(text) > RANGE_TEXT_MAX)
        return false;
    if (colon && read_start(at, &range.start) != colon)
        return false;
    at = colon ? colon + 1 : at;
    if (!colon || *at)
        at = read_number(at, &range.end);
    if (!at || *at || range.start > range.end)
        return false;
    *ret = range;
    return true;
}

bool range_alerts(const struct range *range, double value)
{
    bool within = range->start <= value && value <= range->end;

    return within == range->inside;
}
