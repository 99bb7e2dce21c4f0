/* SPDX-License-Identifier: MIT */
/* log_sessions_work.h - what a log has said of a process until now; private to collect/. */
#ifndef COLLECT_LOG_SESSIONS_WORK_H
#define COLLECT_LOG_SESSIONS_WORK_H

#include <mtasts/match.h>

#include "base/hname.h"
#include "base/table.h"
#include "collect/limits.h"
#include "collect/log_sessions.h"

struct log_peer {
    char host[STS_NAME_SIZE], address[HNAME_ADDRESS_SIZE];
};

struct log_failure {
    struct log_peer peer;
    enum sts_result result;
    char reason[LIMIT_EVENT_REASON + 1];
};

struct log_process {
    int64_t at;
    struct log_peer peer; /* of the connection */
    bool established;     /* it is, and no session was made of it yet */
    bool verified;
    char reason[LIMIT_EVENT_REASON + 1]; /* why its certificate is not good; "" */
    char id[LIMIT_LOG_ID + 1];           /* of the message that failures are of */
    struct log_failure *failures;
    size_t failure_count;
    bool told; /* that the last host of this message offers no TLS */
    char key[];
};

struct log_sessions {
    struct log_sessions_request request;
    struct table processes;
    int64_t newest;
};

/* name: the host and the process, as the line has them.  NULL: no memory. */
struct log_process *log_process_of(struct log_sessions *sessions, struct bytes name);

/* What is behind the first `mark`; data is NULL where there is none. */
struct bytes log_behind(struct bytes text, const char *mark);
/* "mx.example.com[192.0.2.1]:25: ..." into *ret; false: it is none. */
bool log_read_peer(struct bytes text, struct log_peer *ret);
bool log_same_peer(const struct log_peer *a, const struct log_peer *b);
/* "num=62:hostname mismatch" as failure-reason-code, where blanks are not usual.  Of an issuer,
 * which is a stranger's text, only the word. */
void log_copy_reason(struct bytes text, char reason[LIMIT_EVENT_REASON + 1]);

#endif
