/* SPDX-License-Identifier: MIT */
/* mtasts.h - all of libmtasts: RFC 8461 and RFC 8460 as pure functions.
 *
 * No sockets, no files, no clock, no log, no locale.  No global state either: every function may be
 * called by several threads at once, unless they are given the same object.  An object may be read
 * through const pointers by several threads; whoever builds or frees it must be alone with it. */
#ifndef MTASTS_MTASTS_H
#define MTASTS_MTASTS_H

#include <mtasts/cache.h>
#include <mtasts/issue.h>
#include <mtasts/match.h>
#include <mtasts/names.h>
#include <mtasts/policy.h>
#include <mtasts/record.h>
#include <mtasts/report.h>
#include <mtasts/report_builder.h>
#include <mtasts/result.h>
#include <mtasts/status.h>
#include <mtasts/version.h>

#endif
