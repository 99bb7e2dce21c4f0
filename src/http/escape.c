/* SPDX-License-Identifier: MIT */
/* escape.c - two hexadecimal digits to a byte. */
#include "http/escape.h"

#include "http/grammar.h"

bool http_escape_take(struct scanner *scanner, char *ret)
{
    struct bytes rest = bytes_from(scanner->text, scanner->at);
    int high, low;

    if (scanner->failed || rest.length < 3 || rest.data[0] != '%')
        return false;
    high = http_hex((unsigned char)rest.data[1]);
    low = http_hex((unsigned char)rest.data[2]);
    if (high < 0 || low < 0)
        return false;
    scanner->at += 3;
    *ret = (char)(unsigned char)(high * 16 + low);
    return *ret != '\0';
}
