/* SPDX-License-Identifier: MIT */
/* sight.c - whose domains, whose reports. */
#include "store/sight.h"

#include "store/db.h"

void sight_args(const struct store_sight *sight, struct db_value *args)
{
    args[0] = db_number(sight->user);
    args[1] = db_number(sight->all);
    args[2] = db_number(sight->group);
    args[3] = db_number(sight->least);
}

static enum sts_status count(struct store *store, enum db_statement statement,
                             const struct store_sight *sight, struct db_value last, int64_t *ret)
{
    struct db_value args[SIGHT_ARGS + 1];

    sight_args(sight, args);
    args[SIGHT_ARGS] = last;
    return db_run_number(store, statement, args, SIGHT_ARGS + 1, 0, ret);
}

enum sts_status store_sees_domain(struct store *store, const struct store_sight *sight,
                                  const char *domain, bool *ret)
{
    int64_t found;
    enum sts_status status = count(store, DB_SIGHT_DOMAIN, sight, db_text(domain), &found);

    if (!status)
        *ret = found > 0;
    return status;
}

enum sts_status store_sees_more(struct store *store, const struct store_sight *sight, size_t than,
                                bool *ret)
{
    int64_t found;
    enum sts_status status =
        count(store, DB_SIGHT_COUNT, sight, db_number((int64_t)than + 1), &found);

    if (!status)
        *ret = found > (int64_t)than;
    return status;
}

enum sts_status store_sees_report(struct store *store, const struct store_sight *sight,
                                  int64_t report, bool *ret)
{
    int64_t found = 1;
    enum sts_status status = STS_OK;

    if (!sight->all || sight->group)
        status = count(store, DB_SIGHT_REPORT, sight, db_number(report), &found);
    if (!status)
        *ret = found > 0;
    return status;
}

enum sts_status store_sees_upload(struct store *store, const struct store_sight *sight,
                                  int64_t report, bool *ret)
{
    int64_t found;
    enum sts_status status = count(store, DB_SIGHT_UPLOAD, sight, db_number(report), &found);

    if (!status)
        *ret = found > 0;
    return status;
}
