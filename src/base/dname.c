/* SPDX-License-Identifier: MIT */
/* dname.c - what is a name of the DNS. */
#include "base/dname.h"

#include <stdint.h>

#include "base/hname.h"
#include "base/scan.h"

static bool is_visible(int c)
{
    return c > ' ' && c < 0x7F;
}

/* Takes the next character, if it is visible. */
static bool take_visible(struct scan *scan)
{
    bool good = is_visible(scan_peek(scan));

    scan->at += good;
    return good;
}

/* Behind a backslash: three digits of an octet, or any other character for itself. */
static bool take_escaped(struct scan *scan)
{
    int c = scan_peek(scan);

    if (c < '0' || c > '9')
        return take_visible(scan);
    return scan_number(scan, 3, 3) <= UINT8_MAX && !scan->failed;
}

/* The octets of the label at which the scan stands; 0: it is none. */
static size_t label_length(struct scan *scan)
{
    size_t length = 0;

    for (; !scan_at_end(scan) && scan_peek(scan) != '.'; length++) {
        bool escape = scan_try(scan, '\\');

        if (escape ? !take_escaped(scan) : !take_visible(scan))
            return 0;
    }
    return length;
}

/* The octets of the name in a message; 0: it is none. */
static size_t name_length(struct bytes name)
{
    struct scan scan = scan_begin(name);
    size_t whole = 1, label; /* each label has an octet for its length, the root nothing else */

    if (bytes_equal(name, "."))
        return whole;
    do {
        label = label_length(&scan);
        if (!label || label > HNAME_LABEL)
            return 0;
        whole += 1 + label;
    } while (scan_try(&scan, '.'));
    return whole;
}

bool dname_valid(struct bytes name)
{
    size_t length = name_length(name);

    return length && length <= DNAME_MAX;
}

bool dname_labels_valid(struct bytes name)
{
    return name_length(name) != 0;
}
