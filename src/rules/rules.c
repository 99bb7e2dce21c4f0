/* SPDX-License-Identifier: MIT */
/* rules.c - a diagnosis: the table of rules, run over the facts. */
#include <string.h>

#include "rules/rule.h"
#include "verdict/place.h"

/* Each row stands alone: it reads what is published and seen, never another rule's findings. */
static void (*const rules_table[])(struct rules *r) = {
    rule_record,     rule_propagation, rule_name_servers, rule_policy_host, rule_policy_same,
    rule_delegation, rule_policy,      rule_mx,           rule_mx_cover,    rule_mx_tls,
    rule_handshake,  rule_tlsrpt,      rule_rua,          rule_renewal,     rule_caa,
    rule_dane,       rule_place,       rule_way,          rule_partial,     rule_family,
    rule_resolver,
};

/* Where we ran short or cannot see, and of a domain that does not exist, there is one thing to say.
 */
static void run_rules(struct rules *r)
{
    if (r->view.facts->shortage) {
        rule_shortage(r);
        return;
    }
    if (place_is_blind(r->view.facts)) {
        rule_place_blind(r);
        return;
    }
    if (r->view.posture == POSTURE_NONEXISTENT) {
        rule_domain(r);
        return;
    }
    for (size_t i = 0; i < sizeof(rules_table) / sizeof(rules_table[0]); i++)
        rules_table[i](r);
}

/* By default the time of judging is that of the look, by our own clock; where that is known to be
 * wrong, so is the right time. */
static int64_t right_time(const struct facts *facts, int64_t now)
{
    bool wrong = vantage_state(facts, VANTAGE_CLOCK) == VANTAGE_STATE_WRONG;

    return wrong && now == facts->observed_at ? now + facts->vantage->clock_offset : now;
}

static void run(struct rules *r)
{
    domain_view_judge(&r->view);
    run_rules(r);
    providers_advise(r);
    findings_sort(r);
    mx_codes_gather(r);
}

enum sts_status diagnose(TALLOC_CTX *ctx, const struct facts *facts, int64_t now,
                         struct diagnosis **ret)
{
    const struct judging by = {.now = now};

    return diagnose_by(ctx, facts, &by, ret);
}

enum sts_status diagnose_by(TALLOC_CTX *ctx, const struct facts *facts, const struct judging *by,
                            struct diagnosis **ret)
{
    struct diagnosis *diagnosis = talloc_zero(ctx, struct diagnosis);
    struct rules r = {.view = {.mem = diagnosis,
                               .facts = facts,
                               .now = right_time(facts, by->now),
                               .warn_days = by->warn_days}};
    struct domain_view *view = &r.view;

    if (!diagnosis)
        return STS_E_NOMEM;
    run(&r);
    domain_view_free(view);
    *diagnosis = (struct diagnosis){.facts = facts,
                                    .now = view->now,
                                    .posture = view->posture,
                                    .unsettled = view->published.unsettled,
                                    .by = domain_view_deliveries(view),
                                    .policy = view->policy,
                                    .mx = view->mx,
                                    .mx_codes = r.mx_codes,
                                    .mx_count = view->mx_count,
                                    .findings = r.findings,
                                    .finding_count = r.finding_count};
    diagnosis->delivery = diagnosis->by.all;
    diagnosis->verdict = findings_verdict(r.findings, r.finding_count);
    if (view->no_memory) {
        talloc_free(diagnosis);
        return STS_E_NOMEM;
    }
    *ret = diagnosis;
    return STS_OK;
}

/* ---- verdict --------------------------------------------------------------------------------- */

int severity_exit(enum severity worst)
{
    static const int status[] = {[SEVERITY_MEDIUM] = 1,
                                 [SEVERITY_UNKNOWN] = 3,
                                 [SEVERITY_HIGH] = 2,
                                 [SEVERITY_CRITICAL] = 2};

    return status[worst];
}

enum verdict findings_verdict(const struct finding *findings, size_t count)
{
    static const enum verdict verdicts[] = {VERDICT_OK, VERDICT_WARNING, VERDICT_CRITICAL,
                                            VERDICT_UNKNOWN};
    enum severity worst = SEVERITY_NONE;

    for (size_t i = 0; i < count; i++)
        if (findings[i].severity > worst)
            worst = findings[i].severity;
    return verdicts[severity_exit(worst)];
}

/* ---- names ----------------------------------------------------------------------------------- */

const char *severity_name(enum severity severity)
{
    static const char *const names[] = {"none",    "info", "low",     "medium",
                                        "unknown", "high", "critical"};

    return names[severity];
}

enum severity severity_by_name(const char *name)
{
    for (int i = SEVERITY_NONE; i <= SEVERITY_CRITICAL; i++)
        if (strcmp(name, severity_name((enum severity)i)) == 0)
            return (enum severity)i;
    return SEVERITY_NONE;
}

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {"ok", "warning", "unknown", "critical"};

    return names[verdict];
}
