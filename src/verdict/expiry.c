/* SPDX-License-Identifier: MIT */
/* expiry.c - which certificate of each host expires first. */
#include "verdict/expiry.h"

#include <string.h>

#define DAY INT64_C(86400)

int64_t expiry_days(const struct certificate *cert, int64_t now)
{
    int64_t left = cert->not_after - now;

    return left / DAY - (left % DAY < 0);
}

static void take(struct expiry *expiry, const struct tls_session *tls)
{
    const struct certificate *cert = tls && tls->chain_count ? &tls->chain[0] : NULL;

    if (cert && (!expiry->cert || cert->not_after < expiry->cert->not_after))
        expiry->cert = cert;
}

static void take_again(struct expiry *expiry, const struct tls_again *again, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!again[i].no_sni)
            take(expiry, again[i].tls);
}

static struct expiry of_policy_host(const struct policy_host *host)
{
    struct expiry expiry = {.service = "https", .host = host->name};

    for (size_t i = 0; i < host->fetch_count; i++) {
        take(&expiry, host->fetches[i].tls);
        take_again(&expiry, host->fetches[i].again, host->fetches[i].again_count);
    }
    return expiry;
}

static struct expiry of_mx_host(const struct mx_host *host)
{
    struct expiry expiry = {.service = "smtp", .host = host->name};

    for (size_t i = 0; i < host->session_count; i++) {
        take(&expiry, host->sessions[i].tls);
        take_again(&expiry, host->sessions[i].again, host->sessions[i].again_count);
    }
    return expiry;
}

/* A host may stand in several MX records. */
static bool is_listed(const struct expiry *list, size_t count, const struct expiry *expiry)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(list[i].service, expiry->service) && !strcmp(list[i].host, expiry->host))
            return true;
    return false;
}

static void add(struct expiry *list, size_t *count, struct expiry expiry, int64_t now)
{
    if (!expiry.cert || is_listed(list, *count, &expiry))
        return;
    expiry.days = expiry_days(expiry.cert, now);
    list[(*count)++] = expiry;
}

enum sts_status expiries(TALLOC_CTX *ctx, const struct facts *facts, int64_t now,
                         struct expiry **ret, size_t *ret_count)
{
    struct expiry *list = talloc_zero_array(ctx, struct expiry, facts->mx_count + 1);
    size_t count = 0;

    if (!list)
        return STS_E_NOMEM;
    add(list, &count, of_policy_host(&facts->policy_host), now);
    for (size_t i = 0; i < facts->mx_count; i++)
        add(list, &count, of_mx_host(&facts->mx[i]), now);
    *ret = list;
    *ret_count = count;
    return STS_OK;
}
