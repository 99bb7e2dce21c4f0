/* SPDX-License-Identifier: MIT */
/* dane_cover.c - DANE at the MX hosts of a domain. */
#include "policyd/dane_cover.h"

#include "verdict/dane.h"

/* Is there a digest among them?  Whether a whole certificate or key is one only a handshake shows,
 * and where none can be used the level "dane-only" defers the mail. */
static bool has_digest(const struct dns_answer *tlsa)
{
    for (size_t i = 0; i < tlsa->record_count; i++)
        if (tlsa->records[i].usage >= 2 && tlsa->records[i].matching > 0)
            return true;
    return false;
}

bool dane_protects(const struct facts *facts, const struct mx_host *host)
{
    const struct dns_answer *tlsa = dane_records(host);

    return dane_use(facts, host) == DANE_BY_ALL && dns_lookup_state(tlsa) == LOOKUP_FOUND &&
           dane_count_usable(host) > 0 && has_digest(tlsa);
}

enum dane_cover dane_cover_of(const struct facts *facts)
{
    size_t count = 0;

    for (size_t i = 0; i < facts->mx_count; i++)
        count += dane_protects(facts, &facts->mx[i]);
    if (!count)
        return DANE_COVER_NONE;
    return count == facts->mx_count && !facts->mx_omitted ? DANE_COVER_ALL : DANE_COVER_SOME;
}
