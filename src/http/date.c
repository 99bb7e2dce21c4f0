/* SPDX-License-Identifier: MIT */
/* date.c - made of what clock_format() writes. */
#include "http/date.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/scanner.h"

void http_date(int64_t now, char text[HTTP_DATE_SIZE])
{
    static const char days[7][4] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char stamp[CLOCK_TEXT_SIZE];
    struct scanner scanner;
    int year, month, day;

    clock_format(now, stamp); /* "2026-11-30T11:00:00Z" */
    scanner = scanner_begin(bytes_of(stamp));
    year = (int)scanner_number(&scanner, 4, 4);
    scanner_expect(&scanner, '-');
    month = (int)scanner_number(&scanner, 2, 2);
    scanner_expect(&scanner, '-');
    day = (int)scanner_number(&scanner, 2, 2);
    snprintf(text, HTTP_DATE_SIZE, "%s, %02d %s %04d %.8s GMT", days[now / 86400 % 7], day,
             months[(month + 11) % 12], year, scanner.failed ? "00:00:00" : stamp + scanner.at + 1);
}
