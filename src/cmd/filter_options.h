/* SPDX-License-Identifier: MIT */
/* filter_options.h - which reports and checks are asked for: --since, --until, --domain. */
#ifndef CMD_FILTER_OPTIONS_H
#define CMD_FILTER_OPTIONS_H

#include "cmd/options.h"
#include "history/report_filter.h"

/* 0, or EXIT_USAGE after one line on standard error.  A span counts back from --now. */
int filter_options_read(const struct options *options, struct report_filter *ret);

#endif
