/* SPDX-License-Identifier: MIT */
/* sight.c - whose domains somebody sees, as arguments. */
#include "store/sight.h"

#include "store/db.h"

void sight_args(const struct store_sight *sight, struct db_value *args)
{
    args[0] = db_number(sight->user);
    args[1] = db_number(sight->all);
    args[2] = db_number(sight->group);
    args[3] = db_number(sight->least);
}
