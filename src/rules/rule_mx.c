/* SPDX-License-Identifier: MIT */
/* rule_mx.c - the MX records and the addresses of the hosts they name. */
#include "rules/rule.h"

#include <string.h>

#include "rules/mx_meant.h"
#include "verdict/address.h"
#include "verdict/mx_target.h"
#include "verdict/session.h"

/* ---- the MX set ------------------------------------------------------------------------------ */

static void set_lookup_failed(struct rules *r, const struct dns_answer *answer)
{
    if (dns_not_awaited(r->view.facts, answer))
        return;
    finding_add(r, FINDING_MX_LOOKUP_FAILED, r->view.facts->domain,
                N_("The MX records of {domain} could not be looked up: {answer}."), "name",
                r->view.facts->domain, "type", "MX", "answer",
                answer ? dns_answer_text(answer) : "not asked", NULL);
}

static void set_bogus(struct rules *r, const struct dns_answer *answer)
{
    finding_add(r, FINDING_MX_DNSSEC_BOGUS, r->view.facts->domain,
                answer->why_bogus
                    ? N_("DNSSEC validation of the MX records of {domain} fails: {why}.")
                    : N_("DNSSEC validation of the MX records of {domain} fails."),
                "name", r->view.facts->domain, "type", "MX", "answer", dns_answer_text(answer),
                "why", answer->why_bogus, NULL);
}

static void set_implicit(struct rules *r, const struct dns_answer *answer)
{
    const struct facts *facts = r->view.facts;

    if (mx_is_nowhere(facts))
        finding_add(r, FINDING_MX_HOST_MISSING, facts->domain,
                    N_("{domain} has neither MX nor address records ({answer}); no mail can be "
                       "delivered."),
                    "host", facts->domain, "name", facts->domain, "type", "MX", "answer",
                    dns_answer_text(answer), "implicit_host", facts->domain, NULL);
    else if (!rule_mx_meant(r))
        finding_add(r, FINDING_MX_IMPLICIT, facts->domain,
                    N_("{domain} has no MX record; "
                       "senders use its address records "
                       "instead."),
                    "host", facts->domain, "name", facts->domain, "type", "MX", "answer",
                    dns_answer_text(answer), NULL);
}

/* RFC 7505 section 3: beside others it means nothing, and senders differ in what they make of it.
 */
static void null_among_others(struct rules *r, const struct dns_answer *answer)
{
    for (size_t i = 0; i < answer->record_count; i++) {
        const char *host = answer->records[i].host;

        if (host && *host && strcmp(host, ".") != 0)
            continue;
        finding_add(r, FINDING_MX_HOST_MISSING, r->view.facts->domain,
                    N_("One of the MX records of {domain} is the null MX, which says that the "
                       "domain accepts no mail; the others say that it does."),
                    "name", r->view.facts->domain, "type", "MX", "null_mx",
                    rule_text(r, "MX %lld .", (long long)answer->records[i].preference), NULL)
            ->severity = SEVERITY_MEDIUM;
        return;
    }
}

static void judge_set(struct rules *r)
{
    const struct dns_answer *answer = r->view.facts->mx_answer;

    switch (dns_lookup_state(answer)) {
    case LOOKUP_BOGUS:
        set_bogus(r, answer);
        break;
    case LOOKUP_ABSENT:
        set_implicit(r, answer);
        break;
    case LOOKUP_FOUND:
        if (mx_is_null(r->view.facts))
            finding_add(r, FINDING_MX_NULL, r->view.facts->domain,
                        N_("{domain} accepts no mail: its only MX record is the null MX."), "name",
                        r->view.facts->domain, "type", "MX", NULL);
        else
            null_among_others(r, answer);
        break;
    default:
        set_lookup_failed(r, answer);
    }
}

/* ---- one host -------------------------------------------------------------------------------- */

/* Where the other family validates most senders use that. */
static void host_bogus(struct rules *r, const struct mx_host *host, const struct dns_answer *answer)
{
    const struct dns_answer *other = answer->type == DNS_A ? host->aaaa : host->a;
    bool reachable = dns_lookup_state(other) == LOOKUP_FOUND;
    struct finding *finding = finding_add(
        r, FINDING_MX_DNSSEC_BOGUS, host->name,
        reachable ? N_("DNSSEC validation fails for the {type} records of {host}, or for the "
                       "proof that there are none; its {other_type} records validate.")
                  : N_("DNSSEC validation of {host} ({type}) fails."),
        "host", host->name, "name", host->name, "type", dns_type_name(answer->type), "answer",
        dns_answer_text(answer), "why", answer->why_bogus, NULL);

    if (!reachable || !other)
        return;
    finding_param(r, finding, "other_type", dns_type_name(other->type));
    finding->meaning =
        N_("Most senders deliver to the address that validates. Some treat one failed lookup as "
           "a failure of the host: behind a validating resolver they keep the mail in their "
           "queue.");
    finding->severity = SEVERITY_MEDIUM;
}

