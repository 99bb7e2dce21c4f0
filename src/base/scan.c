/* SPDX-License-Identifier: MIT */
/* scan.c - the bounded scanner. */
#include "base/scan.h"

#include <string.h>

#include "base/ascii.h"

struct scan scan_begin(struct bytes text)
{
    return (struct scan){.text = text};
}

int scan_peek(const struct scan *scan)
{
    if (scan->failed || scan->at >= scan->text.length)
        return -1;
    return (unsigned char)scan->text.data[scan->at];
}

bool scan_at_end(const struct scan *scan)
{
    return scan->at >= scan->text.length;
}

bool scan_finished(const struct scan *scan)
{
    return !scan->failed && scan_at_end(scan);
}

bool scan_try(struct scan *scan, char c)
{
    if (scan_peek(scan) != (unsigned char)c)
        return false;
    scan->at++;
    return true;
}

bool scan_try_text(struct scan *scan, const char *text)
{
    if (scan->failed || !bytes_begin(bytes_from(scan->text, scan->at), text))
        return false;
    scan->at += strlen(text);
    return true;
}

void scan_expect(struct scan *scan, char c)
{
    if (!scan_try(scan, c))
        scan->failed = true;
}

/* What was taken since `from`. */
static struct bytes taken(const struct scan *scan, size_t from)
{
    return (struct bytes){bytes_from(scan->text, from).data, scan->at - from};
}

struct bytes scan_while(struct scan *scan, bool (*is)(unsigned char))
{
    size_t from = scan->at;
    int c;

    while ((c = scan_peek(scan)) >= 0 && is((unsigned char)c))
        scan->at++;
    return taken(scan, from);
}

struct bytes scan_until(struct scan *scan, char c)
{
    size_t from = scan->at;
    long found;

    if (scan->failed)
        return taken(scan, from);
    found = bytes_find_char(bytes_from(scan->text, from), c);
    scan->at = found < 0 ? scan->text.length : from + (size_t)found;
    return taken(scan, from);
}

long long scan_number(struct scan *scan, int min, int max)
{
    long long number = 0;
    int digits = 0, c;

    while (digits < max && (c = scan_peek(scan)) >= 0 && ascii_is_digit((unsigned char)c)) {
        number = number * 10 + (c - '0');
        scan->at++;
        digits++;
    }
    if (digits < min)
        scan->failed = true;
    return scan->failed ? 0 : number;
}
