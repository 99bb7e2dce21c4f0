/* SPDX-License-Identifier: MIT */
/* policy.c - the policy of MTA-STS (RFC 8461 section 3.2) as an object. */
#include "sts/policy_reader.h"

enum sts_status sts_policy_parse(const char *text, size_t length, struct sts_policy **ret)
{
    struct sts_policy *policy;

    if (length > STS_POLICY_MAX)
        return STS_E_LIMIT;
    policy = talloc_zero(NULL, struct sts_policy);
    if (!policy)
        return STS_E_NOMEM;
    policy->issues.ctx = policy;
    policy->max_age = -1;
    policy_read(policy, (struct bytes){text, length});
    if (policy->issues.no_memory) {
        talloc_free(policy);
        return STS_E_NOMEM;
    }
    *ret = policy;
    return STS_OK;
}

bool sts_policy_valid(const struct sts_policy *policy)
{
    return !policy->issues.invalid;
}

bool sts_policy_usable(const struct sts_policy *policy)
{
    return !policy->issues.unusable;
}

enum sts_mode sts_policy_mode(const struct sts_policy *policy)
{
    return policy->mode;
}

long long sts_policy_max_age(const struct sts_policy *policy)
{
    return policy->max_age;
}

const char *const *sts_policy_mx(const struct sts_policy *policy, size_t *ret_count)
{
    *ret_count = policy->mx_count;
    return policy->mx;
}

const struct sts_issue *sts_policy_issues(const struct sts_policy *policy, size_t *ret_count)
{
    *ret_count = policy->issues.count;
    return policy->issues.list;
}

void sts_policy_free(struct sts_policy *policy)
{
    talloc_free(policy);
}

const char *sts_mode_name(enum sts_mode mode)
{
    static const char *const names[] = {[STS_MODE_INVALID] = "invalid",
                                        [STS_MODE_NONE] = "none",
                                        [STS_MODE_TESTING] = "testing",
                                        [STS_MODE_ENFORCE] = "enforce"};

    return (unsigned)mode < sizeof(names) / sizeof(names[0]) ? names[mode] : names[0];
}
