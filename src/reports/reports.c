/* SPDX-License-Identifier: MIT */
/* reports.c - the collection: copies and revisions are told from new reports. */
#include "reports/reports.h"

#include <string.h>

#include "sts/report.h"

struct reports {
    struct names items; /* struct reports_item */
    size_t duplicates, revisions;
    reports_better_fn better;
};

/* A revision that does not count: what tells whether it does when it comes again. */
struct reports_content {
    char fingerprint[STS_REPORT_FINGERPRINT_SIZE];
    int64_t received;
    const char *trust;
    size_t order;
    struct reports_content *next;
};

/* One on its way in. */
struct arrival {
    struct sts_report *report;
    const char *path, *trust;
    int64_t received;
    char fingerprint[STS_REPORT_FINGERPRINT_SIZE];
    size_t order;
};

static int reports_drop(struct reports *reports)
{
    for (size_t i = 0; i < reports->items.count; i++)
        sts_report_free(((struct reports_item *)names_at(&reports->items, i))->report);
    return 0;
}

struct reports *reports_new(TALLOC_CTX *ctx, reports_better_fn better)
{
    struct reports *reports = talloc_zero(ctx, struct reports);

    if (!reports)
        return NULL;
    reports->better = better;
    names_begin(&reports->items, reports, sizeof(struct reports_item));
    talloc_set_destructor(reports, reports_drop);
    return reports;
}

static enum reports_added put(struct reports *reports, struct reports_item *item,
                              const struct arrival *arrival)
{
    item->report = arrival->report;
    item->path = talloc_strdup(reports, arrival->path);
    item->received = arrival->received;
    item->trust = arrival->trust ? talloc_strdup(reports, arrival->trust) : NULL;
    item->order = arrival->order;
    memcpy(item->fingerprint, arrival->fingerprint, sizeof(item->fingerprint));
    return item->path && (item->trust || !arrival->trust) ? REPORTS_NEW : REPORTS_NO_MEMORY;
}

/* ---- copies --------------------------------------------------------------------------------- */

static bool is_better(const struct reports *reports, const char *trust, const char *than)
{
    if (!trust || !than)
        return trust != NULL;
    return reports->better && reports->better(trust, than);
}

/* A copy may come with a later mail, or from somebody whom more is known of. */
static enum reports_added merge(struct reports *reports, const struct arrival *arrival,
                                int64_t *received, const char **trust)
{
    const char *better = NULL;

    reports->duplicates++;
    if (arrival->received > *received)
        *received = arrival->received;
    if (!is_better(reports, arrival->trust, *trust))
        return REPORTS_DUPLICATE;
    better = talloc_strdup(reports, arrival->trust);
    if (!better)
        return REPORTS_NO_MEMORY;
    *trust = better;
    return REPORTS_DUPLICATE;
}

/* ---- revisions ------------------------------------------------------------------------------ */

static bool counts(const struct reports_item *item, int64_t received, size_t order)
{
    return received > item->received || (received == item->received && order > item->order);
}

static void note_content(struct reports_content *content, const struct reports_item *item)
{
    memcpy(content->fingerprint, item->fingerprint, sizeof(content->fingerprint));
    content->received = item->received;
    content->trust = item->trust;
    content->order = item->order;
}

/* The arrival takes the place of what counted, of which `content` remembers what is needed. */
static enum reports_added supersede(struct reports *reports, struct reports_item *item,
                                    struct reports_content *content, const struct arrival *arrival)
{
    note_content(content, item);
    sts_report_free(item->report);
    return put(reports, item, arrival);
}

/* One that came before and did not count. */
static enum reports_added add_again(struct reports *reports, struct reports_item *item,
                                    struct reports_content *content, struct arrival *arrival)
{
    enum reports_added added = merge(reports, arrival, &content->received, &content->trust);

    arrival->received = content->received;
    arrival->trust = content->trust;
    arrival->order = content->order;
    if (added == REPORTS_DUPLICATE && counts(item, content->received, content->order))
        return supersede(reports, item, content, arrival) == REPORTS_NEW ? added
                                                                         : REPORTS_NO_MEMORY;
    sts_report_free(arrival->report);
    return added;
}

static enum reports_added revise(struct reports *reports, struct reports_item *item,
                                 struct arrival *arrival)
{
    struct reports_content *content = talloc_zero(reports, struct reports_content);

    if (!content) {
        sts_report_free(arrival->report);
        return REPORTS_NO_MEMORY;
    }
    content->next = item->others;
    item->others = content;
    reports->revisions++;
    arrival->order = ++item->revisions;
    if (counts(item, arrival->received, arrival->order))
        return supersede(reports, item, content, arrival) == REPORTS_NEW ? REPORTS_REVISION
                                                                         : REPORTS_NO_MEMORY;
    memcpy(content->fingerprint, arrival->fingerprint, sizeof(content->fingerprint));
    content->received = arrival->received;
    content->trust = arrival->trust ? talloc_strdup(reports, arrival->trust) : NULL;
    content->order = arrival->order;
    sts_report_free(arrival->report);
    return REPORTS_REVISION;
}

static struct reports_content *find_content(const struct reports_item *item,
                                            const char *fingerprint)
{
    struct reports_content *content = item->others;

    while (content && strcmp(content->fingerprint, fingerprint) != 0)
        content = content->next;
    return content;
}

enum reports_added reports_add(struct reports *reports, struct sts_report *report, const char *path,
                               int64_t received, const char *trust)
{
    struct arrival arrival = {.report = report, .path = path, .trust = trust, .received = received};
    char key[STS_REPORT_FINGERPRINT_SIZE];
    struct reports_content *content;
    enum reports_added added;
    struct reports_item *item;

    sts_report_key(report, key);
    sts_report_fingerprint(report, arrival.fingerprint);
    item = names_get(&reports->items, key);
    if (!item) {
        sts_report_free(report);
        return REPORTS_NO_MEMORY;
    }
    if (!item->report)
        return put(reports, item, &arrival);
    if (!strcmp(arrival.fingerprint, item->fingerprint)) {
        added = merge(reports, &arrival, &item->received, &item->trust);
        sts_report_free(report);
        return added;
    }
    content = find_content(item, arrival.fingerprint);
    return content ? add_again(reports, item, content, &arrival) : revise(reports, item, &arrival);
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
