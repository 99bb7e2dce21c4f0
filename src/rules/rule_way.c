/* SPDX-License-Identifier: MIT */
/* rule_way.c - what stands on our own way to others, said once and never of the domain. */
#include "rules/fetch.h"

#define MINUTE 60
#define HOUR   (INT64_C(60) * MINUTE)
#define DAY    (24 * HOUR)

static void port443(struct rules *r)
{
    const struct policy_host *host = &r->facts->policy_host;

    finding_add(r, FINDING_POLICY_PORT443_BLOCKED, host->name,
                N_("This network blocks outgoing connections to port {https_port}: neither {host} "
                   "nor the policy hosts of large providers can be reached."),
                "host", host->name, NULL);
}

static void intercepted(struct rules *r)
{
    const struct policy_host *host = &r->facts->policy_host;
    const char *issuer = vantage_detail(r->facts, VANTAGE_TLS);

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

static void clock(struct rules *r)
{
    int64_t offset = r->facts->vantage->clock_offset;

    finding_add(
        r, FINDING_CLOCK_WRONG, r->facts->domain,
        offset > 0 ? N_("The clock of this machine is {difference} slow, by the answers of several "
                        "web servers. Certificates were judged by their time.")
                   : N_("The clock of this machine is {difference} fast, by the answers of several "
                        "web servers. Certificates were judged by their time."),
        "difference", difference(r, offset), NULL);
}

void rule_way(struct rules *r)
{
    if (vantage_state(r->facts, VANTAGE_CLOCK) == VANTAGE_STATE_WRONG)
        clock(r);
    if (posture_is_absent(r))
        return;
    if (port443_blocked(r->facts))
        port443(r);
    else if (tls_intercepted(r->facts))
        intercepted(r);
}
