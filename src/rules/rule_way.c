/* SPDX-License-Identifier: MIT */
/* rule_way.c - what stands on our own way to others, said once and never of the domain. */
#include "rules/rule.h"
#include "verdict/fetch.h"
#include "verdict/place.h"

#define MINUTE 60
#define HOUR   (INT64_C(60) * MINUTE)
#define DAY    (24 * HOUR)

static void port443(struct rules *r)
{
    const struct policy_host *host = &r->view.facts->policy_host;

    finding_add(r, FINDING_POLICY_PORT443_BLOCKED, host->name,
                N_("This network blocks outgoing connections to port {https_port}: neither {host} "
                   "nor the policy hosts of large providers can be reached."),
                "host", host->name, NULL);
}

static void intercepted(struct rules *r)
{
    const struct policy_host *host = &r->view.facts->policy_host;
    const char *issuer = vantage_detail(r->view.facts, VANTAGE_TLS);

    finding_add(r, FINDING_TLS_INTERCEPTED, host->name,
                N_("{host} and unrelated hosts present certificates of the same private CA here, "
                   "{issuer}; the real certificate of {host} cannot be seen from this network."),
                "host", host->name, "issuer", issuer ? issuer : "-", NULL);
}

/* Rounded, since two looks are never of the same second. */
static const char *difference(struct rules *r, int64_t seconds)
{
    int64_t size = seconds < 0 ? -seconds : seconds;

    if (size >= 2 * DAY)
        return rule_text(r, "%lld d", (long long)((size + DAY / 2) / DAY));
    if (size >= 2 * HOUR)
        return rule_text(r, "%lld h", (long long)((size + HOUR / 2) / HOUR));
    return rule_text(r, "%lld min", (long long)((size + MINUTE / 2) / MINUTE));
}

/* Is the time between what our clock shows and what is right?  Both ends count as within. */
static bool within_error(const struct facts *facts, int64_t time)
{
    int64_t shown = facts->observed_at, right = shown + facts->vantage->clock_offset;

    return shown < right ? shown <= time && time <= right : right <= time && time <= shown;
}

static bool chain_turns(const struct facts *facts, const struct tls_session *tls)
{
    for (size_t i = 0; tls && i < tls->chain_count; i++)
        if (within_error(facts, tls->chain[i].not_before) ||
            within_error(facts, tls->chain[i].not_after))
            return true;
    return false;
}

/* Does a certificate begin or end within the error, so that all hangs on whose clock is right? */
static bool certificate_turns(const struct facts *facts)
{
    const struct policy_host *host = &facts->policy_host;

    for (size_t i = 0; i < host->fetch_count; i++)
        if (chain_turns(facts, host->fetches[i].tls))
            return true;
    for (size_t i = 0; i < facts->mx_count; i++)
        for (size_t j = 0; j < facts->mx[i].session_count; j++)
            if (chain_turns(facts, facts->mx[i].sessions[j].tls))
                return true;
    return false;
}

/* The signatures of the root did not hold with this clock. */
static bool signatures_fail(const struct facts *facts)
{
    return vantage_state(facts, VANTAGE_DNSSEC) == VANTAGE_STATE_WRONG &&
           !vantage_detail(facts, VANTAGE_DNSSEC);
}

static const char *uncertain(const struct facts *facts)
{
    if (clock_spoils_dnssec(facts))
        return N_("With this clock the DNSSEC signatures of {domain} are not valid, so nothing "
                  "was checked. Set the clock and check again.");
    if (certificate_turns(facts))
        return N_("A certificate's validity begins or ends within that difference. Set the "
                  "clock and check again.");
    if (signatures_fail(facts))
        return N_("DNSSEC signatures cannot be validated with this clock; DNSSEC and DANE were "
                  "not checked.");
    return NULL;
}

void rule_clock(struct rules *r)
{
    int64_t offset = r->view.facts->vantage->clock_offset;
    struct finding *finding = finding_add(
        r, FINDING_CLOCK_WRONG, r->view.facts->domain,
        offset > 0 ? N_("The clock of this machine is {difference} slow according to several "
                        "web servers. Certificates were checked against their time.")
                   : N_("The clock of this machine is {difference} fast according to several "
                        "web servers. Certificates were checked against their time."),
        "difference", difference(r, offset), NULL);

    finding->note = uncertain(r->view.facts);
    if (!finding->note) /* by either clock all is the same */
        finding->severity = SEVERITY_LOW;
}

void rule_way(struct rules *r)
{
    if (vantage_state(r->view.facts, VANTAGE_CLOCK) == VANTAGE_STATE_WRONG)
        rule_clock(r);
    if (posture_is_absent(r->view.posture))
        return;
    if (port443_blocked(r->view.facts))
        port443(r);
    else if (tls_intercepted(r->view.facts))
        intercepted(r);
}
