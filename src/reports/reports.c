/* SPDX-License-Identifier: MIT */
/* reports.c - the collection: copies and revisions are told from new reports. */
#include "reports/reports.h"

#include <string.h>

#include "sts/report.h"

struct reports {
    struct names items; /* struct reports_item */
    size_t duplicates, revisions;
};

static int reports_drop(struct reports *reports)
{
    for (size_t i = 0; i < reports->items.count; i++)
        sts_report_free(((struct reports_item *)names_at(&reports->items, i))->report);
    return 0;
}

struct reports *reports_new(TALLOC_CTX *ctx)
{
    struct reports *reports = talloc_zero(ctx, struct reports);

    if (!reports)
        return NULL;
    names_begin(&reports->items, reports, sizeof(struct reports_item));
    talloc_set_destructor(reports, reports_drop);
    return reports;
}

static void put(struct reports *reports, struct reports_item *item, struct sts_report *report,
                const char *path, int64_t received, const char *trust)
{
    item->report = report;
    item->path = talloc_strdup(reports, path);
    item->received = received;
    item->trust = trust ? talloc_strdup(reports, trust) : NULL;
    sts_report_fingerprint(report, item->fingerprint);
}

static enum reports_added revise(struct reports *reports, struct reports_item *item,
                                 struct sts_report *report, const char *path, int64_t received,
                                 const char *trust)
{
    bool older = received < item->received; /* 0, not known, is older than any */

    reports->revisions++;
    item->revisions++;
    if (older) {
        sts_report_free(report);
        return REPORTS_REVISION;
    }
    sts_report_free(item->report);
    put(reports, item, report, path, received, trust);
    return REPORTS_REVISION;
}

enum reports_added reports_add(struct reports *reports, struct sts_report *report, const char *path,
                               int64_t received, const char *trust)
{
    char key[STS_REPORT_FINGERPRINT_SIZE], fingerprint[STS_REPORT_FINGERPRINT_SIZE];
    struct reports_item *item;

    sts_report_key(report, key);
    item = names_get(&reports->items, key);
    if (!item) {
        sts_report_free(report);
        return REPORTS_NO_MEMORY;
    }
    if (!item->report) {
        put(reports, item, report, path, received, trust);
        return REPORTS_NEW;
    }
    sts_report_fingerprint(report, fingerprint);
    if (strcmp(fingerprint, item->fingerprint) != 0)
        return revise(reports, item, report, path, received, trust);
    reports->duplicates++;
    sts_report_free(report);
    return REPORTS_DUPLICATE;
}

void reports_keep_domain(struct reports *reports, const char *domain)
{
    for (size_t i = 0; i < reports->items.count; i++)
        report_keep_domain(((struct reports_item *)names_at(&reports->items, i))->report, domain);
}

size_t reports_count(const struct reports *reports)
{
    return reports->items.count;
}

size_t reports_duplicates(const struct reports *reports)
{
    return reports->duplicates;
}

size_t reports_revisions(const struct reports *reports)
{
    return reports->revisions;
}

const struct reports_item *reports_item(const struct reports *reports, size_t index)
{
    return names_at(&reports->items, index);
}
