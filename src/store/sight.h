/* SPDX-License-Identifier: MIT */
/* sight.h - whose domains somebody sees, and with them which reports. */
#ifndef STORE_SIGHT_H
#define STORE_SIGHT_H

#include "store/accounts.h"

/* Whose eyes: those of groups in which the user has that role at least. */
struct store_sight {
    int64_t user;
    bool all;      /* the groups of the service, whoever is a member */
    int64_t group; /* that one only; 0: any */
    enum store_role least;
};

/* Does the domain belong to one of those groups? */
STS_MUST_USE enum sts_status store_sees_domain(struct store *store, const struct store_sight *sight,
                                               const char *domain, bool *ret);
/* Are there more of them? */
STS_MUST_USE enum sts_status store_sees_more(struct store *store, const struct store_sight *sight,
                                             size_t than, bool *ret);
/* Is the report on such a domain?  With all groups of the service it always is, if it is there. */
STS_MUST_USE enum sts_status store_sees_report(struct store *store, const struct store_sight *sight,
                                               int64_t report, bool *ret);

/* Was it uploaded by a member of one of those groups? */
STS_MUST_USE enum sts_status store_sees_upload(struct store *store, const struct store_sight *sight,
                                               int64_t report, bool *ret);

struct db_value;

/* As the first arguments of a statement; for store/ only. */
#define SIGHT_ARGS 4
void sight_args(const struct store_sight *sight, struct db_value *args);

#endif
