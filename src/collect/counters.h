/* SPDX-License-Identifier: MIT */
/* counters.h - the sessions of one day, counted in memory until they are stored.
 *
 * All that one holds hangs on it in a few large pieces, so that it is handed to another thread and
 * freed at once.  Most datagrams come again with the same bytes: those are recognised, and counted
 * without being read again.  What has no room is counted as lost. */
#ifndef COLLECT_COUNTERS_H
#define COLLECT_COUNTERS_H

#include <talloc.h>

#include "base/bytes.h"
#include "collect/session_event.h"
#include "store/session_counts.h"

struct counters;

/* day: since 1970.  NULL: no memory. */
struct counters *counters_new(TALLOC_CTX *ctx, int64_t day);

/* SESSION_EVENT_NONE: it was counted, or is lost. */
enum session_event_fault counters_add(struct counters *counters, struct bytes datagram);
/* One of which only the beginning came. */
void counters_truncated(struct counters *counters);

/* One that came in another form and is none; NO_MEMORY: it is lost. */
void counters_refuse(struct counters *counters, enum session_event_fault fault);

int64_t counters_day(const struct counters *counters);
/* Of these sessions. */
struct store_collected counters_collected(const struct counters *counters);
bool counters_is_empty(const struct counters *counters);
/* Of policies, and of datagrams that were recognised. */
size_t counters_policies(const struct counters *counters);
size_t counters_repeated(const struct counters *counters);
size_t counters_bytes(const struct counters *counters);

/* The flush, but for who flushes and when.  In any thread, which has the counters to itself; owned
 * by them.  STS_E_NOMEM. */
STS_MUST_USE enum sts_status counters_flush(struct counters *counters,
                                            struct store_session_flush *ret);

#endif
