/* SPDX-License-Identifier: MIT */
/* dname.c - what is a name of the DNS. */
#include "base/dname.h"

#include <stdint.h>

#include "base/hname.h"
#include "base/scanner.h"

static bool is_visible(int c)
{
    return c > ' ' && c < 0x7F;
}

/* Takes the next character, if it is visible. */
static bool take_visible(struct scanner *scanner)
{
    bool good = is_visible(scanner_peek(scanner));

    scanner->at += good;
    return good;
}

/* Behind a backslash: three digits of an octet, or any other character for itself. */
static bool take_escaped(struct scanner *scanner)
{
    int c = scanner_peek(scanner);

    if (c < '0' || c > '9')
        return take_visible(scanner);
    return scanner_number(scanner, 3, 3) <= UINT8_MAX && !scanner->failed;
}

/* The octets of the label at which the scan stands; 0: it is none. */
static size_t label_length(struct scanner *scanner)
{
    size_t length = 0;

    for (; !scanner_at_end(scanner) && scanner_peek(scanner) != '.'; length++) {
        bool escape = scanner_try(scanner, '\\');

        if (escape ? !take_escaped(scanner) : !take_visible(scanner))
            return 0;
    }
    return length;
}

/* The octets of the name in a message; 0: it is none. */
static size_t name_length(struct bytes name)
{
    struct scanner scanner = scanner_begin(name);
    size_t whole = 1, label; /* each label has an octet for its length, the root nothing else */

    if (bytes_equal(name, "."))
        return whole;
    do {
        label = label_length(&scanner);
        if (!label || label > HNAME_LABEL)
            return 0;
        whole += 1 + label;
    } while (scanner_try(&scanner, '.'));
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
