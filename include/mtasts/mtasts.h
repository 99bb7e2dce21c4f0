/* SPDX-License-Identifier: MIT */
/* mtasts.h - all of libmtasts: RFC 8461 and RFC 8460 as pure functions.  No sockets, no clock, no
 * log, no global state; every object belongs to one thread at a time. */
#ifndef MTASTS_MTASTS_H
#define MTASTS_MTASTS_H

#include <mtasts/issue.h>
#include <mtasts/match.h>
#include <mtasts/policy.h>
#include <mtasts/record.h>
#include <mtasts/report.h>
#include <mtasts/status.h>

#endif
