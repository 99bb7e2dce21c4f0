/* SPDX-License-Identifier: MIT */
/* test_rule_renewal.c - what keeps a CA from issuing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rules/test_facts.h"

static void bogus(struct dns_answer *answer)
{
    answer->outcome = DNS_OUTCOME_FAILED;
    answer->rcode = "SERVFAIL";
    answer->security = DNS_SECURITY_BOGUS;
    answer->record_count = 0;
}

static void one_family(struct facts *f)
{
    f->policy_host.aaaa = answer(f, "mta-sts.example.com", DNS_AAAA, DNS_OUTCOME_FAILED);
    bogus(f->policy_host.aaaa);
}

/* No signature is at fault where the server fails. */
static void servfail(struct facts *f)
{
    one_family(f);
    f->policy_host.aaaa->security = DNS_SECURITY_UNCHECKED;
}

static const struct rule_case cases[] = {
    {"AAAA of the policy host", one_family,
     "policy-host-lookup-failed:unknown renewal-dnssec-bogus:low", POSTURE_ENFORCE,
     DELIVERY_PROTECTED},
    {"SERVFAIL", servfail, "policy-host-lookup-failed:unknown", POSTURE_ENFORCE,
     DELIVERY_PROTECTED},
};

int main(void)
{
    return RUN_ONLY_CASES(cases);
}
