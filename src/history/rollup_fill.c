/* SPDX-License-Identifier: MIT */
/* rollup_fill.c - what an earlier version stored is brought into the roll-ups. */
#include "history/rollup_fill.h"

#include "base/array.h"
#include "facts/facts_json.h"
#include "history/report_parts.h"
#include "history/stored_check.h"
#include "store/rollups.h"

/* Of one piece: a writer that waits for it waits a fraction of a second. */
#define REPORTS_AT_A_TIME 500
#define DOMAINS_AT_A_TIME 50

struct fill_item {
    struct store_unfilled_report report;
    struct store_report_parts parts;
};

struct filling {
    TALLOC_CTX *work;
    struct fill_item *items; /* reports */
    size_t count;
    const char **domains;
    size_t domain_count;
    int64_t last_domain;
    bool no_memory;
};

/* ---- reports --------------------------------------------------------------------------------- */

/* The text was read as a report when it came in, in a process of its own (intake/parser.h); here it
 * is read by the same pure code, which only memory can stop.  One that cannot be read any more has
 * no parts. */
static bool take_report(void *arg, const struct store_unfilled_report *from)
{
    struct filling *filling = arg;
    struct sts_report_origin origin = {from->origin.header_domain, from->origin.header_submitter,
                                       from->origin.subject, from->origin.file_name};
    struct fill_item *item =
        array_grow(filling->work, &filling->items, &filling->count, sizeof(*item));
    struct sts_report *report = NULL;
    enum sts_report_fault fault;
    size_t used;

    filling->no_memory = !item;
    if (!item)
        return false;
    item->report = *from;
    item->report.submitter = talloc_strdup(filling->work, from->submitter);
    if (sts_report_parse(from->raw.data, from->raw.length, &origin, &used, &fault, &report) ==
        STS_OK) {
        talloc_steal(filling->work, report);
        filling->no_memory = report_parts(filling->work, report, &item->parts) != STS_OK;
    }
    filling->no_memory |= !item->report.submitter;
    return !filling->no_memory;
}

static enum sts_status fill_reports(struct store *store, struct filling *filling)
{
    enum sts_status status =
        rollups_unfilled_reports(store, REPORTS_AT_A_TIME, take_report, filling);

    if (!status && filling->no_memory)
        status = STS_E_NOMEM;
    for (size_t i = 0; !status && i < filling->count; i++)
        status = rollups_fill_report(store, &filling->items[i].report, &filling->items[i].parts);
    return status;
}

/* ---- checks ---------------------------------------------------------------------------------- */

static bool take_domain(void *arg, int64_t id, const char *domain)
{
    struct filling *filling = arg;
    const char **name =
        array_grow(filling->work, &filling->domains, &filling->domain_count, sizeof(*name));

    if (name)
        *name = talloc_strdup(filling->work, domain);
    filling->last_domain = id;
    filling->no_memory = !name || !*name;
    return !filling->no_memory;
}

/* Storing its newest check again, judged by the rules of today, writes its state.  Facts that
 * cannot be read are passed over, as watch does. */
static enum sts_status fill_domain(struct store *store, TALLOC_CTX *unit, const char *domain)
{
    struct store_check *check = NULL;
    struct facts *facts = NULL;
    struct diagnosis *diagnosis = NULL;
    char *why;
    enum sts_status status = store_last_check(store, unit, domain, INT64_MAX, &check);

    if (status || !check)
        return status;
    status = facts_read(unit, check->facts.data, check->facts.length, &facts, &why);
    if (!status && facts)
        status = diagnose(unit, facts, facts->observed_at, &diagnosis);
    if (!status && diagnosis)
        status = stored_check_put(store, diagnosis);
    return status == STS_E_INVALID || status == STS_E_LIMIT ? STS_OK : status;
}

static enum sts_status fill_checks(struct store *store, struct filling *filling)
{
    enum sts_status status =
        rollups_unfilled_domains(store, DOMAINS_AT_A_TIME, take_domain, filling);

    if (!status && filling->no_memory)
        status = STS_E_NOMEM;
    for (size_t i = 0; !status && i < filling->domain_count; i++) {
        TALLOC_CTX *unit = talloc_new(filling->work);

        status = unit ? fill_domain(store, unit, filling->domains[i]) : STS_E_NOMEM;
        talloc_free(unit);
    }
    if (!status && filling->domain_count)
        status = rollups_domains_filled(store, filling->last_domain);
    return status;
}

static enum sts_status fill(struct store *store, void *arg)
{
    struct filling *filling = arg;
    enum sts_status status = fill_checks(store, filling);

    return status ? status : fill_reports(store, filling);
}

enum sts_status rollup_fill(struct store *store, bool *ret_more)
{
    struct filling filling = {.work = talloc_new(NULL)};
    struct store_todo todo;
    enum sts_status status = rollups_todo(store, &todo);

    *ret_more = false;
    if (!filling.work)
        return STS_E_NOMEM;
    if (!status && (todo.checks || todo.reports))
        status = store_batch(store, fill, &filling);
    if (!status)
        status = rollups_todo(store, &todo);
    talloc_free(filling.work);
    if (!status)
        *ret_more = todo.checks || todo.reports;
    return status;
}
