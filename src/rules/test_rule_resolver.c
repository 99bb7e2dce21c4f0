/* SPDX-License-Identifier: MIT */
/* test_rule_resolver.c - what the resolver does to one domain alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/test_facts.h"

static void resolver_breaks_zone(struct facts *f)
{
    f->sts_txt->resolver_bogus = "no signatures";
    f->mx_answer->resolver_bogus = "no signatures";
}

static void resolver_filters(struct facts *f)
{
    f->policy_host.a->resolver_blocks = "0.0.0.0";
}

static void is_bogus(struct dns_answer *answer)
{
    answer->outcome = DNS_OUTCOME_FAILED;
    answer->security = DNS_SECURITY_BOGUS;
    answer->record_count = 0;
    answer->why_bogus = "validation failure: no signatures";
}

static void bogus_through_one_resolver(struct facts *f)
{
    is_bogus(f->sts_txt);
    f->sts_txt->bogus_unconfirmed = true;
}

static void bogus_for_all(struct facts *f)
{
    is_bogus(f->sts_txt);
}

static const struct rule_case cases[] = {
    {"breaks a zone", resolver_breaks_zone, "resolver-no-dnssec:info", POSTURE_ENFORCE,
     DELIVERY_PROTECTED},
    {"filters", resolver_filters, "resolver-filters:info", POSTURE_ENFORCE, DELIVERY_PROTECTED},
    {"bogus through one resolver", bogus_through_one_resolver,
     "sts-record-dnssec-bogus:high dnssec-fault-unconfirmed:info", POSTURE_BROKEN,
     DELIVERY_UNPROTECTED},
    {"bogus for all", bogus_for_all, "sts-record-dnssec-bogus:high", POSTURE_BROKEN,
     DELIVERY_UNPROTECTED},
};

int main(void)
{
    return RUN_ONLY_CASES(cases);
}
