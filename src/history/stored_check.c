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

struct stored_check {
    struct store_check check;
    struct store_policy policy; /* id NULL: none was found */
    int64_t seq;
};

static void take_codes(const struct diagnosis *diagnosis, struct store_code *codes)
{
    for (size_t i = 0; i < diagnosis->finding_count; i++) {
        const struct finding *finding = &diagnosis->findings[i];

        codes[i] = (struct store_code){finding_info(finding->code)->name,
                                       severity_name(finding->severity), finding->subject};
    }
}

static void take_policy(struct stored_check *stored, const struct diagnosis *diagnosis)
{
    const struct live_policy *live = diagnosis->policy;

    if (live && live->id)
        stored->policy = (struct store_policy){.domain = diagnosis->facts->domain,
                                               .id = live->id,
                                               .mode = sts_mode_name(live->mode),
                                               .max_age = live->max_age,
                                               .mx = live->mx,
                                               .mx_count = live->mx_count};
}

enum sts_status stored_check_new(TALLOC_CTX *ctx, const struct diagnosis *diagnosis,
                                 struct stored_check **ret)
{
    bool is_one = stored_check_is_one(diagnosis);
    struct stored_check *stored = is_one ? talloc_zero(ctx, struct stored_check) : NULL;
    struct store_code *codes = stored ? talloc_zero_array(stored, struct store_code,
                                                          (unsigned)diagnosis->finding_count + 1)
                                      : NULL;
    char *facts;

    if (is_one && (!codes || facts_write(stored, diagnosis->facts, &facts) != STS_OK)) {
        talloc_free(stored);
        return STS_E_NOMEM;
    }
    *ret = stored;
    if (!stored)
        return STS_OK;
    take_codes(diagnosis, codes);
    take_policy(stored, diagnosis);
    stored->check = (struct store_check){.domain = diagnosis->facts->domain,
                                         .observed_at = diagnosis->facts->observed_at,
                                         .verdict = verdict_name(diagnosis->verdict),
                                         .posture = posture_name(diagnosis->posture),
                                         .delivery = delivery_name(diagnosis->delivery),
                                         .facts = bytes_of(facts),
                                         .codes = codes,
                                         .code_count = diagnosis->finding_count};
    return STS_OK;
}

static enum sts_status write_all(struct store *store, void *arg)
{
    struct stored_check *stored = arg;
    enum sts_status status = store_number_check(store, &stored->check, &stored->seq);

    if (!status && stored->policy.id)
        status = store_policy_seen(store, &stored->policy, stored->check.observed_at);
    return status;
}

enum sts_status stored_check_write(struct store *store, const struct stored_check *check,
                                   int64_t *ret_seq)
{
    struct stored_check copy = *check;
    enum sts_status status = store_batch(store, write_all, &copy);

    if (!status)
        *ret_seq = copy.seq;
    return status;
}

enum sts_status stored_check_put(struct store *store, const struct diagnosis *diagnosis)
{
    struct stored_check *stored;
    enum sts_status status = stored_check_new(NULL, diagnosis, &stored);
    int64_t seq;

    if (!status && stored)
        status = stored_check_write(store, stored, &seq);
    if (!status)
        talloc_free(stored);
    return status;
}
