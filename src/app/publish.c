/* SPDX-License-Identifier: MIT */
/* publish.c - what to publish for a domain that was checked. */
#include "app/publish.h"

#include "base/array.h"

/* What senders hold against the host; other codes are about it, too. */
static const char *worst_title(const struct diagnosis *d, size_t host)
{
    const struct finding *worst = NULL;

    for (size_t i = 0; i < d->mx_codes[host].count; i++)
        for (size_t j = 0; j < d->finding_count; j++) {
            const struct finding *finding = &d->findings[j];

            if (finding->code == d->mx_codes[host].codes[i] &&
                finding->code != FINDING_MX_NOT_COVERED &&
                (!worst || finding->severity > worst->severity))
                worst = finding;
        }
    return worst ? finding_info(worst->code)->title : NULL;
}

/* In testing and none they take no harm. */
static enum sts_status find_doubts(TALLOC_CTX *ctx, const struct diagnosis *d,
                                   struct publishing *ret)
{
    for (size_t i = 0; i < d->mx_count; i++) {
        struct publish_doubt *doubt;

        if (d->mx[i].usable == ANSWER_YES)
            continue;
        doubt = array_grow(ctx, &ret->doubts, &ret->doubt_count, sizeof(*doubt));
        if (!doubt)
            return STS_E_NOMEM;
        *doubt = (struct publish_doubt){d->mx[i].host->name, d->mx[i].usable == ANSWER_UNKNOWN,
                                        worst_title(d, i)};
    }
    return STS_OK;
}

static enum sts_status judge(TALLOC_CTX *ctx, const struct publication *publication, bool anyway,
                             struct publishing *ret)
{
    struct generate_wish wish;

    ret->advisory = publication_judge(ctx, publication, &wish, &ret->usable);
    if (!ret->advisory)
        return STS_E_NOMEM;
    ret->asks = ret->usable && ret->doubt_count && publication->mode == STS_MODE_ENFORCE && !anyway;
    ret->usable = ret->usable && !ret->asks;
    if (ret->usable)
        publication_complete(ret->advisory, &wish);
    return ret->advisory->no_memory ? STS_E_NOMEM : STS_OK;
}

enum sts_status publish(TALLOC_CTX *ctx, const struct publish_request *request,
                        struct publishing *ret)
{
    const struct diagnosis *d = request->diagnosis;
    struct publication publication = {.domain = d->facts->domain,
                                      .facts = d->facts,
                                      .mode = request->mode,
                                      .max_age = request->max_age,
                                      .now = d->now};
    const char *wrong = NULL;
    enum sts_status status;

    *ret = (struct publishing){.usable = false};
    status = publication_take_rua(ctx, &publication, request->rua, request->rua_count, &wrong);
    if (status == STS_E_INVALID) {
        ret->wrong_rua = wrong;
        return STS_OK;
    }
    if (status == STS_OK)
        status = find_doubts(ctx, d, ret);
    return status == STS_OK ? judge(ctx, &publication, request->anyway, ret) : status;
}
