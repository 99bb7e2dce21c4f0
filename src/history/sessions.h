/* SPDX-License-Identifier: MIT */
/* sessions.h - TLS sessions that the stored reports on a domain count. */
#ifndef HISTORY_SESSIONS_H
#define HISTORY_SESSIONS_H

#include <stdbool.h>
#include <stdint.h>

/* Those of the last days. */
#define RECENT_SESSIONS_DAYS 7
struct recent_sessions {
    bool any; /* a report was kept, ever */
    int64_t successful, failed;
    int64_t last_report; /* the end of the last one */
};

#endif
