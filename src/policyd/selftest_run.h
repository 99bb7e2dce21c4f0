/* SPDX-License-Identifier: MIT */
/* selftest_run.h - an instance of Postfix of its own, one message to each domain of the bed, and
 * what became of them.  The running Postfix is not touched: configuration, queue, log and ports are
 * others. */
#ifndef POLICYD_SELFTEST_RUN_H
#define POLICYD_SELFTEST_RUN_H

#include <sys/types.h>

#include "event/loop.h"
#include "policyd/selftest_bed.h"

struct selftest_run;

enum selftest_process { SELFTEST_MASTER, SELFTEST_SENDMAIL, SELFTEST_PROCESSES };

struct selftest_request {
    struct loop *loop;
    const char *folder; /* empty, ours, and others can enter it */
    const char *master, *sendmail;
    uid_t owner;           /* mail_owner of Postfix */
    struct bytes settings; /* as those of the bed */
    enum reply_profile profile;
    /* It runs, with all that it starts, in this process group; 0: it has ended. */
    void (*runs)(void *arg, enum selftest_process process, pid_t group);
    /* All were tried, or nothing goes on: trouble, borrowed, is the last that Postfix logged. */
    void (*done)(void *arg, const struct bed_seen seen[BED_CASES], const char *trouble);
    void *arg;
};
/* STS_E_IO: errno tells why.  Freeing it ends Postfix. */
STS_MUST_USE enum sts_status selftest_run_start(TALLOC_CTX *ctx,
                                                const struct selftest_request *request,
                                                struct selftest_run **ret);

#endif
