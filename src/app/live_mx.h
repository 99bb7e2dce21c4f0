/* SPDX-License-Identifier: MIT */
/* live_mx.h - the MX hosts of a domain as its DNS lists them, out of a look at it. */
#ifndef APP_LIVE_MX_H
#define APP_LIVE_MX_H

#include <talloc.h>

#include "rules/rules.h"

enum live_mx_state {
    LIVE_MX_FOUND,
    LIVE_MX_NONE,      /* nobody can deliver mail to it, or it wants none */
    LIVE_MX_NO_DOMAIN, /* the name does not exist */
    LIVE_MX_UNSEEN,    /* the lookup failed, here or there: nothing is known of the domain */
};

struct live_mx {
    enum live_mx_state state;
    const char **hosts; /* A-labels, by preference; of FOUND */
    size_t count;
};

/* Whatever else of the domain was looked at.  The hosts are copies, owned by ctx. */
STS_MUST_USE enum sts_status live_mx_of(TALLOC_CTX *ctx, const struct diagnosis *diagnosis,
                                        struct live_mx *ret);

#endif
