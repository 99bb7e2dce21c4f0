/* SPDX-License-Identifier: MIT */
/* session_outcome.h - a session with an MX host as a report counts it, by its policy of MTA-STS:
 * pure.  Whether the policy names the host is another question. */
#ifndef POLICYD_SESSION_OUTCOME_H
#define POLICYD_SESSION_OUTCOME_H

#include <mtasts/result.h>

#include "facts/facts.h"

/* facts: how we look.  Of a certificate with several faults the first of: dates, trust, name. */
enum sts_outcome session_outcome(const struct facts *facts, const struct smtp_session *session,
                                 const char *host, int64_t now);

#endif
