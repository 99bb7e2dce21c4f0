/* SPDX-License-Identifier: MIT */
/* report_checks.c - diagnoses that outlive the looks they were made of. */
#include "app/report_checks.h"

#include <mtasts/match.h>

#include "base/array.h"
#include "facts/facts_copy.h"

enum sts_status report_checks_names(TALLOC_CTX *ctx, const struct tally *tally, const char ***ret,
                                    size_t *ret_count)
{
    const char **names = talloc_array(ctx, const char *, tally->domains.count + 1);
    char name[STS_NAME_SIZE];
    size_t count = 0;

    if (!names)
        return STS_E_NOMEM;
    for (size_t i = 0; i < tally->domains.count && count < REPORT_CHECKS_MAX; i++) {
        const struct tally_domain *domain = names_at(&tally->domains, i);

        if (sts_name_from_user(domain->name, name) == STS_OK)
            names[count++] = domain->name;
    }
    *ret = names;
    *ret_count = count;
    return STS_OK;
}

enum sts_status report_checks_add(TALLOC_CTX *ctx, struct report_checks *checks,
                                  const struct facts *facts, int64_t now)
{
    const struct diagnosis **place;
    struct diagnosis *diagnosis;
    struct facts *own;

    if (facts_copy(ctx, facts, &own) != STS_OK || diagnose(ctx, own, now, &diagnosis) != STS_OK)
        return STS_E_NOMEM;
    place = array_grow(ctx, &checks->list, &checks->count, sizeof(*place));
    if (!place)
        return STS_E_NOMEM;
    *place = diagnosis;
    return STS_OK;
}
