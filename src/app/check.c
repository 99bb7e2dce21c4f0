/* SPDX-License-Identifier: MIT */
/* check.c - from facts to a diagnosis in the store. */
#include "app/check.h"

#include "history/stored_check.h"
#include "verdict/place.h"

static void keep(struct check *check, const struct diagnosis *diagnosis)
{
    struct store *store = check->request.store;
    enum sts_status status;

    if (!store || check->store_failed)
        return;
    status = stored_check_put(store, diagnosis);
    if (!status)
        return;
    check->store_failed = true;
    check->request.fault(check->request.arg, &(struct fault){.status = status, .store = store});
}

/* The reason is our own place, and so it is the same for all domains. */
static bool told_already(struct check *check, const struct facts *facts)
{
    bool told = check->blindness_told;

    if (!place_is_blind(facts))
        return false;
    check->blindness_told = true;
    return told;
}

enum sts_status check_facts(TALLOC_CTX *ctx, struct check *check, const struct facts *facts,
                            struct checked *ret)
{
    const struct check_request *request = &check->request;
    const struct judging by = {.now = request->at_now ? request->now : facts->observed_at,
                               .warn_days = request->warn_days};
    struct diagnosis *diagnosis;
    enum sts_status status = diagnose_by(ctx, facts, &by, &diagnosis);

    if (status)
        return status;
    keep(check, diagnosis);
    *ret = (struct checked){diagnosis, told_already(check, facts)};
    return STS_OK;
}
