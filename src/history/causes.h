/* SPDX-License-Identifier: MIT */
/* causes.h - what is wrong with many domains, by what they have in common: one row for an MX host
 * whose certificate has expired, not one for each domain whose mail goes there.
 *
 * The findings of the newest checks with a severity from medium up are gathered by their key
 * (cause_key.h).  A domain counts once in each cause that it has.  Where several domains have the
 * same fault each by itself, on a host that no other uses, they are one row, of its code. */
#ifndef HISTORY_CAUSES_H
#define HISTORY_CAUSES_H

#include "history/cause_key.h"
#include "store/domain_list.h"
#include "store/rollups.h"

#define CAUSES_DAYS   7   /* of the sessions that were lost */
#define CAUSES_JUDGED 100 /* so many, the first ones, have a finding */
#define CAUSES_STALE_S                                                                             \
    ((int64_t)26 * 60 * 60) /* without a check for so long: nobody looks any more */

struct cause {
    const char *key; /* "mx:mx1.example.net" */
    enum cause_kind kind;
    const char *value;      /* within the key */
    enum finding_code code; /* the worst of its findings, of these the most frequent */
    enum severity severity; /* of that one, where it is worst */
    size_t other_codes;     /* further codes of the same key */
    int64_t domains;        /* that have it */
    int64_t sharing;        /* that use the same, with the fault or without; 0: not known */
    int64_t since;          /* at the latest; of the domain that has had it longest */
    int64_t lost;           /* failed sessions of the last days, of the domains whose worst it is */
    const char *example;    /* one of the domains that have this code */
    /* as the newest check of the example has it; NULL: it was not read, or cannot be any more */
    const struct finding *finding;
};

struct causes {
    int64_t at; /* when it was put together */
    int64_t domains, critical, warning, unknown, ok, unchecked;
    int64_t oldest, newest; /* times of the newest checks of all domains; 0: there is none */
    int64_t lost;           /* failed sessions of the last days */
    bool filling;           /* what an earlier version stored is not in it yet */
    struct cause *list;     /* by severity, then by how many domains */
    size_t count;
};

/* Of the domains that are seen.  Owned by ctx. */
STS_MUST_USE enum sts_status causes_read(TALLOC_CTX *ctx, struct store *store,
                                         const struct store_sight *sight, int64_t now,
                                         struct causes **ret);

/* Part of it: the findings of the first CAUSES_JUDGED. */
STS_MUST_USE enum sts_status causes_judge(struct causes *causes, struct store *store, int64_t now);

#endif
