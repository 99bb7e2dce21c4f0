/* SPDX-License-Identifier: MIT */
/* rule_delegation.c - names that are aliases at a hosting service: set up there, and at one only?
 */
#include "rules/delegation.h"

#include <string.h>

#include "base/hname.h"
#include "rules/tls_words.h"
#include "vendors/provider.h"
#include "verdict/fetch.h"

/* ---- set up there? --------------------------------------------------------------------------- */

/* The first alias at a known service, and whose it is. */
static const struct provider *service_of(const struct dns_answer *answer, const char **ret_target)
{
    for (size_t i = 0; answer && i < answer->cname_count; i++) {
        const struct provider *provider = provider_of_cname(answer->cnames[i]);

        if (provider) {
            *ret_target = answer->cnames[i];
            return provider;
        }
    }
    return NULL;
}

static const struct dns_answer *host_answer(const struct policy_host *host)
{
    return host->a && host->a->cname_count ? host->a : host->aaaa;
}

#define NAME_FAULTS (FAULT_BIT(FAULT_NAME) | FAULT_BIT(FAULT_COMMON_NAME))

/* How the service shows that it does not know the name; NULL: it does, or nothing can be said. */
static const char *unknown_there(const struct rules *r, const struct https_fetch *fetch,
                                 const struct provider *provider)
{
    const struct tls_session *tls = fetch->tls;

    if (fetch_unconnected(fetch))
        return NULL;
    if (tls && (tls->outcome == TLS_FAILED || tls->outcome == TLS_CLOSED))
        return N_("{host} points to {provider} ({cname}), which aborts the TLS handshake for "
                  "this name: the domain is not, or no longer, set up there.");
    if (tls_faults(tls, r->view.facts->policy_host.name, r->view.now) & NAME_FAULTS)
        return N_("{host} points to {provider} ({cname}), which presents a certificate for "
                  "other names ({names}): the domain is not, or no longer, set up there.");
    /* Who hosts web sites says the same of a missing file. */
    if ((provider->kinds & PROVIDER_DELEGATION) && (fetch->status == 404 || fetch->status == 410))
        return N_("{host} points to {provider} ({cname}), which has no policy for this name "
                  "(HTTP {status}): the domain is not, or no longer, set up there.");
    return NULL;
}

static void unprovisioned(struct rules *r, const struct https_fetch *fetch, const char *detail,
                          const struct provider *provider, const char *target)
{
    const char *name = r->view.facts->policy_host.name;
    struct finding *finding =
        finding_add(r, FINDING_POLICY_HOST_UNPROVISIONED, name, detail, "host", name, "name", name,
                    "address", fetch->address, "addresses", fetch->address, "cname", target,
                    "provider", provider->name, NULL);

    tls_params(r, finding, fetch->tls);
    if (fetch->status)
        finding_param(r, finding, "status", rule_number(r, fetch->status));
}

bool policy_host_unprovisioned(struct rules *r)
{
    const struct policy_host *host = &r->view.facts->policy_host;
    const char *target = NULL, *detail = NULL;
    const struct provider *provider = service_of(host_answer(host), &target);
    const struct https_fetch *first = NULL;

    for (size_t i = 0; provider && i < host->fetch_count; i++) {
        const char *one = unknown_there(r, &host->fetches[i], provider);

        if (!one && !fetch_unconnected(&host->fetches[i]))
            return false;
        if (one && !first) {
            first = &host->fetches[i];
            detail = one;
        }
    }
    if (first)
        unprovisioned(r, first, detail, provider, target);
    return first;
}

/* ---- one service for both? ------------------------------------------------------------------- */

static bool is_delegation(const struct provider *provider)
{
    return provider && (provider->kinds & PROVIDER_DELEGATION);
}

/* A name made for MTA-STS, by whomever. */
static bool looks_made_for_it(const struct dns_answer *answer)
{
    for (size_t i = 0; i < answer->cname_count; i++)
        if (strstr(answer->cnames[i], "mta-sts") || strstr(answer->cnames[i], "mta_sts"))
            return true;
    return false;
}

static bool share_a_domain(const struct dns_answer *a, const struct dns_answer *b)
{
    for (size_t i = 0; i < a->cname_count; i++)
        for (size_t j = 0; j < b->cname_count; j++)
            if (!strcmp(hname_registered(a->cnames[i]), hname_registered(b->cnames[j])))
                return true;
    return false;
}

/* A record of one's own and a policy at a web host is the usual thing, and so is one's own alias
 * for either: only two services that are both meant for MTA-STS are one too many. */
static bool is_split(const struct dns_answer *record, const struct dns_answer *host,
                     const struct provider *of_record, const struct provider *of_host)
{
    if (share_a_domain(record, host) || (of_record && of_record == of_host))
        return false;
    if (!is_delegation(of_record) && !looks_made_for_it(record))
        return false;
    if (of_host && !is_delegation(of_host))
        return is_delegation(of_record);
    return is_delegation(of_host) || looks_made_for_it(host);
}

void rule_delegation(struct rules *r)
{
    const struct dns_answer *record = r->view.facts->sts_txt;
    const struct dns_answer *host = host_answer(&r->view.facts->policy_host);
    const char *record_target = NULL, *host_target = NULL;
    const struct provider *of_record, *of_host;

    if (posture_is_absent(r->view.posture) || dns_lookup_state(record) != LOOKUP_FOUND ||
        dns_lookup_state(host) != LOOKUP_FOUND || !record->cname_count || !host->cname_count)
        return;
    of_record = service_of(record, &record_target);
    of_host = service_of(host, &host_target);
    if (!is_split(record, host, of_record, of_host))
        return;
    finding_add(r, FINDING_POLICY_HOST_DELEGATION_SPLIT, r->view.facts->policy_host.name,
                N_("{record_name} points to {record_cname}, but {policy_host} to {cname}: two "
                   "different services manage the id and the policy."),
                "name", r->view.facts->policy_host.name, "host", r->view.facts->policy_host.name,
                "cname", host_target ? host_target : host->cnames[0], "record_cname",
                record_target ? record_target : record->cnames[0], NULL);
}
