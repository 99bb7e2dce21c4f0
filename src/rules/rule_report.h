/* SPDX-License-Identifier: MIT */
/* rule_report.h - what the rules about reports share; private to rules/. */
#ifndef RULES_RULE_REPORT_H
#define RULES_RULE_REPORT_H

#include "rules/report_rules.h"
#include "rules/rule.h"

/* Failures of one domain, result type and MX host, the largest first. */
struct report_group {
    const struct tally_failure **list;
    size_t count;
    const char *domain, *mx;
    int64_t sessions;
    int64_t first, last; /* last 0: not known */
};

const char *report_subject(const struct report_group *group);
/* domain and the names made of it; nothing where the domain is not known. */
void report_params(struct rules *r, struct finding *finding, const char *domain);

/* Senders write this type for what the finding is about. */
bool report_type_fits(const char *result_type, const struct finding_info *info);
/* ... and where it is of a mail server, for this one ("": any); subject: of the finding. */
bool report_fits_host(const char *result_type, const char *subject, const char *mx);
/* Does the live check show the same fault (rule_report_live.c)? */
void rule_report_live(struct rules *r, const struct report_group *group,
                      const struct diagnosis *check);
/* Which senders still use another policy than the one published now? */
void rule_report_stale(struct rules *r, const struct tally *tally, const struct diagnosis *check);

/* Which senders found no policy though one is published now? */
void rule_report_none(struct rules *r, const struct tally *tally, const struct diagnosis *check);

#endif
