/* SPDX-License-Identifier: MIT */
/* mx_meant.c - the final dot that is missing behind the target of an MX record. */
#include "rules/mx_meant.h"

#include <string.h>
#include <strings.h>

#include "base/hname.h"
#include "vendors/provider.h"
#include "verdict/lookup.h"

/* Below these many a mail provider has its hosts; the list need not be complete. */
static const char *const tops[] = {".com", ".net", ".org", ".de", ".eu",    ".io",
                                   ".ch",  ".at",  ".fr",  ".nl", ".uk",    ".info",
                                   ".it",  ".es",  ".pl",  ".cz", ".email", ".microsoft"};

static bool is_whole_name(const char *name)
{
    const char *dot = strchr(name, '.');

    if (provider_of_mx(name))
        return true;
    if (!dot || !strchr(dot + 1, '.'))
        return false;
    for (size_t i = 0; i < sizeof(tops) / sizeof(tops[0]); i++)
        if (hname_ends_with(name, tops[i]))
            return true;
    return false;
}

/* "x" of "x.example.com"; NULL: it is not below the domain. */
static char *without_domain(TALLOC_CTX *ctx, const char *name, const char *domain)
{
    size_t length = strlen(name), tail = strlen(domain) + 1;

    if (length <= tail || name[length - tail] != '.' || !hname_ends_with(name, domain))
        return NULL;
    return talloc_strndup(ctx, name, length - tail);
}

const char *mx_target_meant(const struct facts *facts, const struct mx_host *host, TALLOC_CTX *ctx)
{
    char *rest, *again;

    if (host_lookup_state(host->a, host->aaaa) != LOOKUP_ABSENT)
        return NULL;
    rest = without_domain(ctx, host->name, facts->domain);
    if (!rest)
        return NULL;
    again = without_domain(ctx, rest, facts->domain);
    if (again || !strcasecmp(rest, facts->domain) || is_whole_name(rest))
        return rest;
    return NULL;
}
