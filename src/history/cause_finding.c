/* SPDX-License-Identifier: MIT */
/* cause_finding.c - what is wrong, with its values: the finding of one of the domains that have a
 * cause, out of the facts of its newest check.  They are read once for all causes of a domain. */
#include <string.h>

#include "facts/facts_json.h"
#include "history/causes.h"

static struct finding *copy_finding(struct causes *causes, const struct finding *from)
{
    struct finding *copy = talloc_memdup(causes, from, sizeof(*from));

    if (!copy)
        return NULL;
    copy->subject = talloc_strdup(copy, from->subject ? from->subject : "");
    copy->params = talloc_zero_array(copy, struct param, (unsigned)from->param_count + 1);
    if (!copy->subject || !copy->params)
        return NULL;
    for (size_t i = 0; i < from->param_count; i++) {
        const struct param *param = &from->params[i];

        copy->params[i].name = talloc_strdup(copy, param->name);
        copy->params[i].value = param->value ? talloc_strdup(copy, param->value) : NULL;
        if (!copy->params[i].name || (param->value && !copy->params[i].value))
            return NULL;
    }
    return copy;
}

/* That of the key; a cause of the code alone may be joined of others. */
static const struct finding *finding_of(TALLOC_CTX *ctx, const struct diagnosis *diagnosis,
                                        const struct cause *cause)
{
    for (size_t i = 0; i < diagnosis->finding_count; i++) {
        const struct finding *finding = &diagnosis->findings[i];
        const char *key;

        if (finding->code != cause->code)
            continue;
        key = cause->kind == CAUSE_CODE ? cause->key : cause_key(ctx, diagnosis, finding);
        if (key && strcmp(key, cause->key) == 0)
            return finding;
    }
    return NULL;
}

/* NULL in *ret: there is none that this version can read. */
static enum sts_status judge(TALLOC_CTX *ctx, struct store *store, const char *domain, int64_t now,
                             struct diagnosis **ret)
{
    struct store_check *check = NULL;
    struct facts *facts;
    char *why;
    enum sts_status status = store_last_check(store, ctx, domain, now, &check);

    *ret = NULL;
    if (status || !check)
        return status;
    status = facts_read(ctx, check->facts.data, check->facts.length, &facts, &why);
    if (status)
        return status == STS_E_NOMEM ? status : STS_OK;
    return diagnose(ctx, facts, facts->observed_at, ret);
}

static enum sts_status take_findings(TALLOC_CTX *ctx, struct causes *causes, size_t first,
                                     size_t end, const struct diagnosis *diagnosis)
{
    const char *domain = causes->list[first].example;

    for (size_t i = first; i < end; i++) {
        struct cause *cause = &causes->list[i];
        const struct finding *finding =
            strcmp(cause->example, domain) == 0 ? finding_of(ctx, diagnosis, cause) : NULL;

        if (!finding)
            continue;
        cause->finding = copy_finding(causes, finding);
        if (!cause->finding)
            return STS_E_NOMEM;
    }
    return STS_OK;
}

/* Has a cause before it the same example? */
static bool is_known(const struct causes *causes, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(causes->list[i].example, causes->list[at].example) == 0)
            return true;
    return false;
}

enum sts_status causes_judge(struct causes *causes, struct store *store, int64_t now)
{
    size_t end = causes->count < CAUSES_JUDGED ? causes->count : CAUSES_JUDGED;
    enum sts_status status = STS_OK;

    for (size_t i = 0; i < end && !status; i++) {
        TALLOC_CTX *work = is_known(causes, i) ? NULL : talloc_new(NULL);
        struct diagnosis *diagnosis = NULL;

        if (!work)
            continue;
        status = judge(work, store, causes->list[i].example, now, &diagnosis);
        if (!status && diagnosis)
            status = take_findings(work, causes, i, end, diagnosis);
        talloc_free(work);
    }
    return status;
}
