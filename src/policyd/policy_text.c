/* SPDX-License-Identifier: MIT */
/* policy_text.c - a policy written and read. */
#include "policyd/policy_text.h"

#include <inttypes.h>
#include <string.h>

#include <mtasts/policy.h>
#include <mtasts/record.h>

char *policy_text(TALLOC_CTX *ctx, const struct live_policy *policy)
{
    char *text = talloc_asprintf(ctx, "version: STSv1\nmode: %s\n", sts_mode_name(policy->mode));

    for (size_t i = 0; text && i < policy->mx_count; i++)
        text = talloc_asprintf_append_buffer(text, "mx: %s\n", policy->mx[i]);
    return text ? talloc_asprintf_append_buffer(text, "max_age: %" PRId64 "\n", policy->max_age)
                : NULL;
}

static size_t size_of(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static char *put(char **at, const char *text)
{
    char *put = *at;

    if (!text)
        return NULL;
    memcpy(put, text, size_of(text));
    *at += size_of(text);
    return put;
}

struct live_policy *policy_copy(TALLOC_CTX *ctx, const struct live_policy *policy)
{
    size_t size = sizeof(*policy) + policy->mx_count * sizeof(*policy->mx) + size_of(policy->id);
    struct live_policy *copy;
    const char **mx;
    char *at;

    for (size_t i = 0; i < policy->mx_count; i++)
        size += size_of(policy->mx[i]);
    copy = talloc_zero_size(ctx, size);
    if (!copy)
        return NULL;
    *copy = *policy;
    mx = (const char **)(copy + 1);
    at = (char *)(mx + policy->mx_count);
    for (size_t i = 0; i < policy->mx_count; i++)
        mx[i] = put(&at, policy->mx[i]);
    copy->mx = mx;
    copy->id = put(&at, policy->id);
    return copy;
}

enum sts_status policy_text_read(TALLOC_CTX *ctx, struct bytes text, const char *id,
                                 struct live_policy **ret)
{
    struct live_policy live;
    struct sts_policy *policy;
    enum sts_status status = sts_policy_parse(text.data, text.length, &policy);

    *ret = NULL;
    if (status == STS_E_LIMIT)
        return STS_OK;
    if (status != STS_OK)
        return status;
    if (sts_policy_usable(policy)) {
        live = (struct live_policy){
            .id = id, .mode = sts_policy_mode(policy), .max_age = sts_policy_max_age(policy)};
        live.mx = sts_policy_mx(policy, &live.mx_count);
        *ret = policy_copy(ctx, &live);
        status = *ret ? STS_OK : STS_E_NOMEM;
    }
    sts_policy_free(policy);
    return status;
}
