/* SPDX-License-Identifier: MIT */
/* shown.h - the certificates that hosts show to senders, each at its address.
 *
 * A host may show several: one at each address, one for each kind of key.  What is shown to a
 * client that names no host is none of them. */
#ifndef VERDICT_SHOWN_H
#define VERDICT_SHOWN_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "facts/facts.h"

struct shown_certificate {
    const char *service; /* "https", "smtp" */
    const char *host;
    const char *address;
    const struct certificate *cert;
};

/* Those of the policy host, then of the MX hosts, each host once; a certificate comes as
 * often as it was shown.  Borrows from the facts; the list is owned by ctx.  STS_E_NOMEM. */
STS_MUST_USE enum sts_status shown_certificates(TALLOC_CTX *ctx, const struct facts *facts,
                                                struct shown_certificate **ret, size_t *ret_count);

/* Does an earlier MX record name the same host? */
bool shown_before(const struct facts *facts, size_t mx);

#endif
