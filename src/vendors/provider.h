/* SPDX-License-Identifier: MIT */
/* provider.h - what is known of mail providers and of hosting services for policies.
 *
 * One row a provider (provider_rows.c); adding a provider is adding a row.  Rules ask whose a name
 * or an address is and put the provider's own words first in the fix of a finding (`hints`).
 * Sentences are msgids with the places of rule.h, as those of advice.c. */
#ifndef VENDORS_PROVIDER_H
#define VENDORS_PROVIDER_H

#include "base/msgid.h"
#include "facts/facts.h"

/* How a hosting service treats a name that nobody (or nobody any more) has set up there. */
enum provider_kind {
    PROVIDER_MAIL = 1,       /* runs MX hosts */
    PROVIDER_HOSTING = 2,    /* serves web sites, a policy among them */
    PROVIDER_DELEGATION = 4, /* takes over _mta-sts and mta-sts by CNAME, id and policy together */
};

/* Every list ends with NULL and may be NULL for an empty one.  Names are lower-case A-labels
 * without a final dot; one that begins with "." stands for all names below, any other for itself
 * and all names below. */
struct provider {
    const char *id;      /* "microsoft-365"; the topic of explain */
    const char *name;    /* "Microsoft 365": a proper name, not translated */
    const char *aliases; /* what else explain takes for it, with blanks between; NULL: nothing */
    unsigned kinds;      /* of enum provider_kind */
    /* recognised by */
    const char *const *mx_names;    /* the MX host */
    const char *const *cname_names; /* a target of the CNAME at mta-sts or _mta-sts */
    const char *const *ns_names;    /* a name server of the domain */
    const char *const *networks;    /* "104.16.0.0/13": addresses of the policy host */
    /* the right mx set */
    const char *const *mx_patterns; /* NULL: the very host of each MX record */
    const char *const *mx_hosts;    /* hosts it may put into use without notice; NULL: none else */
    const char *mx_example;         /* a host as example.com would have it; NULL: the first known */
    /* msgids */
    const char *meaning;           /* what is to be known of it, for explain */
    const char *const *faults;     /* that are typical of it, the most frequent first */
    const char *const *mx_steps;   /* a policy that does not cover its MX hosts */
    const char *const *cert_steps; /* a certificate of its MX hosts that does not fit */
    const char *const *host_steps; /* a policy host that is missing or not set up there */
};

extern const struct provider providers[];
extern const size_t provider_count;

/* Whose MX host is it?  NULL: nobody's that is known. */
const struct provider *provider_of_mx(const char *host);
/* An MX host of it, to stand in examples.  NULL: it runs none. */
const char *provider_mx_example(const struct provider *provider);
/* Does the set of the provider cover the host?  No where it has none; provider may be NULL. */
bool provider_covers(const struct provider *provider, const char *host);
/* Who stands behind the target of a CNAME at mta-sts or _mta-sts? */
const struct provider *provider_of_cname(const char *target);
/* ... behind an address, IPv4 or IPv6? */
const struct provider *provider_of_address(const char *address);
/* Who hosts the name that was asked: by its CNAMEs (the first that is known), else by its
 * addresses.  answer may be NULL. */
const struct provider *provider_of_answer(const struct dns_answer *answer);
/* Who hosts the policy host, or would: by its own names and addresses, by the delegation of
 * _mta-sts, by the name servers of the domain. */
const struct provider *provider_of_policy_host(const struct facts *facts);

/* The name as the table spells names: "name" or ".name"? */
bool provider_name_is(const char *listed, const char *name);

#endif
