/* SPDX-License-Identifier: MIT */
/* environment.c - what the environment says of the network; the proxy in the order in which curl
 * looks. */
#include "cmd/environment.h"

#include <stddef.h>
#include <stdlib.h>

static const char *const proxies[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
static const char *const exceptions[] = {"no_proxy", "NO_PROXY"};

static const char *first_set(const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (getenv(names[i]))
            return names[i];
    return NULL;
}

const char *environment_proxy_variable(void)
{
    return first_set(proxies, sizeof proxies / sizeof proxies[0]);
}

const char *environment_proxy(void)
{
    const char *name = environment_proxy_variable();
    const char *value = name ? getenv(name) : NULL;

    return value && *value ? value : NULL;
}

const char *environment_no_proxy(void)
{
    const char *name = first_set(exceptions, sizeof exceptions / sizeof exceptions[0]);

    return name ? getenv(name) : NULL;
}

bool environment_allows_private(void)
{
    const char *value = getenv("MTASTS_ALLOW_PRIVATE");

    return value && *value;
}
