/* SPDX-License-Identifier: MIT */
/* policy_faults.c - hosts held against the policy, and against what the look-up of DANE saw. */
#include "policyd/policy_faults.h"

#include <inttypes.h>

#include <mtasts/match.h>

#include "base/array.h"
#include "policyd/policy_text.h"
#include "verdict/dane.h"

struct finding_faults {
    TALLOC_CTX *ctx;
    const struct policy_faults_request *request;
    struct policy_faults faults;
    bool no_memory;
};

static void add(struct finding_faults *finding, const struct policy_fault *fault)
{
    struct policy_fault *room =
        array_grow(finding->ctx, &finding->faults.list, &finding->faults.count, sizeof(*room));

    finding->no_memory |= !room;
    if (!room)
        return;
    *room = *fault;
    if (!room->reason)
        room->reason = sts_outcome_name(fault->outcome);
}

static const char *checked(struct finding_faults *finding, const char *text)
{
    finding->no_memory |= !text;
    return text ? text : "";
}

/* ---- the policy ------------------------------------------------------------------------------ */

bool policy_names_host(const struct live_policy *policy, const char *host)
{
    for (size_t i = 0; i < policy->mx_count; i++)
        if (sts_name_match(policy->mx[i], host))
            return true;
    return false;
}

char *policy_patterns(TALLOC_CTX *ctx, const struct live_policy *policy)
{
    char *text = talloc_strdup(ctx, "");

    for (size_t i = 0; text && i < policy->mx_count; i++)
        text = talloc_asprintf_append_buffer(text, "%s%s", i ? "\n" : "", policy->mx[i]);
    return text;
}

/* Where DANE protects all hosts nobody looks at the policy. */
static void find_uncovered(struct finding_faults *finding)
{
    const struct policy_known *known = finding->request->known;
    const struct live_policy *policy = known->policy;
    struct policy_fault fault = {.outcome = STS_OUTCOME_MX_NOT_COVERED, .type = "sts"};

    if (!policy || policy->mode == STS_MODE_NONE || finding->request->no_policy ||
        (known->dane == DANE_COVER_ALL && !finding->request->no_dane))
        return;
    for (size_t i = 0; i < known->mx_host_count; i++) {
        if (policy_names_host(policy, known->mx_hosts[i]))
            continue;
        if (!fault.lines) {
            fault.domain = known->domain;
            fault.lines = checked(finding, policy_text(finding->ctx, policy));
            fault.mx = checked(finding, policy_patterns(finding->ctx, policy));
        }
        fault.host = known->mx_hosts[i];
        add(finding, &fault);
    }
}

/* ---- DANE ------------------------------------------------------------------------------------ */

/* Not where nobody but our own resolver says so. */
static bool is_bogus(const struct dns_answer *answer)
{
    return dns_lookup_state(answer) == LOOKUP_BOGUS && !answer->bogus_unconfirmed;
}

static bool is_bogus_at(const struct mx_host *host)
{
    return is_bogus(host->a) || is_bogus(host->aaaa) || is_bogus(host->tlsa);
}

static bool is_unusable_at(const struct facts *facts, const struct mx_host *host)
{
    return dane_use(facts, host) == DANE_BY_ALL &&
           dns_lookup_state(dane_records(host)) == LOOKUP_FOUND && !dane_count_usable(host);
}

static bool is_unsigned(const struct dns_answer *answer)
{
    return dns_lookup_state(answer) == LOOKUP_FOUND && answer->security == DNS_SECURITY_INSECURE;
}

/* Are there certainly no records that DNSSEC vouches for?  Hosts that unsigned MX records name are
 * not asked for them. */
static bool is_missing_at(const struct facts *facts, const struct mx_host *host)
{
    return is_unsigned(facts->mx_answer) || is_unsigned(host->a) || is_unsigned(host->aaaa) ||
           is_unsigned(host->tlsa) || dns_lookup_state(host->tlsa) == LOOKUP_ABSENT;
}

static char *records_of(TALLOC_CTX *ctx, const struct dns_answer *tlsa)
{
    char *text = talloc_strdup(ctx, "");

    for (size_t i = 0; tlsa && text && i < tlsa->record_count; i++) {
        const struct dns_record *record = &tlsa->records[i];

        text = talloc_asprintf_append_buffer(
            text, "%s%" PRId64 " %" PRId64 " %" PRId64 " %.*s", i ? "\n" : "", record->usage,
            record->selector, record->matching, (int)record->data.length, record->data.data);
    }
    return text;
}

static void add_at(struct finding_faults *finding, enum sts_outcome outcome,
                   const struct mx_host *host)
{
    const struct dns_answer *tlsa =
        outcome == STS_OUTCOME_TLSA_UNUSABLE ? dane_records(host) : NULL;
    const struct policy_fault fault = {.outcome = outcome,
                                       .type = "tlsa",
                                       .domain = dane_base(host),
                                       .host = host->name,
                                       .lines = checked(finding, records_of(finding->ctx, tlsa)),
                                       .mx = ""};

    add(finding, &fault);
}

static void find_at(struct finding_faults *finding, const struct mx_host *host)
{
    const struct facts *facts = finding->request->facts;

    if (is_bogus_at(host))
        add_at(finding, STS_OUTCOME_TLSA_BOGUS, host);
    else if (is_unusable_at(facts, host))
        add_at(finding, STS_OUTCOME_TLSA_UNUSABLE, host);
    else if (finding->request->dane_required && is_missing_at(facts, host))
        add_at(finding, STS_OUTCOME_TLSA_MISSING, host);
}

/* Of the domain itself. */
static void find_bogus(struct finding_faults *finding, const struct dns_answer *answer,
                       const char *type, const char *reason)
{
    const struct policy_fault fault = {.outcome = STS_OUTCOME_TLSA_BOGUS,
                                       .reason = reason,
                                       .type = type,
                                       .domain = finding->request->known->domain,
                                       .host = "",
                                       .lines = "",
                                       .mx = ""};

    if (is_bogus(answer))
        add(finding, &fault);
}

static void find_seen(struct finding_faults *finding, const struct facts *facts)
{
    if (!finding->request->no_policy)
        find_bogus(finding, facts->sts_txt, "sts", "record-bogus");
    if (finding->request->no_dane)
        return;
    find_bogus(finding, facts->mx_answer, "tlsa", "mx-bogus");
    for (size_t i = 0; i < facts->mx_count; i++)
        find_at(finding, &facts->mx[i]);
}

enum sts_status policy_faults_find(TALLOC_CTX *ctx, const struct policy_faults_request *request,
                                   struct policy_faults *ret)
{
    struct finding_faults finding = {.ctx = ctx, .request = request};

    find_uncovered(&finding);
    if (request->facts)
        find_seen(&finding, request->facts);
    *ret = finding.faults;
    return finding.no_memory ? STS_E_NOMEM : STS_OK;
}
