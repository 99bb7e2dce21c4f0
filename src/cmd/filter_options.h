/* SPDX-License-Identifier: MIT */
/* filter_options.h - which reports and checks are asked for: --since, --until, --domain; and
 * whether their senders are verified: --dkim, --require-dkim. */
#ifndef CMD_FILTER_OPTIONS_H
#define CMD_FILTER_OPTIONS_H

#include "app/verify_sender.h"
#include "cmd/options.h"
#include "history/report_filter.h"

/* 0, or EXIT_USAGE after one line on standard error.  A span counts back from --now. */
int filter_options_read(const struct options *options, struct report_filter *ret);

/* What the options say, in `room`; NULL: they are not verified. */
const struct verify_sender_request *verify_options(const struct options *options,
                                                   struct verify_sender_request *room);

#endif
