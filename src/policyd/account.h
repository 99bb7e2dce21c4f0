/* SPDX-License-Identifier: MIT */
/* account.h - what is known of a domain and why it is answered as it is, step by step and dated, as
 * JSON: pure. */
#ifndef POLICYD_ACCOUNT_H
#define POLICYD_ACCOUNT_H

#include "policyd/overrides.h"
#include "policyd/policy_cache.h"

struct policy_account {
    const char *domain;
    const char *source;              /* who knows it: "daemon", "lookup" */
    struct policy_entry *entry;      /* NULL: nothing is known */
    int64_t now;                     /* of the entry's clock */
    int64_t time;                    /* the same moment, since 1970 */
    const struct override *override; /* NULL: none counts */
    bool no_dane;
    bool brief; /* without the replies, which may be long */
};
/* One line, without its end.  NULL: no memory. */
char *policy_account_json(TALLOC_CTX *ctx, const struct policy_account *account);

#endif
