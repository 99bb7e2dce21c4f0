/* SPDX-License-Identifier: MIT */
/* expiry.c - which certificate of each host expires first. */
#include "verdict/expiry.h"

#include <string.h>

#include "verdict/shown.h"

#define DAY INT64_C(86400)

int64_t expiry_days(const struct certificate *cert, int64_t now)
{
    int64_t left = cert->not_after - now;

    return left / DAY - (left % DAY < 0);
}

/* The entry of that host; at the end of the list if it has none. */
static struct expiry *entry_of(struct expiry *list, size_t count,
                               const struct shown_certificate *shown)
{
    struct expiry *entry = list;

    while (entry < list + count &&
           (strcmp(entry->service, shown->service) != 0 || strcmp(entry->host, shown->host) != 0))
        entry++;
    return entry;
}

enum sts_status expiries(TALLOC_CTX *ctx, const struct facts *facts, int64_t now,
                         struct expiry **ret, size_t *ret_count)
{
    struct expiry *list = talloc_zero_array(ctx, struct expiry, facts->mx_count + 1);
    struct shown_certificate *shown;
    size_t count = 0, shown_count;

    if (!list || shown_certificates(list, facts, &shown, &shown_count) != STS_OK) {
        talloc_free(list);
        return STS_E_NOMEM;
    }
    for (size_t i = 0; i < shown_count; i++) {
        struct expiry *entry = entry_of(list, count, &shown[i]);

        count += entry == list + count;
        if (!entry->cert || shown[i].cert->not_after < entry->cert->not_after)
            *entry = (struct expiry){shown[i].service, shown[i].host, shown[i].cert,
                                     expiry_days(shown[i].cert, now)};
    }
    *ret = list;
    *ret_count = count;
    return STS_OK;
}
