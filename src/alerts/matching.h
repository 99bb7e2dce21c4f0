/* SPDX-License-Identifier: MIT */
/* matching.h - whom the rules of a group want told of what, and when.  Pure. */
#ifndef ALERTS_MATCHING_H
#define ALERTS_MATCHING_H

#include "alerts/condition.h"
#include "store/alerts.h"

struct matching_rules {
    struct store_alert_rule *list; /* their texts hang on it */
    size_t count;
};

STS_MUST_USE enum sts_status matching_rules_read(TALLOC_CTX *ctx, struct store *store,
                                                 int64_t group, struct matching_rules *ret);
struct condition_settings matching_settings(const struct matching_rules *rules);

struct matching_domain {
    const char *name;
    const char *tags; /* with blanks between them */
};
/* Does the rule want it?  domain NULL: of none. */
bool matching_is(const struct store_alert_rule *rule, const struct condition *condition,
                 const struct matching_domain *domain);
/* The first time at or after `at` that is not within the rule's quiet hours. */
int64_t matching_when(const struct store_alert_rule *rule, int64_t at);
/* Are these names, ".suffixes" or "#tags" with blanks between them? */
bool matching_is_filter(const char *domains);
/* The next time behind `now` that a digest is due; 0: pace knows none. */
int64_t matching_digest(const char *pace, int64_t hour, int64_t now);

#endif
