/* SPDX-License-Identifier: MIT */
/* clock.c - the time, and RFC 3339. */
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/ascii.h"
#include "base/scanner.h"

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

static long long number_in(struct scanner *scanner, int digits, long long low, long long high)
{
    long long number = scanner_number(scanner, digits, digits);

    if (number < low || number > high)
        scanner->failed = true;
    return scanner->failed ? low : number;
}

/* Seconds east of UTC. */
static int64_t scan_zone(struct scanner *scanner)
{
    int64_t hours, minutes;
    bool west;

    if (scanner_try(scanner, 'Z') || scanner_try(scanner, 'z'))
        return 0;
    west = scanner_try(scanner, '-');
    if (!west)
        scanner_expect(scanner, '+');
    hours = number_in(scanner, 2, 0, 23);
    scanner_expect(scanner, ':');
    minutes = number_in(scanner, 2, 0, 59);
    return (west ? -60 : 60) * (hours * 60 + minutes);
}

bool clock_parse(const char *text, int64_t *ret_now)
{
    struct scanner scanner = scanner_begin(bytes_of(text));
    int64_t year, month, day, hour, minute, second;

    year = number_in(&scanner, 4, 0, 9999);
    scanner_expect(&scanner, '-');
    month = number_in(&scanner, 2, 1, 12);
    scanner_expect(&scanner, '-');
    day = number_in(&scanner, 2, 1, days_in_month(year, month));
    if (!scanner_try(&scanner, 'T') && !scanner_try(&scanner, 't'))
        scanner_expect(&scanner, ' ');
    hour = number_in(&scanner, 2, 0, 23);
    scanner_expect(&scanner, ':');
    minute = number_in(&scanner, 2, 0, 59);
    scanner_expect(&scanner, ':');
    second = number_in(&scanner, 2, 0, 60);
    if (scanner_try(&scanner, '.')) {
        scanner_number(&scanner, 1, 1);
        scanner_while(&scanner, ascii_is_digit);
    }
    second -= scan_zone(&scanner);
    if (!scanner_finished(&scanner))
        return false;
    *ret_now = days_from_date(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    return true;
}
