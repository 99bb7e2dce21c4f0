/* SPDX-License-Identifier: MIT */
/* live_mx.c - the MX hosts of a domain, out of a look at it. */
#include "app/live_mx.h"

#include <mtasts/match.h>

static bool was_seen(const struct facts *facts)
{
    const struct dns_answer *mx = facts->mx_answer;

    return mx && (mx->outcome == DNS_OUTCOME_FOUND || mx->outcome == DNS_OUTCOME_NODATA ||
                  mx->outcome == DNS_OUTCOME_NXDOMAIN);
}

/* What is no host name (a null MX, an address) no policy can cover. */
static enum sts_status copy_hosts(TALLOC_CTX *ctx, const struct facts *facts, struct live_mx *ret)
{
    ret->hosts = talloc_zero_array(ctx, const char *, (unsigned)facts->mx_count + 1);
    if (!ret->hosts)
        return STS_E_NOMEM;
    for (size_t i = 0; i < facts->mx_count; i++) {
        char name[STS_NAME_SIZE];

        if (facts->mx[i].is_address || sts_name_from_user(facts->mx[i].name, name) != STS_OK)
            continue;
        ret->hosts[ret->count] = talloc_strdup(ret->hosts, name);
        if (!ret->hosts[ret->count++])
            return STS_E_NOMEM;
    }
    return STS_OK;
}

enum sts_status live_mx_of(TALLOC_CTX *ctx, const struct diagnosis *diagnosis, struct live_mx *ret)
{
    const struct facts *facts = diagnosis->facts;
    enum sts_status status;

    *ret = (struct live_mx){.state = LIVE_MX_UNSEEN};
    if (!was_seen(facts))
        return STS_OK;
    ret->state = diagnosis->posture == POSTURE_NONEXISTENT ||
                         facts->mx_answer->outcome == DNS_OUTCOME_NXDOMAIN
                     ? LIVE_MX_NO_DOMAIN
                     : LIVE_MX_NONE;
    if (ret->state == LIVE_MX_NO_DOMAIN || diagnosis->delivery == DELIVERY_UNDELIVERABLE)
        return STS_OK;
    status = copy_hosts(ctx, facts, ret);
    if (status == STS_OK && ret->count)
        ret->state = LIVE_MX_FOUND;
    return status;
}
