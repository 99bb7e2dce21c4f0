/* SPDX-License-Identifier: MIT */
/* test_rule_place.c - what is wrong here is no fault of the domain's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/test_facts.h"

static void point(struct facts *f, enum vantage_name name, enum vantage_state state,
                  const char *detail)
{
    f->vantage = talloc_zero(f, struct vantage);
    f->vantage->points = talloc_zero_array(f->vantage, struct vantage_point, 1);
    f->vantage->points[0] = (struct vantage_point){(int)name, (int)state, detail};
    f->vantage->point_count = 1;
}

static void unanswered(struct facts *f, enum dns_outcome outcome, const char *why)
{
    struct dns_answer *answers[] = {f->sts_txt, f->mx_answer, f->tlsrpt_txt, f->policy_host.a,
                                    f->policy_host.aaaa};

    for (size_t i = 0; i < 5; i++) {
        if (!answers[i])
            continue;
        answers[i]->outcome = (int)outcome;
        answers[i]->record_count = 0;
        answers[i]->why_bogus = why;
        answers[i]->security = why ? DNS_SECURITY_BOGUS : DNS_SECURITY_UNCHECKED;
    }
}

static void strips(struct facts *f)
{
    point(f, VANTAGE_DNSSEC, VANTAGE_STATE_CLOSED, "192.0.2.53");
}

static void stale_anchor(struct facts *f)
{
    point(f, VANTAGE_DNSSEC, VANTAGE_STATE_WRONG, "/etc/root.key");
}

static void dead_resolver(struct facts *f)
{
    unanswered(f, DNS_OUTCOME_TIMEOUT, NULL);
    point(f, VANTAGE_RESOLVER, VANTAGE_STATE_CLOSED, "192.0.2.53");
}

static void failing_resolver(struct facts *f)
{
    unanswered(f, DNS_OUTCOME_FAILED, NULL);
    point(f, VANTAGE_RESOLVER, VANTAGE_STATE_WRONG, "192.0.2.53: SERVFAIL");
}

static void no_network(struct facts *f)
{
    unanswered(f, DNS_OUTCOME_FAILED, NULL);
    point(f, VANTAGE_NETWORK, VANTAGE_STATE_CLOSED, NULL);
}

/* As facts of before there was a vantage have it. */
static void bogus_at_root(struct facts *f)
{
    unanswered(f, DNS_OUTCOME_FAILED,
               "validation failure <example.com. MX IN>: no DNSKEY rrset from 192.0.2.53 for trust "
               "anchor . while building chain of trust");
}

/* The same below the root is the domain's. */
static void bogus_below(struct facts *f)
{
    f->sts_txt->outcome = DNS_OUTCOME_FAILED;
    f->sts_txt->security = DNS_SECURITY_BOGUS;
    f->sts_txt->record_count = 0;
    f->sts_txt->why_bogus = "validation failure <_mta-sts.example.com. TXT IN>: signature expired "
                            "from 192.0.2.53 for key example.com. while building chain of trust";
    strips(f);
}

/* The time was up before anybody could say whether it is the resolver. */
static void out_of_time(struct facts *f)
{
    unanswered(f, DNS_OUTCOME_UNKNOWN, NULL);
    f->deadline_reached = true;
    f->vantage = NULL;
}

static void stopped_by_hand(struct facts *f)
{
    out_of_time(f);
    f->deadline_reached = false;
    f->interrupted = true;
}

/* The resolver answers others; nothing of this domain came in time. */
static void slow_domain(struct facts *f)
{
    out_of_time(f);
    point(f, VANTAGE_RESOLVER, VANTAGE_STATE_OK, "192.0.2.53");
}

/* The resolver is in order, and the domain's name servers are silent. */
static void silent_domain(struct facts *f)
{
    f->sts_txt->outcome = DNS_OUTCOME_TIMEOUT;
    f->sts_txt->record_count = 0;
    point(f, VANTAGE_RESOLVER, VANTAGE_STATE_OK, "192.0.2.53");
}

#define LOOKUPS_FAILED                                                                             \
    "sts-record-lookup-failed:unknown policy-host-lookup-failed:unknown mx-lookup-failed:unknown " \
    "tlsrpt-record-lookup-failed:unknown"

static const struct rule_case cases[] = {
    {"strips", strips, "resolver-no-dnssec:info", POSTURE_ENFORCE, DELIVERY_PROTECTED},
    {"stale anchor", stale_anchor, "trust-anchor-wrong:info", POSTURE_ENFORCE, DELIVERY_PROTECTED},
    {"dead resolver", dead_resolver, "resolver-unreachable:unknown", POSTURE_BROKEN,
     DELIVERY_UNKNOWN},
    {"failing resolver", failing_resolver, "resolver-unreachable:unknown", POSTURE_BROKEN,
     DELIVERY_UNKNOWN},
    {"no network", no_network, "resolver-unreachable:unknown", POSTURE_BROKEN, DELIVERY_UNKNOWN},
    {"bogus at the root", bogus_at_root, "resolver-no-dnssec:unknown", POSTURE_BROKEN,
     DELIVERY_UNKNOWN},
    {"bogus below", bogus_below, "sts-record-dnssec-bogus:high resolver-no-dnssec:info",
     POSTURE_BROKEN, DELIVERY_UNPROTECTED},
    {"out of time", out_of_time, "resolver-unreachable:unknown", POSTURE_BROKEN, DELIVERY_UNKNOWN},
    {"stopped by hand", stopped_by_hand, "check-interrupted:unknown", POSTURE_BROKEN,
     DELIVERY_UNKNOWN},
    {"slow domain", slow_domain, LOOKUPS_FAILED, POSTURE_BROKEN, DELIVERY_UNKNOWN},
    {"silent domain", silent_domain, "sts-record-lookup-failed:unknown", POSTURE_BROKEN,
     DELIVERY_UNKNOWN},
};

int main(void)
{
    return RUN_ONLY_CASES(cases);
}
