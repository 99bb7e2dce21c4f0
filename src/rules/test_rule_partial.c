/* SPDX-License-Identifier: MIT */
/* test_rule_partial.c - what was left out is said, and nothing else is made of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rules/test_facts.h"

#define MANY 40

/* `count` equal records of an answer. */
static void multiply(struct facts *f, struct dns_answer *answer, size_t count)
{
    struct dns_record first = answer->records[0];

    answer->records = talloc_zero_array(f, struct dns_record, count);
    for (size_t i = 0; i < count; i++)
        answer->records[i] = first;
    answer->record_count = count;
}

static void many_addresses(struct facts *f)
{
    multiply(f, f->mx[0].a, MANY);
    f->mx[0].addresses_omitted = true;
}

/* As many, and all were looked at. */
static void many_looked_at(struct facts *f)
{
    for (size_t i = 1; i < MANY; i++)
        add_session(f, &f->mx[0], "192.0.2.25");
    multiply(f, f->mx[0].a, MANY);
}

static void many_of_the_policy_host(struct facts *f)
{
    multiply(f, f->policy_host.a, MANY);
    f->policy_host.addresses_omitted = true;
}

static void many_mx(struct facts *f)
{
    multiply(f, f->mx_answer, MANY);
    f->mx_omitted = true;
}

static void costly(struct facts *f)
{
    f->budget_reached = true;
    session_stops(session(f), NET_UNKNOWN, PHASE_EHLO2);
}

/* The session that was cut off is none that came to nothing. */
static void costly_at_the_policy_host(struct facts *f)
{
    f->budget_reached = true;
    fetch_stops(fetch(f), NET_UNKNOWN, PHASE_TLS);
}

/* ---- interrupted ----------------------------------------------------------------------------- */

static void unknown(struct dns_answer *answer)
{
    answer->outcome = DNS_OUTCOME_UNKNOWN;
    answer->record_count = 0;
}

/* Ctrl-C before any answer. */
static void before_any_answer(struct facts *f)
{
    f->interrupted = true;
    unknown(f->sts_txt);
    unknown(f->tlsrpt_txt);
    unknown(f->mx_answer);
    unknown(f->policy_host.a);
    f->mx_count = 0;
    f->policy_host.fetch_count = 0;
}

/* The same, and not all questions had been put. */
static void before_any_question(struct facts *f)
{
    before_any_answer(f);
    f->sts_txt = f->tlsrpt_txt = f->mx_answer = f->policy_host.a = f->policy_host.aaaa = NULL;
}

static void before_the_addresses(struct facts *f)
{
    f->interrupted = true;
    unknown(f->policy_host.a);
    f->policy_host.fetch_count = 0;
    unknown(f->mx[0].a);
    f->mx[0].session_count = 0;
}

static void before_the_policy(struct facts *f)
{
    f->interrupted = true;
    fetch_stops(fetch(f), NET_UNKNOWN, PHASE_HEAD);
    session_stops(session(f), NET_UNKNOWN, PHASE_GREETING);
}

/* What had failed by itself stays. */
static void after_a_failure(struct facts *f)
{
    before_the_policy(f);
    unknown(f->tlsrpt_txt);
    f->tlsrpt_txt->outcome = DNS_OUTCOME_FAILED;
    f->tlsrpt_txt->rcode = "SERVFAIL";
}

static void after_a_fault(struct facts *f)
{
    f->interrupted = true;
    leaf(fetch(f)->tls)->not_after = NOW - DAY;
    session_stops(session(f), NET_UNKNOWN, PHASE_GREETING);
}

/* It came when all was known. */
static void at_the_end(struct facts *f)
{
    f->interrupted = true;
}

static const struct rule_case cases[] = {
    {"interrupted before any answer", before_any_answer, "check-interrupted:unknown",
     POSTURE_BROKEN, DELIVERY_UNKNOWN},
    {"interrupted before any question", before_any_question, "check-interrupted:unknown",
     POSTURE_BROKEN, DELIVERY_UNKNOWN},
    {"interrupted before the addresses", before_the_addresses, "check-interrupted:unknown",
     POSTURE_BROKEN, DELIVERY_UNKNOWN},
    {"interrupted before the policy", before_the_policy, "check-interrupted:unknown",
     POSTURE_BROKEN, DELIVERY_UNKNOWN},
    {"interrupted after a failure", after_a_failure,
     "check-interrupted:unknown tlsrpt-record-lookup-failed:unknown", POSTURE_BROKEN,
     DELIVERY_UNKNOWN},
    {"interrupted after a fault", after_a_fault,
     "policy-cert-expired:high check-interrupted:unknown", POSTURE_BROKEN, DELIVERY_UNPROTECTED},
    {"interrupted at the end", at_the_end, "check-interrupted:unknown", POSTURE_ENFORCE,
     DELIVERY_PROTECTED},
    {"more addresses than the ceiling", many_addresses, "check-partial:info", POSTURE_ENFORCE,
     DELIVERY_PROTECTED},
    {"many addresses", many_looked_at, "", POSTURE_ENFORCE, DELIVERY_PROTECTED},
    {"more addresses of the policy host", many_of_the_policy_host, "check-partial:info",
     POSTURE_ENFORCE, DELIVERY_PROTECTED},
    {"more MX hosts than the ceiling", many_mx, "check-partial:info", POSTURE_ENFORCE,
     DELIVERY_UNKNOWN},
    {"costly MX host", costly, "check-partial:unknown mx-timeout:unknown", POSTURE_ENFORCE,
     DELIVERY_UNKNOWN},
    {"costly policy host", costly_at_the_policy_host,
     "check-partial:unknown policy-timeout:unknown", POSTURE_BROKEN, DELIVERY_UNKNOWN},
};

int main(void)
{
    return RUN_ONLY_CASES(cases);
}
