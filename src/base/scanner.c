/* SPDX-License-Identifier: MIT */
/* scanner.c - the bounded scanner. */
#include "base/scanner.h"

#include <string.h>

#include "base/ascii.h"

struct scanner scanner_begin(struct bytes text)
{
    return (struct scanner){.text = text};
}

int scanner_peek(const struct scanner *scanner)
{
    if (scanner->failed || scanner->at >= scanner->text.length)
        return -1;
    return (unsigned char)scanner->text.data[scanner->at];
}

bool scanner_at_end(const struct scanner *scanner)
{
    return scanner->at >= scanner->text.length;
}

bool scanner_finished(const struct scanner *scanner)
{
    return !scanner->failed && scanner_at_end(scanner);
}

bool scanner_try(struct scanner *scanner, char c)
{
    if (scanner_peek(scanner) != (unsigned char)c)
        return false;
    scanner->at++;
    return true;
}

bool scanner_try_text(struct scanner *scanner, const char *text)
{
    if (scanner->failed || !bytes_begin(bytes_from(scanner->text, scanner->at), text))
        return false;
    scanner->at += strlen(text);
    return true;
}

void scanner_expect(struct scanner *scanner, char c)
{
    if (!scanner_try(scanner, c))
        scanner->failed = true;
}

/* What was taken since `from`. */
static struct bytes taken(const struct scanner *scanner, size_t from)
{
    return (struct bytes){bytes_from(scanner->text, from).data, scanner->at - from};
}

struct bytes scanner_while(struct scanner *scanner, bool (*is)(unsigned char))
{
    size_t from = scanner->at;
    int c;

    while ((c = scanner_peek(scanner)) >= 0 && is((unsigned char)c))
        scanner->at++;
    return taken(scanner, from);
}

struct bytes scanner_until(struct scanner *scanner, char c)
{
    size_t from = scanner->at;
    long found;

    if (scanner->failed)
        return taken(scanner, from);
    found = bytes_find_char(bytes_from(scanner->text, from), c);
    scanner->at = found < 0 ? scanner->text.length : from + (size_t)found;
    return taken(scanner, from);
}

long long scanner_number(struct scanner *scanner, int min, int max)
{
    long long number = 0;
    int digits = 0, c;

    while (digits < max && (c = scanner_peek(scanner)) >= 0 && ascii_is_digit((unsigned char)c)) {
        number = number * 10 + (c - '0');
        scanner->at++;
        digits++;
    }
    if (digits < min)
        scanner->failed = true;
    return scanner->failed ? 0 : number;
}