static void host_lookup(struct rules *r, const struct mx_host *host,
                        const struct dns_answer *answer)
{
    enum lookup_state seen = dns_lookup_state(answer);

    if (seen == LOOKUP_BOGUS)
        host_bogus(r, host, answer);
    else if (!dns_not_awaited(r->view.facts, answer))
        finding_add(r, FINDING_MX_LOOKUP_FAILED, host->name,
                    seen == LOOKUP_ABSENT
                        ? N_("{host} has no address of the requested family ({type}); the other "
                             "family was not looked up.")
                        : N_("The address of {host} ({type}) could not be looked up: {answer}."),
                    "host", host->name, "name", host->name, "type", dns_type_name(answer->type),
                    "answer", dns_answer_text(answer), NULL);
}

/* The line of the policy that names this host alone; NULL: there is none. */
static const char *own_pattern(struct rules *r, const char *host)
{
    const char *pattern = NULL;

    if (!r->view.published.policy || !sts_policy_covers(r->view.published.policy, host, &pattern))
        return NULL;
    return *pattern == '*' ? NULL : rule_text(r, "%s", pattern);
}

static void host_missing(struct rules *r, const struct mx_host *host)
{
    const struct dns_answer *answer = host->a ? host->a : host->aaaa;

    finding_add(r, FINDING_MX_HOST_MISSING, host->name,
                answer->outcome == DNS_OUTCOME_NXDOMAIN
                    ? N_("The MX host {host} does not exist in the DNS ({answer}).")
                    : N_("The MX host {host} has no address ({answer})."),
                "host", host->name, "name", host->name, "type", "A and AAAA", "answer",
                dns_answer_text(answer), "cname", dns_target(answer), "pattern",
                own_pattern(r, host->name), NULL);
}

static void host_alias(struct rules *r, const struct mx_host *host)
{
    const char *target = dns_target(host->a) ? dns_target(host->a) : dns_target(host->aaaa);

    /* Without MX the domain itself is no MX target; it may be an alias. */
    if (target && dns_lookup_state(r->view.facts->mx_answer) == LOOKUP_FOUND)
        finding_add(r, FINDING_MX_HOST_CNAME, host->name,
                    N_("The MX host {host} is an alias of {cname}; an MX record must name the "
                       "host itself."),
                    "host", host->name, "name", host->name, "type", "CNAME", "cname", target, NULL);
}

/* ---- what the record names ------------------------------------------------------------------- */

static const char *preference(struct rules *r, const struct mx_host *host)
{
    return rule_number(r, host->preference);
}

/* The host that the policy names and the record would, were the domain appended. */
static const char *whole_name(struct rules *r, const char *label)
{
    const char *name = rule_text(r, "%s.%s", label, r->view.facts->domain);

    return r->view.published.policy && sts_policy_covers(r->view.published.policy, name, NULL)
               ? name
               : NULL;
}

static void bad_target(struct rules *r, const struct mx_host *host, enum mx_target target)
{
    static const char *const details[] = {
        [MX_TARGET_LOCALHOST] = N_("The MX record of {domain} names {host}, which is each "
                                   "sender's own machine."),
        [MX_TARGET_ONE_LABEL] = N_("The MX record of {domain} names {host}, a single-label name; "
                                   "senders do not append {domain} to it."),
        [MX_TARGET_BAD_NAME] = N_("The MX record of {domain} names {host}, which is not a valid "
                                  "host name (letters, digits and hyphens): no pattern of a "
                                  "policy covers it, and no public CA certifies it."),
    };

    finding_add(r, FINDING_MX_TARGET_INVALID, host->name, details[target], "host", host->name,
                "name", r->view.facts->domain, "type", "MX", "preference", preference(r, host),
                "meant", target == MX_TARGET_ONE_LABEL ? whole_name(r, host->name) : NULL, NULL);
}

