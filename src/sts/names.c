/* SPDX-License-Identifier: MIT */
/* names.c - where a policy domain publishes. */
#include "mtasts/names.h"

#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/hname.h"

static enum sts_status prefixed(const char *prefix, const char *domain, char name[STS_NAME_SIZE])
{
    struct bytes text = bytes_of(domain);
    size_t length = strlen(prefix);

    if (text.length && text.data[text.length - 1] == '.')
        text.length--;
    if (!hname_valid(text))
        return STS_E_INVALID;
    if (length + text.length > HNAME_MAX)
        return STS_E_LIMIT;
    memcpy(name, prefix, length);
    for (size_t i = 0; i < text.length; i++)
        name[length++] = ascii_lower(text.data[i]);
    name[length] = '\0';
    return STS_OK;
}

enum sts_status sts_record_name(const char *domain, char name[STS_NAME_SIZE])
{
    return prefixed(STS_RECORD_PREFIX, domain, name);
}

enum sts_status sts_tlsrpt_record_name(const char *domain, char name[STS_NAME_SIZE])
{
    return prefixed(STS_TLSRPT_PREFIX, domain, name);
}

enum sts_status sts_policy_host(const char *domain, char name[STS_NAME_SIZE])
{
    return prefixed(STS_POLICY_HOST_PREFIX, domain, name);
}

enum sts_status sts_policy_url(const char *domain, char url[STS_POLICY_URL_SIZE])
{
    char host[STS_NAME_SIZE];
    enum sts_status status = sts_policy_host(domain, host);

    if (status == STS_OK)
        snprintf(url, STS_POLICY_URL_SIZE, "https://%s%s", host, STS_POLICY_PATH);
    return status;
}
