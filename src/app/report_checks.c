/* SPDX-License-Identifier: MIT */
/* report_checks.c - diagnoses that outlive the looks they were made of. */
#include "app/report_checks.h"

#include <stdlib.h>
#include <string.h>

#include <mtasts/match.h>

#include "app/gather.h"
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

static int by_failures(const void *left, const void *right)
{
    const struct tally_domain *a = *(const struct tally_domain *const *)left;
    const struct tally_domain *b = *(const struct tally_domain *const *)right;

    if (a->failed != b->failed)
        return a->failed < b->failed ? 1 : -1;
    return strcmp(a->name, b->name);
}

/* Names and failures alone. */
static size_t take_failing(const struct tally *tally, const struct tally_domain **list)
{
    char name[STS_NAME_SIZE];
    size_t count = 0;

    for (size_t i = 0; i < tally->domains.count; i++) {
        const struct tally_domain *domain = names_at(&tally->domains, i);

        if (domain->failed > 0 && sts_name_from_user(domain->name, name) == STS_OK)
            list[count++] = domain;
    }
    return count;
}

enum sts_status report_checks_failing(TALLOC_CTX *ctx, const struct tally *tally, size_t most,
                                      struct report_checks_failing *ret)
{
    const struct tally_domain **list =
        talloc_array(ctx, const struct tally_domain *, (unsigned)tally->domains.count + 1);
    char name[STS_NAME_SIZE];
    size_t count;

    *ret =
        (struct report_checks_failing){talloc_array(ctx, const char *, (unsigned)most + 1), 0, 0};
    if (!list || !ret->names)
        return STS_E_NOMEM;
    count = take_failing(tally, list);
    if (count)
        qsort(list, count, sizeof(*list), by_failures);
    for (; ret->count < count && ret->count < most; ret->count++) {
        enum sts_status status = sts_name_from_user(list[ret->count]->name, name);

        ret->names[ret->count] = status == STS_OK ? talloc_strdup(ret->names, name) : NULL;
        if (!ret->names[ret->count])
            return STS_E_NOMEM;
    }
    ret->left = count - ret->count;
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

enum sts_status report_checks_now(TALLOC_CTX *ctx, const struct gathered *gathered,
                                  const struct report_checks *checks, int64_t now,
                                  struct failures_now *ret)
{
    struct failures_now_request request = {.checks = checks->list, .check_count = checks->count};
    struct report_view *view;
    enum sts_status status = gather_judge(ctx, gathered, checks->list, checks->count, now, &view);

    if (status != STS_OK)
        return status;
    request.view = view;
    return failures_now(ctx, &request, ret);
}
