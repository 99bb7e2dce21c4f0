/* SPDX-License-Identifier: MIT */
/* advise.c - a diagnosis and the past of a domain's policies, put together for rollout/. */
#include "app/advise.h"

#include "history/policy_history.h"

typedef void (*advise_fn)(struct advisory *a, const struct situation *s,
                          const struct plan_wish *wish);

static const advise_fn advise_fns[] = {
    [ADVISE_NEXT_STEP] = plan_next,
    [ADVISE_MIGRATION] = plan_migration,
    [ADVISE_REMOVAL] = plan_remove,
    [ADVISE_ROLLBACK] = plan_rollback,
};

/* In an emergency a store that cannot be read is no reason to say nothing. */
static enum sts_status read_past(TALLOC_CTX *ctx, const struct advise_request *request,
                                 const char *domain, int64_t now, struct history **ret)
{
    struct history *past = NULL;
    enum sts_status status = STS_OK;

    if (request->store)
        status = policy_history_read(ctx, request->store, domain, now, &past);
    if (status) {
        request->fault(request->arg, &(struct fault){.status = status, .store = request->store});
        if (request->kind != ADVISE_ROLLBACK)
            return status;
    }
    if (!request->store || status)
        past = talloc_zero(ctx, struct history);
    if (!past)
        return STS_E_NOMEM;
    past->unread = request->store_failed || status;
    past->max_age_told = request->max_age_told;
    *ret = past;
    return STS_OK;
}

enum sts_status advise_domain(TALLOC_CTX *ctx, const struct advise_request *request,
                              const struct facts *facts, struct advisory **ret)
{
    int64_t now = request->at_now ? request->now : facts->observed_at;
    struct advisory *a = advisory_new(ctx, facts->domain, facts, now);
    struct situation situation;
    struct diagnosis *diagnosis;
    struct history *past;
    enum sts_status status = a ? diagnose(ctx, facts, now, &diagnosis) : STS_E_NOMEM;

    if (!status)
        status = read_past(ctx, request, facts->domain, now, &past);
    if (status)
        return status;
    situation_read(&situation, diagnosis, past, request->since_told, now);
    advise_fns[request->kind](a, &situation, &request->wish);
    *ret = a;
    return STS_OK;
}
