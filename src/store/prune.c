/* SPDX-License-Identifier: MIT */
/* prune.c - what is old is forgotten, but for what is still needed. */
#include "store/db.h"
#include "store/rollup_work.h"

/* RFC 8461 3.2: no sender holds a policy for longer. */
#define LONGEST_MAX_AGE 31557600

struct pruning {
    enum db_statement statement;
    const struct db_value *args;
    size_t count;
};

static enum sts_status prune(struct store *store, void *arg)
{
    const struct pruning *pruning = arg;

    return db_run(store, pruning->statement, pruning->args, pruning->count, NULL, NULL);
}

static enum sts_status prune_checks(struct store *store, void *arg)
{
    const struct pruning *checks = arg;
    struct pruning certificates = {DB_CERTIFICATES_PRUNE, checks->args, checks->count};
    enum sts_status status = prune(store, arg);

    return status ? status : prune(store, &certificates);
}

enum sts_status store_prune(struct store *store, const char *domain, int64_t before)
{
    struct db_value args[] = {db_text(domain), db_number(before)};
    struct pruning pruning = {DB_CHECKS_PRUNE, args, 2};

    return domain ? store_batch(store, prune_checks, &pruning) : STS_E_INVALID;
}

enum sts_status store_prune_policies(struct store *store, const char *domain, int64_t before)
{
    struct db_value args[] = {db_text(domain), db_number(before), db_number(LONGEST_MAX_AGE)};
    struct pruning pruning = {DB_POLICIES_PRUNE, args, 3};

    return domain ? store_batch(store, prune, &pruning) : STS_E_INVALID;
}

/* Nothing is of a time before 1970. */
static enum sts_status prune_reports(struct store *store, void *arg)
{
    int64_t before = *(int64_t *)arg;
    struct db_value args[] = {db_number(before)};
    enum sts_status status = before > 0 ? rollup_before_prune(store, before) : STS_OK;

    if (!status)
        status = db_run(store, DB_REPORTS_PRUNE, args, 1, NULL, NULL);
    return status || before <= 0 ? status : rollup_after_prune(store, before);
}

enum sts_status store_prune_reports(struct store *store, int64_t before)
{
    return store_batch(store, prune_reports, &before);
}
