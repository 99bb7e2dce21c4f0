/* SPDX-License-Identifier: MIT */
/* report_time.c - times as senders write them: without a zone, without seconds, as a number. */
#include "sts/report.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/scanner.h"

#define DAY 86400

struct time_reading {
    struct scanner scanner;
    enum sts_deviation *deviations;
    size_t count;
    char zone[8]; /* as RFC 3339 wants it */
};

static void deviates(struct time_reading *reading, enum sts_deviation code)
{
    for (size_t i = 0; i < reading->count; i++)
        if (reading->deviations[i] == code)
            return;
    if (reading->count < TIME_DEVIATIONS_MAX)
        reading->deviations[reading->count++] = code;
}

/* Seconds since 1970, or milliseconds where seconds would lie far ahead. */
static bool read_number(struct bytes text, int64_t *ret)
{
    struct scanner scanner = scanner_begin(text);
    long long number = scanner_number(&scanner, 9, 14);

    if (scanner_try(&scanner, '.'))
        scanner_while(&scanner, ascii_is_digit);
    if (!scanner_finished(&scanner))
        return false;
    *ret = number > 99999999999LL ? number / 1000 : number;
    return true;
}

static void read_offset(struct time_reading *reading, char sign)
{
    struct scanner *scanner = &reading->scanner;
    long long hours = scanner_number(scanner, 2, 2), minutes = 0;

    if (scanner_try(scanner, ':'))
        minutes = scanner_number(scanner, 2, 2);
    else {
        deviates(reading, STS_DEVIATION_TIME_FORM);
        if (!scanner_at_end(scanner))
            minutes = scanner_number(scanner, 2, 2);
    }
    if (hours || minutes)
        deviates(reading, STS_DEVIATION_TIME_OFFSET);
    snprintf(reading->zone, sizeof(reading->zone), "%c%02u:%02u", sign, (unsigned)hours % 100,
             (unsigned)minutes % 100);
}

static void read_zone(struct time_reading *reading)
{
    struct scanner *scanner = &reading->scanner;

    if (scanner_try(scanner, 'Z') || scanner_try(scanner, 'z'))
        return;
    if (scanner_try(scanner, '+')) {
        read_offset(reading, '+');
    } else if (scanner_try(scanner, '-')) {
        read_offset(reading, '-');
    } else if (scanner_at_end(scanner)) {
        deviates(reading, STS_DEVIATION_TIME_NO_ZONE);
    } else {
        deviates(reading, STS_DEVIATION_TIME_FORM);
        scanner_while(scanner, ascii_is_blank);
        if (!scanner_try_text(scanner, "UTC") && !scanner_try_text(scanner, "GMT") &&
            !scanner_try(scanner, 'Z') && !scanner_try(scanner, 'z')) {
            if (scanner_try(scanner, '+'))
                read_offset(reading, '+');
            else if (scanner_try(scanner, '-'))
                read_offset(reading, '-');
        }
    }
}

static void read_fraction(struct time_reading *reading)
{
    if (!scanner_try(&reading->scanner, '.')) {
        if (!scanner_try(&reading->scanner, ','))
            return;
        deviates(reading, STS_DEVIATION_TIME_FORM);
    }
    scanner_while(&reading->scanner, ascii_is_digit);
}

/* Hours, minutes and, mostly, seconds; nothing at all is midnight. */
static void read_clock(struct time_reading *reading, long long clock[3])
{
    struct scanner *scanner = &reading->scanner;

    if (scanner_at_end(scanner)) {
        deviates(reading, STS_DEVIATION_TIME_FORM);
        return;
    }
    if (!scanner_try(scanner, 'T') &&
        !scanner_try(scanner, 't')) { /* both are legal, RFC 3339 section 5.6 */
        deviates(reading, STS_DEVIATION_TIME_FORM);
        scanner_expect(scanner, ' ');
    }
    clock[0] = scanner_number(scanner, 1, 2);
    scanner_expect(scanner, ':');
    clock[1] = scanner_number(scanner, 2, 2);
    if (scanner_try(scanner, ':'))
        clock[2] = scanner_number(scanner, 2, 2);
    else
        deviates(reading, STS_DEVIATION_TIME_FORM);
    read_fraction(reading);
}

/* 24:00:00 is the midnight that ends the day. */
static bool is_end_of_day(const long long clock[3])
{
    return clock[0] == 24 && !clock[1] && !clock[2];
}

static void read_separator(struct time_reading *reading)
{
    if (scanner_try(&reading->scanner, '-'))
        return;
    scanner_expect(&reading->scanner, '/');
    deviates(reading, STS_DEVIATION_TIME_FORM);
}

bool report_time(struct bytes text, int64_t *ret,
                 enum sts_deviation ret_deviations[TIME_DEVIATIONS_MAX + 1])
{
    struct time_reading reading = {
        .scanner = scanner_begin(text), .deviations = ret_deviations, .zone = "Z"};
    long long date[3], clock[3] = {0};
    char canonical[64];
    bool good, next_day;

    if (read_number(text, ret)) {
        ret_deviations[0] = STS_DEVIATION_TIME_FORM;
        ret_deviations[1] = STS_DEVIATION_COUNT;
        return true;
    }
    date[0] = scanner_number(&reading.scanner, 4, 4);
    read_separator(&reading);
    date[1] = scanner_number(&reading.scanner, 1, 2);
    read_separator(&reading);
    date[2] = scanner_number(&reading.scanner, 1, 2);
    read_clock(&reading, clock);
    read_zone(&reading);
    next_day = is_end_of_day(clock);
    if (next_day) {
        deviates(&reading, STS_DEVIATION_TIME_FORM);
        clock[0] = 0;
    }
    snprintf(canonical, sizeof(canonical), "%04lld-%02lld-%02lldT%02lld:%02lld:%02lld%s", date[0],
             date[1], date[2], clock[0], clock[1], clock[2], reading.zone);
    good = scanner_finished(&reading.scanner) && clock_parse(canonical, ret);
    if (good && next_day)
        *ret += DAY;
    ret_deviations[reading.count] = STS_DEVIATION_COUNT;
    return good;
}
