/* SPDX-License-Identifier: MIT */
/* policy.c - the policy is fetched from each address of the policy host.
 *
 * As soon as A, or AAAA, is known, from all its addresses side by side: they may serve different
 * policies.  Nothing waits for all of them but what is asked afterwards. */
#include <stdlib.h>

#include <mtasts/policy.h>

#include "mtasts/names.h"
#include "probe/fetch.h"
#include "probe/work.h"

/* What stands in the facts where the deadline came before a slot did. */
static struct https_fetch *fetch_unknown(struct probe *probe, const char *address)
{
    struct https_fetch *fetch = talloc_zero(probe->facts, struct https_fetch);

    if (!fetch)
        return NULL;
    fetch->address = address;
    fetch->port = probe->net->observer.https_port;
    fetch->phase = PHASE_CONNECT;
    fetch->content_length = -1;
    fetch->connect_ms = fetch->tls_ms = fetch->first_byte_ms = fetch->total_ms = -1;
    return fetch;
}

static enum sts_status start_fetch(struct probe *probe, struct policy_fetch *fetched)
{
    const struct fetch_request request = {.https = {.host = probe->facts->policy_host.name,
                                                    .address = fetched->fetch->address,
                                                    .port = fetched->fetch->port,
                                                    .path = STS_POLICY_PATH},
                                          .fetch = &fetched->fetch};

    return fetch_start(probe, &request);
}

static enum sts_status fetch_from(struct probe *probe, const char *address, int order)
{
    struct policy_fetch *fetched = talloc_zero(probe, struct policy_fetch);

    if (!fetched)
        return STS_E_NOMEM;
    fetched->order = order;
    fetched->fetch = fetch_unknown(probe, address);
    if (!fetched->fetch)
        return STS_E_NOMEM;
    SLIST_INSERT_HEAD(&probe->policy_fetches, fetched, link);
    if (!net_may_connect(probe->net, address)) {
        fetched->fetch->outcome = NET_WITHHELD;
        return STS_OK;
    }
    return start_fetch(probe, fetched);
}

static bool is_asked(const struct probe *probe)
{
    for (const struct policy_fetch *fetched = SLIST_FIRST(&probe->policy_fetches); fetched;
         fetched = SLIST_NEXT(fetched, link))
        if (fetched->fetch->outcome != NET_WITHHELD)
            return true;
    return false;
}

/* The proxy chooses the address: once is enough.  It is not to be led to its own machine either. */
static enum sts_status fetch_by_proxy(struct probe *probe, const struct dns_answer *answer)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; i < answer->record_count && i < LIMIT_ADDRESSES && status == STS_OK; i++)
        if (!is_asked(probe))
            status = fetch_from(probe, answer->records[i].address, (int)i);
    return status;
}

static enum sts_status fetch_each(struct probe *probe, const struct dns_answer *answer, int family)
{
    enum sts_status status = STS_OK;

    if (https_proxy(probe->net->https, probe->facts->policy_host.name))
        return fetch_by_proxy(probe, answer);
    for (size_t i = 0; i < answer->record_count && status == STS_OK; i++) {
        if (i == LIMIT_ADDRESSES) {
            probe->facts->policy_host.addresses_omitted = true;
            break;
        }
        status = fetch_from(probe, answer->records[i].address, family * LIMIT_ADDRESSES + (int)i);
    }
    return status;
}

enum sts_status probe_policy_a(struct probe *probe, void *arg)
{
    (void)arg;
    return fetch_each(probe, probe->facts->policy_host.a, 0);
}

enum sts_status probe_policy_aaaa(struct probe *probe, void *arg)
{
    (void)arg;
    return fetch_each(probe, probe->facts->policy_host.aaaa, 1);
}

struct sts_policy *probe_policy_text(const struct probe *probe)
{
    struct sts_policy *policy;

    for (const struct policy_fetch *fetched = SLIST_FIRST(&probe->policy_fetches); fetched;
         fetched = SLIST_NEXT(fetched, link)) {
        const struct https_fetch *fetch = fetched->fetch;

        if (fetch->status != 200 || !fetch->body.length ||
            sts_policy_parse(fetch->body.data, fetch->body.length, &policy) != STS_OK)
            continue;
        if (sts_policy_usable(policy))
            return policy;
        sts_policy_free(policy);
    }
    return NULL;
}

/* ---- into the facts -------------------------------------------------------------------------- */

static int by_order(const void *left, const void *right)
{
    const struct policy_fetch *const *a = left, *const *b = right;

    return (*a)->order - (*b)->order;
}

enum sts_status probe_policy_collect(struct probe *probe)
{
    struct policy_host *host = &probe->facts->policy_host;
    struct policy_fetch *sorted[2 * LIMIT_ADDRESSES];
    size_t count = 0;

    for (struct policy_fetch *fetched = SLIST_FIRST(&probe->policy_fetches); fetched;
         fetched = SLIST_NEXT(fetched, link))
        sorted[count++] = fetched;
    if (!count)
        return STS_OK;
    qsort(sorted, count, sizeof sorted[0], by_order);
    host->fetches = talloc_zero_array(probe->facts, struct https_fetch, count);
    if (!host->fetches)
        return STS_E_NOMEM;
    for (size_t i = 0; i < count; i++)
        host->fetches[i] = *sorted[i]->fetch;
    host->fetch_count = count;
    return STS_OK;
}
