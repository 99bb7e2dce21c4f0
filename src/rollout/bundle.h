/* SPDX-License-Identifier: MIT */
/* bundle.h - the publications of many domains as one: domains whose policies are the same share a
 * file, and one configuration of each web server serves them all.  Pure. */
#ifndef ROLLOUT_BUNDLE_H
#define ROLLOUT_BUNDLE_H

#include "rollout/generate.h"

struct bundle;

/* NULL: no memory. */
struct bundle *bundle_new(TALLOC_CTX *ctx);
/* Copies what it needs; a domain that comes twice counts once.  False: no memory. */
bool bundle_add(struct bundle *bundle, struct advisory *a, const struct generate_wish *wish);
/* Files and steps for all of them, by name: a policy is "policies/example.com.txt" after the first
 * of its domains.  NULL: no memory. */
struct advisory *bundle_advise(TALLOC_CTX *ctx, const struct bundle *bundle, int64_t now);

/* What the configurations are made of (hosting_many.c). */
struct bundle_site {
    const char *domain;
    const char *file; /* of its policy, below the folder of policies */
};
void generate_hosting_of_many(struct advisory *a, const struct bundle_site *sites, size_t count);

#endif
