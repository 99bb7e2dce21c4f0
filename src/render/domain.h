/* SPDX-License-Identifier: MIT */
/* domain.h - what is known of one domain, for programs: the answers of the API, and tables.  All:
 * owned by ctx; NULL: no memory. */
#ifndef RENDER_DOMAIN_H
#define RENDER_DOMAIN_H

#include <talloc.h>

#include "history/domain_history.h"
#include "history/domain_summary.h"

char *json_domain_verdict(TALLOC_CTX *ctx, const struct domain_summary *summary);
char *json_domain_policies(TALLOC_CTX *ctx, const struct domain_history *history);
char *json_domain_senders(TALLOC_CTX *ctx, const struct domain_summary *summary);

/* What a series is split by. */
enum series_split { SPLIT_SENDER = 1, SPLIT_MX = 2, SPLIT_TYPE = 4 };
/* "sender,mx,type"; NULL or "": nothing.  False: there is another word in it. */
bool series_split_read(const char *text, unsigned *ret);

char *json_domain_series(TALLOC_CTX *ctx, const struct domain_summary *summary, unsigned split);
char *csv_domain_series(TALLOC_CTX *ctx, const struct domain_summary *summary, unsigned split);
/* Each kind beside what the check sees of it; group: sums by "mx", "ip", "sender" or "type" as
 * well; NULL: none. */
char *json_domain_failures(TALLOC_CTX *ctx, const struct domain_summary *summary,
                           const char *group);
/* Is it one of these? */
bool domain_group_is_known(const char *group);
char *csv_domain_failures(TALLOC_CTX *ctx, const struct domain_summary *summary);

#endif
