/* SPDX-License-Identifier: MIT */
/* sight.h - whose domains somebody sees. */
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

struct db_value;

/* As the first arguments of a statement; for store/ only. */
#define SIGHT_ARGS 4
void sight_args(const struct store_sight *sight, struct db_value *args);

#endif
