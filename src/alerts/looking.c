/* SPDX-License-Identifier: MIT */
/* looking.c - what there is to do, out of the store. */
#include "alerts/looking.h"

#include <string.h>

#include <talloc.h>

#include "alerts/limits.h"
#include "base/array.h"
#include "store/alerts.h"

static void add_domain(struct looking *looking, const char *domain)
{
    char **made;

    for (size_t i = 0; i < looking->domain_count; i++)
        if (strcmp(looking->domains[i], domain) == 0)
            return;
    made = array_grow(looking, &looking->domains, &looking->domain_count, sizeof(*made));
    if (made)
        *made = talloc_strdup(looking, domain);
    looking->no_memory |= !made || !*made;
}

static bool take_check(void *arg, const struct store_behind *behind)
{
    struct looking *looking = arg;

    looking->checks = behind->seq;
    looking->more = true;
    if (behind->group)
        add_domain(looking, behind->domain);
    return !looking->no_memory;
}

static bool take_report(void *arg, const struct store_behind *behind)
{
    struct looking *looking = arg;

    if (behind->group)
        add_domain(looking, behind->domain);
    return !looking->no_memory;
}

struct sweeping {
    struct looking *looking;
    size_t count;
};

static bool take_swept(void *arg, const struct store_behind *behind)
{
    struct sweeping *sweeping = arg;
    struct looking *looking = sweeping->looking;

    sweeping->count++;
    add_domain(looking, behind->domain);
    talloc_free(looking->sweep);
    looking->sweep = talloc_strdup(looking, behind->domain);
    looking->no_memory |= !looking->sweep;
    return !looking->no_memory;
}

static enum sts_status sweep_on(struct store *store, struct looking *looking)
{
    struct sweeping sweeping = {.looking = looking};
    char *after = talloc_strdup(looking, looking->sweep);
    enum sts_status status =
        !after            ? STS_E_NOMEM
        : looking->joined ? store_joined_behind(store, after, LIMIT_BATCH, take_swept, &sweeping)
                          : store_owned_behind(store, after, LIMIT_BATCH, take_swept, &sweeping);

    looking->swept = sweeping.count < LIMIT_BATCH;
    looking->more |= !looking->swept;
    return status;
}

/* Of what time alone changes nothing is missed by a sweep an hour, whoever is started again. */
#define LAST_SWEEP "swept"

static enum sts_status find_place(struct store *store, struct looking *looking)
{
    enum sts_status status = store_alert_place(store, "checks", &looking->checks);

    if (!status)
        status = store_alert_place(store, LAST_SWEEP, &looking->sweep_began);
    if (!status)
        status = store_alert_place(store, "reports", &looking->reports);
    if (status || looking->checks || looking->reports)
        return status;
    /* Nothing was looked through yet: the sweep does that, domain by domain. */
    return store_newest_numbers(store, &looking->checks, &looking->reports);
}

enum sts_status looking_read(struct store *store, void *data)
{
    struct looking *looking = data;
    int64_t reports;
    enum sts_status status = looking->known ? STS_OK : find_place(store, looking);

    if (!status)
        status = store_owned_sum(store, &looking->owned);
    if (!status)
        status = store_checks_behind(store, looking->checks, LIMIT_BATCH, take_check, looking);
    reports = looking->reports;
    if (!status)
        status = store_reports_behind(store, reports, &looking->reports, take_report, looking);
    looking->more |= looking->reports != reports;
    if (!status && looking->sweep)
        status = sweep_on(store, looking);
    return !status && looking->no_memory ? STS_E_NOMEM : status;
}

bool looking_all_swept(const struct looking *looking)
{
    return looking->sweep && looking->swept && !looking->joined;
}

enum sts_status looking_write(struct store *store, void *data)
{
    const struct looking *looking = data;
    enum sts_status status = store_put_alert_place(store, "checks", looking->checks);

    if (!status && looking_all_swept(looking))
        status = store_put_alert_place(store, LAST_SWEEP, looking->sweep_began);
    return status ? status : store_put_alert_place(store, "reports", looking->reports);
}
