/* SPDX-License-Identifier: MIT */
/* collect_log_domains.h - what a log does not say of a domain: its TLSRPT record, and the policy by
 * which mail servers secure mail to it.  Each is asked for once in a run. */
#ifndef CMD_COLLECT_LOG_DOMAINS_H
#define CMD_COLLECT_LOG_DOMAINS_H

#include "cmd/options.h"
#include "collect/log_policy.h"

struct log_domains;

/* 0, or an exit status after a line on standard error. */
int log_domains_new(TALLOC_CTX *ctx, const struct options *options, struct log_domains **ret);

enum log_domain_state {
    LOG_DOMAIN_WANTS,          /* the event is complete */
    LOG_DOMAIN_SILENT,         /* no TLSRPT record: nobody wants to know */
    LOG_DOMAIN_UNKNOWN,        /* the record could not be looked up */
    LOG_DOMAIN_UNKNOWN_POLICY, /* some policy was applied, and nobody knows which */
    LOG_DOMAIN_STATES
};
/* Borrowed from log_domains and the session. */
enum log_domain_state log_domains_event(struct log_domains *domains,
                                        const struct log_session *session, struct log_event *ret);
/* Was any record looked up?  Was any asked for in vain? */
bool log_domains_heard(const struct log_domains *domains);

#endif
