/* SPDX-License-Identifier: MIT */
/* publication.h - the first publication for a domain: what its facts say, or a person, as files and
 * steps.  Pure. */
#ifndef ROLLOUT_PUBLICATION_H
#define ROLLOUT_PUBLICATION_H

#include "rollout/generate.h"

/* All is borrowed. */
struct publication {
    const char *domain;
    const struct facts *facts; /* its MX hosts, and what is published already; NULL: not observed */
    const char *const *hosts;  /* without facts: MX hosts or patterns */
    size_t host_count;
    enum sts_mode mode;
    int64_t max_age;        /* 0: FIRST_MAX_AGE */
    const char *const *rua; /* URIs; none: those that are published, else a mailbox of the domain */
    size_t rua_count;
    int64_t now;
};

/* Both take what a person typed; STS_E_INVALID: *ret_wrong is the one that is wrong.  STS_E_NOMEM.
 * MX hosts, or patterns. */
STS_MUST_USE enum sts_status publication_take_hosts(struct publication *publication,
                                                    const char *const *hosts, size_t count,
                                                    const char **ret_wrong);
/* Mailboxes or URIs; the list is owned by ctx. */
STS_MUST_USE enum sts_status publication_take_rua(TALLOC_CTX *ctx, struct publication *publication,
                                                  const char *const *rua, size_t count,
                                                  const char **ret_wrong);

#define GENERATE_FORMAT "mtasts.generate/1" /* of the advisory as JSON */

/* Headline and notes, and what is to be published; files and steps come with the second, where it
 * is usable.  Owned by ctx; NULL: no memory. */
struct advisory *publication_judge(TALLOC_CTX *ctx, const struct publication *publication,
                                   struct generate_wish *ret, bool *ret_usable);
void publication_complete(struct advisory *a, const struct generate_wish *wish);

/* A reporting URI as a person writes it, "a@b" too.  STS_E_INVALID: it makes no sound record;
 * *ret, owned by ctx, is set all the same.  STS_E_NOMEM. */
STS_MUST_USE enum sts_status publication_rua(TALLOC_CTX *ctx, const char *given, const char **ret);

#endif
