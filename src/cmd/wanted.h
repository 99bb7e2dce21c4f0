/* SPDX-License-Identifier: MIT */
/* wanted.h - which reports are asked for: --since, --until, --domain. */
#ifndef CMD_WANTED_H
#define CMD_WANTED_H

#include <mtasts/match.h>
#include <mtasts/report.h>

#include "cmd/options.h"

struct wanted {
    int64_t since, until;       /* INT64_MIN and INT64_MAX where not given */
    char domain[STS_NAME_SIZE]; /* "": all */
};

/* 0, or EXIT_USAGE after one line on standard error.  A span counts back from --now. */
int wanted_read(const struct options *options, struct wanted *ret);

/* Does its range touch the time asked for, and is it on the domain?  A report without a range is
 * judged by the date of its mail (0: not known); with neither it is of no time that was asked for.
 */
bool wanted_report(const struct wanted *wanted, const struct sts_report *report, int64_t mailed);

#endif
