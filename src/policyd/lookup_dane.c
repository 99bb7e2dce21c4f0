/* SPDX-License-Identifier: MIT */
/* lookup_dane.c - does DANE protect every MX host?
 *
 * Only where the MX records are signed: without that whoever forges them leads mail to hosts of his
 * own, whose TLSA records are as good as any.  So of most domains the MX records are all that is
 * asked for. */
#include "policyd/lookup_work.h"

#include <string.h>

#include "net/limits.h"
#include "policyd/dane_cover.h"

static bool is_listed(const struct facts *facts, const char *host)
{
    for (size_t i = 0; i < facts->mx_count; i++)
        if (!strcmp(facts->mx[i].name, host))
            return true;
    return false;
}

static int64_t least_ttl(int64_t ttl, const struct dns_answer *answer)
{
    int64_t own = !answer                                    ? -1
                  : dns_lookup_state(answer) == LOOKUP_FOUND ? answer->ttl
                                                             : answer->negative_ttl;

    return own < 0 ? ttl : ttl < 0 || own < ttl ? own : ttl;
}

static bool is_seen(const struct dns_answer *answer)
{
    enum lookup_state state = dns_lookup_state(answer);

    return state == LOOKUP_FOUND || state == LOOKUP_ABSENT;
}

static void give(struct policy_lookup *lookup, bool known)
{
    const struct facts *facts = lookup->facts;
    struct policy_found found = {.part = POLICY_PART_DANE,
                                 .dane_known = known && !lookup->no_memory,
                                 .facts = lookup->facts,
                                 .ttl = least_ttl(-1, facts->mx_answer)};
    const char *names[LIMIT_MX_HOSTS];

    for (size_t i = 0; i < facts->mx_count; i++) {
        names[i] = facts->mx[i].name;
        found.ttl = least_ttl(found.ttl, facts->mx[i].tlsa);
    }
    found.dane.dane = dane_cover_of(facts);
    found.dane.mx_hosts = names;
    found.dane.mx_host_count = facts->mx_count;
    lookup_done(lookup, &found);
}

/* A host whose look-up fails leaves open whether DANE is for all, so that what was known before
 * counts; unless a host is seen that it does not protect. */
static void hosts_seen(struct policy_lookup *lookup)
{
    const struct facts *facts = lookup->facts;
    bool all_seen = true, one_without = false;

    for (size_t i = 0; i < facts->mx_count; i++) {
        const struct mx_host *host = &facts->mx[i];
        bool seen = is_seen(host->a) && is_seen(host->aaaa) && is_seen(host->tlsa);

        all_seen = all_seen && seen;
        one_without = one_without || dns_lookup_state(host->tlsa) == LOOKUP_ABSENT ||
                      (seen && !dane_protects(facts, host));
    }
    give(lookup, all_seen || one_without);
}

static void ask_host(struct policy_lookup *lookup, struct mx_host *host)
{
    char *name = talloc_asprintf(lookup->facts, "_25._tcp.%s", host->name);

    if (!name) {
        lookup->no_memory = true;
        return;
    }
    lookup_ask(lookup, host->name, DNS_A, &host->a);
    lookup_ask(lookup, host->name, DNS_AAAA, &host->aaaa);
    lookup_ask(lookup, name, DNS_TLSA, &host->tlsa);
}

static void list_hosts(struct facts *facts)
{
    const struct dns_answer *answer = facts->mx_answer;

    for (size_t i = 0; i < answer->record_count; i++) {
        const char *host = answer->records[i].host;

        if (!host || !strcmp(host, ".") || is_listed(facts, host))
            continue;
        if (facts->mx_count == LIMIT_MX_HOSTS) {
            facts->mx_omitted = true;
            return;
        }
        facts->mx[facts->mx_count++].name = host;
    }
}

static void mx_seen(struct policy_lookup *lookup)
{
    struct facts *facts = lookup->facts;

    facts->mx = talloc_zero_array(facts, struct mx_host, LIMIT_MX_HOSTS);
    if (!facts->mx || !is_seen(facts->mx_answer)) {
        give(lookup, false);
        return;
    }
    list_hosts(facts);
    if (!dns_is_secure(facts->mx_answer)) {
        give(lookup, true);
        return;
    }
    lookup->next = hosts_seen;
    for (size_t i = 0; i < facts->mx_count; i++)
        ask_host(lookup, &facts->mx[i]);
    lookup_settle(lookup);
}

void dane_lookup(struct policy_lookup *lookup)
{
    lookup->next = mx_seen;
    lookup_ask(lookup, lookup->request.domain, DNS_MX, &lookup->facts->mx_answer);
    lookup_settle(lookup);
}
