/* SPDX-License-Identifier: MIT */
/* report_time.c - times as senders write them: without a zone, without seconds, as a number. */
#include "sts/report.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/scan.h"

#define DAY 86400

struct reading {
    struct scan scan;
    enum sts_deviation *deviations;
    size_t count;
    char zone[8]; /* as RFC 3339 wants it */
};

static void deviates(struct reading *reading, enum sts_deviation code)
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
    struct scan scan = scan_begin(text);
    long long number = scan_number(&scan, 9, 14);

    if (scan_try(&scan, '.'))
        scan_while(&scan, ascii_is_digit);
    if (!scan_finished(&scan))
        return false;
    *ret = number > 99999999999LL ? number / 1000 : number;
    return true;
}

static void read_offset(struct reading *reading, char sign)
{
    struct scan *scan = &reading->scan;
    long long hours = scan_number(scan, 2, 2), minutes = 0;

    if (scan_try(scan, ':'))
        minutes = scan_number(scan, 2, 2);
    else {
        deviates(reading, STS_DEVIATION_TIME_FORM);
        if (!scan_at_end(scan))
            minutes = scan_number(scan, 2, 2);
    }
    if (hours || minutes)
        deviates(reading, STS_DEVIATION_TIME_OFFSET);
    snprintf(reading->zone, sizeof(reading->zone), "%c%02u:%02u", sign, (unsigned)hours % 100,
             (unsigned)minutes % 100);
}

static void read_zone(struct reading *reading)
{
    struct scan *scan = &reading->scan;

    if (scan_try(scan, 'Z') || scan_try(scan, 'z'))
        return;
    if (scan_try(scan, '+')) {
        read_offset(reading, '+');
    } else if (scan_try(scan, '-')) {
        read_offset(reading, '-');
    } else if (scan_at_end(scan)) {
        deviates(reading, STS_DEVIATION_TIME_NO_ZONE);
    } else {
        deviates(reading, STS_DEVIATION_TIME_FORM);
        scan_while(scan, ascii_is_blank);
        if (!scan_try_text(scan, "UTC") && !scan_try_text(scan, "GMT") && !scan_try(scan, 'Z') &&
            !scan_try(scan, 'z')) {
            if (scan_try(scan, '+'))
                read_offset(reading, '+');
            else if (scan_try(scan, '-'))
                read_offset(reading, '-');
        }
    }
}

static void read_fraction(struct reading *reading)
{
    if (!scan_try(&reading->scan, '.')) {
        if (!scan_try(&reading->scan, ','))
            return;
        deviates(reading, STS_DEVIATION_TIME_FORM);
    }
    scan_while(&reading->scan, ascii_is_digit);
}

/* Hours, minutes and, mostly, seconds; nothing at all is midnight. */
static void read_clock(struct reading *reading, long long clock[3])
{
    struct scan *scan = &reading->scan;

    if (scan_at_end(scan)) {
        deviates(reading, STS_DEVIATION_TIME_FORM);
        return;
    }
    if (!scan_try(scan, 'T') && !scan_try(scan, 't')) { /* both are legal, RFC 3339 section 5.6 */
        deviates(reading, STS_DEVIATION_TIME_FORM);
        scan_expect(scan, ' ');
    }
    clock[0] = scan_number(scan, 1, 2);
    scan_expect(scan, ':');
    clock[1] = scan_number(scan, 2, 2);
    if (scan_try(scan, ':'))
        clock[2] = scan_number(scan, 2, 2);
    else
        deviates(reading, STS_DEVIATION_TIME_FORM);
    read_fraction(reading);
}

/* 24:00:00 is the midnight that ends the day. */
static bool is_end_of_day(const long long clock[3])
{
    return clock[0] == 24 && !clock[1] && !clock[2];
}

static void read_separator(struct reading *reading)
{
    if (scan_try(&reading->scan, '-'))
        return;
    scan_expect(&reading->scan, '/');
    deviates(reading, STS_DEVIATION_TIME_FORM);
}

bool report_time(struct bytes text, int64_t *ret,
                 enum sts_deviation ret_deviations[TIME_DEVIATIONS_MAX + 1])
{
    struct reading reading = {.scan = scan_begin(text), .deviations = ret_deviations, .zone = "Z"};
    long long date[3], clock[3] = {0};
    char canonical[64];
    bool good, next_day;

    if (read_number(text, ret)) {
        ret_deviations[0] = STS_DEVIATION_TIME_FORM;
        ret_deviations[1] = STS_DEVIATION_COUNT;
        return true;
    }
    date[0] = scan_number(&reading.scan, 4, 4);
    read_separator(&reading);
    date[1] = scan_number(&reading.scan, 1, 2);
    read_separator(&reading);
    date[2] = scan_number(&reading.scan, 1, 2);
    read_clock(&reading, clock);
    read_zone(&reading);
    next_day = is_end_of_day(clock);
    if (next_day) {
        deviates(&reading, STS_DEVIATION_TIME_FORM);
        clock[0] = 0;
    }
    snprintf(canonical, sizeof(canonical), "%04lld-%02lld-%02lldT%02lld:%02lld:%02lld%s", date[0],
             date[1], date[2], clock[0], clock[1], clock[2], reading.zone);
    good = scan_finished(&reading.scan) && clock_parse(canonical, ret);
    if (good && next_day)
        *ret += DAY;
    ret_deviations[reading.count] = STS_DEVIATION_COUNT;
    return good;
}