static void final_dot(struct rules *r, const struct mx_host *host, const char *meant)
{
    const struct sts_policy *policy = r->view.published.policy;

    finding_add(r, FINDING_MX_FINAL_DOT_MISSING, host->name,
                N_("The MX record of {domain} was meant to name {meant} but lacks its final "
                   "dot: the zone's name was appended, and {host} does not exist."),
                "host", host->name, "name", r->view.facts->domain, "type", "MX", "meant", meant,
                "covered", policy && sts_policy_covers(policy, meant, NULL) ? meant : NULL,
                "preference", preference(r, host), NULL);
}

static const char *addresses_nowhere(struct rules *r, const struct dns_answer *answer,
                                     const char *list)
{
    for (size_t i = 0; answer && i < answer->record_count; i++)
        if (mx_address_is_nowhere(r->view.facts, answer->records[i].address))
            list = rule_list(r, list, answer->records[i].address);
    return list;
}

static void nowhere_addresses(struct rules *r, const struct mx_host *host)
{
    struct mx_nowhere nowhere = mx_nowhere(r->view.facts, host);
    const char *list = addresses_nowhere(r, host->aaaa, addresses_nowhere(r, host->a, NULL));
    struct finding *finding;

    if (!list)
        return;
    finding = finding_add(
        r, FINDING_MX_ADDRESS_PRIVATE, host->name,
        nowhere.own ? N_("{host} has the address {addresses}: a sender that uses it connects to "
                         "its own machine or network. This check did not.")
                    : N_("{host} has an address that is unreachable from the internet: "
                         "{addresses}."),
        "host", host->name, "name", host->name, "type", "A and AAAA", "addresses", list, NULL);
    if (nowhere.count < nowhere.of) /* senders try the others too */
        finding->severity = SEVERITY_MEDIUM;
}

static const char *addresses_inner(struct rules *r, const struct dns_answer *answer,
                                   const char *list)
{
    for (size_t i = 0; answer && i < answer->record_count; i++)
        if (address_is_inner(r->view.facts, answer->records[i].address))
            list = rule_list(r, list, answer->records[i].address);
    return list;
}

/* Seen from within such a network, where it may be right: the internet may be told another. */
static void inner_addresses(struct rules *r, const struct mx_host *host)
{
    const char *list = addresses_inner(r, host->aaaa, addresses_inner(r, host->a, NULL));
    struct finding *finding;

    if (!list)
        return;
    finding = finding_add(
        r, FINDING_MX_ADDRESS_PRIVATE, host->name,
        N_("{host} has the private address {addresses}, reachable only from this network: "
           "senders on the internet need a public address for {host} in the DNS."),
        "host", host->name, "name", host->name, "type", "A and AAAA", "addresses", list, NULL);
    finding->severity = SEVERITY_LOW;
}

static bool is_bad(const struct dns_answer *answer)
{
    return dns_lookup_state(answer) == LOOKUP_UNKNOWN || dns_lookup_state(answer) == LOOKUP_BOGUS;
}

static void judge_host(struct rules *r, const struct mx_host *host)
{
    enum lookup_state seen = host_lookup_state(host->a, host->aaaa);
    enum mx_target target = mx_target_of(host->name);
    const char *meant;

    if (host->is_address) {
        finding_add(
            r, FINDING_MX_IP_LITERAL, host->name,
            N_("The MX record contains an IP address, {host}; it must contain a host name."),
            "host", host->name, "name", r->view.facts->domain, "type", "MX", NULL);
        return;
    }
    if (target != MX_TARGET_HOST && target != MX_TARGET_ADDRESS) {
        bad_target(r, host, target);
        return;
    }
    meant = mx_target_meant(r->view.facts, host, r->view.mem);
    if (meant) {
        final_dot(r, host, meant);
        return;
    }
    if (seen == LOOKUP_NONE) /* MX hosts were not looked at (--no-smtp) */
        return;
    host_alias(r, host);
    nowhere_addresses(r, host);
    inner_addresses(r, host);
    if (seen == LOOKUP_ABSENT)
        host_missing(r, host);
    else if (is_bad(host->a))
        host_lookup(r, host, host->a);
    else if (is_bad(host->aaaa))
        host_lookup(r, host, host->aaaa);
    else if (seen != LOOKUP_FOUND)
        host_lookup(r, host, host->a ? host->a : host->aaaa);
}

void rule_mx(struct rules *r)
{
    judge_set(r);
    for (size_t i = 0; i < r->view.facts->mx_count && !mx_is_nowhere(r->view.facts); i++)
        judge_host(r, &r->view.facts->mx[i]);
}
