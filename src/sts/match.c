/* SPDX-License-Identifier: MIT */
/* match.c - does a pattern stand for a host (RFC 8461 section 4.1)? */
#include "mtasts/match.h"

#include "base/hname.h"

bool sts_name_match(const char *pattern, const char *host)
{
    struct bytes want = bytes_of(pattern), have = bytes_of(host);

    if (have.length && have.data[have.length - 1] == '.')
        have.length--;
    if (!hname_valid(have))
        return false;
    if (bytes_begin(want, "*.")) {
        want = bytes_from(want, 2);
        have = hname_parent(have);
    }
    return hname_valid(want) && hname_equal(want, have);
}

bool sts_policy_covers(const struct sts_policy *policy, const char *host, const char **ret_pattern)
{
    size_t count;
    const char *const *mx = sts_policy_mx(policy, &count);
    const char *found = NULL;

    for (size_t i = 0; i < count && !found; i++)
        if (sts_name_match(mx[i], host))
            found = mx[i];
    if (ret_pattern)
        *ret_pattern = found;
    return found != NULL;
}
