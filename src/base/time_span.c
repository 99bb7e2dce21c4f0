/* SPDX-License-Identifier: MIT */
/* time_span.c - times as people give them on a command line. */
#include "base/time_span.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/scanner.h"

#define DAY         86400
#define DATE_LENGTH 10

static bool is_date(const char *text, int64_t *ret)
{
    char whole[CLOCK_TEXT_SIZE];

    if (strlen(text) != DATE_LENGTH)
        return false;
    (void)snprintf(whole, sizeof whole, "%sT00:00:00Z", text);
    return clock_parse(whole, ret);
}

static bool is_span(const char *text, int64_t *ret)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'h', 3600}, {'d', DAY}, {'w', 7L * DAY}};
    struct scanner scanner = scanner_begin(bytes_of(text));
    int64_t number = scanner_number(&scanner, 1, 6);

    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (!scanner_try(&scanner, units[i].unit))
            continue;
        *ret = number * units[i].seconds;
        return scanner_finished(&scanner);
    }
    return false;
}

static bool when(const char *text, int64_t now, int64_t of_date, int64_t *ret)
{
    int64_t value;

    if (is_date(text, &value))
        *ret = value + of_date;
    else if (is_span(text, &value))
        *ret = now - value;
    else
        return clock_parse(text, ret);
    return true;
}

bool time_span_begin(const char *text, int64_t now, int64_t *ret)
{
    return when(text, now, 0, ret);
}

bool time_span_end(const char *text, int64_t now, int64_t *ret)
{
    return when(text, now, DAY, ret);
}
