/* SPDX-License-Identifier: MIT */
/* selftest_bed.h - does the Postfix of this machine do what policies demand?  Pure: the domains
 * that it is tried with, the configuration of an instance of its own, and what its log says became
 * of each message.
 *
 * Each domain is a policy in enforce and a mail server on a port of 127.0.0.1, which is a smtpd of
 * the same instance; its name is localhost, as that is known without DNS.  The reply is made as the
 * daemon makes it. */
#ifndef POLICYD_SELFTEST_BED_H
#define POLICYD_SELFTEST_BED_H

#include "net/tls_made.h"
#include "policyd/policy_reply.h"

enum bed_case { BED_GOOD, BED_WRONG_NAME, BED_EXPIRED, BED_NO_STARTTLS, BED_OUTSIDE, BED_CASES };
/* "good", "wrong-name" ...: also the first label of its domain. */
const char *bed_case_name(enum bed_case which);
/* Is mail to be delivered? */
bool bed_case_delivers(enum bed_case which);
/* Of its mail server; NULL: it does not offer TLS. */
const struct tls_made_wish *bed_case_certificate(enum bed_case which);

struct bed {
    struct bytes settings; /* lines of postconf(1), of the Postfix of this machine */
    int ports[BED_CASES];
    enum reply_profile profile;
};
/* main.cf and master.cf, whose directory has the rest, owned by ctx; NULL: no memory. */
char *bed_main(TALLOC_CTX *ctx, const struct bed *bed);
char *bed_services(TALLOC_CTX *ctx, const struct bed *bed);
/* The recipients, as sendmail(1) takes them; ends with NULL. */
const char **bed_recipients(TALLOC_CTX *ctx);
/* The case that a key of Postfix's is about; BED_CASES: none. */
enum bed_case bed_case_of_key(const struct bed *bed, struct bytes key);
/* The daemon's reply to it; NULL: no memory. */
char *bed_reply(TALLOC_CTX *ctx, enum bed_case which, enum reply_profile profile);

/* failed: for another reason than the policy, so it shows nothing. */
enum bed_outcome { BED_UNKNOWN, BED_DELIVERED, BED_REFUSED, BED_FAILED };
const char *bed_outcome_name(enum bed_outcome outcome);
struct bed_seen {
    enum bed_outcome outcome;
    char *log;   /* "dsn=4.7.5, status=deferred (...)"; NULL: nothing yet */
    char *reply; /* to its question; NULL: Postfix has not asked */
};
/* Takes what the log says; the texts are owned by ctx.  STS_E_NOMEM. */
STS_MUST_USE enum sts_status bed_read_log(TALLOC_CTX *ctx, struct bytes log,
                                          struct bed_seen seen[BED_CASES]);
/* Is it as it must be? */
bool bed_is_right(enum bed_case which, const struct bed_seen *seen);

#endif
