/* SPDX-License-Identifier: MIT */
/* postfix_log.c - the time, then one of two phrases. */
#include "collect/postfix_log.h"

#include <string.h>
#include <time.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/scanner.h"

#define STAMP_MAX 40 /* "2026-11-30T12:00:00.123456+01:00" */

static const char reported[] = "TLSRPT: status=";
static const char unreported[] = "Could not report TLS handshake result to tlsrpt library:";

/* ---- the time -------------------------------------------------------------------------------- */

static int month_of(struct scanner *scanner)
{
    static const char *const names[] = {"Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ",
                                        "Jul ", "Aug ", "Sep ", "Oct ", "Nov ", "Dec "};

    for (int i = 0; i < 12; i++)
        if (scanner_try_text(scanner, names[i]))
            return i;
    scanner->failed = true;
    return 0;
}

static int part(struct scanner *scanner, char before)
{
    scanner_expect(scanner, before);
    return (int)scanner_number(scanner, 2, 2);
}

/* Of the year that is not over: a log of December that is read in January is of last year. */
static bool read_traditional(struct bytes line, int64_t now, int64_t *ret)
{
    struct scanner scanner = scanner_begin(line);
    time_t clock = (time_t)now, at;
    struct tm local, read = {.tm_isdst = -1};

    if (!localtime_r(&clock, &local))
        return false;
    read.tm_mon = month_of(&scanner);
    (void)scanner_try(&scanner, ' ');
    read.tm_mday = (int)scanner_number(&scanner, 1, 2);
    scanner_expect(&scanner, ' ');
    read.tm_hour = (int)scanner_number(&scanner, 2, 2);
    read.tm_min = part(&scanner, ':');
    read.tm_sec = part(&scanner, ':');
    if (scanner.failed || read.tm_mday < 1 || read.tm_mday > 31 || read.tm_hour > 23 ||
        read.tm_min > 59 || read.tm_sec > 60)
        return false;
    read.tm_year = local.tm_year;
    at = mktime(&read);
    if (at > clock + 86400) {
        read.tm_year--;
        read.tm_isdst = -1;
        at = mktime(&read);
    }
    *ret = at;
    return at != (time_t)-1;
}

bool postfix_log_time(struct bytes line, int64_t now, int64_t *ret)
{
    long end = bytes_find_char(line, ' ');
    char stamp[STAMP_MAX];

    if (end > 0 && end < STAMP_MAX && ascii_is_digit((unsigned char)line.data[0])) {
        memcpy(stamp, line.data, (size_t)end);
        stamp[end] = '\0';
        return clock_parse(stamp, ret);
    }
    return read_traditional(line, now, ret);
}

/* ---- the words ------------------------------------------------------------------------------- */

static struct bytes behind(struct bytes text, const char *phrase)
{
    long at = bytes_find_nocase(text, phrase);

    return at < 0 ? (struct bytes){"", 0} : bytes_from(text, (size_t)at + strlen(phrase));
}

static bool is_in_name(unsigned char c)
{
    return !ascii_is_space(c) && c != ',';
}

static int64_t error_of(struct bytes text)
{
    struct scanner scanner = scanner_begin(behind(text, "(errno "));
    long long number = scanner_number(&scanner, 1, 6);

    return scanner.failed ? 0 : number;
}

struct postfix_log_line postfix_log_read(struct bytes line, int64_t now)
{
    struct postfix_log_line ret = {.kind = POSTFIX_LOG_OTHER};
    struct bytes words = behind(line, reported), domain;
    struct scanner scanner;

    if (words.length) {
        domain = behind(words, "domain=");
        scanner = scanner_begin(domain);
        ret.kind = POSTFIX_LOG_REPORTED;
        ret.failed = bytes_begin(words, "failure");
        ret.domain = scanner_while(&scanner, is_in_name);
        if (!ret.failed && !bytes_begin(words, "success"))
            ret.kind = POSTFIX_LOG_OTHER;
    } else if (bytes_find_nocase(line, unreported) >= 0) {
        ret.kind = POSTFIX_LOG_UNREPORTED;
        ret.error = error_of(line);
    }
    if (ret.kind && !postfix_log_time(line, now, &ret.at))
        ret.kind = POSTFIX_LOG_OTHER;
    return ret;
}
