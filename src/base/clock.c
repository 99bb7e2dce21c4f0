/* SPDX-License-Identifier: MIT */
/* clock.c - the time, and RFC 3339. */
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/ascii.h"
#include "base/scan.h"

int64_t clock_now(void)
{
    return (int64_t)time(NULL);
}

/* Goes on while the machine sleeps. */
int64_t clock_jump_start(void)
{
    struct timespec boot;

    clock_gettime(CLOCK_BOOTTIME, &boot);
    return clock_now() - (int64_t)boot.tv_sec;
}

int64_t clock_jump(int64_t start)
{
    return clock_jump_start() - start;
}

int64_t clock_monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_spent_ns(clockid_t thread)
{
    struct timespec spent;

    if (clock_gettime(thread, &spent) != 0)
        return -1;
    return (int64_t)spent.tv_sec * 1000000000 + spent.tv_nsec;
}

void clock_format(int64_t now, char text[CLOCK_TEXT_SIZE])
{
    time_t seconds = (time_t)now;
    struct tm utc;
    int length;

    /* strftime() does not pad the year, RFC 3339 does. */
    if (!gmtime_r(&seconds, &utc))
        utc = (struct tm){.tm_year = 70, .tm_mday = 1};
    length = snprintf(text, CLOCK_TEXT_SIZE, "%04lld", utc.tm_year + 1900LL);
    strftime(text + length, CLOCK_TEXT_SIZE - (size_t)length, "-%m-%dT%H:%M:%SZ", &utc);
}

void clock_format_minute(int64_t now, char text[CLOCK_TEXT_SIZE])
{
    char *time;

    clock_format(now, text);
    time = text + strcspn(text, "T");
    if (*time) {
        *time = ' ';
        time[sizeof(" 15:00") - 1] = '\0';
    }
}

/* Days from 1970-01-01 to a day of the Gregorian calendar; months are counted from March, so that
 * the leap day comes last. */
static int64_t days_from_date(int64_t year, int64_t month, int64_t day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t m = month <= 2 ? month + 9 : month - 3;
    int64_t era = (y < 0 ? y - 399 : y) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * m + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

static int days_in_month(int64_t year, int64_t month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

static long long number_in(struct scan *scan, int digits, long long low, long long high)
{
    long long number = scan_number(scan, digits, digits);

    if (number < low || number > high)
        scan->failed = true;
    return scan->failed ? low : number;
}

/* Seconds east of UTC. */
static int64_t scan_zone(struct scan *scan)
{
    int64_t hours, minutes;
    bool west;

    if (scan_try(scan, 'Z') || scan_try(scan, 'z'))
        return 0;
    west = scan_try(scan, '-');
    if (!west)
        scan_expect(scan, '+');
    hours = number_in(scan, 2, 0, 23);
    scan_expect(scan, ':');
    minutes = number_in(scan, 2, 0, 59);
    return (west ? -60 : 60) * (hours * 60 + minutes);
}

bool clock_parse(const char *text, int64_t *ret_now)
{
    struct scan scan = scan_begin(bytes_of(text));
    int64_t year, month, day, hour, minute, second;

    year = number_in(&scan, 4, 0, 9999);
    scan_expect(&scan, '-');
    month = number_in(&scan, 2, 1, 12);
    scan_expect(&scan, '-');
    day = number_in(&scan, 2, 1, days_in_month(year, month));
    if (!scan_try(&scan, 'T') && !scan_try(&scan, 't'))
        scan_expect(&scan, ' ');
    hour = number_in(&scan, 2, 0, 23);
    scan_expect(&scan, ':');
    minute = number_in(&scan, 2, 0, 59);
    scan_expect(&scan, ':');
    second = number_in(&scan, 2, 0, 60);
    if (scan_try(&scan, '.')) {
        scan_number(&scan, 1, 1);
        scan_while(&scan, ascii_is_digit);
    }
    second -= scan_zone(&scan);
    if (!scan_finished(&scan))
        return false;
    *ret_now = days_from_date(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    return true;
}
