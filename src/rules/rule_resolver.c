/* SPDX-License-Identifier: MIT */
/* rule_resolver.c - what the resolver does to this domain alone, told by the root servers' answers.
 */
#include <string.h>

#include "rules/rule.h"

/* A and AAAA of a name follow each other. */
struct resolver_names {
    const char *list, *last; /* list NULL: none */
};

struct second_answers {
    bool bogus;
    struct resolver_names blocked, unconfirmed;
    const char *address; /* that the blocked ones had */
};

static void add_name(struct rules *r, struct resolver_names *names, const char *name)
{
    if (!names->last || strcmp(names->last, name) != 0)
        names->list = rule_list(r, names->list, name);
    names->last = name;
}

static void take(struct rules *r, struct second_answers *seen, const struct dns_answer *answer)
{
    if (!answer)
        return;
    seen->bogus = seen->bogus || answer->resolver_bogus;
    if (answer->resolver_blocks) {
        add_name(r, &seen->blocked, answer->name);
        seen->address = seen->address ? seen->address : answer->resolver_blocks;
    }
    if (answer->bogus_unconfirmed)
        add_name(r, &seen->unconfirmed, answer->name);
}

static struct second_answers second_answers(struct rules *r)
{
    const struct facts *f = r->view.facts;
    const struct dns_answer *const answers[] = {
        f->sts_txt,       f->mx_answer,        f->tlsrpt_txt,      f->domain_soa,
        f->policy_host.a, f->policy_host.aaaa, f->policy_host.caa, f->domain_tlsa};
    struct second_answers seen = {.bogus = false};

    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
        take(r, &seen, answers[i]);
    for (size_t i = 0; i < f->mx_count; i++) {
        const struct mx_host *mx = &f->mx[i];
        const struct dns_answer *const of_mx[] = {mx->a,     mx->aaaa,        mx->tlsa,
                                                  mx->alias, mx->tlsa_target, mx->caa};

        for (size_t j = 0; j < sizeof of_mx / sizeof of_mx[0]; j++)
            take(r, &seen, of_mx[j]);
    }
    return seen;
}

static const char *resolvers(struct rules *r)
{
    const char *list = NULL;

    for (size_t i = 0; i < r->view.facts->observer.resolver_count; i++)
        list = rule_list(r, list, r->view.facts->observer.resolvers[i]);
    return list ? list : "-";
}

void rule_resolver(struct rules *r)
{
    struct second_answers seen = second_answers(r);
    const char *server = resolvers(r);

    if (seen.bogus)
        finding_add(
            r, FINDING_RESOLVER_NO_DNSSEC, server,
            N_("The answers of the resolver {server} for {domain} fail DNSSEC validation; those "
               "of the name servers, queried from the root down, pass and were used instead."),
            "server", server, NULL);
    if (seen.blocked.list)
        finding_add(r, FINDING_RESOLVER_FILTERS, server,
                    N_("The resolver {server} returns {address} for {names}; the domain's own "
                       "name servers return other addresses, which were used instead."),
                    "server", server, "address", seen.address, "names", seen.blocked.list, NULL);
    if (seen.unconfirmed.list)
        finding_add(
            r, FINDING_DNSSEC_FAULT_UNCONFIRMED, server,
            N_("Only the resolver {server} reports that DNSSEC validation fails for {names}: the "
               "root servers could not be queried from here. The fault may be the resolver's."),
            "server", server, "names", seen.unconfirmed.list, NULL);
}
