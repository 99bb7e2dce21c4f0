/* SPDX-License-Identifier: MIT */
/* mx_list.c - the MX hosts that the MX answer names. */
#include "probe/mx_list.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "net/limits.h"

static int by_preference(const void *left, const void *right)
{
    const struct mx_host *a = left, *b = right;

    if (a->preference != b->preference)
        return a->preference < b->preference ? -1 : 1;
    return strcmp(a->name, b->name);
}

static bool is_address(const char *name)
{
    unsigned char bytes[16];

    return inet_pton(AF_INET, name, bytes) == 1 || inet_pton(AF_INET6, name, bytes) == 1;
}

bool mx_is_listed(const struct facts *facts, const char *name)
{
    for (size_t i = 0; i < facts->mx_count; i++)
        if (strcmp(facts->mx[i].name, name) == 0)
            return true;
    return false;
}

/* A second time: nothing. */
static void list_host(struct facts *facts, const char *name, int64_t preference)
{
    if (mx_is_listed(facts, name))
        return;
    if (facts->mx_count == LIMIT_MX_HOSTS) {
        facts->mx_omitted = true;
        return;
    }
    facts->mx[facts->mx_count++] =
        (struct mx_host){.name = name, .preference = preference, .is_address = is_address(name)};
}

enum sts_status mx_list(struct facts *facts)
{
    const struct dns_answer *answer = facts->mx_answer;

    facts->mx = talloc_zero_array(facts, struct mx_host, LIMIT_MX_HOSTS);
    if (!facts->mx)
        return STS_E_NOMEM;
    if (answer->outcome == DNS_OUTCOME_NODATA)
        list_host(facts, facts->domain, 0);
    for (size_t i = 0; i < answer->record_count; i++)
        if (strcmp(answer->records[i].host, ".") != 0 && *answer->records[i].host)
            list_host(facts, answer->records[i].host, answer->records[i].preference);
    qsort(facts->mx, facts->mx_count, sizeof *facts->mx, by_preference);
    return STS_OK;
}
