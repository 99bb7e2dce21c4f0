/* SPDX-License-Identifier: MIT */
/* misplaced_policy.c - a policy that is not at its place is often nearby.
 *
 * Looked for where the policy host answered that it has none: at other paths from the address that
 * said so, and at the domain itself once its address is known. */
#include <mtasts/policy.h>

#include "mtasts/names.h"
#include "probe/fetch.h"
#include "probe/question.h"
#include "probe/work.h"

static const struct misplaced_place {
    const char *path;
    bool plain;  /* http */
    bool domain; /* at the domain itself, not at the policy host */
} places[] = {
    {"/mta-sts.txt", false, false},
    {"/.well-known/mta-sts", false, false},
    {STS_POLICY_PATH, true, false},
    {STS_POLICY_PATH, false, true},
};

#define PLACES    (sizeof places / sizeof places[0])
#define HTTP_PORT 80

struct misplaced_policy {
    struct https_fetch *fetches[PLACES];
    struct dns_answer *domain_a;
};

static int64_t port_of(const struct probe *probe, const struct misplaced_place *place)
{
    return place->plain ? HTTP_PORT : probe->net->observer.https_port;
}

static enum sts_status try_place(struct probe *probe, size_t index, const char *address)
{
    const struct misplaced_place *place = &places[index];
    const struct facts *facts = probe->facts;
    const struct fetch_request request = {
        .https = {.host = place->domain ? facts->domain : facts->policy_host.name,
                  .address = address,
                  .port = port_of(probe, place),
                  .path = place->path,
                  .plain = place->plain},
        .fetch = &probe->misplaced_policy->fetches[index]};

    return fetch_start(probe, &request);
}

static enum sts_status domain_known(struct probe *probe, void *arg)
{
    const struct dns_answer *a = probe->misplaced_policy->domain_a;
    enum sts_status status = STS_OK;

    (void)arg;
    if (!a->record_count || !net_may_connect(probe->net, a->records[0].address))
        return STS_OK;
    for (size_t i = 0; i < PLACES && status == STS_OK; i++)
        if (places[i].domain)
            status = try_place(probe, i, a->records[0].address);
    return status;
}

static const struct https_fetch *not_found(const struct probe *probe)
{
    for (const struct policy_fetch *fetched = SLIST_FIRST(&probe->policy_fetches); fetched;
         fetched = SLIST_NEXT(fetched, link))
        if (fetched->fetch->status == 404 || fetched->fetch->status == 410)
            return fetched->fetch;
    return NULL;
}

enum sts_status probe_misplaced_policy(struct probe *probe)
{
    const struct https_fetch *fetch = not_found(probe);
    enum sts_status status = STS_OK;

    if (!fetch)
        return STS_OK;
    probe->misplaced_policy = talloc_zero(probe, struct misplaced_policy);
    if (!probe->misplaced_policy)
        return STS_E_NOMEM;
    for (size_t i = 0; i < PLACES && status == STS_OK; i++)
        if (!places[i].domain)
            status = try_place(probe, i, fetch->address);
    if (status == STS_OK && probe->net->observer.ipv4)
        status = question_ask(probe, probe->facts->domain, DNS_A,
                              &probe->misplaced_policy->domain_a, domain_known, NULL);
    return status;
}

static bool is_policy(const struct https_fetch *fetch)
{
    struct sts_policy *policy;
    bool usable;

    if (fetch->status != 200 || !fetch->body.length ||
        sts_policy_parse(fetch->body.data, fetch->body.length, &policy) != STS_OK)
        return false;
    usable = sts_policy_usable(policy);
    sts_policy_free(policy);
    return usable;
}

enum sts_status probe_misplaced_policy_collect(struct probe *probe)
{
    struct facts *facts = probe->facts;
    struct policy_host *host = &facts->policy_host;

    if (!probe->misplaced_policy)
        return STS_OK;
    host->elsewhere = talloc_zero_array(facts, struct elsewhere, PLACES);
    if (!host->elsewhere)
        return STS_E_NOMEM;
    for (size_t i = 0; i < PLACES; i++) {
        const struct https_fetch *fetch = probe->misplaced_policy->fetches[i];
        struct elsewhere *elsewhere = &host->elsewhere[host->elsewhere_count];

        if (!fetch)
            continue;
        elsewhere->url =
            talloc_asprintf(facts, "http%s://%s%s", places[i].plain ? "" : "s",
                            places[i].domain ? facts->domain : host->name, places[i].path);
        if (!elsewhere->url)
            return STS_E_NOMEM;
        elsewhere->status = fetch->status;
        elsewhere->is_policy = is_policy(fetch);
        host->elsewhere_count++;
    }
    return STS_OK;
}
