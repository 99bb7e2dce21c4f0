/* SPDX-License-Identifier: MIT */
/* stored_check.c - a diagnosis on its way into the store. */
#include "history/stored_check.h"

#include "facts/facts_json.h"
#include "verdict/place.h"

bool stored_check_is_one(const struct diagnosis *diagnosis)
{
    const struct facts *facts = diagnosis->facts;

    return !facts->interrupted && !facts->shortage && !place_is_blind(facts);
}

static enum sts_status put_check(struct store *store, TALLOC_CTX *ctx,
                                 const struct diagnosis *diagnosis)
{
    struct store_code *codes =
        talloc_zero_array(ctx, struct store_code, (unsigned)diagnosis->finding_count + 1);
    struct store_check check = {.domain = diagnosis->facts->domain,
                                .observed_at = diagnosis->facts->observed_at,
                                .verdict = verdict_name(diagnosis->verdict),
                                .posture = posture_name(diagnosis->posture),
                                .delivery = delivery_name(diagnosis->delivery),
                                .codes = codes,
                                .code_count = diagnosis->finding_count};
    char *facts;
    enum sts_status status = codes ? facts_write(ctx, diagnosis->facts, &facts) : STS_E_NOMEM;

    if (status)
        return status;
    check.facts = bytes_of(facts);
    for (size_t i = 0; i < diagnosis->finding_count; i++) {
        const struct finding *finding = &diagnosis->findings[i];

        codes[i] = (struct store_code){finding_info(finding->code)->name,
                                       severity_name(finding->severity), finding->subject};
    }
    return store_put_check(store, &check);
}

static enum sts_status put_policy(struct store *store, const struct diagnosis *diagnosis)
{
    const struct live_policy *live = diagnosis->policy;

    if (!live || !live->id)
        return STS_OK;
    return store_policy_seen(store,
                             &(struct store_policy){.domain = diagnosis->facts->domain,
                                                    .id = live->id,
                                                    .mode = sts_mode_name(live->mode),
                                                    .max_age = live->max_age,
                                                    .mx = live->mx,
                                                    .mx_count = live->mx_count},
                             diagnosis->facts->observed_at);
}

static enum sts_status put_all(struct store *store, void *arg)
{
    const struct diagnosis *diagnosis = arg;
    TALLOC_CTX *work = talloc_new(store);
    enum sts_status status = work ? put_check(store, work, diagnosis) : STS_E_NOMEM;

    if (!status)
        status = put_policy(store, diagnosis);
    talloc_free(work);
    return status;
}

enum sts_status stored_check_put(struct store *store, const struct diagnosis *diagnosis)
{
    struct diagnosis copy = *diagnosis;

    return stored_check_is_one(diagnosis) ? store_batch(store, put_all, &copy) : STS_OK;
}
