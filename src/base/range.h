/* SPDX-License-Identifier: MIT */
/* range.h - ranges of values as the Monitoring Plugins Development Guidelines write them (section
 * "Threshold and Ranges"): what lies outside alerts.
 *
 * "10": 0 to 10; "10:": 10 and more; "~:10": 10 and less; "10:20"; "@10:20" turns it round, so that
 * what lies inside alerts.  Both ends belong to the range. */
#ifndef BASE_RANGE_H
#define BASE_RANGE_H

#include <stdbool.h>

#define RANGE_TEXT_MAX 32 /* bytes */

struct range {
    double start, end; /* infinite where there is no end */
    bool inside;       /* "@" */
};

/* False: the text is none. */
bool range_parse(const char *text, struct range *ret);
bool range_alerts(const struct range *range, double value);

#endif
